//! The parts of the menu: soups, pizza, drinks.

mod api;
mod store;

pub(super) use api::router;
pub(super) use store::{CATEGORIES, all};
pub use store::{Category, CategoryCreate, CreateCategory};
