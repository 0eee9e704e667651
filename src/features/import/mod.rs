//! A restaurant as a file: how it moves in, is changed in bulk, and moves out again.
//!
//! JSON holds everything ([`Content`], the form of `demo/restaurant.json`); CSV holds what people
//! keep in spreadsheets. What a file names is created or changed, what it leaves out stays, and
//! nothing is ever removed. A file is taken whole or not at all, and taking it twice changes
//! nothing.

mod api;
mod bill_content;
mod content;
mod feature;
mod file;
mod formats;
mod json;
mod limits;
mod offers;
mod report;
mod sheet;
mod store;
mod turn;

pub use bill_content::{Account, HouseRule, OfferedReason, Permissions, When};
pub use content::{
    Category, Content, Dish, Ingredient, Location, Member, PaymentMethod, Restaurant, Table,
    Variation,
};
pub use feature::feature;
pub use file::{File, Format, MOST_BYTES, Wrong};
pub use formats::{read, write};
pub use json::{currency_of, read_json};
pub use report::{Change, Counts, FieldChange, Outcome, Report};
pub use sheet::{
    Column, Line, Sheet, Template, column, read_csv, read_table, read_xlsx, template, write_sheet,
    yes_or_no,
};
pub use store::{Found, Import, WholeImport, export, note_broken_off};
pub use turn::Turn;
