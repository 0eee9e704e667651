//! Printers and print jobs in SQL.

mod again;
mod logo;
mod printers;
mod queue;
mod removal;
mod routes;
mod troubles;

pub use again::PrintAgain;
pub use logo::{SetLogo, logo};
pub use printers::{CreatePrinter, PRINTERS, UpdatePrinter, printer_at, printers, with_stand_in};
pub use queue::{
    CancelPrint, NoteLies, NotePrinted, PrintNow, forget_slips, print_job, print_jobs, print_order,
};
pub use removal::DeletePrinter;
pub use routes::{
    DrawerAt, open_drawer, print_bill, print_bill_now, print_cash, print_cash_now, print_tickets,
    prints,
};
pub use troubles::{TellTroubles, troubles};
