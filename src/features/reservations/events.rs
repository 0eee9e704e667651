//! What is told of the book.

use serde::{Deserialize, Serialize};

use super::types::{Reservation, ReservationState};
use crate::core::error::Result;
use crate::core::event::{Audience, Kind, NewEvent, Payload, Thing};
use crate::core::kernel::{Day, Timestamp};

/// A reservation was made, changed or moved on; or the rules of the book changed. Whose it is, is read by
/// who may: the log keeps no names.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReservationChanged {
    /// What changed of it; none when the rules did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<ToldReservation>,
}

/// A reservation, as it is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ToldReservation {
    /// The restaurant's day on which it begins.
    pub day: Day,
    /// Where it stands.
    pub state: ReservationState,
    /// How many come.
    pub party: i64,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The tables that are kept.
    pub table_ids: Vec<i64>,
}

impl Payload for ReservationChanged {
    const KIND: Kind = Kind::ReservationChanged;
    const AUDIENCE: Audience = Audience::ADMIN.and(Audience::MANAGER).and(Audience::WAITERS);
}

/// A reservation is another.
pub fn reservation_changed(one: &Reservation, by: Option<i64>) -> Result<NewEvent> {
    let told = ToldReservation {
        day: one.day,
        state: one.state,
        party: one.party,
        starts_at: one.starts_at,
        ends_at: one.ends_at,
        table_ids: one.tables.iter().map(|table| table.id).collect(),
    };
    let details = ReservationChanged { reservation: Some(told) };
    NewEvent::new(Thing::Reservation.with(one.id), by, &details)
}

/// The rules are others.
pub fn rules_changed(by: i64) -> Result<NewEvent> {
    let details = ReservationChanged { reservation: None };
    NewEvent::new(Thing::Reservation.any(), Some(by), &details)
}
