//! What the cloud's copy needs of the box's database.

mod rows;
mod shapes;
mod state;

pub use rows::{Batch, TableRows, Values, next_batch};
pub use shapes::{Kind, Shape, shapes, shapes_of_this_version};
pub use state::{
    CopyAll, Fold, GoOnFrom, Join, RefusedRow, SendRefusedAgain, State, Taken, Tell, refused, state,
};
