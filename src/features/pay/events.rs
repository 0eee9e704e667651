//! What is told of payments over the wire.

use serde::{Deserialize, Serialize};

use super::states::AttemptState;
use crate::core::event::{Audience, Kind, Payload};
use crate::core::kernel::Money;

/// A payment over the wire moved on. Guests at the table hear it too: it says no link and no number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayChanged {
    /// The attempt.
    pub attempt_id: i64,
    /// Its order.
    pub order_id: i64,
    /// Its check.
    pub check_id: i64,
    /// Where it stands.
    pub state: AttemptState,
    /// What of the check it is to pay.
    pub amount: Money,
}

impl Payload for PayChanged {
    const KIND: Kind = Kind::PayChanged;
    const AUDIENCE: Audience =
        Audience::ADMIN.and(Audience::MANAGER).and(Audience::WAITERS).and(Audience::TABLE_GUESTS);
}
