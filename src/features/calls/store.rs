//! Calls in SQL.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::events::{CallAnswered, TableCalled};
use super::parts_store::{self as parts, Wished};
use super::{Call, CallKind, CallList};
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Payload, Thing};
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Tx, word};
use crate::features::visits;

const SELECT: &str = "SELECT c.id, c.table_id, t.number, t.location_id, c.kind, \
    c.payment_method_id, m.name, c.created_at, c.answered_at, t.label, c.parts \
    FROM calls c JOIN tables t ON t.id = c.table_id \
    LEFT JOIN payment_methods m ON m.id = c.payment_method_id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Call> {
    let text: Option<String> = row.get(10)?;
    // What cannot be read is a wish less, and no reason to lose the call.
    let parts = parts::read(text.as_deref()).unwrap_or_default();
    Ok(Call {
        id: row.get(0)?,
        table_id: row.get(1)?,
        table_number: row.get(2)?,
        table_name: row.get(9)?,
        location_id: row.get(3)?,
        kind: word(row, 4, CallKind::parse)?,
        payment_method_id: row.get(5)?,
        payment_method_name: row.get(6)?,
        parts: parts.into_iter().map(|wished| wished.wish).collect(),
        created_at: Timestamp(row.get(7)?),
        answered_at: row.get::<_, Option<i64>>(8)?.map(Timestamp),
    })
}

fn call(db: &Connection, id: i64) -> Result<Call> {
    db.prepare_cached(&format!("{SELECT} WHERE c.id = ?1"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("call", id))
}

pub fn open_calls(db: &Connection, (skip, limit): (i64, i64)) -> Result<CallList> {
    // The partial index holds the open ones only: those answered long ago cost nothing.
    let open = "FROM calls INDEXED BY calls_open WHERE answered_at IS NULL";
    let sql = format!(
        "{SELECT} WHERE c.id IN (SELECT id {open}) ORDER BY c.created_at, c.id LIMIT ?1 OFFSET ?2"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let calls = statement.query_map([limit, skip], from_row)?.collect::<rusqlite::Result<_>>()?;
    let total =
        db.prepare_cached(&format!("SELECT count(*) {open}"))?.query_row([], |row| row.get(0))?;
    Ok(CallList { calls, total })
}

/// The open calls of one table, oldest first; at most one of each kind.
///
/// # Errors
/// When the database cannot be read.
pub fn open_calls_of(db: &Connection, table_id: i64) -> Result<Vec<Call>> {
    let sql = format!("{SELECT} WHERE c.table_id = ?1 AND c.answered_at IS NULL ORDER BY c.id");
    let mut statement = db.prepare_cached(&sql)?;
    let calls = statement.query_map([table_id], from_row)?;
    Ok(calls.collect::<rusqlite::Result<_>>()?)
}

/// What a table calls for.
#[derive(Debug)]
pub struct Wanted {
    /// A waiter, or the bill.
    pub kind: CallKind,
    /// How its guests want to pay.
    pub method_id: Option<i64>,
    /// The order, and what of its bill a guest wants to pay by themselves.
    pub part: Option<(i64, Wished)>,
}

/// A table calls. While its call of the same kind is open there is no second one: that one is
/// returned, with the way to pay that was named last, and the part that each phone asked for last.
///
/// # Errors
/// When the database cannot be written.
pub fn call_staff(tx: &mut Tx<'_>, table_id: i64, wanted: &Wanted) -> Result<Call> {
    let Wanted { kind, method_id, part } = wanted;
    let open = open_calls_of(tx, table_id)?.into_iter().find(|call| call.kind == *kind);
    let id = match open {
        Some(call) if call.payment_method_id == *method_id && part.is_none() => return Ok(call),
        // Who asks for a part says nothing of how the others pay.
        Some(Call { id, .. }) if method_id.is_none() && part.is_some() => id,
        Some(Call { id, .. }) => {
            tx.prepare_cached("UPDATE calls SET payment_method_id = ?2 WHERE id = ?1")?
                .execute(params![id, method_id])?;
            id
        }
        None => {
            tx.prepare_cached(
                "INSERT INTO calls (table_id, kind, payment_method_id, created_at)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![table_id, kind.as_str(), method_id, tx.now().0])?;
            tx.last_insert_rowid()
        }
    };
    if let Some((order_id, wished)) = part {
        parts::ask(tx, id, *order_id, wished)?;
    }
    let call = call(tx, id)?;
    tell(tx, &TableCalled((&call).into()), &call, None)?;
    Ok(call)
}

pub struct AnswerCall {
    pub id: i64,
    pub by: i64,
}

impl Command for AnswerCall {
    type Output = Call;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Call> {
        let open = call(tx, self.id)?;
        if open.answered_at.is_none() {
            visits::is_answered(tx, open.table_id, self.id)?;
            close(tx, &open, Some(self.by))?;
        }
        call(tx, self.id)
    }
}

/// The guests of a table take their call back.
///
/// # Errors
/// 404 when the table has no such call.
pub fn take_back(tx: &mut Tx<'_>, table_id: i64, id: i64) -> Result<()> {
    let call = call(tx, id)?;
    if call.table_id != table_id {
        return Err(Error::not_found("call", id));
    }
    if call.answered_at.is_none() {
        parts::drop_all(tx, id)?;
        close(tx, &call, None)?;
    }
    Ok(())
}

/// Nobody at the table waits any more: it has paid, or its guests have left.
///
/// # Errors
/// When the database cannot be written.
pub fn answer_all(tx: &mut Tx<'_>, table_id: i64, by: Option<i64>) -> Result<()> {
    for call in open_calls_of(tx, table_id)? {
        close(tx, &call, by)?;
    }
    Ok(())
}

/// The guests of a table sit at another one now, and still wait for what they called for. A call
/// that both tables have made stays behind.
///
/// # Errors
/// When the database cannot be written.
pub fn go_along(tx: &mut Tx<'_>, from: i64, to: i64) -> Result<()> {
    for open in open_calls_of(tx, from)? {
        let moved = tx
            .prepare_cached("UPDATE OR IGNORE calls SET table_id = ?2 WHERE id = ?1")?
            .execute(params![open.id, to])?;
        if moved == 1 {
            let call = call(tx, open.id)?;
            tell(tx, &TableCalled((&call).into()), &call, None)?;
        }
    }
    Ok(())
}

/// Deletes up to `most` calls that were answered before a moment: the event log has told of them.
/// Returns how many went.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn trim(tx: &Tx<'_>, before: Timestamp, most: usize) -> Result<usize> {
    let sql = "DELETE FROM calls WHERE id IN
                   (SELECT id FROM calls WHERE answered_at < ?1 LIMIT ?2)";
    Ok(tx.prepare_cached(sql)?.execute([before.0, most as i64])?)
}

fn close(tx: &mut Tx<'_>, call: &Call, by: Option<i64>) -> Result<()> {
    tx.prepare_cached("UPDATE calls SET answered_at = ?2, answered_by_id = ?3 WHERE id = ?1")?
        .execute(params![call.id, tx.now().0, by])?;
    tell(tx, &CallAnswered(call.into()), call, by)
}

fn tell(tx: &mut Tx<'_>, details: &impl Payload, call: &Call, by: Option<i64>) -> Result<()> {
    let event = NewEvent::new(Thing::Call.with(call.id), by, details)?;
    tx.emit(NewEvent { table_id: Some(call.table_id), ..event }).map(drop)
}
