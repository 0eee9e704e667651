//! What ran out: the dishes and variations that are off the menu for now, so that the kitchen sees
//! them at a glance and puts them back.

mod api;
mod store;

pub(super) use api::router;

use serde::Serialize;
use utoipa::ToSchema;

use super::Department;
use crate::core::kernel::Translations;

/// What is off the menu, in the order of its names.
#[derive(Serialize, ToSchema)]
struct SoldOut {
    dishes: Vec<SoldOutDish>,
}

/// A dish that is off, or that has variations which are.
#[derive(Serialize, ToSchema)]
struct SoldOutDish {
    id: i64,
    name: String,
    translations: Translations,
    department: Department,
    /// Whether the dish itself is still sold.
    is_available: bool,
    /// Those of its variations that are off.
    variations: Vec<SoldOutVariation>,
}

/// A variation that is off.
#[derive(Serialize, ToSchema)]
struct SoldOutVariation {
    id: i64,
    name: String,
    translations: Translations,
}
