//! What a file says of bills: what the house puts on them, why something is taken off, who pays later,
//! and who may what.

use serde::{Deserialize, Serialize};

use crate::core::kernel::fields::{Int, Line, Name};
use crate::core::kernel::{Day, Money, Percent, TimeOfDay, Translations};
use crate::features::house_accounts::{Note, Phone};
use crate::features::orders::{AdjustmentRuleKind, OrderType};
use crate::features::permissions::RuleBody;
use crate::features::reasons::ReasonKind;
use crate::platform::auth::Role;

/// What the house puts on bills by itself, or takes off.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseRule {
    /// What bills call it.
    pub name: Name,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translations: Option<Translations>,
    /// What it is.
    pub kind: AdjustmentRuleKind,
    /// So much of what the lines cost; either this or `amount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Percent>,
    /// So much for the order, or for each guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Whether the sum is for each guest.
    #[serde(default)]
    pub per_guest: bool,
    /// When it holds; always where nothing is named.
    #[serde(default)]
    pub when: When,
    /// Whether it holds at all.
    #[serde(default = "yes")]
    pub is_active: bool,
}

fn yes() -> bool {
    true
}

/// What a rule of the house asks of an order; rooms and tables by their names.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// From how many guests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_guests: Option<Int<1, 999>>,
    /// Where it is eaten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_type: Option<OrderType>,
    /// The room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Line>,
    /// The table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Line>,
    /// Days of the week, 1 is Monday; none named is all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Int<1, 7>>,
    /// From this time on, with `time_to`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_from: Option<TimeOfDay>,
    /// Before this time; an earlier one is of the day after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to: Option<TimeOfDay>,
    /// From this day on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_from: Option<Day>,
    /// Until this day, which is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_to: Option<Day>,
}

/// A reason that screens offer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferedReason {
    /// What it is for.
    pub kind: ReasonKind,
    /// Its words.
    pub name: Name,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translations: Option<Translations>,
    /// Whether what was made goes to waste.
    #[serde(default)]
    pub is_waste: bool,
}

/// Somebody who pays before or after. What the account holds or owes is money, and moves by no file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Whose it is.
    pub name: Name,
    /// Their telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// What staff should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// How far its balance may fall below 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_limit: Option<Money>,
    /// A closed one pays nothing and gets no deposits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// What a role may, or a single person, where it is not what the box begins with.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permissions {
    /// Of which role; either this or `username`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Of which person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<Line>,
    /// All that is set for them.
    pub rules: Vec<RuleBody>,
}
