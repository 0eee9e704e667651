//! What is told of calls.

use serde::{Deserialize, Serialize};

use super::{Call, CallKind, PartWish};
use crate::core::event::{Audience, Kind, Payload};
use crate::core::kernel::Timestamp;

/// A call, as screens show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ToldCall {
    /// The call.
    pub call_id: i64,
    /// The table that calls.
    pub table_id: i64,
    /// The number on it.
    pub table_number: i64,
    /// What people call it.
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
    #[serde(default)]
    pub parts: Vec<PartWish>,
    /// When it called.
    pub created_at: Timestamp,
}

impl From<&Call> for ToldCall {
    fn from(call: &Call) -> Self {
        Self {
            call_id: call.id,
            table_id: call.table_id,
            table_number: call.table_number,
            table_name: call.table_name.clone(),
            location_id: call.location_id,
            kind: call.kind,
            payment_method_id: call.payment_method_id,
            payment_method_name: call.payment_method_name.clone(),
            parts: call.parts.clone(),
            created_at: call.created_at,
        }
    }
}

/// Guests want a waiter, or the bill; or they name another way to pay, or sit at another table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TableCalled(pub ToldCall);

impl Payload for TableCalled {
    const KIND: Kind = Kind::TableCalled;
    const AUDIENCE: Audience = Audience::STAFF.and(Audience::TABLE_GUESTS);
}

/// A call was answered, or taken back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallAnswered(pub ToldCall);

impl Payload for CallAnswered {
    const KIND: Kind = Kind::CallAnswered;
    const AUDIENCE: Audience = Audience::STAFF.and(Audience::TABLE_GUESTS);
}
