//! The read-only connections. A read runs off the async threads, sees one moment of the database,
//! and holds it no longer than its query.
//!
//! Short reads, behind which somebody waits at a table, and long ones, such as a year's report,
//! have connections of their own: three hundred reports keep no sign-in waiting. Whoever finds too
//! many before them hears 503 at once instead of waiting for nothing.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

use super::open::OpenError;
use super::sql::add_functions;
use crate::core::background::in_background;
use crate::core::error::{Error, Result};

/// How many steps SQLite does between two looks at the clock: about a millisecond.
const STEPS: i32 = 20_000;

/// How a kind of read is bounded.
struct Bounds {
    /// How many run at once; each connection holds up to 1 MiB.
    connections: usize,
    /// How many more may wait.
    queue: usize,
    /// How long they may wait.
    patience: Duration,
    /// How long one may run.
    limit: Duration,
    /// Whether it goes behind those who wait at a table.
    in_background: bool,
}

/// Enough for two cores to be busy while one waits for the disk.
const SHORT: Bounds = Bounds {
    connections: 3,
    queue: 256,
    patience: Duration::from_secs(5),
    limit: Duration::from_secs(10),
    in_background: false,
};
/// One core is left to those who wait at a table.
const LONG: Bounds = Bounds {
    connections: 1,
    queue: 8,
    patience: Duration::from_secs(10),
    limit: Duration::from_mins(1),
    in_background: true,
};

#[derive(Clone)]
pub(super) struct Readers {
    short: Arc<Lane>,
    long: Arc<Lane>,
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self, OpenError> {
        let lane = |bounds| Lane::open(path, bounds).map(Arc::new);
        let opened = lane(SHORT).and_then(|short| Ok(Self { short, long: lane(LONG)? }));
        opened.map_err(|error| OpenError::Unusable(error.to_string()))
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.short.read(query).await
    }

    pub(super) async fn read_long<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.long.read(query).await
    }

    /// Whether a short read comes back within `limit`, however many wait.
    pub(super) async fn probe(&self, limit: Duration) -> Result<()> {
        let look = async {
            let turn = Arc::clone(&self.short.turns).acquire_owned().await;
            let turn = turn.map_err(Error::internal)?;
            self.short.run(turn, |db| Ok(db.query_row("SELECT 1", [], |_| Ok(()))?)).await
        };
        timeout(limit, look).await.map_err(|_| Error::busy())?
    }
}

/// Begins a read off the threads that serve. There are a hundred kinds of read: the machinery of a
/// task would be compiled for each of them.
fn begin(work: Box<dyn FnOnce() + Send>) {
    drop(tokio::task::spawn_blocking(work));
}

/// One kind of read.
struct Lane {
    path: PathBuf,
    bounds: Bounds,
    /// One for each read that runs or waits.
    places: Arc<Semaphore>,
    /// One for each read that runs.
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Reader>>,
}

impl Lane {
    fn open(path: &Path, bounds: Bounds) -> rusqlite::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            places: Arc::new(Semaphore::new(bounds.connections + bounds.queue)),
            turns: Arc::new(Semaphore::new(bounds.connections)),
            idle: Mutex::new(vec![Reader::open(path)?]),
            bounds,
        })
    }

    async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        query: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _place = self.places.try_acquire().map_err(|_| Error::busy())?;
        let turn = timeout(self.bounds.patience, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| Error::busy())?.map_err(Error::internal)?;
        self.run(turn, query).await
    }

    /// The turn is given back by the work itself: a caller who hangs up does not end it.
    async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        turn: OwnedSemaphorePermit,
        query: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let lane = Arc::clone(self);
        let work = move || {
            let _turn = turn;
            let reader = lane.take()?;
            reader.clock.start(lane.bounds.limit);
            // All that one query asks is of one moment.
            let snapshot = reader.connection.unchecked_transaction()?;
            let answer = query(&snapshot);
            drop(snapshot);
            lane.put_back(reader);
            answer
        };
        if self.bounds.in_background {
            return in_background(work).await?;
        }
        let (caller, answer) = oneshot::channel();
        begin(Box::new(move || drop(caller.send(work()))));
        answer.await.map_err(|_| Error::internal("a query panicked"))?
    }

    fn take(&self) -> Result<Reader> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| Ok(Reader::open(&self.path)?), Ok)
    }

    fn put_back(&self, reader: Reader) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
    }
}

/// One connection; closed when its query panics.
struct Reader {
    connection: Connection,
    clock: Arc<Clock>,
}

impl Reader {
    fn open(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.set_prepared_statement_cache_capacity(64);
        add_functions(&connection)?;
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -1024;")?;
        let clock = Arc::new(Clock { began: Instant::now(), ends: AtomicU64::new(u64::MAX) });
        let watched = Arc::clone(&clock);
        connection.progress_handler(STEPS, Some(move || watched.is_over()))?;
        Ok(Self { connection, clock })
    }
}

/// When a query must have ended.
struct Clock {
    began: Instant,
    /// In milliseconds since then.
    ends: AtomicU64,
}

impl Clock {
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn start(&self, limit: Duration) {
        let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        self.ends.store(self.now().saturating_add(limit), Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.now() >= self.ends.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use std::sync::mpsc;

    const ENDLESS: &str = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n)
                           SELECT count(*) FROM n";

    fn readers() -> (tempfile::TempDir, Readers) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("qres.db");
        Connection::open(&path)
            .unwrap()
            .execute_batch("CREATE TABLE t (a INTEGER) STRICT")
            .unwrap();
        let readers = Readers::open(&path).unwrap();
        (folder, readers)
    }

    fn count(db: &Connection) -> Result<i64> {
        Ok(db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?)
    }

    /// B10: three hundred reports at once get an answer or a 503, and keep no short read waiting.
    #[tokio::test(flavor = "multi_thread")]
    async fn long_reads_keep_no_short_one_waiting_and_no_queue_without_end() {
        let (_folder, readers) = readers();
        let (release, blocked) = mpsc::channel::<()>();
        let (begun, starts) = mpsc::channel();
        let first = tokio::spawn({
            let readers = readers.clone();
            async move {
                let hold = move |_: &Connection| {
                    let _ = begun.send(());
                    let _ = blocked.recv();
                    Ok(())
                };
                readers.read_long(hold).await
            }
        });
        tokio::task::spawn_blocking(move || starts.recv()).await.unwrap().unwrap();
        let reports: Vec<_> = (0..300)
            .map(|_| {
                let readers = readers.clone();
                tokio::spawn(async move { readers.read_long(count).await.map_err(|e| e.status()) })
            })
            .collect();
        assert!(readers.read(count).await.is_ok());
        readers.probe(Duration::from_secs(5)).await.unwrap();
        while readers.long.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        drop(release);
        first.await.unwrap().unwrap();
        let answers: Vec<_> = join_all(reports).await.into_iter().map(Result::unwrap).collect();
        let answered = answers.iter().filter(|answer| answer.is_ok()).count();
        let turned_away = answers.iter().filter(|answer| **answer == Err(503)).count();
        assert!(answered >= LONG.queue, "{answered}");
        assert_eq!(answered + turned_away, 300);
    }

    /// B10: a read that does not end is ended, and its connection is good again.
    #[tokio::test]
    async fn a_query_has_its_time() {
        let (_folder, readers) = readers();
        let lane = Arc::new(
            Lane::open(&readers.short.path, Bounds { limit: Duration::from_millis(50), ..SHORT })
                .unwrap(),
        );
        let endless = |db: &Connection| Ok(db.query_row(ENDLESS, [], |row| row.get::<_, i64>(0))?);
        assert_eq!(lane.read(endless).await.unwrap_err().status(), 503);
        assert!(lane.read(count).await.is_ok());
    }

    #[tokio::test]
    async fn a_panicking_query_takes_its_connection_along_and_nothing_else() {
        let (_folder, readers) = readers();
        for _ in 0..10 {
            let panics = |_: &Connection| -> Result<()> { panic!("a query's own fault") };
            assert_eq!(readers.read(panics).await.unwrap_err().status(), 500);
        }
        assert!(readers.read(count).await.is_ok());
    }
}
