//! Reservations and blocks are written down and changed, in SQL.

use std::collections::BTreeSet;

use super::apply_store::{Wish, arrange, begins_at, kept_for, tell};
use super::held_store::{check_free, keep};
use super::policy_store::rules;
use super::rules::{Span, minutes_for};
use super::store::reservation;
use super::types::{
    Reservation, ReservationCreate, ReservationKind, ReservationSource, ReservationState,
    ReservationUpdate, TableBlockCreate,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::search::phone_key;
use crate::core::kernel::{Int, Patch, Text, Timestamp, Zone};
use crate::core::store::{Columns, Command, Tx};
use crate::features::floor;

/// So few digits tell nobody apart: a house's own number, say.
const PHONE_DIGITS: usize = 6;

/// By what reservations of a telephone are found however it is typed; none where it has too few digits.
pub fn key_of_phone(phone: &str) -> Option<String> {
    phone_key(phone).filter(|key| key.len() >= PHONE_DIGITS)
}

/// The tables of a body, each once.
///
/// # Errors
/// 422 when there are too many, or one twice.
pub fn table_ids(ids: &[Id], most: usize) -> Result<Vec<i64>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let different: BTreeSet<_> = ids.iter().collect();
    if ids.len() > most {
        return Err(Error::invalid("table_ids", format!("must name at most {most} tables")));
    }
    if different.len() < ids.len() {
        return Err(Error::invalid("table_ids", "names a table twice"));
    }
    Ok(ids)
}

/// So many tables are put together at most.
pub const MOST_TABLES: usize = 10;
/// So many are blocked at once at most.
const MOST_BLOCKED: usize = 100;

/// Writes a reservation down.
pub struct CreateReservation {
    pub body: ReservationCreate,
    pub zone: Zone,
    /// Who of the staff; none for a guest.
    pub by: Option<i64>,
    /// What a guest knows it by.
    pub code: Option<String>,
}

impl Command for CreateReservation {
    type Output = Reservation;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reservation> {
        let Self { body, zone, by, code } = self;
        let starts_at = begins_at(&zone, &body.starts_at, tx.now())?;
        let party = body.party.get();
        let rules = rules(tx)?;
        let minutes = match body.minutes {
            Some(minutes) => minutes.get(),
            None => minutes_for(&rules.lengths(), party),
        };
        let span = Span { from: starts_at, until: starts_at.plus_minutes(minutes) };
        let chosen = body.table_ids.map(|ids| table_ids(&ids, MOST_TABLES)).transpose()?;
        let wish = Wish {
            id: None,
            party,
            span,
            chosen: chosen.as_deref(),
            current: &[],
            ignore: &body.ignore,
            is_new: true,
        };
        let tables = arrange(tx, &zone, &wish)?;
        let phone = body.phone.and_then(Text::non_empty);
        let source = if by.is_some() { ReservationSource::Staff } else { ReservationSource::Guest };
        let columns = when(&zone, span)
            .set("kind", ReservationKind::Party.as_str().to_owned())
            .set("state", ReservationState::Booked.as_str().to_owned())
            .set("source", source.as_str().to_owned())
            .set("party", party)
            .set("name", body.name)
            .set("phone_digits", phone.as_deref().and_then(key_of_phone))
            .set("phone", phone)
            .text("notes", body.notes)
            .text("allergies", body.allergies)
            .set("is_pinned", chosen.is_some())
            .maybe("code", code)
            .maybe("by_id", by);
        let id = columns.insert(tx, "reservations")?;
        keep(tx, id, &tables, kept_for(&rules, span))?;
        tell(tx, &zone, id, by)
    }
}

/// The columns that say when it is.
fn when(zone: &Zone, span: Span) -> Columns {
    Columns::default()
        .set("business_day", zone.day(span.from))
        .set("starts_at", span.from.0)
        .set("ends_at", span.until.0)
}

/// Keeps tables for nobody.
pub struct CreateBlock {
    pub body: TableBlockCreate,
    pub zone: Zone,
    pub by: i64,
}

impl Command for CreateBlock {
    type Output = Reservation;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reservation> {
        let Self { body, zone, by } = self;
        let starts_at = begins_at(&zone, &body.starts_at, tx.now())?;
        let tables = table_ids(&body.table_ids, MOST_BLOCKED)?;
        if tables.is_empty() {
            return Err(Error::invalid("table_ids", "must name a table"));
        }
        for table in &tables {
            floor::table(tx, *table)?;
        }
        let span = Span { from: starts_at, until: starts_at.plus_minutes(body.minutes.get()) };
        check_free(tx, &zone, &tables, span, None)?;
        let columns = when(&zone, span)
            .set("kind", ReservationKind::Block.as_str().to_owned())
            .set("state", ReservationState::Booked.as_str().to_owned())
            .set("source", ReservationSource::Staff.as_str().to_owned())
            .set("party", 0)
            .set("name", body.reason)
            .set("is_pinned", true)
            .set("by_id", by);
        let id = columns.insert(tx, "reservations")?;
        keep(tx, id, &tables, span)?;
        tell(tx, &zone, id, Some(by))
    }
}

/// Changes a reservation.
pub struct UpdateReservation {
    pub id: i64,
    pub changes: ReservationUpdate,
    pub zone: Zone,
    pub by: i64,
}

impl Command for UpdateReservation {
    type Output = Reservation;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reservation> {
        let Self { id, changes, zone, by } = self;
        let old = reservation(tx, &zone, id)?;
        let is_block = old.kind == ReservationKind::Block;
        if is_block && changes.party.is_some() {
            return Err(Error::invalid("party", "is none where tables are blocked"));
        }
        let party = changes.party.map_or(old.party, Int::get);
        let phone = changes.phone;
        let mut columns = Columns::default()
            .set("party", party)
            .maybe("name", changes.name)
            .patch_text("notes", changes.notes)
            .patch_text("allergies", changes.allergies);
        if !phone.is_keep() {
            let phone = phone.text_or(None);
            let key = phone.as_deref().and_then(key_of_phone);
            columns = columns.set("phone", phone).set("phone_digits", key);
        }
        let is_moved = changes.starts_at.is_some()
            || changes.minutes.is_some()
            || party != old.party
            || !changes.table_ids.is_keep();
        if is_moved {
            let moved = Moved {
                starts_at: match changes.starts_at {
                    Some(text) => begins_at(&zone, &text, tx.now())?,
                    None => old.starts_at,
                },
                minutes: changes.minutes.map(Int::get),
                party,
                tables: changes.table_ids,
            };
            let (span, is_pinned) = moved.apply(tx, &zone, &old, &changes.ignore)?;
            columns = columns.or(when(&zone, span)).set("is_pinned", is_pinned);
        }
        columns.update(tx, "reservations", id)?;
        tell(tx, &zone, id, Some(by))
    }
}

/// Another time, another size or other tables.
struct Moved {
    starts_at: Timestamp,
    minutes: Option<i64>,
    party: i64,
    tables: Patch<Vec<Id>>,
}

impl Moved {
    /// Keeps the tables that it needs now. Returns when it is, and whether somebody chose the tables.
    fn apply(
        self,
        tx: &mut Tx<'_>,
        zone: &Zone,
        old: &Reservation,
        ignore: &[super::types::Objection],
    ) -> Result<(Span, bool)> {
        must_be_open(old)?;
        let rules = rules(tx)?;
        let is_block = old.kind == ReservationKind::Block;
        let minutes = match self.minutes {
            Some(minutes) => minutes,
            // A party that grows stays longer, where nobody says how long.
            None if self.party != old.party => minutes_for(&rules.lengths(), self.party),
            None => old.ends_at.minutes_since(old.starts_at),
        };
        let span = Span { from: self.starts_at, until: self.starts_at.plus_minutes(minutes) };
        let current: Vec<i64> = old.tables.iter().map(|table| table.id).collect();
        let most = if is_block { MOST_BLOCKED } else { MOST_TABLES };
        let (chosen, is_pinned) = match &self.tables {
            Patch::Set(ids) => (Some(table_ids(ids, most)?), true),
            Patch::Keep if old.is_pinned => (Some(current.clone()), true),
            Patch::Keep | Patch::Clear => (None, false),
        };
        if is_block && chosen.as_ref().is_none_or(Vec::is_empty) {
            return Err(Error::invalid("table_ids", "must name a table"));
        }
        let current = if self.tables == Patch::Clear { Vec::new() } else { current };
        let wish = Wish {
            id: Some(old.id),
            party: self.party,
            span,
            chosen: chosen.as_deref(),
            current: &current,
            ignore,
            is_new: !is_block && (span.from != old.starts_at || self.party > old.party),
        };
        let tables = arrange(tx, zone, &wish)?;
        let kept = if is_block { span } else { kept_for(&rules, span) };
        keep(tx, old.id, &tables, kept)?;
        Ok((span, is_pinned))
    }
}

/// Only what is to come is moved in time.
fn must_be_open(old: &Reservation) -> Result<()> {
    match old.state {
        ReservationState::Booked | ReservationState::Arrived => Ok(()),
        state => {
            let detail =
                "They have sat down or it is over: time, size and tables stay as they are.";
            Err(Error::conflict("reservation_over", detail).with("state", state.as_str()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_is_known_however_it_is_typed() {
        let same = key_of_phone("79001234567");
        assert!(same.is_some());
        for phone in ["+7 900 123-45-67", "8 (900) 123 45 67", "900 123-45-67"] {
            assert_eq!(key_of_phone(phone), same, "{phone}");
        }
        assert_ne!(key_of_phone("+49 30 123456"), same);
        assert_eq!((key_of_phone("12-34"), key_of_phone("")), (None, None));
    }
}
