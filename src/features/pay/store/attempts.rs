//! Attempts as they stand.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::word;
use crate::features::pay::provider::Known;
use crate::features::pay::states::{AttemptState, ProviderKind, RefundState};
use crate::features::pay::types::{AttemptList, AttemptView};
use crate::platform::qr::Picture;

/// The most that are looked after at once; a restaurant has a few at a time.
const MOST_OPEN: i64 = 2000;
/// The most that one list shows.
const MOST: i64 = 100;

/// An attempt, with what must be known to go on with it.
#[derive(Debug, Clone)]
pub struct AttemptRow {
    /// Id.
    pub id: i64,
    /// By what the provider knows it.
    pub uuid: String,
    /// Whom to ask.
    pub provider_id: i64,
    /// Its order.
    pub order_id: i64,
    /// Its check.
    pub check_id: i64,
    /// The payment of the check.
    pub payment_id: Option<i64>,
    /// What of the check.
    pub amount: Money,
    /// The tip beside.
    pub tip: Money,
    /// What is sent, byte for byte.
    pub body: String,
    /// Where it stands.
    pub state: AttemptState,
    /// Whether the provider is asked.
    pub is_open: bool,
    /// By what the provider knows it.
    pub reference: Option<String>,
    /// By what it knows the money.
    pub charge: Option<String>,
    /// What came, where that is another sum.
    pub came: Option<Money>,
    /// Why it stands as it stands.
    pub reason: Option<String>,
    /// How often it was sent.
    pub tries: i64,
    /// When it was sent first.
    pub sent_at: Option<i64>,
    /// Until when it can be paid.
    pub expires_at: Option<i64>,
    /// When it was written down.
    pub created_at: i64,
}

impl AttemptRow {
    /// By what the provider knows it.
    pub fn known(&self) -> Known {
        Known {
            uuid: self.uuid.clone(),
            reference: self.reference.clone().unwrap_or_default(),
            charge: self.charge.clone(),
        }
    }

    /// What is to be paid in all.
    pub fn sum(&self) -> Money {
        self.amount + self.tip
    }
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<AttemptRow> {
    Ok(AttemptRow {
        id: row.get(0)?,
        uuid: row.get(1)?,
        provider_id: row.get(2)?,
        order_id: row.get(3)?,
        check_id: row.get(4)?,
        payment_id: row.get(5)?,
        amount: Money(row.get(6)?),
        tip: Money(row.get(7)?),
        body: row.get(8)?,
        state: word(row, 9, AttemptState::parse)?,
        is_open: row.get(10)?,
        reference: row.get(11)?,
        charge: row.get(12)?,
        came: row.get::<_, Option<i64>>(13)?.map(Money),
        reason: row.get(14)?,
        tries: row.get(15)?,
        sent_at: row.get(16)?,
        expires_at: row.get(17)?,
        created_at: row.get(18)?,
    })
}

/// Those that are to be asked about, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn open_attempts(db: &Connection) -> Result<Vec<AttemptRow>> {
    let mut open = db.prepare_cached(
        "SELECT id, uuid, provider_id, order_id, check_id, payment_id, amount, tip, body, state, is_open,
                reference, charge, came, reason, tries, sent_at, expires_at, created_at
         FROM pay_attempts WHERE is_open = 1 ORDER BY id LIMIT ?1",
    )?;
    let open = open.query_map([MOST_OPEN], row_of)?;
    Ok(open.collect::<rusqlite::Result<_>>()?)
}

/// Those of a provider that ended without money since a moment (ms), of the last thousand.
///
/// # Errors
/// When the database cannot be read.
pub fn ended_since(db: &Connection, provider_id: i64, from: i64) -> Result<Vec<AttemptRow>> {
    let mut ended = db.prepare_cached(
        "SELECT id FROM (SELECT id, provider_id, state, reference, created_at FROM pay_attempts
                         ORDER BY id DESC LIMIT 1000)
         WHERE provider_id = ?1 AND created_at >= ?2 AND reference IS NOT NULL
           AND state IN ('EXPIRED', 'FAILED')",
    )?;
    let ids = ended.query_map([provider_id, from], |row| row.get(0))?;
    let ids = ids.collect::<rusqlite::Result<Vec<i64>>>()?;
    ids.into_iter().map(|id| attempt(db, id)).collect()
}

/// One attempt.
///
/// # Errors
/// 404 when there is none.
pub fn attempt(db: &Connection, id: i64) -> Result<AttemptRow> {
    db.prepare_cached(
        "SELECT id, uuid, provider_id, order_id, check_id, payment_id, amount, tip, body, state, is_open,
                reference, charge, came, reason, tries, sent_at, expires_at, created_at
         FROM pay_attempts WHERE id = ?1",
    )?
    .query_row([id], row_of)
    .optional()?
    .ok_or_else(|| Error::not_found("payment attempt", id))
}

/// The one that the provider knows so.
///
/// # Errors
/// When the database cannot be read.
pub fn find(db: &Connection, uuid: &str) -> Result<Option<AttemptRow>> {
    let sql = "SELECT id FROM pay_attempts WHERE uuid = ?1";
    let id = db.prepare_cached(sql)?.query_row([uuid], |row| row.get(0)).optional()?;
    id.map(|id| attempt(db, id)).transpose()
}

const VIEW: &str = "SELECT a.id, a.uuid, a.provider_id, p.name, p.kind, a.order_id, o.number,
        a.check_id, a.payment_id, a.amount, a.tip,
        -- Of a terminal that stands apart somebody else may have said what became of it.
        CASE WHEN a.state = 'AWAITING' AND a.is_open = 0 AND m.state IN ('TAKEN', 'VOIDED') THEN 'PAID'
             WHEN a.state = 'AWAITING' AND a.is_open = 0 AND m.state = 'FAILED' THEN 'FAILED'
             ELSE a.state END,
        a.reference, a.link, a.came, a.fee,
        a.reason, a.slip, a.phone IS NOT NULL, a.user_id,
        (SELECT r.state FROM pay_refunds r
         WHERE r.attempt_id = a.id AND r.payment_id IS NULL ORDER BY r.id DESC LIMIT 1),
        a.expires_at, a.settled_at, a.created_at
    FROM pay_attempts a JOIN pay_providers p ON p.id = a.provider_id
    JOIN orders o ON o.id = a.order_id LEFT JOIN payments m ON m.id = a.payment_id";

fn view_of(row: &Row<'_>) -> rusqlite::Result<AttemptView> {
    let state = word(row, 11, AttemptState::parse)?;
    // A code that is over must not be paid: it is not shown any more.
    let link: Option<String> = row.get(13)?;
    let link = link.filter(|_| state == AttemptState::Awaiting);
    let qr = link.as_deref().and_then(|link| Some(Picture::of(link).ok()?.svg()));
    let refund: Option<String> = row.get(20)?;
    Ok(AttemptView {
        id: row.get(0)?,
        uuid: row.get(1)?,
        provider_id: row.get(2)?,
        provider: row.get(3)?,
        kind: word(row, 4, ProviderKind::parse)?,
        order_id: row.get(5)?,
        order_number: row.get(6)?,
        check_id: row.get(7)?,
        payment_id: row.get(8)?,
        amount: Money(row.get(9)?),
        tip: Money(row.get(10)?),
        state,
        reference: row.get(12)?,
        link,
        qr,
        came: row.get::<_, Option<i64>>(14)?.map(Money),
        fee: row.get::<_, Option<i64>>(15)?.map(Money),
        reason: row.get(16)?,
        slip: row.get(17)?,
        by_guest: row.get(18)?,
        user_id: row.get(19)?,
        refund: refund.as_deref().and_then(RefundState::parse),
        expires_at: row.get::<_, Option<i64>>(21)?.map(Timestamp),
        settled_at: row.get::<_, Option<i64>>(22)?.map(Timestamp),
        created_at: Timestamp(row.get(23)?),
    })
}

/// One attempt, as it is shown.
///
/// # Errors
/// 404 when there is none.
pub fn view(db: &Connection, id: i64) -> Result<AttemptView> {
    db.prepare_cached(&format!("{VIEW} WHERE a.id = ?1"))?
        .query_row([id], view_of)
        .optional()?
        .ok_or_else(|| Error::not_found("payment attempt", id))
}

/// A page of all, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn attempts(db: &Connection, (skip, limit): (i64, i64)) -> Result<AttemptList> {
    let mut page = db.prepare_cached(&format!("{VIEW} ORDER BY a.id DESC LIMIT ?1 OFFSET ?2"))?;
    let page = page.query_map([limit, skip], view_of)?;
    let attempts = page.collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT count(*) FROM pay_attempts";
    let total = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(AttemptList { attempts, total })
}

/// Those of a check, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn of_check(db: &Connection, check_id: i64) -> Result<AttemptList> {
    let mut of_it =
        db.prepare_cached(&format!("{VIEW} WHERE a.check_id = ?1 ORDER BY a.id DESC LIMIT ?2"))?;
    let attempts = of_it.query_map([check_id, MOST], view_of)?;
    let attempts = attempts.collect::<rusqlite::Result<Vec<_>>>()?;
    let total = i64::try_from(attempts.len()).unwrap_or(MOST);
    Ok(AttemptList { attempts, total })
}

/// Money that came too late, and is to be given back.
///
/// # Errors
/// When the database cannot be read.
pub fn late(db: &Connection) -> Result<Vec<AttemptView>> {
    let mut late = db.prepare_cached(&format!(
        "{VIEW} WHERE a.state = 'LATE' AND a.returned_at IS NULL ORDER BY a.id LIMIT ?1"
    ))?;
    let late = late.query_map([MOST], view_of)?;
    Ok(late.collect::<rusqlite::Result<_>>()?)
}

/// The newest attempt that a phone began at an order.
///
/// # Errors
/// When the database cannot be read.
pub fn newest_of_phone(db: &Connection, order_id: i64, phone: &str) -> Result<Option<AttemptView>> {
    let newest =
        format!("{VIEW} WHERE a.order_id = ?1 AND a.phone = ?2 ORDER BY a.id DESC LIMIT 1");
    let mut newest = db.prepare_cached(&newest)?;
    Ok(newest.query_row(rusqlite::params![order_id, phone], view_of).optional()?)
}
