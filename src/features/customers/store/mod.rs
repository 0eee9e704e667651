//! Customers in SQL: one file for reading, one for each kind of change.

mod erase;
mod merge;
mod read;
mod search;
mod write;

pub use erase::{
    BeginErasure, NoteExport, NoteOverwritten, erasure, erasures, export, next_open, to_overwrite,
};
pub use merge::MergeCustomers;
pub use read::{details, list, visits};
pub use search::{NoteSearch, search};
pub use write::{AddConsent, CreateCustomer, SetOrderCustomer, UpdateCustomer};
