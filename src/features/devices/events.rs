//! What is told of tablets.

use serde::{Deserialize, Serialize};

use crate::core::event::{Audience, Kind, Payload};

/// A tablet was paired, renamed or cut off.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeviceChanged {
    /// What happened.
    pub what: DeviceChange,
    /// The tablet.
    pub id: i64,
}

impl Payload for DeviceChanged {
    const KIND: Kind = Kind::DeviceChanged;
    const AUDIENCE: Audience = Audience::ADMIN;
}

/// What happened to a tablet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceChange {
    /// It is known now.
    Paired,
    /// It has another name.
    Renamed,
    /// It opens nothing any more.
    CutOff,
}
