//! The box's end of the connection, as it is kept: which site it is, what the cloud has taken,
//! what it could not take.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::core::error::Result;
use crate::core::store::{
    Command, IdRange, Priority, Tx, Waiting, everything, fold, forget_taken, union,
};

/// How many refused rows are kept at most, with their reasons.
const REFUSED_KEPT: i64 = 1000;

/// What the box knows of its cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The site in the cloud.
    pub site_id: Uuid,
    /// Which of the site's boxes this is: a restored one is one higher.
    pub epoch: i64,
    /// The batch that the cloud took last.
    pub batch: i64,
    /// How many rows it has taken in all.
    pub pushed_rows: i64,
    /// When nothing waited last, in milliseconds since 1970.
    pub synced_at: Option<i64>,
    /// The published menu that runs here; 0 for none.
    pub menu_version: i64,
    /// The columns that the cloud had when rows were last copied.
    pub columns: String,
}

/// The state; nothing while the box belongs to no cloud.
///
/// # Errors
/// When the database cannot be read.
pub fn state(db: &Connection) -> Result<Option<State>> {
    let sql = "SELECT site_id, epoch, batch, pushed_rows, synced_at, menu_version, columns
               FROM cloud_state";
    Ok(db
        .query_row(sql, [], |row| {
            let site_id: String = row.get(0)?;
            Ok(State {
                site_id: site_id.parse().unwrap_or_default(),
                epoch: row.get(1)?,
                batch: row.get(2)?,
                pushed_rows: row.get(3)?,
                synced_at: row.get(4)?,
                menu_version: row.get(5)?,
                columns: row.get(6)?,
            })
        })
        .optional()?)
}

/// What is wrong with the copy, if something is: a stable word and a sentence. A box that never came
/// to belong to its cloud has it too.
///
/// # Errors
/// When the database cannot be read.
pub fn current_error(db: &Connection) -> Result<Option<(String, String)>> {
    let sql = "SELECT code, words FROM cloud_trouble";
    Ok(db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// The site and the epoch of a join whose end this box does not know.
///
/// # Errors
/// When the database cannot be read.
pub fn joining(db: &Connection) -> Result<Option<(Uuid, i64)>> {
    let sql = "SELECT site_id, epoch FROM cloud_joining";
    let found = db.query_row(sql, [], |row| {
        let site_id: String = row.get(0)?;
        Ok((site_id.parse().unwrap_or_default(), row.get(1)?))
    });
    Ok(found.optional()?)
}

/// The box is about to ask the cloud for this epoch.
pub struct BeginJoin {
    /// The site in the cloud.
    pub site_id: Uuid,
    /// What it will be given.
    pub epoch: i64,
}

impl Command for BeginJoin {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute(
            "INSERT INTO cloud_joining (id, site_id, epoch) VALUES (1, ?1, ?2)
             ON CONFLICT (id) DO UPDATE SET site_id = excluded.site_id, epoch = excluded.epoch",
            params![self.site_id.to_string(), self.epoch],
        )?;
        Ok(())
    }
}

/// The box now belongs to a site of a cloud; everything waits to be copied.
pub struct Join {
    /// The site in the cloud.
    pub site_id: Uuid,
    /// What the cloud gave it.
    pub epoch: i64,
    /// What the cloud took last from the box before it.
    pub batch: i64,
    /// Rows that the cloud may have: those that are not here are removed there.
    pub there: Vec<IdRange>,
}

impl Command for Join {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let all = union(everything(tx, tx.tables())?.into_iter().chain(self.there));
        let seq = tx.put_waiting(&all)?;
        tx.execute(
            "INSERT INTO cloud_state (id, site_id, epoch, batch, pushed_seq, enrolled_at)
             VALUES (1, ?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET site_id = excluded.site_id, epoch = excluded.epoch,
                 batch = excluded.batch, synced_at = NULL, menu_version = 0",
            params![self.site_id.to_string(), self.epoch, self.batch, seq, tx.now().0],
        )?;
        tx.execute("DELETE FROM cloud_joining WHERE id = 1", [])?;
        tx.keep_changes();
        Ok(())
    }
}

/// Copies everything again: the cloud has learned columns that it did not know before.
pub struct CopyAll {
    /// The columns that it has now.
    pub columns: String,
    /// Whether the rows must go again.
    pub rows: bool,
}

impl Command for CopyAll {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        if self.rows {
            tx.put_waiting(&everything(tx, tx.tables())?)?;
        }
        tx.execute("UPDATE cloud_state SET columns = ?1", [self.columns])?;
        Ok(())
    }
}

/// Counts on from the batch that the cloud names; copies everything again when it has lost some.
pub struct GoOnFrom {
    /// The last batch that the cloud has.
    pub batch: i64,
    /// Whether everything goes again.
    pub all: bool,
}

impl Command for GoOnFrom {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        if self.all {
            tx.put_waiting(&everything(tx, tx.tables())?)?;
        }
        tx.execute("UPDATE cloud_state SET batch = ?1", [self.batch])?;
        Ok(())
    }
}

/// A row that the cloud could not take, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// The table's code.
    pub table: u8,
    /// The row's id.
    pub row: i64,
    /// What the cloud said.
    pub reason: String,
}

/// The cloud has taken a batch.
pub struct Taken {
    /// What no longer waits.
    pub waiting: Waiting,
    /// Its number.
    pub batch: i64,
    /// How many rows came or went.
    pub rows: i64,
    /// Those it could not take.
    pub refused: Vec<RefusedRow>,
    /// The moment up to which nothing is missing, if nothing waited.
    pub complete_until: Option<i64>,
}

impl Command for Taken {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        forget_taken(tx, &self.waiting)?;
        for range in &self.waiting.ranges {
            tx.prepare_cached(
                "DELETE FROM cloud_refused WHERE table_code = ?1 AND row_id >= ?2 AND row_id < ?3",
            )?
            .execute(params![range.table, range.first, range.first + range.count])?;
        }
        for row in &self.refused {
            tx.prepare_cached(
                "INSERT INTO cloud_refused (table_code, row_id, reason, refused_at)
                 SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM cloud_refused) < ?5",
            )?
            .execute(params![
                row.table,
                row.row,
                row.reason,
                tx.now().0,
                REFUSED_KEPT
            ])?;
        }
        tx.prepare_cached(
            "UPDATE cloud_state SET batch = ?1, pushed_seq = max(pushed_seq, ?2),
                 pushed_rows = pushed_rows + ?3, synced_at = coalesce(?4, synced_at)",
        )?
        .execute(params![
            self.batch,
            self.waiting.through,
            self.rows,
            self.complete_until
        ])?;
        Ok(())
    }
}

/// What is wrong now, or that nothing is.
pub struct Tell(pub Option<(&'static str, String)>);

impl Command for Tell {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let Some((code, words)) = self.0 else {
            tx.execute("DELETE FROM cloud_trouble WHERE id = 1", [])?;
            return Ok(());
        };
        tx.execute(
            "INSERT INTO cloud_trouble (id, code, words, since) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET code = excluded.code, words = excluded.words,
                 since = excluded.since",
            params![code, words, tx.now().0],
        )?;
        Ok(())
    }
}

/// Makes the backlog small: a row that waits twice waits once.
pub struct Fold {
    /// Changes up to this one stay as they are: the cloud may have been told of them.
    pub after: i64,
}

impl Command for Fold {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        fold(tx, self.after)
    }
}

/// Rows that the cloud could not take, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn refused(db: &Connection, limit: i64) -> Result<(i64, Vec<RefusedRow>)> {
    let count = db.query_row("SELECT count(*) FROM cloud_refused", [], |row| row.get(0))?;
    let mut rows = db.prepare_cached(
        "SELECT table_code, row_id, reason FROM cloud_refused ORDER BY id DESC LIMIT ?1",
    )?;
    let rows = rows.query_map([limit], |row| {
        Ok(RefusedRow { table: row.get(0)?, row: row.get(1)?, reason: row.get(2)? })
    })?;
    Ok((count, rows.collect::<rusqlite::Result<_>>()?))
}

/// Sends the refused rows again. Returns how many.
pub struct SendRefusedAgain;

impl Command for SendRefusedAgain {
    type Output = usize;

    fn apply(self, tx: &mut Tx<'_>) -> Result<usize> {
        let (_, rows) = refused(tx, REFUSED_KEPT)?;
        let range = |row: &RefusedRow| IdRange { table: row.table, first: row.row, count: 1 };
        if !rows.is_empty() {
            tx.put_waiting(&union(rows.iter().map(range)))?;
        }
        Ok(rows.len())
    }
}

/// Notes which published menu runs from now on.
///
/// # Errors
/// When the row cannot be written.
pub fn note_menu_version(tx: &Tx<'_>, version: i64) -> Result<()> {
    tx.execute("UPDATE cloud_state SET menu_version = ?1", [version])?;
    Ok(())
}

/// Whether nobody is being served: no order is open.
///
/// # Errors
/// When the database cannot be read.
pub fn is_closed(db: &Connection) -> Result<bool> {
    let sql =
        "SELECT NOT EXISTS (SELECT 1 FROM orders INDEXED BY orders_open WHERE closed_at IS NULL)";
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}
