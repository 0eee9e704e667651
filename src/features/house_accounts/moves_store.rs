//! What moves accounts, in SQL: each move changes the balance in its own transaction.

use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};

use super::events::account_changed;
use super::rules::MoveKind;
use super::store::{ACCOUNTS, permit_deed};
use super::types::{AccountMove, AccountMoveList, AccountMoved, CameBy};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Command, Priority, Reply, Tx, word};
use crate::features::cash;
use crate::features::checks::{CashRounding, MethodKind};
use crate::features::payments::{self, PaymentMethod};
use crate::features::permissions::{Permission, Principal};
use crate::platform::audit;

/// A move that is to be written.
#[derive(Debug, Default)]
struct Booking<'a> {
    method: Option<&'a PaymentMethod>,
    payment_id: Option<i64>,
    reason: Option<&'a str>,
    way_reason: Option<&'a str>,
    approved_by_id: Option<i64>,
}

/// Writes a move, and the balance after it. Returns its id.
fn book(
    tx: &mut Tx<'_>,
    account_id: i64,
    (kind, amount): (MoveKind, Money),
    booking: &Booking<'_>,
    (user_id, device_id): (i64, Option<i64>),
) -> Result<i64> {
    let balance: i64 = tx
        .prepare_cached(
            "UPDATE house_accounts SET balance = balance + ?2, updated_at = ?3 WHERE id = ?1
             RETURNING balance",
        )?
        .query_row([account_id, amount.0, tx.now().0], |row| row.get(0))?;
    let in_cash = booking.method.filter(|method| method.kind == MethodKind::Cash);
    let bound = in_cash.map(|method| cash::bind(tx, method.kind, (user_id, device_id)));
    let bound = bound.transpose()?.unwrap_or_default();
    tx.prepare_cached(
        "INSERT INTO account_moves (account_id, kind, amount, balance, method_id, method_name,
                                    payment_id, reason, way_reason, user_id, approved_by_id,
                                    device_id, created_at, shift_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        account_id,
        kind.as_str(),
        amount.0,
        balance,
        booking.method.map(|method| method.id),
        booking.method.map(|method| &method.name),
        booking.payment_id,
        booking.reason,
        booking.way_reason,
        user_id,
        booking.approved_by_id,
        device_id,
        tx.now().0,
        bound.shift_id,
    ])?;
    let id = tx.last_insert_rowid();
    bound.written(tx, None, Some(id))?;
    tx.emit(account_changed(account_id, user_id)?)?;
    Ok(id)
}

/// What a payment or a refund of a check takes from an account, or adds to it.
#[derive(Debug, Clone, Copy)]
pub struct Moved {
    /// The account.
    pub account_id: i64,
    /// The payment, or the refund.
    pub payment_id: i64,
    /// What changed hands by it.
    pub amount: Money,
    /// Whether it went back.
    pub is_refund: bool,
}

/// Writes what a payment or a refund of a check moves: each moves an account once.
///
/// # Errors
/// 409 when the account cannot pay so much, or when nobody knows whose it was.
pub fn move_of_payment(tx: &mut Tx<'_>, moved: Moved, who: (i64, Option<i64>)) -> Result<()> {
    let Moved { account_id, payment_id, amount, is_refund } = moved;
    let account = ACCOUNTS.get(tx, account_id).map_err(|error| match error.status() {
        404 if is_refund => erased(account_id),
        _ => error,
    })?;
    let change = if is_refund {
        (MoveKind::Returned, amount)
    } else {
        account.standing().check_charge(amount)?;
        (MoveKind::Charge, Money::ZERO - amount)
    };
    let booking = Booking { payment_id: Some(payment_id), ..Booking::default() };
    book(tx, account_id, change, &booking, who).map(drop)
}

fn erased(account_id: i64) -> Error {
    let detail = format!(
        "Account {account_id} was erased, and nobody knows whose it was. Give the money back by \
         another way."
    );
    Error::conflict("account_erased", detail).with("account_id", account_id)
}

const COLUMNS: &str = "
    SELECT m.id, m.kind, m.amount, m.balance, m.method_id, m.method_name, m.payment_id, p.order_id,
           o.number, p.check_id, m.reason, m.way_reason, m.user_id, u.full_name, m.approved_by_id,
           m.created_at
    FROM account_moves m
    JOIN users u ON u.id = m.user_id
    LEFT JOIN payments p ON p.id = m.payment_id
    LEFT JOIN orders o ON o.id = p.order_id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<AccountMove> {
    Ok(AccountMove {
        id: row.get(0)?,
        kind: word(row, 1, MoveKind::parse)?,
        amount: Money(row.get(2)?),
        balance: Money(row.get(3)?),
        method_id: row.get(4)?,
        method: row.get(5)?,
        payment_id: row.get(6)?,
        order_id: row.get(7)?,
        order_number: row.get(8)?,
        check_id: row.get(9)?,
        reason: row.get(10)?,
        way_reason: row.get(11)?,
        user_id: row.get(12)?,
        user_name: row.get(13)?,
        approved_by_id: row.get(14)?,
        created_at: Timestamp(row.get(15)?),
    })
}

/// One page of an account's moves, the newest first.
///
/// # Errors
/// 404 when there is no such account.
pub fn moves(
    db: &Connection,
    account_id: i64,
    (skip, limit): (i64, i64),
) -> Result<AccountMoveList> {
    ACCOUNTS.get(db, account_id)?;
    let sql = format!("{COLUMNS} WHERE m.account_id = ?1 ORDER BY m.id DESC LIMIT ?2 OFFSET ?3");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([account_id, limit, skip], from_row)?;
    let moves = rows.collect::<rusqlite::Result<_>>()?;
    let total = db
        .prepare_cached("SELECT count(*) FROM account_moves WHERE account_id = ?1")?
        .query_row([account_id], |row| row.get(0))?;
    Ok(AccountMoveList { moves, total, came_by: came_by(db, account_id)? })
}

/// By which ways money came that has not gone back.
fn came_by(db: &Connection, account_id: i64) -> Result<Vec<CameBy>> {
    let mut statement = db.prepare_cached(
        "SELECT method_id, sum(amount) FROM account_moves
         WHERE account_id = ?1 AND method_id IS NOT NULL
         GROUP BY method_id HAVING sum(amount) > 0",
    )?;
    let rows = statement.query_map([account_id], |row| {
        Ok(CameBy { method_id: row.get(0)?, amount: Money(row.get(1)?) })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The way by which money of an account comes or goes.
fn money_by(
    db: &Connection,
    method_id: i64,
    amount: Money,
    rounding: CashRounding,
) -> Result<PaymentMethod> {
    let method = payments::active_method(db, method_id)?;
    if method.kind == MethodKind::Account {
        let detail = "An account is not paid by an account. Choose how the money comes or goes.";
        return Err(Error::rule("account_by_account", detail));
    }
    if method.kind == MethodKind::Cash && !rounding.fits(amount) {
        let detail = format!("{amount} cannot be paid in coins. Round it, or choose another way.");
        return Err(Error::rule("not_in_coins", detail).with("amount", amount.to_string()));
    }
    Ok(method)
}

fn answer(tx: &Tx<'_>, account_id: i64, ids: &[i64]) -> Result<Reply> {
    let sql = format!("{COLUMNS} WHERE m.id = ?1");
    let mut statement = tx.prepare_cached(&sql)?;
    let moves = ids.iter().map(|id| Ok(statement.query_row([id], from_row)?));
    let moves = moves.collect::<Result<Vec<_>>>()?;
    let answer = AccountMoved { account: ACCOUNTS.get(tx, account_id)?, moves };
    let json = serde_json::to_string(&answer).map_err(Error::internal)?;
    Ok(Reply { json: json.into(), event_seq: None })
}

/// Money comes in.
pub struct PayIn {
    pub account_id: i64,
    pub amount: Money,
    pub method_id: i64,
    pub expected: Money,
    pub reason: Option<String>,
    pub rounding: CashRounding,
    pub by: Principal,
    pub device_id: Option<i64>,
}

impl Command for PayIn {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let Self { account_id, amount, ref by, .. } = self;
        let account = ACCOUNTS.get(tx, account_id)?;
        tx.not_before(account.updated_at);
        let parts = account.standing().pay_in(amount, self.expected)?;
        let method = money_by(tx, self.method_id, amount, self.rounding)?;
        cash::check_open(tx, method.kind, (by.id, self.device_id))?;
        let of = ((account_id, account.name.as_str()), Some(&method));
        let approved_by_id = permit_deed(tx, by, &[Permission::PaymentTake], of, amount)?;
        let reason = self.reason.as_deref();
        let booking =
            Booking { method: Some(&method), reason, approved_by_id, ..Booking::default() };
        let who = (by.id, self.device_id);
        let ids = parts.into_iter().map(|part| book(tx, account_id, part, &booking, who));
        let ids = ids.collect::<Result<Vec<_>>>()?;
        let after = json!({"amount": amount, "method": method.name, "reason": reason});
        let to = ("house_account", Some(account_id));
        audit::note(tx, Some(by.id), "account_paid_in", to, (Value::Null, after))?;
        answer(tx, account_id, &ids)
    }
}

/// Money goes back to whose account it is.
pub struct GiveBack {
    pub account_id: i64,
    pub amount: Money,
    pub method_id: i64,
    pub expected: Money,
    pub reason: String,
    pub way_reason: Option<String>,
    pub rounding: CashRounding,
    pub by: Principal,
    pub device_id: Option<i64>,
}

impl Command for GiveBack {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let Self { account_id, amount, ref by, .. } = self;
        let account = ACCOUNTS.get(tx, account_id)?;
        tx.not_before(account.updated_at);
        account.standing().check_give_back(amount, self.expected)?;
        let method = money_by(tx, self.method_id, amount, self.rounding)?;
        cash::check_open(tx, method.kind, (by.id, self.device_id))?;
        let came = came_by(tx, account_id)?;
        let came = came.iter().find(|came| came.method_id == method.id);
        let is_other_way = came.is_none_or(|came| came.amount < amount);
        let way_reason = self.way_reason.as_deref().filter(|_| is_other_way);
        if is_other_way && way_reason.is_none() {
            return Err(other_way(&method.name, came.map_or(Money::ZERO, |came| came.amount)));
        }
        let needs: &[Permission] = if is_other_way {
            &[Permission::AccountManage, Permission::AccountGiveBack]
        } else {
            &[Permission::AccountGiveBack]
        };
        let of = ((account_id, account.name.as_str()), Some(&method));
        let approved_by_id = permit_deed(tx, by, needs, of, amount)?;
        let reason = Some(self.reason.as_str());
        let booking = Booking {
            method: Some(&method),
            reason,
            way_reason,
            approved_by_id,
            ..Booking::default()
        };
        let change = (MoveKind::GivenBack, Money::ZERO - amount);
        let id = book(tx, account_id, change, &booking, (by.id, self.device_id))?;
        let after = json!({"amount": amount, "method": method.name, "reason": reason,
                           "way_reason": way_reason});
        let to = ("house_account", Some(account_id));
        audit::note(tx, Some(by.id), "account_given_back", to, (Value::Null, after))?;
        answer(tx, account_id, &[id])
    }
}

fn other_way(method: &str, came: Money) -> Error {
    let detail = format!(
        "By “{method}” {came} came in that has not gone back. Choose the way by which the money came, \
         or say why it goes back by another (way_reason)."
    );
    let error = Error::rule("way_reason_needed", detail).with("method", method);
    error.with("came", came.to_string())
}
