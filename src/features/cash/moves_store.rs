//! What moves cash beside payments, in SQL.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::bind_store::drawer_at;
use super::denominations::check_coins;
use super::drawers_store::DRAWERS;
use super::events::cash_changed;
use super::permits_store::permit_shift;
use super::rules::check_sum;
use super::shifts_store::{as_seen, for_change, reply, shift};
use super::states::CashMoveKind;
use super::types::{CashMove, CashMoved};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Command, Priority, Reply, Tx, word};
use crate::features::checks::CashRounding;
use crate::features::fiscal;
use crate::features::permissions::{Permission, Principal};
use crate::features::printing::open_drawer;
use crate::platform::audit;

const SELECT: &str = "
    SELECT m.id, m.kind, m.amount, m.reason, m.undoes, m.user_id, u.full_name, m.approved_by_id,
           m.created_at
    FROM cash_moves m JOIN users u ON u.id = m.user_id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<CashMove> {
    Ok(CashMove {
        id: row.get(0)?,
        kind: word(row, 1, CashMoveKind::parse)?,
        amount: Money(row.get(2)?),
        reason: row.get(3)?,
        undoes: row.get(4)?,
        user_id: row.get(5)?,
        user_name: row.get(6)?,
        approved_by_id: row.get(7)?,
        created_at: Timestamp(row.get(8)?),
    })
}

/// The moves of a shift, the first first.
pub fn moves(db: &Connection, shift_id: i64) -> Result<Vec<CashMove>> {
    let sql = format!("{SELECT} WHERE m.shift_id = ?1 ORDER BY m.id");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([shift_id], from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What is to be done.
pub enum Wish {
    /// Move cash.
    Move {
        /// What it is.
        kind: CashMoveKind,
        /// How much.
        amount: Money,
    },
    /// Take a move back.
    Undo(i64),
}

/// Moves cash, or takes a move back. The drawer opens for what moves.
pub struct MoveCash {
    pub shift_id: i64,
    pub wish: Wish,
    pub reason: Option<String>,
    pub rounding: CashRounding,
    pub by: Principal,
    pub device_id: Option<i64>,
}

/// A move that is to be written.
struct Booking {
    kind: CashMoveKind,
    amount: Money,
    undoes: Option<i64>,
}

impl Command for MoveCash {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let Self { shift_id, ref by, .. } = self;
        let of = for_change(tx, shift_id, by)?;
        let booking = match self.wish {
            Wish::Move { kind, amount } => self.check_move(kind, amount)?,
            Wish::Undo(id) => undo_of(tx, shift_id, id)?,
        };
        let Booking { kind, amount, undoes } = booking;
        // What comes in by it, or by what takes it back, is put in; all else goes out.
        let comes_in = kind.is_in() == undoes.is_none();
        let permission = match (kind, comes_in) {
            (CashMoveKind::NoSale, _) => Permission::DrawerOpen,
            (_, true) => Permission::CashIn,
            (_, false) => Permission::CashOut,
        };
        let needs = [(permission, amount.0.saturating_abs())];
        let approved_by_id = permit_shift(tx, by, &of, &needs)?;
        tx.prepare_cached(
            "INSERT INTO cash_moves (shift_id, kind, amount, reason, undoes, user_id, approved_by_id,
                                     device_id, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            shift_id,
            kind.as_str(),
            amount.0,
            self.reason,
            undoes,
            by.id,
            approved_by_id,
            self.device_id,
            tx.now().0
        ])?;
        let id = tx.last_insert_rowid();
        let drawer = DRAWERS.get(tx, of.drawer_id)?;
        // What a waiter carries is in no register's drawer.
        if drawer.user_id.is_none() && amount != Money::ZERO {
            let moved = if kind.is_in() { amount } else { Money::ZERO - amount };
            fiscal::cash_moved(tx, moved, by)?;
        }
        if undoes.is_none() {
            let at = drawer_at(drawer.user_id, drawer.printer_id);
            open_drawer(tx, &format!("cash move {id}"), at)?;
        }
        let after =
            json!({"kind": kind, "amount": amount, "reason": self.reason, "undoes": undoes});
        let to = ("cash_shift", Some(shift_id));
        audit::note(tx, Some(by.id), "cash_moved", to, (Value::Null, after))?;
        tx.emit(cash_changed(of.drawer_id, Some((shift_id, of.state)), by.id)?)?;
        let moved =
            tx.prepare_cached(&format!("{SELECT} WHERE m.id = ?1"))?.query_row([id], from_row)?;
        reply(&CashMoved { moved, shift: as_seen(shift(tx, shift_id)?, by.role, by.id) })
    }
}

impl MoveCash {
    fn check_move(&self, kind: CashMoveKind, amount: Money) -> Result<Booking> {
        check_sum("amount", amount)?;
        match (kind, amount.is_zero()) {
            (CashMoveKind::NoSale, false) => {
                return Err(Error::invalid("amount", "of NO_SALE there is none"));
            }
            (CashMoveKind::NoSale, true) => {}
            (_, true) => return Err(Error::invalid("amount", "must be more than nothing")),
            (_, false) => check_coins("amount", amount, None, self.rounding)?,
        }
        if kind.needs_reason() && self.reason.is_none() {
            let detail = "Say what for (reason): it stands on the Z.";
            return Err(Error::rule("reason_needed", detail));
        }
        Ok(Booking { kind, amount, undoes: None })
    }
}

/// What takes a move back: once.
fn undo_of(tx: &Tx<'_>, shift_id: i64, id: i64) -> Result<Booking> {
    let sql = format!("{SELECT} WHERE m.id = ?1 AND m.shift_id = ?2");
    let found = tx.prepare_cached(&sql)?.query_row([id, shift_id], from_row).optional()?;
    let found = found.ok_or_else(|| Error::not_found("move", id))?;
    let undone: Option<i64> = tx
        .prepare_cached("SELECT id FROM cash_moves WHERE undoes = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    if undone.is_some() || found.undoes.is_some() || found.kind == CashMoveKind::NoSale {
        let detail = "This was taken back already, or cannot be. Write down what really happened.";
        return Err(Error::conflict("move_undone", detail).with("id", id));
    }
    Ok(Booking { kind: found.kind, amount: Money::ZERO - found.amount, undoes: Some(id) })
}
