//! What a long document moves, written in steps: what is not written yet waits in rows, so a pulled plug
//! loses none of it, and nothing of it can be refused any more.

use rusqlite::{Connection, Row, params};

use super::super::{MoveKind, NewMove};
use super::post;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::{Tx, word};

/// So many moves are written at once, and a few more where a line has not ended: some two milliseconds.
const BATCH: usize = 40;
/// A document moves no more than this.
const MOST_MOVES: usize = 10_000;

/// Writes what a document moves: the first lines at once, what is more by [`post_next`]. Returns whether
/// all is written.
///
/// # Errors
/// 422 when it is more than a document may move.
pub fn post_document(tx: &Tx<'_>, mut moves: Vec<NewMove>) -> Result<bool> {
    if moves.len() > MOST_MOVES {
        let why = format!("move goods more than {MOST_MOVES} times together: write two documents");
        return Err(Error::invalid("lines", why));
    }
    let waits = moves.split_off(first_lines(&moves));
    post(tx, moves)?;
    waits.iter().try_for_each(|one| keep(tx, one))?;
    Ok(waits.is_empty())
}

/// How many moves are of the first lines. No line is torn apart: what leaves a place comes to another.
fn first_lines(moves: &[NewMove]) -> usize {
    let Some(last) = moves.get(BATCH - 1).filter(|_| moves.len() > BATCH) else {
        return moves.len();
    };
    let same_line = moves.iter().skip(BATCH).take_while(|one| one.document == last.document);
    BATCH + same_line.count()
}

fn keep(tx: &Tx<'_>, one: &NewMove) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO stock_postings (document_id, document_line, good_id, place_id, at, kind, quantity,
                                     cost, counted, undoes_id, user_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        one.document.map(|(id, _)| id),
        one.document.map(|(_, line)| line),
        one.good_id,
        one.place_id,
        one.at.0,
        one.kind.as_str(),
        one.quantity,
        one.cost,
        one.counted,
        one.undoes_id,
        one.user_id,
    ])?;
    Ok(())
}

/// Writes the next few lines of the document that waits longest. Returns whether there were any.
///
/// # Errors
/// When the rows cannot be read or written.
pub fn post_next(tx: &Tx<'_>) -> Result<bool> {
    let (rows, moves): (Vec<i64>, Vec<_>) = next(tx)?.into_iter().unzip();
    if rows.is_empty() {
        return Ok(false);
    }
    post(tx, moves)?;
    let mut done = tx.prepare_cached("DELETE FROM stock_postings WHERE id = ?1")?;
    for row in rows {
        done.execute([row])?;
    }
    Ok(true)
}

/// The next lines that wait, each with all of its moves, and their rows.
fn next(db: &Connection) -> Result<Vec<(i64, NewMove)>> {
    let mut statement = db.prepare_cached(
        "SELECT id, document_id, document_line, good_id, place_id, at, kind, quantity, cost, counted,
                undoes_id, user_id
         FROM stock_postings ORDER BY id",
    )?;
    let mut waiting: Vec<(i64, NewMove)> = Vec::new();
    for row in statement.query_map([], from_row)? {
        let (id, one) = row?;
        let is_of_last = waiting.last().is_some_and(|(_, last)| last.document == one.document);
        if waiting.len() >= BATCH && !is_of_last {
            break;
        }
        waiting.push((id, one));
    }
    Ok(waiting)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(i64, NewMove)> {
    let waiting = NewMove {
        document: Some((row.get(1)?, row.get(2)?)),
        good_id: row.get(3)?,
        place_id: row.get(4)?,
        at: Timestamp(row.get(5)?),
        kind: word(row, 6, MoveKind::parse)?,
        quantity: row.get(7)?,
        cost: row.get(8)?,
        counted: row.get(9)?,
        undoes_id: row.get(10)?,
        user_id: row.get(11)?,
        order_item_id: None,
    };
    Ok((row.get(0)?, waiting))
}
