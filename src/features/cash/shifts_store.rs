//! Shifts in SQL: how they stand, and how one is opened.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::bind_store::drawer_of;
use super::denominations::{check_coins, of_currency};
use super::drawers_store::DRAWERS;
use super::events::cash_changed;
use super::permits_store::{check_drawer, keeps_all};
use super::rules::check_sum;
use super::states::ShiftState;
use super::types::{CashDesk, CashShift, CashShiftList};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Command, Filter, Priority, Reply, Tx, word};
use crate::features::checks::CashRounding;
use crate::features::permissions::Principal;
use crate::platform::audit;
use crate::platform::auth::{Person, Role};
use crate::platform::site;

const SELECT: &str = "
    SELECT s.id, s.drawer_id, d.name, d.user_id, s.state, s.business_day, s.opening, s.left_before,
           s.opened_by_id, o.full_name, s.opened_at, s.counted, s.expected, s.difference, s.reason,
           s.approved_by_id, s.z_number, s.closed_by_id, c.full_name, s.closed_at,
           (SELECT n.user_id FROM cash_counts n WHERE n.shift_id = s.id ORDER BY n.id DESC LIMIT 1)
    FROM cash_shifts s
    JOIN cash_drawers d ON d.id = s.drawer_id
    JOIN users o ON o.id = s.opened_by_id
    LEFT JOIN users c ON c.id = s.closed_by_id";

fn from_row(row: &Row<'_>, today: i64) -> rusqlite::Result<CashShift> {
    let state = word(row, 4, ShiftState::parse)?;
    let business_day = row.get(5)?;
    let money = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Money));
    Ok(CashShift {
        id: row.get(0)?,
        drawer_id: row.get(1)?,
        drawer_name: row.get(2)?,
        drawer_user_id: row.get(3)?,
        state,
        business_day,
        is_overdue: state != ShiftState::Closed && business_day < today,
        opening: Money(row.get(6)?),
        left_before: money(7)?,
        opened_by_id: row.get(8)?,
        opened_by_name: row.get(9)?,
        opened_at: Timestamp(row.get(10)?),
        counted_by_id: row.get(20)?,
        counted: money(11)?,
        expected: money(12)?,
        difference: money(13)?,
        reason: row.get(14)?,
        approved_by_id: row.get(15)?,
        z_number: row.get(16)?,
        closed_by_id: row.get(17)?,
        closed_by_name: row.get(18)?,
        closed_at: row.get::<_, Option<i64>>(19)?.map(Timestamp),
    })
}

/// The restaurant's day of now, as a number.
fn today(db: &Connection, now: Timestamp) -> Result<i64> {
    let zone = site::load(db)?.map(|site| site.zone()).transpose()?;
    Ok(zone.map_or(0, |zone| zone.day(now)))
}

/// One shift.
///
/// # Errors
/// 404 when there is none.
pub fn shift(db: &Connection, id: i64) -> Result<CashShift> {
    let today = today(db, clock::now())?;
    db.prepare_cached(&format!("{SELECT} WHERE s.id = ?1"))?
        .query_row([id], |row| from_row(row, today))
        .optional()?
        .ok_or_else(|| Error::not_found("cash shift", id))
}

/// One shift that is not closed.
///
/// # Errors
/// 404 when there is none, 409 when its Z stands, 403 when another carries its drawer.
pub fn for_change(tx: &mut Tx<'_>, id: i64, who: &Principal) -> Result<CashShift> {
    let shift = shift(tx, id)?;
    check_drawer(who.role, who.id, shift.drawer_user_id)?;
    tx.not_before(shift.opened_at);
    if shift.state != ShiftState::Closed {
        return Ok(shift);
    }
    let number = shift.z_number.unwrap_or_default();
    let detail = format!(
        "The shift was closed with Z {number}, and nothing of it changes. Open a new one for what comes \
         now."
    );
    Err(Error::conflict("shift_closed", detail).with("z_number", number))
}

/// Which shifts a list shows.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Of one drawer.
    pub drawer_id: Option<i64>,
    /// In one state.
    pub state: Option<ShiftState>,
    /// Closed with a difference, or not.
    pub differs: Option<bool>,
    /// Of no drawer that somebody else carries than this person.
    pub only_of: Option<i64>,
}

/// One page of shifts, the newest first.
pub fn list(db: &Connection, page: (i64, i64), wanted: &Wanted) -> Result<CashShiftList> {
    let today = today(db, clock::now())?;
    let filter = Filter::new("s.id > 0")
        .and("s.drawer_id = ?", wanted.drawer_id)
        .and("s.state = ?", wanted.state.map(ShiftState::as_str))
        .and("(s.closed_at IS NOT NULL AND s.difference <> 0) = ?", wanted.differs)
        .and(
            "s.drawer_id IN (SELECT id FROM cash_drawers WHERE coalesce(user_id = ?, 1))",
            wanted.only_of,
        );
    let shifts = filter.page(db, SELECT, "s.id DESC", page, |row| from_row(row, today))?;
    let total = filter.count(db, "cash_shifts s")?;
    Ok(CashShiftList { shifts, total })
}

/// The drawer that somebody uses at a tablet, and how it stands.
pub fn desk(db: &Connection, who: (i64, Option<i64>), currency: &str) -> Result<CashDesk> {
    let drawer = drawer_of(db, who)?.map(|id| DRAWERS.get(db, id)).transpose()?;
    let shift_id = drawer.as_ref().and_then(|drawer| drawer.shift_id);
    let left = drawer.as_ref().map(|drawer| left_in(db, drawer.id)).transpose()?.flatten();
    Ok(CashDesk {
        shift: shift_id.map(|id| shift(db, id)).transpose()?,
        left,
        drawer,
        denominations: of_currency(currency),
    })
}

/// What the last count of a drawer left there.
fn left_in(db: &Connection, drawer_id: i64) -> Result<Option<Money>> {
    let sql = "SELECT counted FROM cash_shifts WHERE drawer_id = ?1 AND z_number IS NOT NULL
               ORDER BY z_number DESC LIMIT 1";
    let left = db.prepare_cached(sql)?.query_row([drawer_id], |row| row.get(0)).optional()?;
    Ok(left.flatten().map(Money))
}

/// Opens a shift with what was counted.
pub struct OpenShift {
    pub drawer_id: i64,
    pub opening: Money,
    pub rounding: CashRounding,
    pub by: Person,
}

impl Command for OpenShift {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let Self { drawer_id, opening, rounding, by } = self;
        let drawer = DRAWERS.get(tx, drawer_id)?;
        check_drawer(by.role, by.id, drawer.user_id)?;
        check_sum("float", opening)?;
        let left = left_in(tx, drawer_id)?;
        check_coins("float", opening, left, rounding)?;
        let name = drawer.name;
        if !drawer.is_active {
            let detail = format!("“{name}” is not in use now. Choose another drawer.");
            return Err(Error::rule("drawer_inactive", detail).with("name", name));
        }
        if let Some(shift_id) = drawer.shift_id {
            let detail = format!("A shift of “{name}” is open already. Go on with it.");
            let error = Error::conflict("shift_is_open", detail).with("shift_id", shift_id);
            return Err(error.with("name", name));
        }
        let day = today(tx, tx.now())?;
        tx.prepare_cached(
            "INSERT INTO cash_shifts (drawer_id, state, business_day, opening, left_before,
                                      opened_by_id, opened_at)
             VALUES (?1, 'OPEN', ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            drawer_id,
            day,
            opening.0,
            left.map(|left| left.0),
            by.id,
            tx.now().0
        ])?;
        let id = tx.last_insert_rowid();
        let after = json!({"drawer": name, "float": opening, "left_before": left});
        audit::note(
            tx,
            Some(by.id),
            "shift_opened",
            ("cash_shift", Some(id)),
            (Value::Null, after),
        )?;
        tx.emit(cash_changed(drawer_id, Some((id, ShiftState::Open)), by.id)?)?;
        reply(&shift(tx, id)?)
    }
}

/// What is read by who is yet to count it: not what came of a count that somebody else made.
pub fn as_seen(mut shift: CashShift, role: Role, user_id: i64) -> CashShift {
    let has_counted = shift.state == ShiftState::Closed || shift.counted_by_id == Some(user_id);
    if !keeps_all(role) && !has_counted {
        (shift.counted, shift.expected, shift.difference) = (None, None, None);
    }
    shift
}

/// A reply as it is kept for a repeat.
pub fn reply(answer: &impl serde::Serialize) -> Result<Reply> {
    let json = serde_json::to_string(answer).map_err(Error::internal)?;
    Ok(Reply { json: json.into(), event_seq: None })
}

/// What was stored with a closed shift.
pub struct ClosedSums {
    pub id: i64,
    pub opening: Money,
    pub counted: Money,
    pub expected: Money,
    pub difference: Money,
    pub turnover: Money,
}

/// The sums of the last closed shifts.
///
/// # Errors
/// When the database cannot be read.
pub fn closed_sums(db: &Connection, most: usize) -> Result<Vec<ClosedSums>> {
    let mut statement = db.prepare_cached(
        "SELECT id, opening, counted, expected, difference, turnover FROM cash_shifts
         WHERE closed_at IS NOT NULL ORDER BY id DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([i64::try_from(most).unwrap_or(i64::MAX)], |row| {
        Ok(ClosedSums {
            id: row.get(0)?,
            opening: Money(row.get(1)?),
            counted: Money(row.get(2)?),
            expected: Money(row.get(3)?),
            difference: Money(row.get(4)?),
            turnover: Money(row.get(5)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
