//! Fiscal registers: which there is, and the documents that it makes of sales and of what goes back. A
//! document is written down in the transaction of its deed, and made by a job; no sale and no closing
//! of a cash shift waits for it. docs/FISCAL.md says how one is never made twice.

mod api;
mod atol;
mod body;
mod by_hand;
mod doctor;
mod documents_api;
mod feature;
mod job;
mod register;
mod rules;
mod store;
mod types;
mod watch;
mod worker;

pub use body::{Form, Receipt, ReceiptLine, form_of};
pub use feature::feature;
pub use store::{Sold, follow_sale, give_back, is_before_payment, taking_part};
