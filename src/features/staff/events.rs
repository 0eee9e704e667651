//! What the log says of the people who work here.

use serde::{Deserialize, Serialize};

use crate::core::event::{Audience, Kind, Payload};

/// A member of staff was created, changed or removed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StaffChanged {
    /// Who.
    pub user_id: i64,
    /// What happened.
    pub what: StaffChange,
}

impl Payload for StaffChanged {
    const KIND: Kind = Kind::StaffChanged;
    const AUDIENCE: Audience = Audience::NOBODY;
}

/// What happened to a member of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffChange {
    /// They begin to work here.
    Created,
    /// Their name, role or the like is another.
    Updated,
    /// They have left.
    Deleted,
    /// They have a new password.
    Password,
}
