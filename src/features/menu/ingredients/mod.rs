//! What dishes are made of, as far as a guest may have to avoid it.

mod api;
mod store;

pub(super) use api::router;
pub use store::{Allergen, CreateIngredient, Ingredient, IngredientCreate};
pub(super) use store::{MadeOf, ingredients_of, set_ingredients};
