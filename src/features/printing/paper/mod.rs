//! Paper: documents become rows, rows become dots. Pure.

mod bill;
mod bitmap;
mod cash;
mod code_page;
mod compose;
mod draw;
mod font;
mod head;
mod logo;
mod plain;
mod rows;
mod sheets;
mod ticket;
mod typed;
mod words;

pub use bitmap::Bitmap;
pub use code_page::CodePage;
pub use compose::rows;
pub use draw::draw;
pub use head::{Letterhead, Marks};
pub use logo::{HEIGHT as LOGO_HEIGHT, WIDTH as LOGO_WIDTH, logo};
pub use plain::plain;
pub use typed::{Letters, Line, Look, Strip, strips};
pub use words::Language;
