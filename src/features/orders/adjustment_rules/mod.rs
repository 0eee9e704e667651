//! What the house takes off checks and puts on them by itself: service charges, fees, discounts. A rule
//! says how much and when; `rules.rs` says what comes of it on a check, and the checks' store keeps
//! that as adjustments (`store/checks/follow.rs`).

pub(super) mod api;
mod rules;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::states::OrderType;
use crate::core::kernel::fields::{Id, Int, Name};
use crate::core::kernel::{Day, Money, Percent, TimeOfDay, Translations};

pub(super) use rules::{Effect, Facts, are_alike, effects};
pub(in crate::features::orders) use store::{active, holding_nowhere};
pub use store::{check_room, columns as rule_columns, list as house_rules};

crate::words! {
    /// What a rule of the house is.
    pub enum AdjustmentRuleKind as AdjustmentRuleKind {
        /// A service charge is put on.
        Service = "SERVICE",
        /// A fee is put on: packing, delivery, a cover.
        Fee = "FEE",
        /// Something is taken off.
        Discount = "DISCOUNT",
    }
}

/// What a rule asks of an order. What is not named asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Conditions {
    /// From how many guests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 999)]
    pub least_guests: Option<Int<1, 999>>,
    /// Where it is eaten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_type: Option<OrderType>,
    /// The room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_id: Option<Id>,
    /// The table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table_id: Option<Id>,
    /// Days of the week, 1 is Monday; none named is all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<i64>, required = false, max_items = 7)]
    pub weekdays: Vec<Int<1, 7>>,
    /// From this time on, by the restaurant's clock; with `time_to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_from: Option<TimeOfDay>,
    /// Before this time; an earlier one than `time_from` is of the day after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_to: Option<TimeOfDay>,
    /// From this day on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_from: Option<Day>,
    /// Until this day, which is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_to: Option<Day>,
}

/// A rule by which something is put on checks or taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AdjustmentRule {
    /// Id.
    pub id: i64,
    /// What it is.
    pub kind: AdjustmentRuleKind,
    /// What bills call it, in the main language.
    pub name: String,
    /// The same in other languages.
    pub translations: Translations,
    /// So much of what the lines cost; none where it is a sum.
    pub percent: Option<Percent>,
    /// So much for the order, or for each guest; none where it is a share.
    pub amount: Option<Money>,
    /// Whether the sum is for each guest.
    pub per_guest: bool,
    /// When it holds.
    pub conditions: Conditions,
    /// Whether it holds at all.
    pub is_active: bool,
}

/// A rule as an admin writes it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AdjustmentRuleBody {
    /// What it is.
    pub kind: AdjustmentRuleKind,
    /// What bills call it, in the main language; no two alike.
    pub name: Name,
    /// The same in other languages.
    #[serde(default)]
    pub translations: Translations,
    /// So much of what the lines cost, above 0. Either this or `amount`.
    pub percent: Option<Percent>,
    /// So much for the order, or for each guest, above 0.
    pub amount: Option<Money>,
    /// Whether the sum is for each guest.
    #[serde(default)]
    pub per_guest: bool,
    /// When it holds; always where nothing is named.
    #[serde(default)]
    pub conditions: Conditions,
    /// Whether it holds at all.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
}

fn yes() -> bool {
    true
}
