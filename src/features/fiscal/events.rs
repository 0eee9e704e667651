//! What is told of registers.

use super::troubles::Troubles;
use crate::core::event::{Audience, Kind, Payload};

/// The register got into trouble or out of it: all that is the matter now.
impl Payload for Troubles {
    const KIND: Kind = Kind::FiscalChanged;
    const AUDIENCE: Audience = Audience::ADMIN.and(Audience::MANAGER).and(Audience::WAITERS);
}
