//! What is printed of a cash drawer: the facts of it, as they were when it came to be printed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::{Money, Timestamp};

/// What a paper of a cash drawer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum CashPaperKind {
    /// How a shift stands.
    X,
    /// What a shift came to.
    Z,
    /// What somebody counted.
    Count,
}

/// What moves cash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashWord {
    /// What a shift began with.
    Float,
    /// Paid by guests.
    Taken,
    /// Their tips.
    Tips,
    /// Given back to guests.
    Refunded,
    /// Paid into house accounts.
    AccountsIn,
    /// Given back from house accounts.
    AccountsOut,
    /// Put in.
    PaidIn,
    /// Taken out for something.
    PaidOut,
    /// Taken out to the safe or the bank.
    Dropped,
    /// Tips that were paid out to staff.
    TipsOut,
    /// The drawer was opened, and nothing moved.
    NoSale,
}

/// A paper of a cash drawer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CashPaper {
    /// What it is.
    pub what: CashPaperKind,
    /// The drawer.
    pub drawer: String,
    /// The number of the Z in its drawer.
    pub number: Option<i64>,
    /// When the shift was opened, and by whom.
    pub opened: (Timestamp, String),
    /// When it was closed, and by whom.
    pub closed: Option<(Timestamp, String)>,
    /// What the last count left in the drawer, where the shift began with another sum.
    pub left_before: Option<Money>,
    /// What moved its cash, what went out below 0; none for who is yet to count it.
    pub sums: Vec<(CashWord, Money)>,
    /// What should be there.
    pub expected: Option<Money>,
    /// What was there.
    pub counted: Option<Money>,
    /// What is more, below 0 what is missing.
    pub difference: Option<Money>,
    /// Why.
    pub reason: Option<String>,
    /// Which notes and coins were counted, and how many of each.
    pub pieces: Vec<(Money, i64)>,
    /// What was taken in each way.
    pub ways: Vec<CashWay>,
    /// What was taken less what went back, in every way.
    pub turnover: Option<Money>,
    /// The same of all Z of the drawer.
    pub grand_total: Option<Money>,
    /// What moved cash beside payments.
    pub moves: Vec<CashPaperMove>,
    /// Cash that moved while no shift was open, and the order it was of.
    pub strays: Vec<(Option<i64>, Money)>,
    /// When it came to be printed.
    pub at: Timestamp,
}

/// What was taken in one way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CashWay {
    /// What it was called.
    pub name: Option<String>,
    /// How many payments.
    pub payments: i64,
    /// What they came to, without tips.
    pub taken: Money,
    /// Tips.
    pub tips: Money,
    /// What went back.
    pub refunded: Money,
}

/// Something that moved cash beside payments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CashPaperMove {
    /// What it was.
    pub word: CashWord,
    /// How much, what went out below 0.
    pub amount: Money,
    /// Whether it took another back.
    pub is_undo: bool,
    /// Why.
    pub reason: Option<String>,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
