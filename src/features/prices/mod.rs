//! Prices by time, place and channel: periods of the week, lists of other prices than the menu's own, and
//! when categories and dishes are on the menu (docs/adr/0077).

mod api;
mod feature;
mod lists_store;
mod periods_store;
mod rules;
mod shown_store;
mod store;
mod types;
mod watch;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::Money;

pub use feature::feature;
pub use lists_store::{CreateList, ReplaceList, list as price_lists};
pub use periods_store::{CreatePeriod, ReplacePeriod, list as periods};
#[cfg(test)]
pub use rules::List;
pub use rules::{PriceBook, Prices};
pub use shown_store::{SetMenuTimes, list as menu_times};
pub use store::{READ, book, load};
pub use types::{
    ListPrice, MenuPeriod, MenuPeriodBody, MenuTime, MenuTimesBody, PercentChange, PriceList,
    PriceListBody,
};

crate::words! {
    /// How something is sold.
    pub enum Channel as Channel {
        /// At a table.
        DineIn = "DINE_IN",
        /// Taken away.
        Takeaway = "TAKEAWAY",
        /// Delivered.
        Delivery = "DELIVERY",
    }
}

crate::words! {
    /// Of what a price is, from the narrowest.
    pub enum PriceScope as PriceScope {
        /// A size or kind of a dish.
        Variation = "VARIATION",
        /// All sizes of a dish.
        Dish = "DISH",
        /// All dishes of a category.
        Category = "CATEGORY",
        /// All that is on the menu.
        All = "ALL",
    }
}

crate::words! {
    /// How a list says a price.
    pub enum PriceKind as PriceKind {
        /// It is this sum.
        Set = "SET",
        /// The menu's price and so many percent more, or less.
        Percent = "PERCENT",
        /// The menu's price less this sum.
        Minus = "MINUS",
    }
}

/// Where something is sold, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// How.
    pub channel: Channel,
    /// In which room; none where no table is known.
    pub location_id: Option<i64>,
}

impl Place {
    /// At a table of a room that nobody named.
    pub const TABLE: Self = Self { channel: Channel::DineIn, location_id: None };
}

/// What stands on the menu with a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct What {
    /// The size.
    pub variation_id: i64,
    /// The dish.
    pub dish_id: i64,
    /// Its category.
    pub category_id: i64,
}

/// What something costs, and by which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Priced {
    /// What it costs.
    pub price: Money,
    /// By which list; none by the menu itself.
    pub list_id: Option<i64>,
}
