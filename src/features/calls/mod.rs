//! Calls of a table: its guests want a waiter, or the bill. Staff see them until somebody answers.

mod api;
mod events;
mod feature;
mod parts_store;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::Timestamp;

pub use events::{CallAnswered, TableCalled, ToldCall};
pub use feature::feature;
pub use parts_store::{PartWish, Wished, WishedLine, forget, parts_of, phone_name};
pub use store::{Wanted, answer_all, call_staff, go_along, open_calls_of, take_back, trim};

/// What a table wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CallKind {
    /// Somebody to come.
    Waiter,
    /// To pay.
    Bill,
}

impl CallKind {
    /// The word on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiter => "waiter",
            Self::Bill => "bill",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Waiter, Self::Bill].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A call of a table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Call {
    /// Id.
    pub id: i64,
    /// The table that calls.
    pub table_id: i64,
    /// Its number.
    pub table_number: i64,
    /// What people call it: its name, or its number.
    pub table_name: String,
    /// The room it stands in.
    pub location_id: Option<i64>,
    /// What it wants.
    pub kind: CallKind,
    /// How its guests want to pay.
    pub payment_method_id: Option<i64>,
    /// The name of that.
    pub payment_method_name: Option<String>,
    /// What of the bill guests want to pay by themselves.
    pub parts: Vec<PartWish>,
    /// When it called.
    pub created_at: Timestamp,
    /// When somebody answered; none while it is open.
    pub answered_at: Option<Timestamp>,
}

/// The open calls.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallList {
    /// The page, oldest first.
    pub calls: Vec<Call>,
    /// How many are open in all.
    pub total: i64,
}
