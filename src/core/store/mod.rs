//! The one door to the database: a single writer with group commit, and a pool of readers.
//!
//! A command is answered only after the fsync of its commit, and its events are published in
//! the same moment: what a screen was told survives a pulled plug.

mod atomic_swap;
mod changes;
mod check;
mod checkpoints;
mod columns;
mod command;
mod disk;
mod dry_run;
mod event_trim;
mod events;
mod id_ranges;
mod idempotency;
mod kept_reply;
mod memory;
mod metrics;
mod open;
mod priority;
mod queue;
mod readers;
mod remains;
mod repository;
mod snapshot;
mod sql;
mod steps;
mod subscriptions;
mod sums;
mod tables;
mod traces;
mod tx;
mod writer;

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use atomic_swap::{AtomicSwap, BESIDE, finish as finish_swap, sync as sync_folder};
pub use changes::{
    Waiting, backlog, everything, fold, forget_taken, has_change, newest_change, record_by_hand,
    waiting,
};
pub use check::{Inspection, inspect, open_for_look, open_read_only};
pub use columns::Columns;
pub use command::Command;
pub use disk::{SpaceWatch, disk_space, enough_space};
pub use dry_run::dry_run;
pub use event_trim::{EventTrim, oldest_kept, trim};
pub use events::{Replay, newest_before, newest_moment, oldest_and_newest, replay};
pub use id_ranges::{IdRange, union};
pub use idempotency::{
    IdempotencyKey, Idempotent, KeptKey, Replayed, Reply, Told, delete_keys, forget_replies,
    old_keys,
};
#[cfg(test)]
pub use memory::tables_read;
pub use metrics::{PriorityMetrics, StoreMetrics};
pub use open::{
    DataFolder, OpenError, bring_to_newest, create_at_schema, holder, newest_schema,
    sqlite_version, with_newest_schema,
};
pub use priority::Priority;
pub use remains::OverwriteRemains;
pub use repository::{Repository, name_taken};
pub use snapshot::{
    Contents, JOB_RESTORED, begin_anew, checkpoint, contents, copy_database, database_size,
    schema_of,
};
pub use sql::{Filter, course, is_unique_violation, measure, quantity, word};
pub use steps::Steps;
pub use subscriptions::{Subscription, Taken, subscriptions, take_events};
pub use sums::{add_cost, add_entries, count_anew, is_day_right};
pub use tables::{CopiedTable, Tables};
pub use tx::Tx;
pub use writer::{Commit, Observer};

use futures_util::FutureExt;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::core::clock;
use crate::core::error::{Error, Result};
use changes::ChangeTracker;
use checkpoints::Checkpoints;
use readers::Readers;
use writer::{Observers, Writer, WriterThread};

/// How often the log is tried to be emptied while somebody reads, and what lies between.
const LOG_TRIES: usize = 100;
const LOG_PAUSE: Duration = Duration::from_millis(100);

/// The connection type of queries, so that features need not name the driver.
pub type Connection = rusqlite::Connection;

/// Changes nothing.
struct Probe;

impl Command for Probe {
    type Output = ();
    // What is asked for is whether orders are taken.
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }
}

/// The database of the box. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    writer: Writer,
    readers: Readers,
    last_seq: Arc<AtomicI64>,
    changed: Arc<Notify>,
    metrics: Arc<StoreMetrics>,
    observers: Observers,
    tables: &'static Tables,
    path: Arc<Path>,
}

impl Store {
    /// Opens the database of a data folder, migrates it, and starts the writer. `observers` hear
    /// of every commit after it is durable and before its caller is answered: caches are dropped and
    /// screens are told in the writer's own thread, so they must be quick. `tables` are all that
    /// there are.
    ///
    /// # Errors
    /// When the file is no database, is newer than this program, or cannot be written.
    pub fn open(
        folder: &Path,
        tables: &'static Tables,
        observers: Vec<Observer>,
    ) -> Result<Self, OpenError> {
        let path = folder.join("qres.db");
        let connection = open::open_writer(&path)?;
        let (_, newest) = oldest_and_newest(&connection).map_err(OpenError::from_error)?;
        clock::begin_after(newest_moment(&connection).map_err(OpenError::from_error)?);
        let last_seq = Arc::new(AtomicI64::new(newest));
        let readers = Readers::open(&path)?;
        let tracker = ChangeTracker::attach(&connection, tables)
            .map_err(|error| open::classify(&path, &error))?;
        let changed = Arc::new(Notify::new());
        let metrics = Arc::new(StoreMetrics::default());
        let observers = Arc::new(Mutex::new(observers));
        let thread = WriterThread::new(
            connection,
            Arc::clone(&last_seq),
            Arc::clone(&observers),
            tracker,
            Checkpoints::start(&path)?,
            Arc::clone(&changed),
            Arc::clone(&metrics),
        );
        let writer = thread.start().map_err(|error| OpenError::Unusable(error.to_string()))?;
        Ok(Self {
            writer,
            readers,
            last_seq,
            changed,
            metrics,
            observers,
            tables,
            path: path.into(),
        })
    }

    /// One more who hears of commits from now on: for memory that is filled from the store first.
    pub fn observe(&self, observer: Observer) {
        self.observers.lock().unwrap_or_else(PoisonError::into_inner).push(observer);
    }

    /// The tables that there are.
    pub fn tables(&self) -> &'static Tables {
        self.tables
    }

    /// Does a command: all of it and durable, or nothing.
    ///
    /// # Errors
    /// The command's own refusal; 503 when too many wait; 507 when the disk is full.
    pub async fn run<C: Command>(&self, command: C) -> Result<C::Output> {
        self.writer.run(command, false).await
    }

    /// Whether the writer still commits: an empty order goes all the way through within `limit`.
    ///
    /// # Errors
    /// As [`Store::run`]; 503 also when it does not come back in time.
    pub async fn probe(&self, limit: Duration) -> Result<()> {
        timeout(limit, self.run(Probe)).await.map_err(|_| Error::busy())?
    }

    /// For how long the batch that is under way has held the writer, with its fsync; zero when it
    /// is idle. Costs nothing to ask.
    pub fn held_for(&self) -> Duration {
        self.metrics.held_for()
    }

    /// Reads something small, behind which somebody waits; off the async threads.
    ///
    /// # Errors
    /// The query's own error; 503 when too many wait, or it takes more than ten seconds.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.read(query).await
    }

    /// Reads what may take seconds, such as a year's report, beside the small reads.
    ///
    /// # Errors
    /// The query's own error; 503 when a few wait already, or it takes more than a minute.
    pub async fn read_long<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.readers.read_long(query).await
    }

    /// Whether reads come back within `limit`.
    ///
    /// # Errors
    /// 503 when they do not; the database's own error.
    pub async fn probe_reads(&self, limit: Duration) -> Result<()> {
        self.readers.probe(limit).await
    }

    /// The sequence number of the newest committed event; 0 when there is none.
    pub fn last_seq(&self) -> i64 {
        self.last_seq.load(Ordering::Acquire)
    }

    /// Waits for the next commit that touched rows of the cloud's copy.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Whether there was one since it was waited for last.
    pub fn has_changed(&self) -> bool {
        self.changed.notified().now_or_never().is_some()
    }

    /// What was counted since the start.
    pub fn metrics(&self) -> &StoreMetrics {
        &self.metrics
    }

    /// How many commands wait for the writer.
    pub fn queue_length(&self) -> usize {
        self.writer.queue_length()
    }

    /// Empties the log of the database: what was erased stands in no older page of it then. Tries again while
    /// somebody reads; false when they read on.
    ///
    /// # Errors
    /// When the log cannot be written back.
    pub async fn empty_log(&self) -> Result<bool> {
        for _ in 0..LOG_TRIES {
            let path = Arc::clone(&self.path);
            let emptied = tokio::task::spawn_blocking(move || traces::empty_log(&path)).await;
            if emptied.map_err(Error::internal)?? {
                return Ok(true);
            }
            tokio::time::sleep(LOG_PAUSE).await;
        }
        Ok(false)
    }

    /// Takes no more commands, finishes those that wait, checkpoints and closes the file.
    pub async fn close(&self) {
        self.writer.close().await;
    }
}
