//! Money that goes back over the wire: refunds of checks, and what came too late. A refund that a person makes
//! is a row of `payments`; those that are to go back over the wire are found by an index of what has not gone
//! yet, so a refund and its way back are one deed.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};
use uuid::Uuid;

use super::attempts::{AttemptRow, attempt};
use super::providers::account;
use super::settle::tell;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Command, Priority, Tx, word};
use crate::features::orders::returned_receipt;
use crate::features::pay::provider::{Back, Provider, RefundHow, RefundSeen};
use crate::features::pay::reach::reach;
use crate::features::pay::states::{AttemptState, RefundState};
use crate::features::pay::types::RefundView;
use crate::platform::audit;

/// The most that are looked after at once.
const MOST_OPEN: i64 = 500;
/// The most that are taken up in one go.
const MOST_NEW: i64 = 50;
/// The most that are shown.
const MOST: i64 = 100;
/// Providers remember a key for a day. What is older (ms) is not sent again by itself: it may have gone back,
/// and the box may be one that was restored from an old copy.
const SENT_WITHIN: i64 = 23 * 3_600_000;
/// What a person reads then.
const TOO_OLD: &str = "nobody knows whether it went back: look at the provider's own pages first";

/// Money that goes back, with what must be known to go on with it.
#[derive(Debug, Clone)]
pub struct RefundRow {
    /// Id.
    pub id: i64,
    /// By what the provider knows it.
    pub uuid: String,
    /// The attempt by which it came.
    pub attempt_id: i64,
    /// The refund of the check; none of what came too late.
    pub payment_id: Option<i64>,
    /// How much.
    pub amount: Money,
    /// What is sent.
    pub body: String,
    /// Where it stands.
    pub state: RefundState,
    /// By what the provider knows it.
    pub reference: Option<String>,
    /// Why it stands as it stands.
    pub reason: Option<String>,
    /// Whom to ask.
    pub provider_id: i64,
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<RefundRow> {
    Ok(RefundRow {
        id: row.get(0)?,
        uuid: row.get(1)?,
        attempt_id: row.get(2)?,
        payment_id: row.get(3)?,
        amount: Money(row.get(4)?),
        body: row.get(5)?,
        state: word(row, 6, RefundState::parse)?,
        reference: row.get(7)?,
        reason: row.get(8)?,
        provider_id: row.get(9)?,
    })
}

const SELECT: &str = "SELECT r.id, r.uuid, r.attempt_id, r.payment_id, r.amount, r.body, r.state,
        r.reference, r.reason, a.provider_id
    FROM pay_refunds r JOIN pay_attempts a ON a.id = r.attempt_id";

/// Those that are under way, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn open_refunds(db: &Connection) -> Result<Vec<RefundRow>> {
    let mut open =
        db.prepare_cached(&format!("{SELECT} WHERE r.is_open = 1 ORDER BY r.id LIMIT ?1"))?;
    let open = open.query_map([MOST_OPEN], row_of)?;
    Ok(open.collect::<rusqlite::Result<_>>()?)
}

/// One of them.
///
/// # Errors
/// 404 when there is none.
pub fn refund(db: &Connection, id: i64) -> Result<RefundRow> {
    db.prepare_cached(&format!("{SELECT} WHERE r.id = ?1"))?
        .query_row([id], row_of)
        .optional()?
        .ok_or_else(|| Error::not_found("refund", id))
}

/// What a provider refused to give back, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn refused(db: &Connection) -> Result<Vec<RefundView>> {
    let mut refused = db.prepare_cached(
        "SELECT r.id, r.attempt_id, p.name, o.number, r.amount, r.state, r.reason, r.created_at
         FROM pay_refunds r JOIN pay_attempts a ON a.id = r.attempt_id
         JOIN pay_providers p ON p.id = a.provider_id JOIN orders o ON o.id = a.order_id
         WHERE r.state = 'FAILED' ORDER BY r.id DESC LIMIT ?1",
    )?;
    let refused = refused.query_map([MOST], |row| {
        Ok(RefundView {
            id: row.get(0)?,
            attempt_id: row.get(1)?,
            provider: row.get(2)?,
            order_number: row.get(3)?,
            amount: Money(row.get(4)?),
            state: word(row, 5, RefundState::parse)?,
            reason: row.get(6)?,
            created_at: Timestamp(row.get(7)?),
        })
    })?;
    Ok(refused.collect::<rusqlite::Result<_>>()?)
}

/// Refunds of checks that are to go back over the wire, and are not on their way yet.
fn to_take_up(db: &Connection) -> Result<Vec<(i64, i64, i64)>> {
    let mut rows = db.prepare_cached(
        "SELECT r.id, a.id, r.user_id
         FROM payments r INDEXED BY payments_to_send_back
         JOIN pay_attempts a ON a.payment_id = r.refund_of
         WHERE r.kind = 'REFUND' AND r.provider_id IS NOT NULL AND r.provider_ref IS NULL
           AND NOT EXISTS (SELECT 1 FROM pay_refunds p WHERE p.payment_id = r.id)
         ORDER BY r.id LIMIT ?1",
    )?;
    let rows = rows.query_map([MOST_NEW], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether there are any.
///
/// # Errors
/// When the database cannot be read.
pub fn are_to_take_up(db: &Connection) -> Result<bool> {
    Ok(!to_take_up(db)?.is_empty())
}

/// Writes down what will be sent for refunds of checks.
pub struct TakeUp {
    /// ISO 4217.
    pub currency: String,
}

impl Command for TakeUp {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        for (payment_id, attempt_id, user_id) in to_take_up(tx)? {
            let came = attempt(tx, attempt_id)?;
            let sql = "SELECT amount + rounding + tip FROM payments WHERE id = ?1";
            let amount = tx.prepare_cached(sql)?.query_row([payment_id], |row| row.get(0))?;
            let money = (Money(amount), &*self.currency);
            write(tx, &came, Some(payment_id), money, user_id)?;
        }
        Ok(())
    }
}

fn body(
    db: &Connection,
    came: &AttemptRow,
    (payment_id, uuid): (Option<i64>, &str),
    (amount, currency): (Money, &str),
) -> Result<String> {
    let sql = "SELECT receipts FROM pay_providers WHERE id = ?1";
    let prints: bool = db.prepare_cached(sql)?.query_row([came.provider_id], |row| row.get(0))?;
    // Of all that came the provider makes the receipt's return by itself.
    let is_part = amount < came.came.unwrap_or(came.sum());
    let receipt = match payment_id {
        Some(id) if prints && is_part => Some(returned_receipt(db, id)?),
        _ => None,
    };
    let known = came.known();
    let back = Back { uuid, payment: &known, amount, currency, receipt: receipt.as_ref() };
    Ok(reach(&account(db, came.provider_id)?, String::new())?.refund_order(&back))
}

fn write(
    tx: &Tx<'_>,
    came: &AttemptRow,
    payment_id: Option<i64>,
    (amount, currency): (Money, &str),
    user_id: i64,
) -> Result<i64> {
    // The same for the same money, also on a box that was restored in between.
    let of = payment_id.map_or("late".to_owned(), |id| id.to_string());
    let uuid = format!("{}-{of}", came.uuid.replace('-', ""));
    let body = body(tx, came, (payment_id, &uuid), (amount, currency))?;
    tx.prepare_cached(
        "INSERT INTO pay_refunds (uuid, attempt_id, payment_id, amount, body, state, user_id,
                                  created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 'CREATED', ?6,
                 coalesce((SELECT created_at FROM payments WHERE id = ?3), ?7), ?7)",
    )?
    .execute(params![uuid, came.id, payment_id, amount.0, body, user_id, tx.now().0])?;
    Ok(tx.last_insert_rowid())
}

/// Money that came too late goes back, all of it.
pub struct GiveBack {
    /// The attempt by which it came.
    pub attempt_id: i64,
    /// ISO 4217.
    pub currency: String,
    /// Who.
    pub by: i64,
}

impl Command for GiveBack {
    type Output = i64;

    fn apply(self, tx: &mut Tx<'_>) -> Result<i64> {
        let came = attempt(tx, self.attempt_id)?;
        let sql = "SELECT returned_at IS NOT NULL FROM pay_attempts WHERE id = ?1";
        let is_returned: bool = tx.prepare_cached(sql)?.query_row([came.id], |row| row.get(0))?;
        if came.state != AttemptState::Late || is_returned {
            let detail = "This money did not come too late, or it went back already.";
            return Err(Error::conflict("nothing_late", detail).with("state", came.state.as_str()));
        }
        let sql = "SELECT id FROM pay_refunds WHERE attempt_id = ?1 AND payment_id IS NULL
                   ORDER BY id DESC LIMIT 1";
        if tx.prepare_cached(sql)?.exists([came.id])? {
            let detail =
                "This money is on its way back already. If the provider refused it, send it again.";
            return Err(Error::conflict("goes_back", detail));
        }
        let amount = came.came.unwrap_or(came.sum());
        let id = write(tx, &came, None, (amount, &self.currency), self.by)?;
        let change = (Value::Null, json!({"check": came.check_id, "amount": amount}));
        audit::note(
            tx,
            Some(self.by),
            "late_payment_returned",
            ("order", Some(came.order_id)),
            change,
        )?;
        tell(tx, came.id)?;
        Ok(id)
    }
}

/// Writes down that money is about to be sent back. None where it is not to be any more.
pub struct MarkRefundSent {
    /// Which.
    pub id: i64,
}

impl Command for MarkRefundSent {
    type Output = Option<RefundRow>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Option<RefundRow>> {
        let now = tx.now().0;
        let old =
            "UPDATE pay_refunds SET state = 'FAILED', is_open = 0, reason = ?2, settled_at = ?3,
                       updated_at = ?3
                   WHERE id = ?1 AND state IN ('CREATED', 'SENT') AND created_at < ?4";
        let since = now - SENT_WITHIN;
        if tx.prepare_cached(old)?.execute(params![self.id, TOO_OLD, now, since])? > 0 {
            return Ok(None);
        }
        let written = tx
            .prepare_cached(
                "UPDATE pay_refunds SET state = 'SENT', tries = tries + 1, updated_at = ?2,
                     sent_at = coalesce(sent_at, ?2)
                 WHERE id = ?1 AND state IN ('CREATED', 'SENT')",
            )?
            .execute(params![self.id, now])?;
        if written == 0 { Ok(None) } else { refund(tx, self.id).map(Some) }
    }
}

/// Writes down what became of money that goes back.
pub struct SettleRefund {
    /// Which.
    pub id: i64,
    /// What the provider says; else why nobody knows.
    pub said: Result<RefundSeen, String>,
}

impl Command for SettleRefund {
    type Output = ();
    const PRIORITY: Priority = Priority::Staff;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let row = refund(tx, self.id)?;
        if matches!(row.state, RefundState::Done | RefundState::Failed) {
            return Ok(());
        }
        let (state, reference, reason) = match self.said {
            Ok(RefundSeen { reference, how }) => match how {
                RefundHow::Open => (RefundState::Awaiting, Some(reference), None),
                RefundHow::Done => (RefundState::Done, Some(reference), None),
                RefundHow::Refused(why) => (RefundState::Failed, Some(reference), Some(why)),
            },
            Err(why) => (row.state, row.reference.clone(), Some(why)),
        };
        if (state, &reference, &reason) == (row.state, &row.reference, &row.reason) {
            return Ok(());
        }
        let is_open = !matches!(state, RefundState::Done | RefundState::Failed);
        tx.prepare_cached(
            "UPDATE pay_refunds SET state = ?2, is_open = ?3, reference = ?4, reason = ?5,
                 settled_at = iif(?3, NULL, ?6), updated_at = ?6 WHERE id = ?1",
        )?
        .execute(params![
            row.id,
            state.as_str(),
            is_open,
            reference,
            reason,
            tx.now().0
        ])?;
        if state == RefundState::Done {
            done(tx, &row, reference.as_deref())?;
        }
        if state == row.state { Ok(()) } else { tell(tx, row.attempt_id) }
    }
}

fn done(tx: &Tx<'_>, row: &RefundRow, reference: Option<&str>) -> Result<()> {
    match row.payment_id {
        Some(payment_id) => tx
            .prepare_cached("UPDATE payments SET provider_ref = ?2 WHERE id = ?1")?
            .execute(params![payment_id, reference])?,
        None => tx
            .prepare_cached(
                "UPDATE pay_attempts SET returned_at = ?2, updated_at = ?2 WHERE id = ?1",
            )?
            .execute([row.attempt_id, tx.now().0])?,
    };
    Ok(())
}

/// What the provider refused to give back is sent once more, under a key of its own; or it went back another
/// way, and is done with.
pub struct SendAgain {
    /// Which.
    pub id: i64,
    /// How it went back; none where it is to be sent.
    pub otherwise: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// Who.
    pub by: i64,
}

impl Command for SendAgain {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let row = refund(tx, self.id)?;
        if row.state != RefundState::Failed {
            let detail = "Only what the provider refused is sent again.";
            return Err(
                Error::conflict("refund_not_refused", detail).with("state", row.state.as_str())
            );
        }
        let came = attempt(tx, row.attempt_id)?;
        let now = tx.now().0;
        if let Some(how) = &self.otherwise {
            let sql = "UPDATE pay_refunds SET state = 'DONE', reason = ?2, settled_at = ?3, updated_at = ?3
                       WHERE id = ?1";
            tx.prepare_cached(sql)?.execute(params![row.id, how, now])?;
            done(tx, &row, Some(&format!("otherwise {}", row.id)))?;
        } else {
            let uuid = Uuid::new_v4().to_string();
            let money = (row.amount, &*self.currency);
            let body = body(tx, &came, (row.payment_id, &uuid), money)?;
            tx.prepare_cached(
                "UPDATE pay_refunds SET state = 'CREATED', is_open = 1, uuid = ?2, body = ?3,
                     reference = NULL, reason = NULL, tries = 0, sent_at = NULL, settled_at = NULL,
                     created_at = ?4, updated_at = ?4 WHERE id = ?1",
            )?
            .execute(params![row.id, uuid, body, now])?;
        }
        let after = json!({"amount": row.amount, "otherwise": self.otherwise});
        let change = (json!({"amount": row.amount, "refused": row.reason}), after);
        audit::note(
            tx,
            Some(self.by),
            "refund_sent_again",
            ("order", Some(came.order_id)),
            change,
        )?;
        tell(tx, came.id)
    }
}
