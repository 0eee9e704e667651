//! What is cooked. A dish has no price of its own: its variations have.

mod api;
mod store;
mod types;

pub(super) use api::router;
pub use store::CreateDish;
pub(super) use store::{all, dish};
pub use types::{Dish, DishCreate};
