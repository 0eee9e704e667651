//! Paper: documents become rows, rows become dots. Pure.

mod bill;
mod bitmap;
mod cash;
mod compose;
mod draw;
mod font;
mod head;
mod logo;
mod plain;
mod rows;
mod sheets;
mod ticket;
mod words;

pub use bitmap::Bitmap;
pub use compose::rows;
pub use draw::draw;
pub use head::{Letterhead, Marks};
pub use logo::{HEIGHT as LOGO_HEIGHT, WIDTH as LOGO_WIDTH, logo};
pub use plain::plain;
pub use words::Language;
