//! The single writer: takes the commands that wait, gives each a savepoint, commits them with
//! one fsync, then tells the screens and answers the callers.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rusqlite::{Connection, ErrorCode, ffi};
use tokio::sync::{Notify, oneshot};

use super::Tx;
use super::changes::{ChangeTracker, Touched};
use super::checkpoints::Checkpoints;
use super::command::{Applied, Command, Pending, PendingCommand};
use super::memory::Memory;
use super::metrics::StoreMetrics;
use super::queue::{Batch, Queue, Waiting};
use super::tables::Tables;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::event::Event;
use crate::core::kernel::Timestamp;

/// What was committed, as observers hear of it.
pub struct Commit<'a> {
    /// The database as it stands now.
    pub db: &'a Connection,
    /// What is told of it.
    pub events: &'a [Arc<Event>],
    touched: Touched,
    tables: &'static Tables,
}

impl Commit<'_> {
    /// Whether rows of a table may have changed. What the box keeps of them in memory is read anew
    /// then: a handler may be gone before it could do so.
    pub fn touched(&self, table: &str) -> bool {
        self.touched.has(self.tables.place(table))
    }
}

/// Hears of every commit, in the writer's thread: so it must be quick.
pub type Observer = Box<dyn Fn(&Commit<'_>) + Send>;
/// Those who hear of commits, in the order in which they came.
pub(super) type Observers = Arc<Mutex<Vec<Observer>>>;

#[derive(Clone)]
pub(super) struct Writer {
    queue: Arc<Queue>,
    metrics: Arc<StoreMetrics>,
}

impl Writer {
    /// Does a command. One that goes on with work that was `admitted` is not turned away.
    pub(super) async fn run<C: Command>(&self, command: C, admitted: bool) -> Result<C::Output> {
        let (caller, answer) = oneshot::channel();
        let pending = PendingCommand::new(command, caller);
        let waiting =
            Waiting { pending: Box::new(pending), priority: C::PRIORITY, since: Instant::now() };
        if !self.queue.push(waiting, admitted) {
            self.metrics.turned_away.fetch_add(1, Ordering::Relaxed);
            return Err(Error::busy());
        }
        // Only a writer that died drops a command that it took in.
        answer.await.map_err(|_| Error::busy())?
    }

    pub(super) fn queue_length(&self) -> usize {
        self.queue.length()
    }

    pub(super) async fn close(&self) {
        if let Some(done) = self.queue.close() {
            let _ = done.await;
        }
    }
}

pub(super) struct WriterThread {
    connection: Connection,
    last_seq: Arc<AtomicI64>,
    observers: Observers,
    tracker: ChangeTracker,
    memory: Memory,
    checkpoints: Checkpoints,
    changed: Arc<Notify>,
    metrics: Arc<StoreMetrics>,
    /// Since a command was refused after it had written without a savepoint, each has one.
    is_careful: Cell<bool>,
}

impl WriterThread {
    pub(super) fn new(
        connection: Connection,
        last_seq: Arc<AtomicI64>,
        observers: Observers,
        tracker: ChangeTracker,
        checkpoints: Checkpoints,
        changed: Arc<Notify>,
        metrics: Arc<StoreMetrics>,
    ) -> Self {
        Self {
            connection,
            last_seq,
            observers,
            tracker,
            memory: Memory::default(),
            checkpoints,
            changed,
            metrics,
            is_careful: Cell::new(false),
        }
    }

    pub(super) fn start(mut self) -> std::io::Result<Writer> {
        let queue = Arc::new(Queue::default());
        let writer = Writer { queue: Arc::clone(&queue), metrics: Arc::clone(&self.metrics) };
        std::thread::Builder::new().name("qres-writer".into()).spawn(move || {
            // A box whose store died must not go on answering: the service manager starts it
            // again.
            if catch_unwind(AssertUnwindSafe(|| self.serve(&queue))).is_err() {
                tracing::error!("the store's writer died; ending, to be started again");
                std::process::exit(1);
            }
        })?;
        Ok(writer)
    }

    fn serve(&mut self, queue: &Queue) {
        let closed = loop {
            match queue.begin() {
                Ok(batch) => self.commit_batch(queue, batch),
                Err(closed) => break closed,
            }
        };
        self.checkpoints.end();
        self.checkpoint();
        if let Some(closed) = closed {
            let _ = closed.send(());
        }
    }

    /// Applies a batch in one transaction. Every caller is answered after it, however it ended.
    fn commit_batch(&mut self, queue: &Queue, batch: Batch) {
        let mut applied = Vec::new();
        let mut events = Vec::new();
        let begun = Instant::now();
        self.metrics.begin();
        let outcome = self.apply_batch(queue, batch, &mut applied, &mut events);
        self.metrics.commit.observe(begun.elapsed());
        self.metrics.batch.count(applied.len());
        match &outcome {
            Ok(()) => self.publish(&events),
            Err(error) => self.abandon(error),
        }
        self.metrics.end();
        for pending in applied {
            pending.answer(outcome.as_ref().map(|&()| ()).map_err(failure));
        }
        self.checkpoints.note_commit();
    }

    /// Takes the commands from the queue one by one: an order that comes meanwhile still goes
    /// before the rest. Those that were taken are in `applied`, also when the batch is lost.
    fn apply_batch(
        &mut self,
        queue: &Queue,
        mut batch: Batch,
        applied: &mut Vec<Box<dyn Pending>>,
        events: &mut Vec<Arc<Event>>,
    ) -> rusqlite::Result<()> {
        let now = clock::now();
        let mut last_seq = self.last_seq.load(Ordering::Acquire);
        self.memory.forget(self.tracker.touched());
        self.tracker.begin();
        while let Some(next) = queue.next(&mut batch) {
            applied.push(next.pending);
            let Some(pending) = applied.last_mut() else { break };
            let begun = Instant::now();
            self.metrics.note_wait(next.priority, begun - next.since);
            if batch.is_first() {
                self.execute("BEGIN IMMEDIATE")?;
            }
            let told = self.apply_one(pending.as_mut(), now, last_seq)?;
            let took = begun.elapsed();
            self.metrics.note_command(next.priority, pending.name(), took);
            batch.note(next.priority, took);
            last_seq += told.len() as i64;
            events.extend(told);
        }
        let changed = self.tracker.write(&self.connection)?;
        self.execute("COMMIT")?;
        if changed {
            self.changed.notify_one();
        }
        Ok(())
    }

    /// One command, inside a savepoint where it needs one. An error here means that the whole batch
    /// is lost.
    fn apply_one(
        &self,
        pending: &mut dyn Pending,
        now: Timestamp,
        last_seq: i64,
    ) -> rusqlite::Result<Vec<Arc<Event>>> {
        let is_saved = self.is_careful.get() || !pending.checks_first();
        if is_saved {
            self.execute("SAVEPOINT command")?;
        }
        let (mark, written) = (self.tracker.mark(), self.connection.total_changes());
        let mut tx = Tx::new(&self.connection, &self.tracker, &self.memory, now, last_seq);
        let applied = pending.apply(&mut tx);
        let events = tx.into_events();
        // After some errors SQLite has rolled the outer transaction back by itself, and the
        // neighbours' writes with it.
        if self.connection.is_autocommit() {
            let code = match applied {
                Applied::DiskFull => ffi::SQLITE_FULL,
                Applied::Done | Applied::Refused => ffi::SQLITE_IOERR,
            };
            return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        }
        if let Applied::Done = applied {
            if is_saved {
                self.execute("RELEASE command")?;
            }
            return Ok(events);
        }
        if is_saved {
            self.execute("ROLLBACK TO command")?;
            self.execute("RELEASE command")?;
        } else if self.connection.total_changes() != written {
            let code = match applied {
                Applied::DiskFull => ffi::SQLITE_FULL,
                Applied::Done | Applied::Refused => {
                    tracing::error!(command = pending.name(), "refused after it had written");
                    self.is_careful.set(true);
                    ffi::SQLITE_ABORT
                }
            };
            return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        }
        self.tracker.take_back(mark);
        Ok(Vec::new())
    }

    fn execute(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop)
    }

    fn publish(&self, events: &[Arc<Event>]) {
        if let Some(last) = events.last() {
            self.last_seq.store(last.seq, Ordering::Release);
        }
        let touched = self.tracker.touched();
        if events.is_empty() && touched.is_empty() {
            return;
        }
        let tables = self.tracker.tables();
        let commit = Commit { db: &self.connection, events, touched, tables };
        for observer in self.observers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            observer(&commit);
        }
    }

    /// After a failed commit: rolls back what is left of it. When the disk is merely full the
    /// box goes on; after anything else the file's state is unknown, and a fresh start reads it
    /// from the log again (the service manager starts us).
    fn abandon(&self, error: &rusqlite::Error) {
        if !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => {
                tracing::error!("the disk is full: nothing can be written");
            }
            Some(ErrorCode::DatabaseBusy) => tracing::warn!("another program holds the database"),
            // A command that was half done: it is told where it happened.
            Some(ErrorCode::OperationAborted) => {}
            _ => {
                tracing::error!(%error, "the database failed; ending, to be started again");
                std::process::exit(1);
            }
        }
    }

    /// No statistics are gathered (`PRAGMA optimize`): taken on a day with four lines in the
    /// tables, they make SQLite scan them on the full days after. Every query has its index, and
    /// names it where that needs saying.
    fn checkpoint(&self) {
        let _ = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);");
    }
}

/// What a caller hears when the commit of its batch failed.
fn failure(error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::storage_full(),
        _ => Error::busy(),
    }
}
