//! Guests' sessions in SQL. Only the hash of a token is kept.

use rusqlite::{Connection, OptionalExtension, params};

use super::types::{GuestCall, GuestOrder, GuestSession, GuestTable};
use crate::auth::digest_of;
use crate::calls::{self, CallKind};
use crate::clock;
use crate::error::{Error, Result};
use crate::floor;
use crate::kernel::Timestamp;
use crate::orders::{self, PaymentStatus};
use crate::payments;
use crate::store::{Command, Tx};

/// More phones than sit at a table; with one more the oldest session ends.
const SESSIONS_PER_TABLE: i64 = 100;

/// A guest: somebody at one table.
#[derive(Debug, Clone, Copy)]
pub struct Guest {
    /// The table.
    pub table_id: i64,
    /// The number on it.
    pub table_number: i64,
    /// Until when the session is good.
    pub expires_at: Timestamp,
    /// When the visit's first phone sat down.
    pub visit_began_at: Timestamp,
}

/// The guest of a token.
///
/// # Errors
/// 401 when the session is over: its time ran out, or the visit ended.
pub fn guest_by_token(db: &Connection, token: &str, now: Timestamp) -> Result<Guest> {
    db.prepare_cached(
        "SELECT t.id, t.number, s.expires_at,
                (SELECT min(created_at) FROM guest_sessions WHERE table_id = t.id)
         FROM guest_sessions s JOIN tables t ON t.id = s.table_id
         WHERE s.token_hash = ?1 AND s.expires_at > ?2 AND s.created_at <= ?3
           AND t.is_active = 1 AND t.deleted_at IS NULL",
    )?
    .query_row(params![digest_of(token), now.0, clock::newest(now).0], |row| {
        Ok(Guest {
            table_id: row.get(0)?,
            table_number: row.get(1)?,
            expires_at: Timestamp(row.get(2)?),
            visit_began_at: Timestamp(row.get(3)?),
        })
    })
    .optional()?
    .ok_or_else(|| {
        let detail = "This visit is over. Scan the code on the table again.";
        Error::unauthorized("visit_over", detail)
    })
}

/// Begins a guest's session at the table with this code.
pub struct BeginSession {
    pub qr_code: String,
    pub token: String,
    pub minutes: i64,
}

impl Command for BeginSession {
    type Output = GuestSession;

    fn apply(self, tx: &mut Tx<'_>) -> Result<GuestSession> {
        let Some(table) = floor::table_by_qr(tx, &self.qr_code)? else {
            let detail = "This code belongs to no table here. Ask a waiter for help.";
            return Err(Error::no_such_code(detail));
        };
        let now = tx.now();
        let expires_at = now.plus_minutes(self.minutes);
        tx.prepare_cached(
            "DELETE FROM guest_sessions WHERE table_id = ?1 AND token_hash NOT IN
                 (SELECT token_hash FROM guest_sessions WHERE table_id = ?1
                  ORDER BY created_at DESC LIMIT ?2)",
        )?
        .execute(params![table.id, SESSIONS_PER_TABLE - 1])?;
        tx.prepare_cached(
            "INSERT INTO guest_sessions (token_hash, table_id, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![digest_of(&self.token), table.id, now.0, expires_at.0])?;
        Ok(GuestSession {
            token: self.token,
            expires_at,
            table_id: table.id,
            table_number: table.number,
            location_name: table.location_name,
        })
    }
}

/// What a guest follows: his table's order and calls, and how he can pay.
pub fn table(db: &Connection, guest: Guest) -> Result<GuestTable> {
    let calls = calls::open_calls_of(db, guest.table_id)?;
    Ok(GuestTable {
        table_number: guest.table_number,
        order: orders::table_order(db, guest.table_id)?.map(GuestOrder::from),
        calls: calls.into_iter().map(GuestCall::from).collect(),
        payment_methods: payments::active_methods(db)?.into_iter().map(Into::into).collect(),
    })
}

/// A guest calls a waiter, or asks for the bill.
pub struct CallFromTable {
    pub guest: Guest,
    pub kind: CallKind,
    pub method_id: Option<i64>,
}

impl Command for CallFromTable {
    type Output = GuestCall;

    fn apply(self, tx: &mut Tx<'_>) -> Result<GuestCall> {
        let table_id = self.guest.table_id;
        if self.kind == CallKind::Bill {
            let order = orders::table_order(tx, table_id)?;
            if order.is_none_or(|order| order.order.payment_status != PaymentStatus::Unpaid) {
                let detail =
                    "There is nothing to pay at this table now. Call a waiter if in doubt.";
                return Err(Error::rule("nothing_to_pay", detail));
            }
        }
        let method = self.method_id.map(|id| payments::active_method(tx, id)).transpose()?;
        let call = calls::call_staff(tx, table_id, self.kind, method.map(|method| method.id))?;
        Ok(call.into())
    }
}

/// A guest takes his table's call back.
pub struct TakeCallBack {
    pub guest: Guest,
    pub call_id: i64,
}

impl Command for TakeCallBack {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        calls::take_back(tx, self.guest.table_id, self.call_id)
    }
}
