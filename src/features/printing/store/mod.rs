//! Printers and print jobs in SQL.

mod printers;
mod queue;
mod routes;
mod troubles;

pub use printers::{
    CreatePrinter, DeletePrinter, PRINTERS, UpdatePrinter, printers, with_stand_in,
};
pub use queue::{
    CancelPrint, NotePrinted, PrintAgain, PrintNow, print_job, print_jobs, print_order,
};
pub use routes::{
    DrawerAt, open_drawer, print_bill, print_bill_now, print_cash, print_cash_now, print_tickets,
    prints,
};
pub use troubles::{TellTroubles, troubles};
