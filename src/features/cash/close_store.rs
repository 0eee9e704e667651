//! A drawer is counted without knowing what should be there, and its shift is closed with a Z.

use rusqlite::params;
use serde_json::{Value, json};

use super::denominations::check_coins;
use super::drawers_store::DRAWERS;
use super::events::cash_changed;
use super::permits_store::{are_allowed, keeps_all, permit_shift, to_close, to_count};
use super::print_store::print_closed;
use super::report_store::{cash_sums, counts, unclear, whole};
use super::rules::{is_counted, is_outside, total};
use super::shifts_store::{for_change, reply, shift};
use super::states::ShiftState;
use super::types::{CashShift, Denomination, ShiftCounted};
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::checks::CashRounding;
use crate::features::permissions::Principal;
use crate::platform::audit;

/// What lies in a drawer, as somebody says.
pub struct Count {
    pub shift_id: i64,
    pub said: Option<Money>,
    pub pieces: Vec<Denomination>,
    pub rounding: CashRounding,
    pub by: Principal,
    pub device_id: Option<i64>,
}

/// A drawer that was counted.
struct Counted {
    shift: CashShift,
    there: Money,
    expected: Money,
    /// By how much it differs, where that is more than is tolerated.
    outside: Option<Money>,
    /// Whether nobody had sent this count before.
    is_new: bool,
}

impl Counted {
    fn difference(&self) -> Money {
        self.there - self.expected
    }
}

impl Count {
    /// Writes the count down, unless it stands already.
    fn write(&self, tx: &mut Tx<'_>) -> Result<Counted> {
        let Self { shift_id, ref by, .. } = *self;
        let shift = for_change(tx, shift_id, by)?;
        let counted = total(self.said, &self.pieces)?;
        let expected = cash_sums(tx, shift_id, shift.opening)?.expected();
        let before = counts(tx, shift_id)?;
        let is_new = !is_counted(&before, self.eyes(), (counted, expected))?;
        let difference = counted - expected;
        if is_new {
            check_coins("counted", counted, Some(expected), self.rounding)?;
            permit_shift(tx, by, &shift, &to_count(by, &shift))?;
            self.insert(tx, counted, expected)?;
            tx.prepare_cached(
                "UPDATE cash_shifts SET state = 'COUNTED', counted = ?2, expected = ?3, difference = ?4
                 WHERE id = ?1",
            )?
            .execute([shift_id, counted.0, expected.0, difference.0])?;
            let after = json!({"counted": counted, "expected": expected});
            let to = ("cash_shift", Some(shift_id));
            audit::note(tx, Some(by.id), "cash_counted", to, (Value::Null, after))?;
            let now = (shift_id, ShiftState::Counted);
            tx.emit(cash_changed(shift.drawer_id, Some(now), by.id)?)?;
        }
        let tolerance = DRAWERS.get(tx, shift.drawer_id)?.tolerance;
        let outside = is_outside(difference, tolerance).then_some(difference);
        Ok(Counted { shift, there: counted, expected, outside, is_new })
    }

    /// Who counts, and whether they see what others counted.
    fn eyes(&self) -> (i64, bool) {
        (self.by.id, keeps_all(self.by.role))
    }

    fn answer(
        &self,
        tx: &Tx<'_>,
        of: &Counted,
        state: ShiftState,
        z_number: Option<i64>,
    ) -> Result<Reply> {
        let before = counts(tx, of.shift.id)?;
        let other = (of.there + Money(1), of.expected);
        let is_closed = state == ShiftState::Closed;
        reply(&ShiftCounted {
            id: of.shift.id,
            state,
            counted: of.there,
            expected: of.expected,
            difference: of.difference(),
            needs_reason: of.outside.is_some() && !is_closed,
            can_recount: !is_closed && is_counted(&before, self.eyes(), other).is_ok(),
            z_number,
        })
    }

    fn insert(&self, tx: &Tx<'_>, counted: Money, expected: Money) -> Result<()> {
        let pieces = (!self.pieces.is_empty()).then(|| serde_json::to_string(&self.pieces));
        tx.prepare_cached(
            "INSERT INTO cash_counts (shift_id, counted, expected, denominations, user_id, device_id,
                                      created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            self.shift_id,
            counted.0,
            expected.0,
            pieces.transpose().map_err(Error::internal)?,
            self.by.id,
            self.device_id,
            tx.now().0
        ])?;
        Ok(())
    }
}

impl Command for Count {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let counted = self.write(tx)?;
        self.answer(tx, &counted, ShiftState::Counted, None)
    }
}

/// Closes a shift with what was counted.
pub struct CloseShift {
    pub count: Count,
    pub reason: Option<String>,
}

impl Command for CloseShift {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    /// A count that is sent here for the first time stays, also where the shift cannot be closed with it
    /// yet: nobody learns what is expected without one.
    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        check_clear(tx, self.count.shift_id)?;
        let by = &self.count.by;
        let counted = self.count.write(tx)?;
        let needs = to_close(by, &counted.shift, counted.outside);
        let is_told = counted.outside.is_none() || self.reason.is_some();
        if counted.is_new && !(is_told && are_allowed(tx, by, &counted.shift, &needs)?) {
            return self.count.answer(tx, &counted, ShiftState::Counted, None);
        }
        if !is_told {
            let difference = counted.difference();
            let detail = format!(
                "Of {} there are {}. Say why (reason): it stands on the Z.",
                counted.expected, counted.there
            );
            let error = Error::rule("reason_needed", detail);
            return Err(error.with("difference", difference.to_string()));
        }
        let approved = permit_shift(tx, by, &counted.shift, &needs)?;
        let number = self.write_z(tx, &counted, approved)?;
        self.count.answer(tx, &counted, ShiftState::Closed, Some(number))
    }
}

impl CloseShift {
    /// Writes the Z: from here on the database refuses every change of the shift.
    fn write_z(&self, tx: &mut Tx<'_>, counted: &Counted, approved: Option<i64>) -> Result<i64> {
        let (id, drawer_id) = (counted.shift.id, counted.shift.drawer_id);
        let by = &self.count.by;
        let (number, before) = tx
            .prepare_cached(
                "SELECT coalesce(max(z_number), 0) + 1, coalesce(sum(turnover), 0)
                 FROM cash_shifts WHERE drawer_id = ?1 AND z_number IS NOT NULL",
            )?
            .query_row([drawer_id], |row| Ok((row.get::<_, i64>(0)?, Money(row.get(1)?))))?;
        let now = tx.now();
        let mut shift = shift(tx, id)?;
        shift.state = ShiftState::Closed;
        shift.is_overdue = false;
        shift.reason.clone_from(&self.reason);
        shift.approved_by_id = approved;
        shift.z_number = Some(number);
        shift.closed_by_id = Some(by.id);
        shift.closed_by_name = Some(by.full_name.to_string());
        shift.closed_at = Some(now);
        let mut report = whole(tx, shift)?;
        let turnover = report.turnover.unwrap_or(Money::ZERO);
        report.grand_total = Some(before + turnover);
        let z = serde_json::to_string(&report).map_err(Error::internal)?;
        tx.prepare_cached(
            "UPDATE cash_strays SET shown_in = ?2 WHERE drawer_id = ?1 AND shown_in IS NULL",
        )?
        .execute([drawer_id, id])?;
        tx.prepare_cached(
            "UPDATE cash_shifts SET state = 'CLOSED', reason = ?2, approved_by_id = ?3, z_number = ?4,
                                    turnover = ?5, z = ?6, closed_by_id = ?7, closed_at = ?8
             WHERE id = ?1",
        )?
        .execute(params![id, self.reason, approved, number, turnover.0, z, by.id, now.0])?;
        let after = json!({"z_number": number, "counted": counted.there,
                           "expected": counted.expected, "difference": counted.difference(),
                           "reason": self.reason});
        let to = ("cash_shift", Some(id));
        audit::note(tx, Some(by.id), "shift_closed", to, (Value::Null, after))?;
        tx.emit(cash_changed(drawer_id, Some((id, ShiftState::Closed)), by.id)?)?;
        print_closed(tx, report)?;
        Ok(number)
    }
}

/// A payment of which nobody knows may be money of this shift.
fn check_clear(tx: &Tx<'_>, shift_id: i64) -> Result<()> {
    let open = unclear(tx, shift_id)?;
    if open.is_empty() {
        return Ok(());
    }
    let orders: Vec<_> = open.iter().map(|item| item.order_number.to_string()).collect();
    let detail = format!(
        "Of {} payments nobody knows whether they came (orders {}). Say what became of them, then close \
         the shift.",
        open.len(),
        orders.join(", ")
    );
    let items = serde_json::to_value(&open).map_err(Error::internal)?;
    let error = Error::conflict("shift_blocked", detail).with("count", open.len());
    Err(error.with("items", items))
}
