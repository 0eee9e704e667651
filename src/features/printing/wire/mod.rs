//! The wire to a printer: what goes over it, and what comes back.

mod address;
mod epos;
mod escpos;
mod line;
mod over_http;
mod status;
mod talk;
mod usb;
mod webprnt;
mod work;
mod xml;

pub use address::{ASKS, AddressFault, Endpoint, PORT, endpoint, speaks_escpos};
pub use epos::{Answer, document};
pub use line::{ask_at, print_at};
pub use status::{Doubt, Status, Trouble};
pub use talk::{End, Manner, Report};
pub use usb::{Bus, SCHEME};
pub use work::{Extras, Page, Work};
pub use xml::elements;
