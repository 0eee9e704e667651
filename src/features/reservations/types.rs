//! Reservations as they travel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::fields::{Id, Label, Name, Text};
use crate::core::kernel::{Day, Int, Patch, TimeOfDay, Timestamp};
use crate::features::floor::Guests;

crate::words! {
    /// What tables are kept for.
    pub enum ReservationKind as ReservationKind {
        /// Guests.
        Party = "PARTY",
        /// Nobody: they are not to be used.
        Block = "BLOCK",
    }
}

crate::words! {
    /// Where a reservation stands.
    pub enum ReservationState as ReservationState {
        /// They are to come.
        Booked = "BOOKED",
        /// They are in the house and wait for their table.
        Arrived = "ARRIVED",
        /// They sit at it.
        Seated = "SEATED",
        /// They have gone.
        Left = "LEFT",
        /// It was called off.
        Cancelled = "CANCELLED",
        /// They did not come.
        NoShow = "NO_SHOW",
    }
}

crate::words! {
    /// Who wrote a reservation down.
    pub enum ReservationSource as ReservationSource {
        /// Staff, who were called or asked.
        Staff = "STAFF",
        /// The guest, on the page.
        Guest = "GUEST",
    }
}

crate::words! {
    /// What can be done with a reservation.
    pub enum ReservationStep as ReservationStep {
        /// They have come.
        Arrive = "ARRIVE",
        /// They sit down.
        Seat = "SEAT",
        /// They have gone.
        Leave = "LEAVE",
        /// It is called off.
        Cancel = "CANCEL",
        /// They have not come.
        NoShow = "NO_SHOW",
        /// What was said last was wrong: they are to come.
        Reopen = "REOPEN",
    }
}

crate::words! {
    /// What stands against a reservation, and may be overruled by staff who know better.
    pub enum Objection as ReservationObjection {
        /// It begins when nothing can be booked.
        Hours = "HOURS",
        /// Too many come within the same quarter of an hour.
        Pacing = "PACING",
        /// The tables have too few seats.
        Seats = "SEATS",
        /// No table is free that would do: it waits for one.
        NoTable = "NO_TABLE",
    }
}

/// What staff should know of a party.
pub type PartyNotes = Text<0, 500>;
/// What they must not eat.
pub type Allergies = Text<0, 300>;
/// A telephone, as people write it.
pub type Phone = Label<0, 30>;
/// A moment, as a person or a program writes it.
pub type When = Label<1, 40>;
/// How long tables are kept, in minutes.
pub type Minutes = Int<15, 720>;

/// A table that is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeptTable {
    /// The table.
    pub id: i64,
    /// What people call it.
    pub name: String,
}

/// A reservation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reservation {
    /// Id.
    pub id: i64,
    /// Guests, or a block.
    pub kind: ReservationKind,
    /// Where it stands.
    pub state: ReservationState,
    /// Who wrote it down.
    pub source: ReservationSource,
    /// The restaurant's day on which it begins.
    pub day: Day,
    /// The restaurant's clock when it begins.
    pub time: TimeOfDay,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends; the first moment that does not belong to it.
    pub ends_at: Timestamp,
    /// How many come; 0 of a block.
    pub party: i64,
    /// Whose it is, or why it is blocked. Empty when it was forgotten.
    pub name: String,
    /// Their telephone.
    pub phone: Option<String>,
    /// What staff should know.
    pub notes: Option<String>,
    /// What they must not eat.
    pub allergies: Option<String>,
    /// The tables that are kept; none while it waits for one.
    pub tables: Vec<KeptTable>,
    /// Whether somebody chose the tables, so that the box leaves it there.
    pub is_pinned: bool,
    /// What they ordered.
    pub order_id: Option<i64>,
    /// When they came.
    pub arrived_at: Option<Timestamp>,
    /// When they sat down.
    pub seated_at: Option<Timestamp>,
    /// When they went.
    pub left_at: Option<Timestamp>,
    /// Why it was called off.
    pub reason: Option<String>,
    /// How often this telephone did not come within twelve months.
    pub no_shows: i64,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of reservations, by when they begin.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReservationList {
    /// The page.
    pub reservations: Vec<Reservation>,
    /// How many there are in all.
    pub total: i64,
}

/// A day of the book.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookedDay {
    /// The day.
    pub day: Day,
    /// How many parties come, have come or have gone.
    pub parties: i64,
    /// How many guests they are.
    pub guests: i64,
    /// How many parties did not come.
    pub no_shows: i64,
    /// How many called it off.
    pub cancelled: i64,
}

/// Days of the book.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookedDays {
    /// Each day, in order.
    pub days: Vec<BookedDay>,
}

/// How long the restaurant's own guests stay.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnLengths {
    /// Of so many days.
    pub days: i64,
    /// For each size that the rules name.
    pub lengths: Vec<OwnLength>,
}

/// How long parties up to a size stay, from the first order to the last payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnLength {
    /// The largest such party.
    pub up_to: i64,
    /// Of how many bills it is known.
    pub bills: usize,
    /// Half of them no longer than so many minutes; none of too few bills to say.
    pub half: Option<i64>,
    /// Four of five no longer than so many.
    pub most: Option<i64>,
}

/// A new reservation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReservationCreate {
    /// When it begins: a moment (`2026-05-01T16:30:00Z`), or the restaurant's own clock
    /// (`2026-05-01T19:30`), which must show that time on that day.
    #[schema(value_type = String, min_length = 1, max_length = 40)]
    pub starts_at: When,
    /// How many come.
    pub party: Guests,
    /// Whose it is.
    pub name: Name,
    /// Their telephone.
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Option<Phone>,
    /// How long the tables are kept; by the size of the party where nobody says.
    pub minutes: Option<Minutes>,
    /// Which tables; the box finds them where nobody says.
    #[schema(max_items = 10)]
    pub table_ids: Option<Vec<Id>>,
    /// What staff should know.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub notes: Option<PartyNotes>,
    /// What they must not eat.
    #[schema(value_type = Option<String>, max_length = 300)]
    pub allergies: Option<Allergies>,
    /// What stands against it and is known.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub ignore: Vec<Objection>,
}

/// Changes of a reservation; what is left out stays. Its tables stay too while they do.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReservationUpdate {
    /// When it begins, as in a new one.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40)]
    pub starts_at: Option<When>,
    /// How many come.
    pub party: Option<Guests>,
    /// Whose it is.
    pub name: Option<Name>,
    /// Their telephone; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 30)]
    pub phone: Patch<Phone>,
    /// How long the tables are kept.
    pub minutes: Option<Minutes>,
    /// Which tables, chosen by somebody; `null` lets the box find them.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Id>>, max_items = 10)]
    pub table_ids: Patch<Vec<Id>>,
    /// What staff should know; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub notes: Patch<PartyNotes>,
    /// What they must not eat; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub allergies: Patch<Allergies>,
    /// What stands against it and is known.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub ignore: Vec<Objection>,
}

/// Tables that nobody is to be seated at for a while.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TableBlockCreate {
    /// When it begins, as of a reservation.
    #[schema(value_type = String, min_length = 1, max_length = 40)]
    pub starts_at: When,
    /// How long.
    pub minutes: Int<15, 1440>,
    /// Which tables.
    #[schema(min_items = 1, max_items = 100)]
    pub table_ids: Vec<Id>,
    /// Why.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub reason: Name,
}

/// What is done with a reservation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StepBody {
    /// What.
    pub step: ReservationStep,
    /// Only to seat: at other tables than those that are kept.
    #[schema(max_items = 10)]
    pub table_ids: Option<Vec<Id>>,
    /// Only to seat: they sit there already, and this is what they ordered.
    pub order_id: Option<Id>,
    /// Only to call off: why.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Text<0, 200>>,
}

crate::words! {
    /// Why nothing can be booked at a time.
    pub enum FullWhy as ReservationFullWhy {
        /// It is over, or too soon.
        Past = "PAST",
        /// Too many come within that quarter of an hour.
        Pacing = "PACING",
        /// No table is free that would do.
        Tables = "TABLES",
    }
}

/// A time at which one can book, or cannot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BookingTime {
    /// The moment.
    pub starts_at: Timestamp,
    /// The restaurant's clock then.
    pub time: TimeOfDay,
    /// Why not; none where one can.
    pub full: Option<FullWhy>,
    /// The tables that the box would give.
    pub table_ids: Vec<i64>,
}

/// The times of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookingTimes {
    /// The day.
    pub day: Day,
    /// How long the tables would be kept, in minutes.
    pub minutes: i64,
    /// What guests read of the day, where it is a special one.
    pub note: Option<String>,
    /// Each time, in order.
    pub times: Vec<BookingTime>,
}
