//! Which rows each commit touched, for the cloud's copy.
//!
//! SQLite's update hook on the writer's connection notes every touched row, so no handler can
//! forget one; a savepoint that is rolled back takes its notes with it. A commit becomes one row of
//! `changes`, whose keys are packed as ranges of neighbouring row ids: a month of new orders is a few
//! bytes. The rows themselves are read when they are sent, as they stand then, so a row that
//! changed a hundred times goes once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};

use super::id_ranges::{IdRange, pack, union, unpack};
use super::tables::{CopiedTable, Tables};
use crate::core::error::Result;

type Key = (u8, i64);

/// Notes what the writer's connection touches.
#[derive(Clone)]
pub(super) struct ChangeTracker {
    notes: Arc<Mutex<Notes>>,
    tables: &'static Tables,
}

/// Which tables a batch wrote to, as bits. WITHOUT ROWID tables are not heard of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Touched(u128);

impl Touched {
    /// The bit of the table at a place. Those beyond the last share it: what is kept of them is
    /// read anew once too often.
    fn bit(place: usize) -> u128 {
        1 << place.min(127)
    }

    /// Whether a table is one of them.
    pub(super) fn has(self, place: Option<usize>) -> bool {
        place.is_some_and(|place| self.0 & Self::bit(place) != 0)
    }

    /// Whether one is among those as well.
    pub(super) fn meets(self, those: Self) -> bool {
        self.0 & those.0 != 0
    }

    /// Whether there is none.
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

#[derive(Default)]
struct Notes {
    keys: Vec<Key>,
    touched: Touched,
    /// Whether the box belongs to a cloud.
    kept: bool,
    next_seq: i64,
    /// Whether a command of this commit wrote a change by hand.
    by_hand: bool,
}

impl ChangeTracker {
    /// One that hears nothing.
    pub(super) fn deaf(tables: &'static Tables) -> Self {
        Self { notes: Arc::default(), tables }
    }

    /// Begins to listen on the writer's connection.
    pub(super) fn attach(
        connection: &Connection,
        tables: &'static Tables,
    ) -> rusqlite::Result<Self> {
        let pushed: Option<i64> = connection
            .query_row("SELECT pushed_seq FROM cloud_state", [], |row| row.get(0))
            .optional()?;
        let newest: i64 =
            connection
                .query_row("SELECT coalesce(max(seq), 0) FROM changes", [], |row| row.get(0))?;
        let tracker = Self::deaf(tables);
        {
            let mut notes = tracker.notes();
            notes.kept = pushed.is_some();
            notes.next_seq = newest.max(pushed.unwrap_or(0)) + 1;
        }
        let hears = tracker.clone();
        connection.update_hook(Some(move |_, _: &str, table: &str, row| {
            let Some(place) = tables.place(table) else { return };
            let mut notes = hears.notes();
            notes.touched.0 |= Touched::bit(place);
            if notes.kept
                && let Some(copied) = tables.copied().get(place)
            {
                notes.keys.push((copied.code, row));
            }
        }))?;
        Ok(tracker)
    }

    /// The tables that there are.
    pub(super) fn tables(&self) -> &'static Tables {
        self.tables
    }

    /// Forgets what an earlier batch touched.
    pub(super) fn begin(&self) {
        let mut notes = self.notes();
        notes.keys.clear();
        notes.touched = Touched::default();
    }

    /// What this batch touched; also what was rolled back, for looking once too often is no harm.
    pub(super) fn touched(&self) -> Touched {
        self.notes().touched
    }

    /// These tables; none where it does not hear of one of them.
    pub(super) fn bits(&self, tables: &[&str]) -> Option<Touched> {
        tables.iter().try_fold(Touched::default(), |all, table| {
            Some(Touched(all.0 | Touched::bit(self.tables.place(table)?)))
        })
    }

    /// The number of the next change, for one that is written by hand.
    pub(super) fn take_seq(&self) -> i64 {
        let mut notes = self.notes();
        notes.by_hand = true;
        notes.next_seq += 1;
        notes.next_seq - 1
    }

    /// From now on the touched rows are kept for the cloud.
    pub(super) fn keep(&self) {
        self.notes().kept = true;
    }

    /// Where a savepoint began, for [`ChangeTracker::take_back`].
    pub(super) fn mark(&self) -> usize {
        self.notes().keys.len()
    }

    /// Forgets what was noted since a mark: those rows were rolled back.
    pub(super) fn take_back(&self, mark: usize) {
        self.notes().keys.truncate(mark);
    }

    /// Writes what was noted as the row of this commit. Says whether there was anything.
    pub(super) fn write(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let mut notes = self.notes();
        let by_hand = std::mem::take(&mut notes.by_hand);
        if notes.keys.is_empty() {
            return Ok(by_hand);
        }
        let ranges =
            union(notes.keys.drain(..).map(|(table, row)| IdRange { table, first: row, count: 1 }));
        let seq = notes.next_seq;
        // Taken also when the commit fails: numbers may have gaps, but none is used twice.
        notes.next_seq += 1;
        // The hook hears of this row too.
        drop(notes);
        connection
            .prepare_cached("INSERT INTO changes (seq, keys, tag) VALUES (?1, ?2, random())")?
            .execute(params![seq, pack(&ranges)])?;
        Ok(true)
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Some of the rows that wait for the cloud, oldest changes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The rows, each once.
    pub ranges: Vec<IdRange>,
    /// The last change that they belong to.
    pub through: i64,
    /// What tells that change from the same one of another copy of the card.
    pub tag: i64,
    /// What is left of that last change, when it was too large.
    pub rest: Vec<IdRange>,
}

/// Up to about `limit` waiting rows; nothing when all was taken.
///
/// # Errors
/// When the database cannot be read.
pub fn waiting(db: &Connection, limit: i64) -> Result<Option<Waiting>> {
    let mut statement = db.prepare_cached("SELECT seq, keys, tag FROM changes ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let mut taken = Waiting { ranges: Vec::new(), through: 0, tag: 0, rest: Vec::new() };
    let mut room = limit;
    while let Some(row) = rows.next()? {
        if room <= 0 {
            break;
        }
        (taken.through, taken.tag) = (row.get(0)?, row.get(2)?);
        for mut range in unpack(row.get_ref(1)?.as_blob().unwrap_or_default())? {
            if room <= 0 {
                taken.rest.push(range);
                continue;
            }
            if range.count > room {
                let later =
                    IdRange { first: range.first + room, count: range.count - room, ..range };
                taken.rest.push(later);
                range.count = room;
            }
            room -= range.count;
            taken.ranges.push(range);
        }
    }
    taken.ranges = union(taken.ranges);
    Ok((taken.through > 0).then_some(taken))
}

/// How many rows wait, and in how many changes. Folding keeps both small.
///
/// # Errors
/// When the database cannot be read.
pub fn backlog(db: &Connection) -> Result<(i64, i64)> {
    let mut statement = db.prepare_cached("SELECT keys FROM changes")?;
    let mut rows = statement.query([])?;
    let (mut changes, mut touched) = (0, 0);
    while let Some(row) = rows.next()? {
        changes += 1;
        let ranges = unpack(row.get_ref(0)?.as_blob().unwrap_or_default())?;
        touched += ranges.iter().map(|range| range.count).sum::<i64>();
    }
    Ok((touched, changes))
}

/// Forgets changes that the cloud has taken; of the last one keeps `rest`.
///
/// # Errors
/// When the rows cannot be written.
pub fn forget_taken(db: &Connection, taken: &Waiting) -> Result<()> {
    if taken.rest.is_empty() {
        db.prepare_cached("DELETE FROM changes WHERE seq <= ?1")?.execute([taken.through])?;
        return Ok(());
    }
    db.prepare_cached("DELETE FROM changes WHERE seq < ?1")?.execute([taken.through])?;
    db.prepare_cached("UPDATE changes SET keys = ?2 WHERE seq = ?1")?
        .execute(params![taken.through, pack(&taken.rest)])?;
    Ok(())
}

/// Whether a change is there, under this very tag.
///
/// # Errors
/// When the database cannot be read.
pub fn has_change(db: &Connection, seq: i64, tag: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM changes WHERE seq = ?1 AND tag = ?2)";
    Ok(db.prepare_cached(sql)?.query_row([seq, tag], |row| row.get(0))?)
}

/// The number of the newest change; 0 when none waits.
///
/// # Errors
/// When the database cannot be read.
pub fn newest_change(db: &Connection) -> Result<i64> {
    Ok(db.query_row("SELECT coalesce(max(seq), 0) FROM changes", [], |row| row.get(0))?)
}

/// Makes one change of all after `after`: a row that is in several of them is then in one.
///
/// # Errors
/// When the rows cannot be written.
pub fn fold(db: &Connection, after: i64) -> Result<()> {
    let mut all = Vec::new();
    let mut newest = after;
    {
        let mut statement =
            db.prepare_cached("SELECT seq, keys FROM changes WHERE seq > ?1 ORDER BY seq")?;
        let mut rows = statement.query([after])?;
        while let Some(row) = rows.next()? {
            newest = row.get(0)?;
            all.extend(unpack(row.get_ref(1)?.as_blob().unwrap_or_default())?);
        }
    }
    if all.is_empty() {
        return Ok(());
    }
    db.prepare_cached("DELETE FROM changes WHERE seq > ?1 AND seq < ?2")?
        .execute([after, newest])?;
    db.prepare_cached("UPDATE changes SET keys = ?2 WHERE seq = ?1")?
        .execute(params![newest, pack(&union(all))])?;
    Ok(())
}

/// Lets one row wait, in a database that no box ranges on.
///
/// # Errors
/// When the row cannot be written.
pub fn record_by_hand(db: &Connection, table: &CopiedTable, row: i64) -> Result<()> {
    let range = IdRange { table: table.code, first: row, count: 1 };
    db.execute(
        "INSERT INTO changes (seq, keys, tag)
         SELECT coalesce(max(seq), 0) + 1, ?1, random() FROM changes",
        [pack(&[range])],
    )?;
    Ok(())
}

/// Every row that there may be, as ranges: the first copy of a box.
///
/// # Errors
/// When the database cannot be read.
pub fn everything(db: &Connection, tables: &Tables) -> Result<Vec<IdRange>> {
    let mut ranges = Vec::with_capacity(tables.copied().len());
    for table in tables.copied() {
        let sql = format!("SELECT min(id), max(id) FROM {}", table.name);
        let ends: (Option<i64>, Option<i64>) =
            db.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if let (Some(first), Some(last)) = ends {
            ranges.push(IdRange { table: table.code, first, count: last - first + 1 });
        }
    }
    Ok(ranges)
}
