//! What the log says of sign-ins.

use serde::{Deserialize, Serialize};

use crate::core::event::{Audience, Kind, Payload};

/// Somebody signed in: the event's subject.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {}

impl Payload for SignedIn {
    const KIND: Kind = Kind::SignedIn;
    const AUDIENCE: Audience = Audience::NOBODY;
}

/// Sign-ins ended: of the event's subject, or of everybody but who did it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedOut {}

impl Payload for SignedOut {
    const KIND: Kind = Kind::SignedOut;
    const AUDIENCE: Audience = Audience::NOBODY;
}
