//! What is told of customers.

use serde::{Deserialize, Serialize};

use crate::core::error::Result;
use crate::core::event::{Audience, Kind, NewEvent, Payload, Thing};

/// A known guest was entered, changed, joined with another or erased. Who that is is read by who may.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CustomerChanged {
    /// The guest.
    pub customer_id: i64,
}

impl Payload for CustomerChanged {
    const KIND: Kind = Kind::CustomerChanged;
    const AUDIENCE: Audience = Audience::ADMIN.and(Audience::MANAGER).and(Audience::WAITERS);
}

/// A known guest changed.
///
/// # Errors
/// When the event cannot be written.
pub fn customer_changed(customer_id: i64, by: Option<i64>) -> Result<NewEvent> {
    let details = CustomerChanged { customer_id };
    NewEvent::new(Thing::Customer.with(customer_id), by, &details)
}
