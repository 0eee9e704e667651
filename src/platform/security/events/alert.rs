//! What admins, and the webhook, are told of a security event.

use std::borrow::Cow;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::core::event::{Audience, Kind as EventKind, Payload};
use crate::core::kernel::Timestamp;

/// A block or an anomaly.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SecurityAlert {
    /// The security event.
    pub id: i64,
    /// What kind of thing happened.
    pub kind: Kind,
    /// A stable word for the reason.
    pub what: Cow<'static, str>,
    /// From where.
    pub address: Option<IpAddr>,
    /// Whose sign-in was tried.
    pub username: Option<String>,
    /// When it happened first.
    pub at: Timestamp,
    /// How often.
    pub count: i64,
    /// More about it.
    pub detail: Option<String>,
    /// Whether more happened in this minute than is told.
    pub more: bool,
}

impl Payload for SecurityAlert {
    const KIND: EventKind = EventKind::SecurityAlert;
    const AUDIENCE: Audience = Audience::ADMIN;
}
