//! What becomes of a reservation, in SQL: they come, sit down and go, or they do not.

use rusqlite::OptionalExtension;
use rusqlite::types::Null;

use super::apply_store::{Wish, arrange, kept_for, tell};
use super::changes_store::{MOST_TABLES, table_ids};
use super::held_store::{check_free, end_at, keep, release};
use super::policy_store::rules;
use super::rules::{Span, minutes_for};
use super::store::reservation;
use super::types::{
    Objection, Reservation, ReservationKind, ReservationState as State, ReservationStep as Step,
    StepBody,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Text, Timestamp, Zone};
use crate::core::store::{Columns, Command, Tx};
use crate::features::floor::{self, Guests};

/// Nobody is seated for what begins more than so many minutes later.
const TOO_EARLY: i64 = 6 * 60;

/// A step is taken. Taken twice, it is taken once.
pub struct TakeStep {
    pub id: i64,
    pub step: StepBody,
    pub zone: Zone,
    pub by: i64,
}

impl Command for TakeStep {
    type Output = Reservation;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reservation> {
        let Self { id, step: body, zone, by } = self;
        let old = reservation(tx, &zone, id)?;
        let step = body.step;
        if old.state == state_after(step) {
            return Ok(old);
        }
        check_step(&old, step)?;
        let now = tx.now();
        let columns = Columns::default();
        let columns = match step {
            Step::Arrive => columns.set("arrived_at", now.0),
            Step::Seat => seat(tx, &zone, (&old, by), &body)?,
            Step::Leave => leave(tx, &old, by)?,
            Step::Cancel => {
                release(tx, id)?;
                columns.set("reason", body.reason.and_then(Text::non_empty))
            }
            Step::NoShow => {
                must_have_begun(&zone, &old, now)?;
                release(tx, id)?;
                columns
            }
            Step::Reopen => reopen(tx, &zone, &old)?,
        };
        let columns = columns.set("state", state_after(step).as_str().to_owned());
        columns.update(tx, "reservations", id)?;
        tell(tx, &zone, id, Some(by))
    }
}

fn state_after(step: Step) -> State {
    match step {
        Step::Arrive => State::Arrived,
        Step::Seat => State::Seated,
        Step::Leave => State::Left,
        Step::Cancel => State::Cancelled,
        Step::NoShow => State::NoShow,
        Step::Reopen => State::Booked,
    }
}

fn check_step(old: &Reservation, step: Step) -> Result<()> {
    let from: &[State] = match step {
        Step::Arrive | Step::NoShow => &[State::Booked],
        Step::Seat | Step::Cancel => &[State::Booked, State::Arrived],
        Step::Leave => &[State::Seated],
        Step::Reopen => &[State::Arrived, State::Cancelled, State::NoShow],
    };
    let is_block = old.kind == ReservationKind::Block;
    if is_block && !matches!(step, Step::Cancel | Step::Reopen) {
        let detail = "Tables that are blocked are for nobody. End the block instead.";
        return Err(Error::conflict("is_block", detail));
    }
    if from.contains(&old.state) {
        return Ok(());
    }
    let detail = "Somebody was faster: the reservation stands elsewhere now. Look at it again.";
    Err(Error::conflict("reservation_moved_on", detail).with("state", old.state.as_str()))
}

fn must_have_begun(zone: &Zone, old: &Reservation, now: Timestamp) -> Result<()> {
    if now >= old.starts_at {
        return Ok(());
    }
    let time = zone.time_of(old.starts_at).to_string();
    let detail = format!("They are expected at {time}. Call it off instead, or wait until then.");
    Err(Error::conflict("too_early", detail).with("time", time))
}

/// They sit down: at the tables that are kept, or at others. Nobody else may sit there or be expected
/// there meanwhile.
fn seat(
    tx: &mut Tx<'_>,
    zone: &Zone,
    (old, by): (&Reservation, i64),
    body: &StepBody,
) -> Result<Columns> {
    let now = tx.now();
    if old.starts_at > now.plus_minutes(TOO_EARLY) {
        let time = zone.time_of(old.starts_at).to_string();
        let detail = "They are expected much later. Move the reservation to this time first.";
        return Err(Error::conflict("too_early", detail).with("time", time));
    }
    let rules = rules(tx)?;
    let kept: Vec<i64> = old.tables.iter().map(|table| table.id).collect();
    let tables = match &body.table_ids {
        Some(ids) => table_ids(ids, MOST_TABLES)?,
        None => kept.clone(),
    };
    if tables.is_empty() {
        let detail = "No table is kept for them. Choose one.";
        return Err(Error::rule("table_needed", detail));
    }
    // Who comes late keeps the end that was planned, so long as it is to come.
    let minutes = minutes_for(&rules.lengths(), old.party);
    let until = if old.ends_at > now { old.ends_at } else { now.plus_minutes(minutes) };
    let span = Span { from: old.starts_at.min(now), until };
    let held = kept_for(&rules, span);
    check_free(tx, zone, &tables, held, Some(old.id))?;
    let order = body.order_id.map(Id::get);
    take_places(tx, (&tables, order), old.party, by)?;
    keep(tx, old.id, &tables, held)?;
    let columns = Columns::default()
        .set("seated_at", now.0)
        .set("arrived_at", old.arrived_at.unwrap_or(now).0)
        .set("ends_at", until.0)
        .set("is_pinned", old.is_pinned || tables != kept);
    Ok(columns.maybe("order_id", order))
}

/// Somebody sits at these tables from now on; where they sit there already, by what they ordered.
fn take_places(
    tx: &mut Tx<'_>,
    (tables, order): (&[i64], Option<i64>),
    party: i64,
    by: i64,
) -> Result<()> {
    let mut guests = Guests::new(party).ok();
    let mut is_found = order.is_none();
    for id in tables {
        if order.is_some() && floor::table(tx, *id)?.current_order_id == order {
            is_found = true;
        } else {
            floor::seat_party(tx, *id, guests, Some(by))?;
        }
        // They are counted once, at the first of their tables.
        guests = None;
    }
    let sql = "SELECT id FROM reservations INDEXED BY reservations_seated
               WHERE state = 'SEATED' AND order_id = ?1";
    let other: Option<i64> =
        tx.prepare_cached(sql)?.query_row([order], |row| row.get(0)).optional()?;
    if is_found && other.is_none() {
        return Ok(());
    }
    let detail = "That order is not at this table, or belongs to another party. Look again.";
    Err(Error::conflict("other_order", detail))
}

/// They have gone: what they ordered is closed, and their tables are free.
fn leave(tx: &mut Tx<'_>, old: &Reservation, by: i64) -> Result<Columns> {
    for kept in &old.tables {
        let table = match floor::table(tx, kept.id) {
            Ok(table) => table,
            // It was removed meanwhile.
            Err(error) if error.status() == 404 => continue,
            Err(error) => return Err(error),
        };
        if let Some(order_id) = table.current_order_id {
            let name = &table.name;
            let detail = format!("Table {name} has an open order. Complete or cancel it first.");
            return Err(Error::conflict("order_open", detail)
                .with("table", name.as_str())
                .with("order_id", order_id));
        }
        if table.is_occupied {
            floor::vacate(tx, kept.id, Some(by))?;
        }
    }
    let now = tx.now();
    gone(tx, old, now)
}

/// A guest calls a reservation off that is to come.
pub fn call_off(tx: &mut Tx<'_>, zone: &Zone, id: i64) -> Result<Reservation> {
    release(tx, id)?;
    let columns = Columns::default().set("state", State::Cancelled.as_str().to_owned());
    columns.update(tx, "reservations", id)?;
    tell(tx, zone, id, None)
}

/// From this moment on their tables are not theirs.
pub fn gone(tx: &Tx<'_>, old: &Reservation, at: Timestamp) -> Result<Columns> {
    end_at(tx, old.id, at)?;
    let ends_at = at.max(Timestamp(old.starts_at.0 + 1));
    Ok(Columns::default().set("left_at", at.0).set("ends_at", ends_at.0))
}

/// They are to come after all: to the tables that they had, or to others that are free.
fn reopen(tx: &mut Tx<'_>, zone: &Zone, old: &Reservation) -> Result<Columns> {
    let columns = Columns::default().set("arrived_at", Null).set("reason", Null);
    if old.state == State::Arrived {
        return Ok(columns);
    }
    let span = Span { from: old.starts_at, until: old.ends_at };
    let current: Vec<i64> = old.tables.iter().map(|table| table.id).collect();
    let is_block = old.kind == ReservationKind::Block;
    let ignore = [Objection::NoTable, Objection::Seats];
    let wish = Wish {
        id: Some(old.id),
        party: old.party,
        span,
        chosen: is_block.then_some(&current),
        current: &current,
        ignore: &ignore,
        is_new: false,
    };
    let tables = arrange(tx, zone, &wish)?;
    let held = if is_block { span } else { kept_for(&rules(tx)?, span) };
    keep(tx, old.id, &tables, held)?;
    let is_pinned = old.is_pinned && tables == current;
    Ok(columns.set("is_pinned", is_pinned))
}
