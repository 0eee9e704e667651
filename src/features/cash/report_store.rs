//! What a shift came to: X while it goes on, Z as it was closed.

use rusqlite::{Connection, OptionalExtension};

use super::moves_store::moves;
use super::permits_store::keeps_all;
use super::shifts_store::{as_seen, closed_sums};
use super::states::{CashMoveKind, ShiftState};
use super::sums::CashSums;
use super::types::{ByMethod, CashReport, CashShift, CountedCash, OpenItem, OpenMatter, StrayCash};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::features::checks::MethodKind;
use crate::platform::auth::Role;

/// What was taken in each way. One that was called off stands with what gave it back.
pub fn by_method(db: &Connection, shift_id: i64) -> Result<Vec<ByMethod>> {
    let mut statement = db.prepare_cached(
        "SELECT method_id, max(method_name), coalesce(method_kind, 'CARD'),
                sum(kind = 'PAYMENT'), sum(iif(kind = 'PAYMENT', amount + rounding, 0)),
                sum(iif(kind = 'PAYMENT', tip, 0)),
                sum(kind = 'REFUND'), sum(iif(kind = 'REFUND', amount + rounding + tip, 0))
         FROM payments WHERE shift_id = ?1 AND state IN ('TAKEN', 'VOIDED')
         GROUP BY 1, 3 ORDER BY 1",
    )?;
    let rows = statement.query_map([shift_id], |row| {
        let kind: String = row.get(2)?;
        Ok(ByMethod {
            method_id: row.get(0)?,
            method: row.get(1)?,
            kind: MethodKind::parse(&kind).unwrap_or(MethodKind::Card),
            payments: row.get(3)?,
            taken: Money(row.get(4)?),
            tips: Money(row.get(5)?),
            refunds: row.get(6)?,
            refunded: Money(row.get(7)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What moved the cash of a shift.
pub fn cash_sums(db: &Connection, shift_id: i64, opening: Money) -> Result<CashSums> {
    let mut sums = CashSums { opening, ..CashSums::default() };
    for way in by_method(db, shift_id)?.iter().filter(|way| way.kind == MethodKind::Cash) {
        sums.taken += way.taken;
        sums.tips += way.tips;
        sums.refunded += way.refunded;
    }
    let accounts = "SELECT coalesce(sum(max(amount, 0)), 0), coalesce(sum(max(-amount, 0)), 0)
                    FROM account_moves WHERE shift_id = ?1";
    (sums.accounts_in, sums.accounts_out) = db
        .prepare_cached(accounts)?
        .query_row([shift_id], |row| Ok((Money(row.get(0)?), Money(row.get(1)?))))?;
    let mut statement = db.prepare_cached(
        "SELECT kind, sum(amount) FROM cash_moves WHERE shift_id = ?1 GROUP BY 1",
    )?;
    let mut rows = statement.query([shift_id])?;
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        if let Some(kind) = CashMoveKind::parse(&kind) {
            sums.add(kind, Money(row.get(1)?));
        }
    }
    Ok(sums)
}

/// What was counted, the first count first.
pub fn counts(db: &Connection, shift_id: i64) -> Result<Vec<CountedCash>> {
    let mut statement = db.prepare_cached(
        "SELECT c.counted, c.expected, c.denominations, c.user_id, u.full_name, c.created_at
         FROM cash_counts c JOIN users u ON u.id = c.user_id WHERE c.shift_id = ?1 ORDER BY c.id",
    )?;
    let mut rows = statement.query([shift_id])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let pieces: Option<String> = row.get(2)?;
        let pieces = pieces.map(|text| serde_json::from_str(&text)).transpose();
        counts.push(CountedCash {
            counted: Money(row.get(0)?),
            expected: Money(row.get(1)?),
            denominations: pieces.map_err(Error::internal)?.unwrap_or_default(),
            user_id: row.get(3)?,
            user_name: row.get(4)?,
            created_at: Timestamp(row.get(5)?),
        });
    }
    Ok(counts)
}

/// Cash of a drawer that waits to be shown with its next Z.
pub fn strays(db: &Connection, drawer_id: i64) -> Result<Vec<StrayCash>> {
    let mut statement = db.prepare_cached(
        "SELECT y.payment_id, o.number,
                coalesce(iif(p.kind = 'PAYMENT', 1, -1) * (p.amount + p.rounding + p.tip), m.amount),
                coalesce(p.created_at, m.created_at)
         FROM cash_strays y
         LEFT JOIN payments p ON p.id = y.payment_id
         LEFT JOIN orders o ON o.id = p.order_id
         LEFT JOIN account_moves m ON m.id = y.account_move_id
         WHERE y.drawer_id = ?1 AND y.shown_in IS NULL ORDER BY y.id",
    )?;
    let rows = statement.query_map([drawer_id], |row| {
        Ok(StrayCash {
            payment_id: row.get(0)?,
            order_number: row.get(1)?,
            amount: Money(row.get(2)?),
            created_at: Timestamp(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The most checks that are named as a hint.
const NAMED: i64 = 50;

/// What wants somebody before a shift is closed: its payments of which nobody knows, and guests who have
/// their check and have not paid; of a waiter's own drawer, their guests.
pub fn open_items(db: &Connection, shift: &CashShift) -> Result<Vec<OpenItem>> {
    let mut items = unclear(db, shift.id)?;
    let mut statement = db.prepare_cached(
        "SELECT c.id, o.id, o.number, t.label, coalesce(c.total, o.total)
         FROM orders o INDEXED BY orders_open
         CROSS JOIN checks c ON c.order_id = o.id AND c.state = 'PRESENTED'
         LEFT JOIN tables t ON t.id = o.table_id
         WHERE o.closed_at IS NULL AND (?1 IS NULL OR o.waiter_id = ?1) ORDER BY o.id LIMIT ?2",
    )?;
    let presented = statement.query_map((shift.drawer_user_id, NAMED), |row| {
        Ok(OpenItem {
            kind: OpenMatter::CheckPresented,
            blocks: false,
            payment_id: None,
            check_id: row.get(0)?,
            order_id: row.get(1)?,
            order_number: row.get(2)?,
            table_name: row.get(3)?,
            amount: Money(row.get(4)?),
        })
    })?;
    for item in presented {
        items.push(item?);
    }
    Ok(items)
}

/// Payments of a shift of which nobody knows.
pub fn unclear(db: &Connection, shift_id: i64) -> Result<Vec<OpenItem>> {
    let mut statement = db.prepare_cached(
        "SELECT p.id, p.check_id, o.id, o.number, t.label, p.amount + p.rounding + p.tip
         FROM payments p JOIN orders o ON o.id = p.order_id LEFT JOIN tables t ON t.id = o.table_id
         WHERE p.state IN ('PENDING', 'UNKNOWN') AND p.shift_id = ?1 ORDER BY p.id",
    )?;
    let rows = statement.query_map([shift_id], |row| {
        Ok(OpenItem {
            kind: OpenMatter::PaymentUnclear,
            blocks: true,
            payment_id: row.get(0)?,
            check_id: row.get(1)?,
            order_id: row.get(2)?,
            order_number: row.get(3)?,
            table_name: row.get(4)?,
            amount: Money(row.get(5)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What was taken less what went back, in every way.
fn turnover(methods: &[ByMethod]) -> Money {
    methods.iter().fold(Money::ZERO, |sum, way| sum + way.taken + way.tips - way.refunded)
}

/// A shift as it stands, with all that is known of it.
pub fn whole(db: &Connection, shift: CashShift) -> Result<CashReport> {
    let cash = cash_sums(db, shift.id, shift.opening)?;
    let methods = by_method(db, shift.id)?;
    let turnover = turnover(&methods);
    let moves = moves(db, shift.id)?;
    let no_sales = moves.iter().filter(|one| one.kind == CashMoveKind::NoSale).count();
    Ok(CashReport {
        expected: Some(cash.expected()),
        cash: Some(cash),
        methods,
        moves,
        no_sales: i64::try_from(no_sales).unwrap_or(i64::MAX),
        counts: counts(db, shift.id)?,
        strays: strays(db, shift.drawer_id)?,
        open_items: open_items(db, &shift)?,
        turnover: Some(turnover),
        grand_total: None,
        shift,
    })
}

/// The picture of a running shift: without an effect, without a number. Who is yet to count what is there
/// now, whoever else has counted it, sees no cash.
///
/// # Errors
/// When the database cannot be read.
pub fn x(db: &Connection, shift: CashShift, (role, user_id): (Role, i64)) -> Result<CashReport> {
    let mut report = whole(db, as_seen(shift, role, user_id))?;
    let last = report.counts.last().filter(|count| count.user_id == user_id);
    let has_counted = report.shift.state == ShiftState::Closed
        || last.is_some_and(|count| Some(count.expected) == report.expected);
    if !keeps_all(role) && !has_counted {
        (report.cash, report.expected, report.turnover) = (None, None, None);
        report.methods.retain(|way| way.kind != MethodKind::Cash);
        report.counts.clear();
    }
    Ok(report)
}

/// The Z as it was written when the shift was closed.
///
/// # Errors
/// 409 while the shift is open.
pub fn z(db: &Connection, shift_id: i64) -> Result<serde_json::Value> {
    let sql = "SELECT z FROM cash_shifts WHERE id = ?1";
    let text = db
        .prepare_cached(sql)?
        .query_row([shift_id], |row| row.get::<_, Option<String>>(0))
        .optional()?;
    let Some(text) = text.flatten() else {
        let detail = "The shift is not closed: it has no Z yet. Count and close it, or read its X.";
        return Err(Error::conflict("shift_is_open", detail).with("shift_id", shift_id));
    };
    serde_json::from_str(&text).map_err(Error::internal)
}

/// The closed shifts, of so many, whose stored sums are not what their rows come to.
///
/// # Errors
/// When the database cannot be read.
pub fn check_shifts(db: &Connection, most: usize) -> Result<Vec<i64>> {
    let mut wrong = Vec::new();
    for closed in closed_sums(db, most)? {
        let cash = cash_sums(db, closed.id, closed.opening)?;
        let turnover = turnover(&by_method(db, closed.id)?);
        let is_right = cash.expected() == closed.expected
            && closed.counted == closed.expected + closed.difference
            && turnover == closed.turnover;
        if !is_right {
            wrong.push(closed.id);
        }
    }
    Ok(wrong)
}
