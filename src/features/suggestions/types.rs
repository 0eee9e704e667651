//! Suggestions as they travel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Id, Int};
use crate::core::kernel::{Day, Money};
use crate::features::prices::Channel;

/// More fit into no basket.
const MOST_IDS: usize = 200;
/// How many are shown where nobody says.
const USUAL: i64 = 3;

crate::words! {
    /// What the house says of a dish.
    pub enum Mark as SuggestionMark {
        /// It is shown first.
        Pin = "PIN",
        /// It is never shown.
        Ban = "BAN",
        /// The kitchen has too much of it today: it is shown until the day ends.
        Surplus = "SURPLUS",
    }
}

crate::words! {
    /// Why a dish is shown.
    pub enum Why as SuggestionWhy {
        /// The house shows it first.
        Pinned = "PINNED",
        /// The kitchen has too much of it.
        Surplus = "SURPLUS",
        /// It is often taken with what is in the basket.
        TakenWith = "TAKEN_WITH",
        /// It is often taken at this time.
        Popular = "POPULAR",
    }
}

/// For what suggestions are asked.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SuggestionAsk {
    /// The dishes in the basket. What a table has ordered before counts by itself.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub dish_ids: Vec<Id>,
    /// Ingredients that must not be in a dish.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub without_allergens: Vec<Id>,
    /// So many at most; 3 when left out.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 12)]
    pub most: Option<Int<1, 12>>,
    /// Of staff: for which table. Guests are asked for theirs alone.
    pub table_id: Option<Id>,
    /// Of staff: how it is sold, where it is at no table; taken away when left out.
    #[schema(inline)]
    pub channel: Option<Channel>,
}

impl SuggestionAsk {
    /// Whether it can be answered.
    ///
    /// # Errors
    /// 422 when a list is too long.
    pub fn check(&self) -> Result<()> {
        let lists = [("dish_ids", &self.dish_ids), ("without_allergens", &self.without_allergens)];
        let long = lists.into_iter().find(|(_, list)| list.len() > MOST_IDS);
        long.map_or(Ok(()), |(field, _)| {
            Err(Error::invalid(field, format!("must have at most {MOST_IDS} entries")))
        })
    }

    /// How many are wanted.
    pub fn most(&self) -> usize {
        usize::try_from(self.most.map_or(USUAL, Int::get)).unwrap_or_default()
    }
}

/// A dish that may be liked beside what is taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestion {
    /// Which dish of the menu.
    pub dish_id: i64,
    /// Why.
    pub why: Why,
    /// The dish in the basket with which it is often taken, where one stands out.
    pub with_dish_id: Option<i64>,
}

/// What may be liked, the best first.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Suggestions {
    /// Each of another category; none where the house shows none, at a table of the control group, and
    /// while nothing was learnt.
    pub suggestions: Vec<Suggestion>,
}

/// How suggestions are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SuggestionSettings {
    /// Whether there are any.
    pub is_on: bool,
    /// From 0, what guests know, to 100, what surprises them.
    #[schema(value_type = i64, minimum = 0, maximum = 100)]
    pub surprise: Int<0, 100>,
}

/// What the house says of a dish.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SuggestionMarkBody {
    /// `PIN` or `BAN`; null for neither.
    #[schema(required = true)]
    pub mark: Option<Mark>,
}

/// Whether the kitchen has too much of a dish.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SurplusBody {
    /// Until the end of the restaurant's day, or until it is taken back.
    pub is_surplus: bool,
}

/// A dish of which the house says something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MarkedDish {
    /// Which dish.
    pub dish_id: i64,
    /// Its name.
    pub dish_name: String,
    /// What is said.
    pub mark: Mark,
}

/// Those dishes.
#[derive(Debug, Serialize, ToSchema)]
pub struct MarkedDishes {
    /// Each that holds now, by name.
    pub dishes: Vec<MarkedDish>,
}

/// Orders at tables that were shown suggestions, or at those that were not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EffectGroup {
    /// How many orders.
    pub orders: i64,
    /// At how many tables, each counted once a day.
    pub table_days: i64,
    /// What one came to; none where there are none.
    pub average: Option<Money>,
}

/// By how much a check is larger where guests were shown suggestions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EffectDifference {
    /// As it was seen.
    pub amount: Money,
    /// With 95 percent it is not less; none with fewer than ten tables' days in a group.
    pub low: Option<Money>,
    /// And not more.
    pub high: Option<Money>,
}

/// What suggestions brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestionEffect {
    /// The first day.
    pub date_from: Day,
    /// The last day.
    pub date_to: Day,
    /// Where guests were shown suggestions: nine tables of ten, others each day.
    pub shown: EffectGroup,
    /// Where they were not.
    pub control: EffectGroup,
    /// The one less the other; none while one of them has no order.
    pub difference: Option<EffectDifference>,
    /// Orders at which somebody saw a suggestion.
    pub offered: i64,
    /// Those of them in which one was taken.
    pub taken: i64,
    /// From how many orders was learnt, older ones counting for less.
    pub learnt_orders: i64,
}
