//! What is told of the ways to pay.

use serde::{Deserialize, Serialize};

use crate::core::error::Result;
use crate::core::event::{Audience, Kind, NewEvent, Payload, Thing};

/// The ways to pay changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentMethodsChanged {
    /// Which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// What several came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<MethodsFrom>,
}

impl Payload for PaymentMethodsChanged {
    const KIND: Kind = Kind::PaymentMethodsChanged;
    const AUDIENCE: Audience = Audience::STAFF;
}

/// What several ways to pay came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodsFrom {
    /// A file.
    Import,
}

/// A way to pay was added, changed or removed.
pub fn method_changed(id: i64, by: i64) -> Result<NewEvent> {
    let details = PaymentMethodsChanged { id: Some(id), what: None };
    NewEvent::new(Thing::PaymentMethod.with(id), Some(by), &details)
}

/// A file brought ways to pay.
///
/// # Errors
/// When the event cannot be written.
pub fn methods_imported() -> Result<NewEvent> {
    let details = PaymentMethodsChanged { id: None, what: Some(MethodsFrom::Import) };
    NewEvent::new(Thing::PaymentMethod.any(), None, &details)
}
