//! The parts of the menu: soups, pizza, drinks.

mod api;
mod store;
mod types;

pub(super) use api::router;
pub use store::CreateCategory;
pub(super) use store::{all, category};
pub use types::{Category, CategoryCreate};
