//! Levels: what there is of each good and where, what is low, what is below nothing; and the moves that
//! brought it there.

mod api;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::amount::Amount;
use super::goods::BaseUnit;
use super::ledger::MoveKind;
use crate::core::kernel::{Money, Timestamp};
use crate::words;

pub(super) use api::router;

words! {
    /// Which levels need somebody.
    pub enum LevelState as StockLevelState {
        /// It is to be bought again.
        Low = "LOW",
        /// More went than was known to be there: it is to be counted.
        Negative = "NEGATIVE",
    }
}

/// What there is of a good.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StockLevel)]
pub struct Level {
    /// The good.
    pub good_id: i64,
    /// What it is called.
    pub name: String,
    /// In what it is counted.
    pub base_unit: BaseUnit,
    /// How much there is in all places, or in the one that was asked for.
    pub quantity: Amount,
    /// What that is worth.
    pub value: Money,
    /// What a kilogram, a litre or a piece costs; null while nobody bought any.
    pub unit_cost: Option<Money>,
    /// To be bought again from here down.
    pub low_at: Option<Amount>,
    /// Whether it is to be bought again.
    pub is_low: bool,
    /// Whether more went than was known to be there, at some place.
    pub is_negative: bool,
    /// Whether what it is worth is counted anew just now, after something was written down late.
    pub is_counting: bool,
    /// Where it is.
    pub places: Vec<PlaceLevel>,
}

/// What there is of a good in one place.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = StockPlaceLevel)]
pub struct PlaceLevel {
    /// The place.
    pub place_id: i64,
    /// How much.
    pub quantity: Amount,
}

/// One page of levels, by the names of goods.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockLevelList)]
pub struct LevelList {
    /// The page.
    pub levels: Vec<Level>,
    /// How many there are in all.
    pub total: i64,
    /// What all goods are worth together.
    pub value: Money,
}

/// What moved a good.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StockMove)]
pub struct Move {
    /// Id.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What it was.
    pub kind: MoveKind,
    /// Where.
    pub place_id: i64,
    /// What came; below 0 what went.
    pub quantity: Amount,
    /// What it added to the value of what is there.
    pub value: Money,
    /// What it made right of what went at a guess, while there was nothing.
    pub correction: Money,
    /// How much there was after it, in all places.
    pub after: Amount,
    /// The document.
    pub document_id: Option<i64>,
    /// The line of an order.
    pub order_item_id: Option<i64>,
    /// Its order.
    pub order_id: Option<i64>,
    /// The dish, as it was called.
    pub dish_name: Option<String>,
}

/// One page of a good's moves, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockMoveList)]
pub struct MoveList {
    /// The page.
    pub moves: Vec<Move>,
    /// Whether they are counted anew just now: what they cost, and what was there after each, may be as
    /// it was before something was written down late.
    pub is_counting: bool,
    /// Give this as `before` for the next page; null at the end.
    pub next: Option<i64>,
}
