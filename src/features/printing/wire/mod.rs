//! The wire to a printer: what goes over it, and what comes back.

mod escpos;
mod line;
mod status;
mod talk;

pub use escpos::{Extras, encode, pulse};
pub use line::{PORT, ask_at, endpoint, print_at};
pub use status::{Doubt, Status, Trouble};
pub use talk::{End, Manner, Report};
