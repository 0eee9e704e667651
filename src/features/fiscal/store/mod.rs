//! Registers and their documents in SQL.

mod devices;
mod documents;
mod make;
mod people;
mod sales;
mod troubles;

pub use devices::{
    Account, CreateDevice, DeleteDevice, PlayRegister, UpdateDevice, account, active, devices,
};
pub use documents::{check_documents, documents, troubles, waiting_count};
pub use make::{
    BeginShift, MarkSent, OpenDocument, Settle, Settled, forget_address, numbers_above, open,
    unsettled_shift,
};
pub use people::{Enqueue, ResolveDocument, SetCashierNumber, cashier, cashier_number};
pub use sales::{
    Sold, cash_moved, correct, follow_sale, give_back, is_before_payment, says_otherwise,
    taking_part,
};
pub use troubles::{Revive, TellTroubles, are_given_up, needing_count};
