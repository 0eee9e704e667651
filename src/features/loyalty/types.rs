//! Programs, accounts and promo codes as they travel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::EntryKind;
use crate::core::kernel::fields::{Id, Int, Label, Name};
use crate::core::kernel::{Day, Money, Patch, Percent, Timestamp};
use crate::words;

/// How many pieces a full card has.
pub type StampCount = Int<2, 100>;
/// Why points are given or taken by hand.
pub type Reason = Label<1, 200>;

words! {
    /// What is earned.
    pub enum ProgramKind as LoyaltyKind {
        /// A part of what is paid comes back as points; one is worth the smallest unit of money.
        Points = "POINTS",
        /// Each piece is a stamp; for a full card one is free.
        Stamps = "STAMPS",
    }
}

/// A program.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LoyaltyProgram {
    /// Id.
    pub id: i64,
    /// What guests call it.
    pub name: String,
    /// What is earned.
    pub kind: ProgramKind,
    /// Of points: how much of what is paid comes back.
    pub earn_percent: Option<Percent>,
    /// Of points: how much of a check they may pay.
    pub spend_percent: Option<Percent>,
    /// Of stamps: how many make a full card.
    pub stamps: Option<i64>,
    /// Of stamps: the category whose dishes count; any where there is none.
    pub category_id: Option<i64>,
    /// Whether anything is earned by it now.
    pub is_active: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoyaltyPrograms {
    /// Each, the oldest first.
    pub programs: Vec<LoyaltyProgram>,
}

/// A new program. How it is earned is fixed: what guests were promised does not change.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LoyaltyProgramCreate {
    /// What guests call it; no two alike.
    pub name: Name,
    /// What is earned.
    pub kind: ProgramKind,
    /// Of points, and needed there: how much of what is paid comes back.
    pub earn_percent: Option<Percent>,
    /// Of points: how much of a check they may pay; all of it where nobody says.
    pub spend_percent: Option<Percent>,
    /// Of stamps, and needed there: how many make a full card.
    #[schema(value_type = Option<i64>, minimum = 2, maximum = 100)]
    pub stamps: Option<StampCount>,
    /// Of stamps: the category whose dishes count; any where nobody says.
    pub category_id: Option<Id>,
}

/// Changes of a program; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LoyaltyProgramUpdate {
    /// What guests call it; no two alike.
    pub name: Option<Name>,
    /// Of points: how much of a check they may pay.
    pub spend_percent: Option<Percent>,
    /// Whether anything is earned by it; what was earned can be spent all the same.
    pub is_active: Option<bool>,
}

/// What a guest has in a program.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LoyaltyAccount {
    /// Id.
    pub id: i64,
    /// The program.
    pub program_id: i64,
    /// Its name.
    pub program: String,
    /// What is earned in it.
    pub kind: ProgramKind,
    /// Whose it is.
    pub customer_id: i64,
    /// Points or stamps that are there and held by no check; below 0 where what was earned went back
    /// after it was spent.
    pub balance: i64,
    /// What points are worth; null of stamps.
    pub worth: Option<Money>,
    /// How many stamps make a full card; null of points.
    pub stamps: Option<i64>,
    /// How much of a check points may pay; null of stamps.
    pub spend_percent: Option<Percent>,
    /// When it last moved.
    pub updated_at: Timestamp,
}

/// What a guest has in all programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoyaltyAccounts {
    /// One for each program in which something was earned.
    pub accounts: Vec<LoyaltyAccount>,
}

/// Something that moved an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LoyaltyEntry {
    /// Id.
    pub id: i64,
    /// What it was.
    pub kind: EntryKind,
    /// What it added; below 0 where it took off.
    pub amount: i64,
    /// The order of which it is.
    pub order_id: Option<i64>,
    /// Its check.
    pub check_id: Option<i64>,
    /// Why, where somebody did it by hand.
    pub reason: Option<String>,
    /// Who was at work; null where the box did it by itself.
    pub user_id: Option<i64>,
    /// When.
    pub at: Timestamp,
}

/// One page of an account's entries, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoyaltyEntries {
    /// The page.
    pub entries: Vec<LoyaltyEntry>,
    /// How many there are in all.
    pub total: i64,
}

/// An account that is opened before anything is earned.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LoyaltyAccountCreate {
    /// The program.
    pub program_id: Id,
    /// Whose it is.
    pub customer_id: Id,
}

/// Points or stamps that are given or taken by hand.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LoyaltyAdjust {
    /// How many; below 0 to take them off.
    pub amount: i64,
    /// The balance that the person saw; with another nothing happens (409 `balance_changed`).
    pub expected_balance: i64,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
}

/// A promo code.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PromoCode {
    /// Id.
    pub id: i64,
    /// What guests say; small and large letters are the same.
    pub code: String,
    /// How much is taken off a check; null where it is a sum.
    pub percent: Option<Percent>,
    /// Which sum is taken off; null where it is a part.
    pub amount: Option<Money>,
    /// On how many orders it can stand; null: on any number.
    pub limit: Option<i64>,
    /// On how many it stands now.
    pub used: i64,
    /// The last day on which it is taken; null: always.
    pub until: Option<Day>,
    /// Whether it is taken.
    pub is_active: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of promo codes, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromoCodes {
    /// The page.
    pub promo_codes: Vec<PromoCode>,
    /// How many there are in all.
    pub total: i64,
}

/// What a promo code gives: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PromoReward {
    /// A part of the check.
    pub percent: Option<Percent>,
    /// A sum.
    pub amount: Option<Money>,
}

/// A new promo code.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PromoCodeCreate {
    /// What guests say: letters, digits and dashes; no two alike.
    #[schema(value_type = String, min_length = 3, max_length = 30)]
    pub code: Label<3, 30>,
    /// What it gives.
    pub reward: PromoReward,
    /// On how many orders it can stand; on any number where nobody says.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000)]
    pub limit: Option<Int<1, 1_000_000>>,
    /// The last day on which it is taken; always where nobody says.
    pub until: Option<Day>,
}

/// Changes of a promo code; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PromoCodeUpdate {
    /// On how many orders it can stand; `null`: on any number.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 1_000_000)]
    pub limit: Patch<Int<1, 1_000_000>>,
    /// The last day on which it is taken; `null`: always.
    #[serde(default)]
    #[schema(value_type = Option<Day>)]
    pub until: Patch<Day>,
    /// Whether it is taken.
    pub is_active: Option<bool>,
}
