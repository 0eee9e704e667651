//! How many portions are left: what an order takes of them is taken in its own transaction, so that the
//! last one is sold once.

mod api;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::{Quantity, Translations};
use crate::words;

pub(super) use api::router;
pub(super) use store::few_left;
pub use store::{
    check_portions, give_portions, portions_left, set_portions, take_portions, without_portions,
};

/// Menus say of so many, and of fewer, how many are left.
const FEW: i64 = 5;

words! {
    /// Who says how many are left.
    pub enum PortionSource as PortionSource {
        /// Somebody counted, and orders count down.
        Countdown = "COUNTDOWN",
        /// The goods on the shelf make no more.
        Goods = "GOODS",
    }
}

/// How many portions are left.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CountdownBody {
    /// So many; `null`: nobody counts any more.
    pub left: Option<Quantity>,
}

/// The stop-list's word on a size.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StopListEntry {
    /// The size.
    pub variation_id: i64,
    /// Its dish.
    pub dish_id: i64,
    /// What the dish is called.
    pub dish_name: String,
    /// That in other languages.
    pub dish_translations: Translations,
    /// What the size is called.
    pub variation_name: String,
    /// That in other languages.
    pub variation_translations: Translations,
    /// Somebody took it, or its dish, off the menu.
    pub is_off: bool,
    /// So many are left by the countdown; null where nobody counts.
    pub countdown: Option<Quantity>,
    /// So many can be made of what is on the shelf; null where no good is watched.
    pub goods: Option<Quantity>,
    /// Whether it cannot be ordered, for whichever reason.
    pub is_sold_out: bool,
}

/// What is sold out, or counted, by the names of dishes.
#[derive(Debug, Serialize, ToSchema)]
pub struct StopList {
    /// The sizes.
    pub entries: Vec<StopListEntry>,
}
