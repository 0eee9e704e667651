//! What people keep in spreadsheets: CSV and Excel files. The heads decide what a file holds, and
//! in which order. A cell that has no place is refused, never dropped.

mod called;
mod cells;
mod combos;
mod csv;
mod heads;
mod kind;
mod line;
mod lines;
mod menu;
mod options;
mod periods;
mod prices;
mod read;
mod row;
mod table;
mod template;
mod text;
mod write;
mod xlsx;

pub use heads::{Column, column, yes_or_no};
pub use kind::Sheet;
pub use line::Line;
pub use read::{read_csv, read_xlsx};
pub use table::read_table;
pub use template::{Template, template};
pub use write::write_sheet;

#[cfg(test)]
mod tests;
