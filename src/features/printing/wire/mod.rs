//! The wire to a printer: what goes over it, and what comes back.

mod address;
mod escpos;
mod line;
mod status;
mod talk;
mod usb;

pub use address::{AddressFault, Endpoint, PORT, endpoint};
pub use escpos::{Extras, encode, pulse};
pub use line::{ask_at, print_at};
pub use status::{Doubt, Status, Trouble};
pub use talk::{End, Manner, Report};
pub use usb::{Bus, SCHEME};
