//! Printing: printers, what is printed on them by itself, and what waits for them. Who has something to
//! print writes down what it says (`documents`); how that looks is drawn here, so that every printer
//! prints every language.

mod api;
mod cash_paper;
mod desk;
mod documents;
mod doors;
mod drawer;
mod events;
mod feature;
mod job;
mod jobs_api;
mod logo_api;
mod notices;
mod paper;
mod problem;
mod pull;
mod pull_api;
mod reach;
mod scan;
mod store;
mod types;
mod wire;
mod worker;

pub use cash_paper::{CashPaper, CashPaperKind, CashPaperMove, CashWay, CashWord};
pub use documents::{
    Bill, BillChange, BillKind, BillLine, BillPayment, BillTax, ChangeKind, Document, OrderFacts,
    Place, Ticket, TicketKind, TicketLine,
};
pub use feature::feature;
pub use paper::{Bitmap, Language, Letterhead, Marks, draw, plain, rows};
pub use store::{
    DrawerAt, forget_slips, logo, open_drawer, print_bill, print_bill_now, print_cash,
    print_cash_now, print_tickets, prints,
};
pub use types::{DocumentKind, PrintJob, PrinterTrouble, PrinterTroubles};
pub use worker::letterhead;
