//! Accounts and their moves, as they travel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::{MoveKind, Standing};
use crate::core::kernel::fields::{Id, Label, Name, Text};
use crate::core::kernel::{Money, Patch, Timestamp};

/// The account of somebody who pays before or after.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HouseAccount {
    /// Id.
    pub id: i64,
    /// Whose it is.
    pub name: String,
    /// Their telephone.
    pub phone: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
    /// What it holds; below 0 what it owes.
    pub balance: Money,
    /// How far the balance may fall below 0.
    pub credit_limit: Money,
    /// How much can be paid by it now.
    pub available: Money,
    /// A closed one pays nothing and gets no deposits.
    pub is_active: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed or moved.
    pub updated_at: Timestamp,
}

impl HouseAccount {
    pub(super) fn standing(&self) -> Standing<'_> {
        Standing {
            name: &self.name,
            balance: self.balance,
            credit_limit: self.credit_limit,
            is_active: self.is_active,
        }
    }
}

/// One page of accounts, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseAccountList {
    /// The page.
    pub accounts: Vec<HouseAccount>,
    /// How many there are in all.
    pub total: i64,
}

/// A telephone, as people write it.
pub type Phone = Label<0, 30>;
/// What staff should know of an account.
pub type Note = Text<0, 500>;

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
pub struct HouseAccountCreate {
    /// Whose it is.
    pub name: Name,
    /// Their telephone.
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Option<Phone>,
    /// What staff should know.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub note: Option<Note>,
    /// How far its balance may fall below 0; not at all where nobody says.
    pub credit_limit: Option<Money>,
}

/// Changes of an account; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct HouseAccountUpdate {
    /// Whose it is.
    pub name: Option<Name>,
    /// Their telephone; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Patch<Phone>,
    /// What staff should know; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub note: Patch<Note>,
    /// How far its balance may fall below 0.
    pub credit_limit: Option<Money>,
    /// A closed one pays nothing and gets no deposits.
    pub is_active: Option<bool>,
}

/// Money that comes in. It settles what is owed first; the rest is a deposit.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AccountPayIn {
    /// How much.
    pub amount: Money,
    /// How it is paid: in any way but by an account.
    pub method_id: Id,
    /// The balance that the person saw; with another nothing happens (409 `balance_changed`).
    pub expected_balance: Money,
    /// What it is for.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Text<0, 200>>,
}

/// Money that is given back to whose account it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AccountGiveBack {
    /// How much.
    pub amount: Money,
    /// By which way; another than it came needs `way_reason` and `ACCOUNT_MANAGE`.
    pub method_id: Id,
    /// The balance that the person saw; with another nothing happens (409 `balance_changed`).
    pub expected_balance: Money,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Label<1, 200>,
    /// Why it goes back by another way than it came.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub way_reason: Option<Text<0, 200>>,
}

/// Something that moved an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountMove {
    /// Id.
    pub id: i64,
    /// What it was.
    pub kind: MoveKind,
    /// What it added to the balance; below 0 where it took off.
    pub amount: Money,
    /// The balance after it.
    pub balance: Money,
    /// How money came or went; null where a check was paid.
    pub method_id: Option<i64>,
    /// What that way was called then.
    pub method: Option<String>,
    /// The payment or refund of a check.
    pub payment_id: Option<i64>,
    /// The order that was paid.
    pub order_id: Option<i64>,
    /// Its number.
    pub order_number: Option<i64>,
    /// Its check.
    pub check_id: Option<i64>,
    /// Why, or what for.
    pub reason: Option<String>,
    /// Why it went back by another way than it came.
    pub way_reason: Option<String>,
    /// Who did it.
    pub user_id: i64,
    /// Their name.
    pub user_name: String,
    /// Whose word it needed.
    pub approved_by_id: Option<i64>,
    /// When.
    pub created_at: Timestamp,
}

/// One page of an account's moves, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountMoveList {
    /// The page.
    pub moves: Vec<AccountMove>,
    /// How many there are in all.
    pub total: i64,
    /// By which ways money came that has not gone back: how much of each.
    pub came_by: Vec<CameBy>,
}

/// Money that came in one way and has not gone back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CameBy {
    /// The way.
    pub method_id: i64,
    /// How much.
    pub amount: Money,
}

/// An account moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountMoved {
    /// The account as it is now.
    pub account: HouseAccount,
    /// What moved it: a settlement and a deposit, where what came in was more than what was owed.
    pub moves: Vec<AccountMove>,
}

/// A gift card: an account that whoever knows its code pays by.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GiftCard {
    /// Id.
    pub id: i64,
    /// The last digits of its code.
    pub code_end: String,
    /// What is on it.
    pub balance: Money,
    /// Whether it pays; one that was taken back does not.
    pub is_active: bool,
    /// When it was sold.
    pub sold_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
}

/// One page of gift cards, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct GiftCardList {
    /// The page.
    pub gift_cards: Vec<GiftCard>,
    /// How many there are in all.
    pub total: i64,
}

/// A gift card that was sold.
#[derive(Debug, Serialize, ToSchema)]
pub struct GiftCardSold {
    /// The card.
    #[serde(flatten)]
    pub card: GiftCard,
    /// Its code, in groups of four digits. It is told this once.
    pub code: String,
}

/// A gift card that is sold.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GiftCardCreate {
    /// What is on it.
    pub amount: Money,
    /// How it is paid: in any way but by an account.
    pub method_id: Id,
}

/// The code of a gift card, as it is typed or read by a camera.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GiftCardCode {
    /// Its digits; blanks and dashes between them do not matter.
    #[schema(value_type = String, min_length = 1, max_length = 40)]
    pub code: Label<1, 40>,
}

/// A gift card that is taken back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GiftCardTakeBack {
    /// By which way what is left goes back; another than it came needs `way_reason` and `ACCOUNT_MANAGE`.
    pub method_id: Id,
    /// What is on it, as the person saw it; with another sum nothing happens (409 `balance_changed`).
    pub expected_balance: Money,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Label<1, 200>,
    /// Why it goes back by another way than it came.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub way_reason: Option<Text<0, 200>>,
}
