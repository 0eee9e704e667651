//! What the feed itself tells.

use serde::{Deserialize, Serialize};

use crate::core::event::{Audience, Kind, Payload};

/// An admin's own words to all staff.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Broadcast {
    /// Their words.
    pub message: String,
    /// The admin.
    pub from: i64,
}

impl Payload for Broadcast {
    const KIND: Kind = Kind::Broadcast;
    const AUDIENCE: Audience = Audience::STAFF;
}
