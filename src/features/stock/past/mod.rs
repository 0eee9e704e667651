//! The cellar of a demo restaurant: goods, suppliers and recipes, three weeks of invoices and of what the
//! dishes of its past took, two counts, and a leak between them.

mod store;

use serde::Deserialize;

use super::amount::{AboveZero, Amount, percent};
use super::goods::GoodCreate;
use super::suppliers::SupplierCreate;
use crate::core::kernel::Percent;
use crate::core::kernel::money::Price;

pub use store::FillCellar;

/// What a cellar holds, by names, as `demo/cellar.json` has it.
#[derive(Debug, Deserialize)]
pub struct Cellar {
    /// Who brings goods.
    suppliers: Vec<SupplierCreate>,
    /// What there is.
    goods: Vec<Bought>,
    /// What goods and dishes are made of; a good before what takes it.
    recipes: Vec<Made>,
}

/// A good, and how it comes.
#[derive(Debug, Deserialize)]
struct Bought {
    good: GoodCreate,
    /// None brings what is made here.
    supplier: Option<String>,
    /// What so much of it costs.
    price: Option<Price>,
    per: Option<AboveZero>,
    /// So much of it is there after an invoice.
    #[serde(default)]
    par: Amount,
    /// So much of it is gone before the last count, and nobody knows where.
    #[serde(default)]
    leak: Amount,
}

/// What a portion of a dish takes, or a batch of a good.
#[derive(Debug, Deserialize)]
struct Made {
    dish: Option<String>,
    variation: Option<String>,
    good: Option<String>,
    batch_out: AboveZero,
    lines: Vec<Taken>,
}

#[derive(Debug, Deserialize)]
struct Taken {
    good: String,
    gross: AboveZero,
    #[serde(default, deserialize_with = "percent")]
    cold_percent: Percent,
    #[serde(default, deserialize_with = "percent")]
    hot_percent: Percent,
}
