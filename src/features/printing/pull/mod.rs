//! Printers that ask the box for their work, and the languages in which they do.

mod counter;
mod epson;
mod star;

pub use counter::{Counter, Given};
pub use epson::{Form, answer, asked};
pub use star::{Confirmed, NOTHING, Offered, PICTURE, Polled, Wanted};
