//! Goods, suppliers and recipes as tables: out, and in again after a look at what would change. A table
//! names what is to be there; what it leaves out stays.

mod api;
mod called_store;
mod columns;
mod plan_store;
mod read;
mod store;
mod write_store;

use serde::Deserialize;
use utoipa::ToSchema;

use super::amount::{AboveZero, Amount};
use super::goods::{BaseUnit, GoodKind, PackBody, Watch};
use super::suppliers::{SupplierCreate, SupplierPriceBody};
use crate::core::kernel::Percent;
use crate::core::kernel::money::Price;

pub(super) use api::router;

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = StockSheet)]
pub enum Sheet {
    /// Goods with their packs: a line each, one more for every further pack.
    Goods,
    /// Suppliers with what was agreed: a line for each price.
    Suppliers,
    /// Recipes: a line for each thing that is taken.
    Recipes,
}

/// What a table says of one thing, and where it begins.
#[derive(Debug)]
struct Told<T> {
    line: u64,
    thing: T,
}

/// A good as a table has it; what is none stays as it is.
#[derive(Debug)]
struct ToldGood {
    name: String,
    base_unit: Option<BaseUnit>,
    kind: Option<GoodKind>,
    made_in_advance: Option<bool>,
    watch: Option<Watch>,
    low_at: Option<Amount>,
    packs: Vec<PackBody>,
}

/// A supplier as a table has them.
#[derive(Debug)]
struct ToldSupplier {
    supplier: SupplierCreate,
    /// By the names of goods.
    prices: Vec<(String, AboveZero, Price)>,
}

/// Of what a recipe is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum ToldOf {
    Dish { dish: String, variation: Option<String> },
    Option { group: String, option: String },
    Good(String),
}

/// A recipe as a table has it.
#[derive(Debug)]
struct ToldRecipe {
    of: ToldOf,
    batch_out: AboveZero,
    lines: Vec<ToldLine>,
}

#[derive(Debug)]
struct ToldLine {
    line: u64,
    good: String,
    gross: AboveZero,
    cold: Percent,
    hot: Percent,
}

/// What a table says.
#[derive(Debug)]
enum Table {
    Goods(Vec<Told<ToldGood>>),
    Suppliers(Vec<Told<ToldSupplier>>),
    Recipes(Vec<Told<ToldRecipe>>),
}

impl Table {
    /// How many things it speaks of.
    fn len(&self) -> usize {
        match self {
            Self::Goods(goods) => goods.len(),
            Self::Suppliers(suppliers) => suppliers.len(),
            Self::Recipes(recipes) => recipes.len(),
        }
    }
}

/// What of an agreed price is known by ids.
type Prices = Vec<SupplierPriceBody>;
