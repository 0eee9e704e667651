//! What is told of accounts.

use serde::{Deserialize, Serialize};

use crate::core::error::Result;
use crate::core::event::{Audience, Kind, NewEvent, Payload, Thing};

/// An account was opened, changed, moved or erased. Whose it is and how it stands is read by who may.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HouseAccountChanged {
    /// The account.
    pub account_id: i64,
}

impl Payload for HouseAccountChanged {
    const KIND: Kind = Kind::HouseAccountChanged;
    const AUDIENCE: Audience = Audience::ADMIN.and(Audience::MANAGER);
}

/// An account changed.
///
/// # Errors
/// When the event cannot be written.
pub fn account_changed(account_id: i64, by: i64) -> Result<NewEvent> {
    let details = HouseAccountChanged { account_id };
    NewEvent::new(Thing::HouseAccount.with(account_id), Some(by), &details)
}
