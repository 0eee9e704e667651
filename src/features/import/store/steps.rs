//! An import beside orders: each step is whole and checked anew, and what ends half-way says how
//! far it came.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::Import;
use super::done::Done;
use super::importer::{self, Importer};
use super::secrets::{Secrets, hash_secrets};
use super::units::Unit;
use crate::core::error::{Error, Result};
use crate::core::store::{Command, Priority, Steps, Store, Tx};
use crate::features::import::report::Report;
use crate::platform::audit;
use crate::platform::auth::Hasher;

/// What the audit trail says of an import in steps: a beginning without an end was cut off.
const BEGUN: &str = "import_begun";
const DONE: &str = "import_done";
const STOPPED: &str = "import_stopped";
const SUBJECT: &str = "import";

impl Import {
    /// Takes the file in beside orders: first a dry run, then done in short steps, each a
    /// transaction of its own. Goes on when the caller leaves; ends early when `stop` is cancelled.
    ///
    /// # Errors
    /// As [`Import::dry_run`], with nothing changed; `import_stopped` where it ended half-way,
    /// which says how much is in.
    pub async fn run(
        self,
        store: &Store,
        hasher: &Hasher,
        stop: CancellationToken,
    ) -> Result<Report> {
        self.dry_run(store).await?;
        let secrets = hash_secrets(&self.file.content.staff, store, hasher).await?;
        in_steps(self, secrets, store, stop).await
    }
}

/// Does an import in steps; goes on to its end when the caller leaves.
async fn in_steps(
    import: Import,
    secrets: Secrets,
    store: &Store,
    stop: CancellationToken,
) -> Result<Report> {
    let units = Unit::all(&import.file.content, import.whole_menu);
    let (total, by) = (units.len(), import.by);
    let committed = Arc::new(AtomicUsize::new(0));
    let work = Stepwise {
        import,
        secrets,
        units,
        at: 0,
        done: Done::default(),
        committed: Arc::clone(&committed),
        stop,
    };
    let store = store.clone();
    let running = tokio::spawn(async move {
        let error = match store.run_in_steps(work).await {
            Ok(report) => return Ok(report),
            Err(error) => error,
        };
        let done = committed.load(Ordering::Acquire);
        if done == 0 {
            return Err(error);
        }
        let stopped = stopped(&error, done, total);
        // A box that stops or has a full disk takes no more: the next start writes it down.
        let _ = store.run(Stopped { by, done, total, why: error.to_string() }).await;
        Err(stopped)
    });
    running.await.map_err(Error::internal)?
}

fn stopped(why: &Error, done: usize, total: usize) -> Error {
    let detail = format!(
        "The import was stopped: {why} The first {done} of {total} things of the file are in, the \
         rest is not. Take in the same file again: what is in stays as it is, and the rest follows."
    );
    let error = match why.status() {
        503 => Error::interrupted("import_stopped", detail),
        _ => Error::conflict("import_stopped", detail),
    };
    error.with("done", done).with("total", total).with("why", why.problem().code)
}

struct Stepwise {
    import: Import,
    secrets: Secrets,
    units: Vec<Unit>,
    /// The next unit.
    at: usize,
    done: Done,
    /// How many are on the disk.
    committed: Arc<AtomicUsize>,
    stop: CancellationToken,
}

impl Steps for Stepwise {
    type Output = Report;

    fn step(&mut self, tx: &mut Tx<'_>) -> Result<ControlFlow<Report>> {
        // That there is a next step says that the last one was committed.
        self.committed.store(self.at, Ordering::Release);
        if self.stop.is_cancelled() {
            let detail = "The box is stopping. Try again in a minute.";
            return Err(Error::interrupted("stopping", detail));
        }
        if self.at == 0 {
            note(tx, self.import.by, BEGUN, json!({"things": self.units.len()}))?;
        }
        let mut importer = Importer {
            tx,
            file: &self.import.file,
            by: self.import.by,
            secrets: Some(&self.secrets),
            done: &mut self.done,
        };
        while let Some(unit) = self.units.get(self.at) {
            let is_done = importer.unit(*unit)?;
            // What is wrong within a thing is noted, so that a dry run names all of it.
            std::mem::take(&mut importer.done.wrong).refuse_if_any()?;
            self.at += usize::from(is_done);
            if !importer.tx.has_time() && self.at < self.units.len() {
                crate::features::menu::ensure_fits(importer.tx)?;
                return Ok(ControlFlow::Continue(()));
            }
        }
        self.import.finish(&mut importer)?;
        std::mem::take(&mut importer.done.wrong).refuse_if_any()?;
        let report = std::mem::take(&mut self.done.report);
        note(tx, self.import.by, DONE, json!({"counts": report.counts}))?;
        Ok(ControlFlow::Break(report))
    }
}

/// An import ended half-way: the trail says so, and the screens load what is there now.
struct Stopped {
    by: Option<i64>,
    done: usize,
    total: usize,
    why: String,
}

impl Command for Stopped {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let said = json!({"done": self.done, "things": self.total, "why": self.why});
        note(tx, self.by, STOPPED, said)?;
        importer::tell(tx, true, true, true)
    }
}

fn note(tx: &Tx<'_>, by: Option<i64>, action: &str, said: Value) -> Result<()> {
    audit::note(tx, by, action, (SUBJECT, None), (Value::Null, said))
}

/// Writes down that an import was cut off, where the trail has its beginning and no end: the box
/// lost its power, or was stopped within a step.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn note_broken_off(store: &Store) -> Result<()> {
    if store.read(is_broken_off).await? {
        tracing::warn!("an import was cut off half-way: take in the same file again");
        store.run(BrokenOff).await?;
    }
    Ok(())
}

fn is_broken_off(db: &Connection) -> Result<bool> {
    let sql = "SELECT action FROM audit WHERE subject = ?1 AND subject_id IS NULL
               ORDER BY id DESC LIMIT 1";
    let last = db.query_row(sql, [SUBJECT], |row| row.get::<_, String>(0)).optional()?;
    Ok(last.is_some_and(|action| action == BEGUN))
}

struct BrokenOff;

impl Command for BrokenOff {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        note(tx, None, STOPPED, json!({"why": "the box was stopped meanwhile"}))
    }
}
