//! Registers and their documents in SQL.

mod devices;
mod documents;
mod make;
mod people;
mod sales;

pub use devices::{Account, CreateDevice, DeleteDevice, UpdateDevice, account, active, devices};
pub use documents::{check_documents, documents, troubles, waiting_count};
pub use make::{
    BeginShift, MarkSent, OpenDocument, Settle, Settled, numbers_above, open, unsettled_shift,
};
pub use people::{Enqueue, ResolveDocument, SetCashierNumber, cashier, cashier_number};
pub use sales::{Sold, follow_sale, give_back, is_before_payment, taking_part};
