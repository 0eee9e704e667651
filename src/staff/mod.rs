//! The people who work here.

mod store;

pub use store::{CreateUser, NewUser};
