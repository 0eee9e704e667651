//! Which tables are kept for whom, in SQL.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::policy::ReservationRules;
use super::rules::{Book, Hold, Movable, Place, Span, minutes_for};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Timestamp, Zone};
use crate::core::store::Tx;

/// No table is kept for longer than this: so far back stands what may meet a time.
pub const LONGEST_MS: i64 = 90_000_000;
/// Whoever sits at a table is thought to sit there for so many minutes more at least.
const SITS_ON: i64 = 30;

/// What the book says of a time; one reservation may be left out, since its own tables are free for it.
pub fn book(
    db: &Connection,
    rules: &ReservationRules,
    span: Span,
    except: Option<i64>,
    now: Timestamp,
) -> Result<Book> {
    let mut book = Book::of(places(db, rules)?);
    let mut statement = db.prepare_cached(
        "SELECT k.table_id, k.starts_at, k.ends_at, r.id, r.party,
                r.kind = 'PARTY' AND r.state = 'BOOKED' AND NOT r.is_pinned AND r.starts_at > ?3
         FROM reservation_tables k INDEXED BY reservation_tables_held
         JOIN reservations r ON r.id = k.reservation_id
         WHERE k.is_held AND k.starts_at < ?1 AND k.starts_at > ?2 AND k.ends_at > ?4
           AND r.id IS NOT ?5",
    )?;
    // A party that moves is looked at in the whole of its own time, which may reach beyond ours.
    let span = Span {
        from: Timestamp(span.from.0 - LONGEST_MS),
        until: Timestamp(span.until.0 + LONGEST_MS),
    };
    let (from, until) = (span.from.0, span.until.0);
    let mut rows = statement.query(params![until, from - LONGEST_MS, now.0, from, except])?;
    let mut movable = HashMap::new();
    let mut holds = Vec::new();
    while let Some(row) = rows.next()? {
        let kept = Span { from: Timestamp(row.get(1)?), until: Timestamp(row.get(2)?) };
        let (id, may_move): (i64, bool) = (row.get(3)?, row.get(5)?);
        if may_move && span.from <= kept.from && kept.until <= span.until {
            movable.insert(id, Movable { id, party: row.get(4)?, span: kept });
        }
        holds.push(Hold { table_id: row.get(0)?, span: kept, movable: Some(id) });
    }
    for hold in holds {
        let id = hold.movable.filter(|id| movable.contains_key(id));
        book.hold(Hold { movable: id, ..hold });
    }
    for hold in sitting(db, rules, now)? {
        book.hold(hold);
    }
    book.movable = movable.into_values().collect();
    Ok(book)
}

/// Where guests can sit: tables that are in use, and those that can be put together.
fn places(db: &Connection, rules: &ReservationRules) -> Result<Vec<Place>> {
    let mut statement = db.prepare_cached(
        "SELECT t.id, t.seats FROM tables t LEFT JOIN locations l ON l.id = t.location_id
         WHERE t.is_active AND t.deleted_at IS NULL
           AND (t.location_id IS NULL OR (l.is_active AND l.deleted_at IS NULL))
         ORDER BY natural(t.label), t.id",
    )?;
    let place =
        |row: &rusqlite::Row<'_>| Ok(Place { table_ids: vec![row.get(0)?], seats: row.get(1)? });
    let mut places: Vec<_> = statement.query_map([], place)?.collect::<rusqlite::Result<_>>()?;
    let is_there = |id: &i64, places: &[Place]| places.iter().any(|one| one.table_ids == [*id]);
    let tables = places.clone();
    for join in &rules.joins {
        let table_ids: Vec<i64> = join.table_ids.iter().map(|id| id.get()).collect();
        if table_ids.iter().all(|id| is_there(id, &tables)) {
            places.push(Place { table_ids, seats: join.seats.get() });
        }
    }
    Ok(places)
}

/// Where somebody sits now, and until when that may last.
fn sitting(db: &Connection, rules: &ReservationRules, now: Timestamp) -> Result<Vec<Hold>> {
    let lengths = rules.lengths();
    let mut statement = db.prepare_cached(
        "SELECT table_id, min(created_at), max(coalesce(guests, 2)) FROM orders INDEXED BY orders_open
         WHERE closed_at IS NULL AND order_type = 'DINE_IN' AND table_id IS NOT NULL
         GROUP BY table_id
         UNION ALL
         SELECT id, updated_at, coalesce(guests, 2) FROM tables
         WHERE is_seated AND deleted_at IS NULL",
    )?;
    let rows = statement.query_map([], |row| {
        let (since, party) = (Timestamp(row.get(1)?), row.get(2)?);
        let until = since.plus_minutes(minutes_for(&lengths, party));
        let span = Span { from: now, until: until.max(now.plus_minutes(SITS_ON)) };
        Ok(Hold { table_id: row.get(0)?, span, movable: None })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Who comes within some time, and how many they are; one may be left out.
pub fn who_comes(
    db: &Connection,
    (from, until): (Timestamp, Timestamp),
    except: Option<i64>,
) -> Result<Vec<(Timestamp, i64)>> {
    let mut statement = db.prepare_cached(
        "SELECT starts_at, party FROM reservations
         WHERE starts_at >= ?1 AND starts_at < ?2 AND id IS NOT ?3 AND kind = 'PARTY'
           AND state IN ('BOOKED', 'ARRIVED', 'SEATED', 'LEFT')",
    )?;
    let rows = statement.query_map(params![from.0, until.0, except], |row| {
        Ok((Timestamp(row.get(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether nobody else has one of these tables at that time.
///
/// # Errors
/// 409 that says who has it.
pub fn check_free(
    db: &Connection,
    zone: &Zone,
    tables: &[i64],
    span: Span,
    except: Option<i64>,
) -> Result<()> {
    let mut statement = db.prepare_cached(
        "SELECT t.label, r.kind, r.name, k.starts_at, k.ends_at, r.id
         FROM reservation_tables k INDEXED BY reservation_tables_of
         JOIN reservations r ON r.id = k.reservation_id JOIN tables t ON t.id = k.table_id
         WHERE k.table_id = ?1 AND k.is_held AND k.starts_at < ?2 AND k.starts_at > ?3
           AND k.ends_at > ?4 AND k.reservation_id IS NOT ?5
         ORDER BY k.starts_at LIMIT 1",
    )?;
    let (from, until) = (span.from.0, span.until.0);
    for table in tables {
        let taken = statement
            .query_row(params![table, until, from - LONGEST_MS, from, except], |row| {
                let label: String = row.get(0)?;
                let (kind, name): (String, String) = (row.get(1)?, row.get(2)?);
                let times = [row.get(3)?, row.get(4)?].map(|at| zone.time_of(Timestamp(at)));
                Ok((label, kind, name, times, row.get::<_, i64>(5)?))
            })
            .optional()?;
        let Some((table, kind, name, [from, until], id)) = taken else { continue };
        let who = if kind == "BLOCK" { "blocked" } else { "kept for another party" };
        let detail = format!(
            "Table {table} is {who} from {from} until {until}. Choose another table or another time."
        );
        return Err(Error::conflict("table_booked", detail)
            .with("table", table)
            .with("kind", kind)
            .with("name", name)
            .with("from", from.to_string())
            .with("until", until.to_string())
            .with("reservation_id", id));
    }
    Ok(())
}

/// Keeps these tables for a reservation, and no others.
pub fn keep(tx: &Tx<'_>, id: i64, tables: &[i64], span: Span) -> Result<()> {
    let text = serde_json::to_string(tables).map_err(Error::internal)?;
    tx.prepare_cached(
        "DELETE FROM reservation_tables WHERE reservation_id = ?1
         AND table_id NOT IN (SELECT value FROM json_each(?2))",
    )?
    .execute(params![id, text])?;
    for table in tables {
        tx.prepare_cached(
            "INSERT INTO reservation_tables (reservation_id, table_id, starts_at, ends_at)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (reservation_id, table_id) DO UPDATE
             SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, is_held = 1",
        )?
        .execute(params![id, table, span.from.0, span.until.0])?;
    }
    Ok(())
}

/// The tables of a reservation are anybody's; it is still known which they were.
pub fn release(tx: &Tx<'_>, id: i64) -> Result<()> {
    tx.prepare_cached("UPDATE reservation_tables SET is_held = 0 WHERE reservation_id = ?1")?
        .execute([id])?;
    Ok(())
}

/// The tables of a reservation are kept up to this moment only.
pub fn end_at(tx: &Tx<'_>, id: i64, at: Timestamp) -> Result<()> {
    let sql = "UPDATE reservation_tables SET ends_at = max(?2, starts_at + 1)
               WHERE reservation_id = ?1 AND ends_at > ?2";
    tx.prepare_cached(sql)?.execute([id, at.0])?;
    Ok(())
}

/// For how long a reservation has its tables, the time to clear them included.
pub fn kept_span(db: &Connection, id: i64) -> Result<Option<Span>> {
    let sql = "SELECT starts_at, ends_at FROM reservation_tables WHERE reservation_id = ?1 LIMIT 1";
    let span = db.prepare_cached(sql)?.query_row([id], |row| {
        Ok(Span { from: Timestamp(row.get(0)?), until: Timestamp(row.get(1)?) })
    });
    Ok(span.optional()?)
}

/// How many can sit at these tables together: as they are put together, or each with its own seats.
pub fn seats_of(db: &Connection, rules: &ReservationRules, tables: &[i64]) -> Result<i64> {
    let is_it = |join: &&super::policy::TableJoin| {
        join.table_ids.len() == tables.len()
            && join.table_ids.iter().all(|id| tables.contains(&id.get()))
    };
    if let Some(join) = rules.joins.iter().find(is_it) {
        return Ok(join.seats.get());
    }
    let mut statement = db.prepare_cached("SELECT seats FROM tables WHERE id = ?1")?;
    tables.iter().try_fold(0, |sum, id| {
        let seats: i64 = statement.query_row([id], |row| row.get(0))?;
        Ok(sum + seats)
    })
}
