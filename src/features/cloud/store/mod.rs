//! What the cloud's copy needs of the box's database.

mod cloud_schema;
mod rebuild;
mod rows;
mod shapes;
mod state;

pub use cloud_schema::migrate_cloud;
pub use rebuild::Rebuild;
pub use rows::{Batch, TableRows, Values, next_batch};
/// A value of a row, as the database's driver has it.
pub use rusqlite::types::Value;
pub use shapes::{Kind, Shape, shapes, shapes_of_this_version};
pub use state::{
    BeginJoin, CopyAll, Fold, GoOnFrom, Join, RefusedRow, SendRefusedAgain, State, Taken, Tell,
    current_error, is_closed, joining, note_menu_version, refused, state,
};
