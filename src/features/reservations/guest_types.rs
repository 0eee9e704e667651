//! What guests who book by themselves send and read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::types::{Allergies, PartyNotes, ReservationState, When};
use crate::core::kernel::fields::{Label, Name};
use crate::core::kernel::{Day, TimeOfDay, Timestamp};
use crate::features::floor::Guests;

/// Whether guests may book by themselves, and what.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestBookingRules {
    /// Whether they may at all.
    pub is_open: bool,
    /// The largest party; a larger one calls.
    pub largest_party: i64,
    /// Today, as the restaurant counts.
    pub first_day: Day,
    /// The last day that can be booked.
    pub last_day: Day,
}

/// A time at which a guest can book.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestTime {
    /// The moment.
    pub starts_at: Timestamp,
    /// The restaurant's clock then.
    pub time: TimeOfDay,
}

/// The free times of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestTimes {
    /// The day.
    pub day: Day,
    /// What is special about it.
    pub note: Option<String>,
    /// Each free time, in order.
    pub times: Vec<GuestTime>,
}

/// A reservation that a guest writes down.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GuestBookingCreate {
    /// One of the free times.
    #[schema(value_type = String, min_length = 1, max_length = 40)]
    pub starts_at: When,
    /// How many come.
    pub party: Guests,
    /// Their name.
    pub name: Name,
    /// Their telephone: at least six digits.
    #[schema(value_type = String, min_length = 6, max_length = 30)]
    pub phone: Label<6, 30>,
    /// What staff should know.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub notes: Option<PartyNotes>,
    /// What they must not eat.
    #[schema(value_type = Option<String>, max_length = 300)]
    pub allergies: Option<Allergies>,
}

/// A reservation, as the guest who wrote it down reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestBooking {
    /// What it is known by; nobody else is told.
    pub code: String,
    /// Where it stands.
    pub state: ReservationState,
    /// The day.
    pub day: Day,
    /// The restaurant's clock when it begins.
    pub time: TimeOfDay,
    /// When it begins.
    pub starts_at: Timestamp,
    /// How many come.
    pub party: i64,
    /// Their name.
    pub name: String,
}
