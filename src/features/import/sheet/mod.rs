//! What people keep in spreadsheets: CSV and Excel files. The heads decide what a file holds, and
//! in which order. A cell that has no place is refused, never dropped.

mod csv;
mod heads;
mod line;
mod lines;
mod read;
mod row;
mod template;
mod text;
mod write;
mod xlsx;

pub use read::{read_csv, read_xlsx};
pub use template::{Template, template};
pub use write::{write_menu, write_menu_xlsx};

#[cfg(test)]
mod tests;
