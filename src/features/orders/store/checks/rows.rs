//! The rows of checks, of what they hold, and of their payments.

use rusqlite::{Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Quantity, Timestamp};
use crate::core::store::{Connection, Tx, word};
use crate::features::cash;
use crate::features::checks::{CheckState, Computed, Kept, MethodKind, PaymentState, StoredKept};
use crate::features::house_accounts::{Moved, move_of_payment};
use crate::features::orders::check_adjustments::Rule;
use crate::features::orders::events::PaymentKind;
use crate::features::payments::method_kind;
use crate::features::tips::TipTo;

/// A check as its row says; one that nothing happened to has none.
#[derive(Debug, Clone)]
pub struct CheckRow {
    pub id: i64,
    pub order_id: i64,
    pub number: i64,
    pub state: CheckState,
    pub version: i64,
    pub guests: u32,
    pub note: Option<String>,
    pub receipt_to: Option<String>,
    pub rules: Vec<Rule>,
    pub computed: Option<Computed>,
    pub presented_at: Option<Timestamp>,
    pub paid_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// The check whose money went back, and in whose place this one is.
    pub replaces: Option<i64>,
}

/// So much of a line on a check.
#[derive(Debug, Clone)]
pub struct HeldLine {
    pub check_id: i64,
    pub item_id: i64,
    pub quantity: Quantity,
    pub kept: Option<Kept>,
}

/// What somebody found out of a payment that was not clear.
#[derive(Debug, Clone)]
pub struct Cleared {
    pub at: Timestamp,
    pub by_id: Option<i64>,
    pub reason: Option<String>,
}

/// A way to pay, as a payment copies it.
pub type Method = (Option<i64>, Option<String>);

/// Money that was taken or given back.
#[derive(Debug, Clone)]
pub struct PaymentRow {
    pub id: i64,
    /// None of what was paid before there were checks: of the first.
    pub check_id: Option<i64>,
    pub kind: PaymentKind,
    pub state: PaymentState,
    pub method_id: Option<i64>,
    pub method_name: Option<String>,
    pub method_kind: MethodKind,
    /// Whose account pays, or gets it back.
    pub account_id: Option<i64>,
    pub amount: Money,
    pub tendered: Option<Money>,
    pub change: Money,
    pub tip: Money,
    pub tip_to: TipTo,
    pub rounding: Money,
    pub refund_of: Option<i64>,
    pub reason: Option<String>,
    /// Of a refund: why it went back by another way than it came.
    pub way_reason: Option<String>,
    pub cleared: Option<Cleared>,
    pub parts: Option<Computed>,
    /// The provider by whom it came, or is to go back, over the wire.
    pub provider_id: Option<i64>,
    pub created_at: Timestamp,
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

fn write(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn computed(text: Option<String>) -> Result<Option<Computed>> {
    text.map(|text| Ok(Computed::of_stored(read(&text)?)?)).transpose()
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

/// The checks of an order that have a row, by number.
pub fn checks(db: &Connection, order_id: i64) -> Result<Vec<CheckRow>> {
    let mut statement = db.prepare_cached(
        "SELECT id, number, state, version, guests, note, rules, computed, presented_at, paid_at,
                closed_at, replaces, receipt_to
         FROM checks WHERE order_id = ?1 ORDER BY number",
    )?;
    let mut rows = statement.query([order_id])?;
    let mut checks = Vec::new();
    while let Some(row) = rows.next()? {
        let rules: String = row.get(6)?;
        checks.push(CheckRow {
            id: row.get(0)?,
            order_id,
            number: row.get(1)?,
            state: word(row, 2, CheckState::parse)?,
            version: row.get(3)?,
            guests: row.get(4)?,
            note: row.get(5)?,
            rules: read(&rules)?,
            computed: computed(row.get(7)?)?,
            presented_at: moment(row, 8)?,
            paid_at: moment(row, 9)?,
            closed_at: moment(row, 10)?,
            replaces: row.get(11)?,
            receipt_to: row.get(12)?,
        });
    }
    Ok(checks)
}

/// Whether anything happened to an order's checks at all.
pub fn are_any(db: &Connection, order_id: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM checks WHERE order_id = ?1)";
    Ok(db.prepare_cached(sql)?.query_row([order_id], |row| row.get(0))?)
}

/// Writes a check as it stands now.
pub fn save(tx: &Tx<'_>, check: &CheckRow) -> Result<()> {
    let stored = check.computed.as_ref();
    let sum = |of: fn(&Computed) -> Money| stored.map(|computed| of(computed).0);
    tx.prepare_cached(
        "INSERT INTO checks (id, order_id, number, state, version, guests, note, rules, computed,
                             subtotal, discount, service, tax, total, presented_at, paid_at,
                             closed_at, created_at, updated_at, replaces, receipt_to)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?18, ?19, ?20)
         ON CONFLICT (id) DO UPDATE SET
             state = excluded.state, version = excluded.version, guests = excluded.guests,
             note = excluded.note, rules = excluded.rules, computed = excluded.computed,
             subtotal = excluded.subtotal, discount = excluded.discount,
             service = excluded.service, tax = excluded.tax, total = excluded.total,
             presented_at = excluded.presented_at, paid_at = excluded.paid_at,
             closed_at = excluded.closed_at, updated_at = excluded.updated_at,
             receipt_to = excluded.receipt_to",
    )?
    .execute(params![
        check.id,
        check.order_id,
        check.number,
        check.state.as_str(),
        check.version,
        check.guests,
        check.note,
        write(&check.rules)?,
        stored.map(|computed| write(&computed.stored())).transpose()?,
        sum(|computed| computed.subtotal),
        sum(|computed| computed.discount),
        sum(|computed| computed.service),
        sum(|computed| computed.tax),
        sum(|computed| computed.total),
        check.presented_at.map(|at| at.0),
        check.paid_at.map(|at| at.0),
        check.closed_at.map(|at| at.0),
        tx.now().0,
        check.replaces,
        check.receipt_to
    ])?;
    Ok(())
}

/// A check that was joined to another is no more; what was agreed about it stays in the books.
pub fn remove(tx: &Tx<'_>, check_id: i64) -> Result<()> {
    let_go(tx, check_id)?;
    tx.prepare_cached("DELETE FROM checks WHERE id = ?1")?.execute([check_id])?;
    Ok(())
}

/// With its order, what was paid is closed and the rest is called off.
pub fn close_all(tx: &Tx<'_>, order_id: i64, is_cancelled: bool) -> Result<()> {
    tx.prepare_cached(
        "UPDATE checks SET state = iif(state = 'PAID', 'CLOSED', 'VOID'), closed_at = ?2,
                           updated_at = ?2, version = version + 1
         WHERE order_id = ?1 AND (state = 'PAID' OR (?3 AND state IN ('OPEN', 'PRESENTED')))",
    )?
    .execute(params![order_id, tx.now().0, is_cancelled])?;
    Ok(())
}

/// Which lines the checks of an order hold.
pub fn held(db: &Connection, order_id: i64) -> Result<Vec<HeldLine>> {
    let mut statement = db.prepare_cached(
        "SELECT l.check_id, l.item_id, l.quantity, l.kept
         FROM checks c JOIN check_lines l ON l.check_id = c.id
         WHERE c.order_id = ?1 ORDER BY l.check_id, l.item_id",
    )?;
    let mut rows = statement.query([order_id])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let kept: Option<String> = row.get(3)?;
        let kept = kept.map(|text| read::<StoredKept>(&text)).transpose()?;
        lines.push(HeldLine {
            check_id: row.get(0)?,
            item_id: row.get(1)?,
            quantity: Quantity::new(row.get(2)?).map_err(Error::internal)?,
            kept: kept.map(StoredKept::kept).transpose()?,
        });
    }
    Ok(lines)
}

/// Writes what a check holds from now on.
pub fn hold(tx: &Tx<'_>, lines: &[HeldLine]) -> Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO check_lines (check_id, item_id, quantity, kept) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for line in lines {
        let kept = line.kept.as_ref().map(|kept| write(&StoredKept::from(kept))).transpose()?;
        insert.execute(params![line.check_id, line.item_id, line.quantity.thousandths(), kept])?;
    }
    Ok(())
}

/// From now on a check holds no line.
pub fn let_go(tx: &Tx<'_>, check_id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM check_lines WHERE check_id = ?1")?.execute([check_id])?;
    Ok(())
}

/// From now on no check holds a line.
pub fn let_line_go(tx: &Tx<'_>, item_id: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM check_lines WHERE item_id = ?1")?.execute([item_id])?;
    Ok(())
}

/// The money that moved for an order.
pub fn payments(db: &Connection, order_id: i64) -> Result<Vec<PaymentRow>> {
    let mut statement = db.prepare_cached(
        "SELECT id, check_id, kind, state, method_id, method_name, method_kind, amount, tendered,
                change, tip, rounding, refund_of, reason, parts, created_at, way_reason, cleared_at,
                cleared_by_id, cleared_reason, account_id, coalesce(tip_to, 'STAFF'), provider_id
         FROM payments WHERE order_id = ?1 ORDER BY id",
    )?;
    let mut rows = statement.query([order_id])?;
    let mut payments = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: Option<String> = row.get(6)?;
        let method_name: Option<String> = row.get(5)?;
        payments.push(PaymentRow {
            id: row.get(0)?,
            check_id: row.get(1)?,
            kind: word(row, 2, PaymentKind::parse)?,
            state: word(row, 3, PaymentState::parse)?,
            method_id: row.get(4)?,
            method_kind: method_kind(kind.as_deref(), method_name.as_deref().unwrap_or_default()),
            method_name,
            amount: Money(row.get(7)?),
            tendered: row.get::<_, Option<i64>>(8)?.map(Money),
            change: Money(row.get(9)?),
            tip: Money(row.get(10)?),
            rounding: Money(row.get(11)?),
            refund_of: row.get(12)?,
            reason: row.get(13)?,
            parts: computed(row.get(14)?)?,
            created_at: Timestamp(row.get(15)?),
            way_reason: row.get(16)?,
            cleared: cleared(row)?,
            account_id: row.get(20)?,
            tip_to: word(row, 21, TipTo::parse)?,
            provider_id: row.get(22)?,
        });
    }
    Ok(payments)
}

fn cleared(row: &Row<'_>) -> rusqlite::Result<Option<Cleared>> {
    let Some(at) = moment(row, 17)? else { return Ok(None) };
    Ok(Some(Cleared { at, by_id: row.get(18)?, reason: row.get(19)? }))
}

/// The order for which money moved.
pub fn order_of_payment(db: &Connection, payment_id: i64) -> Result<i64> {
    use rusqlite::OptionalExtension;
    db.prepare_cached("SELECT order_id FROM payments WHERE id = ?1")?
        .query_row([payment_id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Error::not_found("payment", payment_id))
}

/// Writes that money moved, by whom and at which tablet, in which cash shift, and what it moves of an
/// account. Returns its id.
pub fn pay(
    tx: &mut Tx<'_>,
    order_id: i64,
    row: &PaymentRow,
    (user_id, device_id): (i64, Option<i64>),
) -> Result<i64> {
    let bound = cash::bind(tx, row.method_kind, (user_id, device_id))?;
    tx.prepare_cached(
        "INSERT INTO payments (order_id, kind, amount, method_id, method_name, user_id, created_at,
                               reason, check_id, state, method_kind, tendered, change, tip,
                               rounding, refund_of, device_id, parts, way_reason,
                               account_id, tip_to, shift_id, provider_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?19, ?20, nullif(?21, 'STAFF'), ?22, ?23)",
    )?
    .execute(params![
        order_id,
        row.kind.as_str(),
        row.amount.0,
        row.method_id,
        row.method_name,
        user_id,
        row.created_at.0,
        row.reason,
        row.check_id,
        row.state.as_str(),
        row.method_kind.as_str(),
        row.tendered.map(|money| money.0),
        row.change.0,
        row.tip.0,
        row.rounding.0,
        row.refund_of,
        device_id,
        row.parts.as_ref().map(|parts| write(&parts.stored())).transpose()?,
        row.way_reason,
        row.account_id,
        row.tip_to.as_str(),
        bound.shift_id,
        row.provider_id,
    ])?;
    let payment_id = tx.last_insert_rowid();
    bound.written(tx, Some(payment_id), None)?;
    if let Some(account_id) = row.account_id {
        let amount = row.amount + row.rounding + row.tip;
        let is_refund = row.kind == PaymentKind::Refund;
        let moved = Moved { account_id, payment_id, amount, is_refund };
        move_of_payment(tx, moved, (user_id, device_id))?;
    }
    Ok(payment_id)
}

/// Somebody found out what became of a payment.
pub fn clear(
    tx: &Tx<'_>,
    payment_id: i64,
    state: PaymentState,
    (by_id, reason): (Option<i64>, &str),
) -> Result<()> {
    tx.prepare_cached(
        "UPDATE payments SET state = ?2, cleared_at = ?3, cleared_by_id = ?4, cleared_reason = ?5
         WHERE id = ?1",
    )?
    .execute(params![payment_id, state.as_str(), tx.now().0, by_id, reason])?;
    Ok(())
}

/// A payment of a check that was not paid whole was called off.
pub fn void_payment(tx: &Tx<'_>, payment_id: i64) -> Result<()> {
    tx.prepare_cached("UPDATE payments SET state = 'VOIDED' WHERE id = ?1")?
        .execute([payment_id])?;
    Ok(())
}
