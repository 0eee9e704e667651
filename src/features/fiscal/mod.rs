//! Fiscal registers: which there is, and the documents that it makes of sales and of what goes back. A
//! document is written down in the transaction of its deed, and made by a job; no sale and no closing
//! of a cash shift waits for it. docs/FISCAL.md says how one is never made twice.

mod api;
mod atol;
mod body;
mod by_hand;
mod doctor;
mod documents_api;
mod events;
mod feature;
mod job;
mod reach;
mod register;
mod rules;
mod states;
mod store;
mod troubles;
mod types;
mod watch;
mod webhook;
mod worker;

pub use body::{Correction, Form, Receipt, ReceiptLine, form_of};
pub use feature::feature;
pub use states::{Basis, Taxation};
pub use store::{
    PlayRegister, Sold, cash_moved, correct, follow_sale, forget_address, give_back,
    is_before_payment, says_otherwise, taking_part,
};
pub use troubles::Troubles;
pub use types::Document;
