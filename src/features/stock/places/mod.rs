//! Places: a store, a cellar, a bar's fridge; in which order goods lie there, and whose dishes take from
//! there.

mod api;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::Timestamp;
use crate::core::kernel::fields::{Id, Name, SortOrder};
use crate::features::menu::Department;

pub(super) use api::router;
pub use store::NameFirstPlace;
pub(super) use store::{all, check_place};

/// A restaurant has no more places than this.
const MOST_PLACES: i64 = 100;
/// No more goods than this lie in one place in an order of their own.
const MOST_ON_SHELVES: usize = 5_000;

/// Where goods are.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StockPlace)]
pub struct Place {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Whose dishes take from here; what no place names is taken from the first.
    pub departments: Vec<Department>,
    /// Where it stands: small numbers first.
    pub sort_order: i64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// All places, in their order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockPlaceList)]
pub struct PlaceList {
    /// The places.
    pub places: Vec<Place>,
    /// How many there are.
    pub total: i64,
}

/// A new place.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StockPlaceCreate)]
pub struct PlaceCreate {
    /// What it is called.
    pub name: Name,
    /// Whose dishes take from here. A department takes from one place.
    #[serde(default)]
    pub departments: Vec<Department>,
    /// Where it stands; last when left out.
    pub sort_order: Option<SortOrder>,
}

/// Changes of a place; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StockPlaceUpdate)]
pub struct PlaceUpdate {
    /// What it is called.
    pub name: Option<Name>,
    /// Whose dishes take from here.
    pub departments: Option<Vec<Department>>,
    /// Where it stands.
    pub sort_order: Option<SortOrder>,
}

/// In which order goods lie in a place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = StockShelves)]
pub struct Shelves {
    /// The goods, as somebody meets them who walks along. Those that are not named come after, by name.
    #[schema(value_type = Vec<i64>)]
    pub good_ids: Vec<Id>,
}
