//! Variance: of each good, what should have gone by recipes, what went for a reason that somebody gave,
//! and what is missing beside it, since a moment; counts say the last.

mod api;
mod rules;
mod store;

use serde::Serialize;
use utoipa::ToSchema;

use super::amount::Amount;
use super::goods::BaseUnit;
use crate::core::kernel::{Money, Timestamp};

pub(super) use api::router;

/// What became of a good. What went is above 0; a count that found more than was known is below.
/// `opening` and `received` without `actual` are `closing`; `actual` is the sum of the three beside it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StockVariance)]
pub struct Variance {
    /// The good.
    pub good_id: i64,
    /// What it is called.
    pub name: String,
    /// In what it is counted.
    pub base_unit: BaseUnit,
    /// How much there was in all places at the beginning.
    pub opening: Amount,
    /// What came: bought, made, found when the ledger was begun, less what went back.
    pub received: Amount,
    /// What went in all.
    pub actual: Amount,
    /// What recipes took: for dishes, and for what was made of it.
    pub theoretical: Amount,
    /// What was written off, and what was thrown away with dishes that were taken off.
    pub explained: Amount,
    /// What counts found missing; below 0 what they found more.
    pub unexplained: Amount,
    /// How much there was in all places at the end.
    pub closing: Amount,
    /// What the three cost, in their order. What went at a guess, while there was nothing, costs what the
    /// purchase after it said.
    pub theoretical_cost: Money,
    /// What was written off and thrown away.
    pub explained_cost: Money,
    /// What is missing.
    pub unexplained_cost: Money,
    /// Whether its ledger is counted anew just now, after something was written down late.
    pub is_counting: bool,
    /// When it was last counted in that time; null where nobody has: then nothing can be missing.
    pub counted_at: Option<Timestamp>,
}

/// What became of goods, the largest difference in money first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockVarianceReport)]
pub struct VarianceReport {
    /// After when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Goods that were moved.
    pub goods: Vec<Variance>,
    /// How many there are in all; the list ends after a thousand.
    pub total: i64,
    /// What recipes took of all of them.
    pub theoretical_cost: Money,
    /// What was written off and thrown away of all of them.
    pub explained_cost: Money,
    /// What is missing of all of them, less what was found more.
    pub unexplained_cost: Money,
}
