//! What is told of printers.

use super::types::PrinterTroubles;
use crate::core::event::{Audience, Kind, Payload};

/// Printers got into trouble or out of it, or more slips wait: all that are in trouble now.
impl Payload for PrinterTroubles {
    const KIND: Kind = Kind::PrintersChanged;
    const AUDIENCE: Audience = Audience::STAFF;
}
