//! The shopping list: what is low, and what the next days will take by what they took before, by
//! supplier.

mod api;
mod rules;
mod sheet;
mod store;

use serde::Serialize;
use utoipa::ToSchema;

use super::amount::Amount;
use super::goods::BaseUnit;
use crate::core::kernel::{Day, Money};

pub(super) use api::router;

/// What is to be bought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShoppingList)]
pub struct List {
    /// The last day for which it lasts.
    pub until: Day,
    /// By supplier; what nobody has agreed a price for comes last.
    pub suppliers: Vec<OfSupplier>,
    /// What all of it costs, as far as somebody knows.
    pub cost: Money,
    /// How many goods are to be bought in all; the list ends after a thousand.
    pub total: i64,
}

/// What is to be bought of one supplier.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShoppingSupplier)]
pub struct OfSupplier {
    /// The supplier; null where nobody has agreed a price.
    pub supplier_id: Option<i64>,
    /// What they are called.
    pub name: Option<String>,
    /// Their telephone.
    pub phone: Option<String>,
    /// What is to be bought, by name.
    pub lines: Vec<Line>,
    /// What it costs, as far as somebody knows.
    pub cost: Money,
}

/// A good that is to be bought.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ShoppingLine)]
pub struct Line {
    /// The good.
    pub good_id: i64,
    /// What it is called.
    pub name: String,
    /// In what it is counted.
    pub base_unit: BaseUnit,
    /// How much there is.
    pub there: Amount,
    /// To be bought again from here down.
    pub low_at: Option<Amount>,
    /// What the days until then will take, by what the same days of the week took in the last eight weeks.
    pub forecast: Amount,
    /// How much is to be bought: whole packs.
    pub quantity: Amount,
    /// In what it is bought: the smallest pack of it; null where nobody has named one.
    pub pack_name: Option<String>,
    /// How many of them.
    pub packs: Option<i64>,
    /// What that costs: as agreed with the supplier, else by what it cost before; null where nobody knows.
    pub cost: Option<Money>,
}
