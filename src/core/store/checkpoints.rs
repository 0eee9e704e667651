//! Writes the log of the database back into it, in a thread of its own: an order's commit would wait
//! for two more fsyncs otherwise.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::OpenError;
use super::open::classify;

/// How many pages of the log are worth it (1 MiB). The commits of orders wait for the disk as long as
/// the writing back does: beside an import that is a quarter as long as with four times as many.
const WORTH: i64 = 250;
/// Commits of this time are written back together.
const PAUSE: Duration = Duration::from_millis(100);

/// The thread that writes back.
pub(super) struct Checkpoints {
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    word: Mutex<Word>,
    changed: Condvar,
}

#[derive(Default)]
struct Word {
    committed: bool,
    ended: bool,
}

impl Checkpoints {
    pub(super) fn start(path: &Path) -> Result<Self, OpenError> {
        let failed = |error: rusqlite::Error| classify(path, &error);
        let db = Connection::open(path).map_err(failed)?;
        db.execute_batch("PRAGMA synchronous = FULL; PRAGMA cache_size = -64;").map_err(failed)?;
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let thread = std::thread::Builder::new()
            .name("qres-checkpoint".into())
            .spawn(move || shared.serve(&db))
            .map_err(|error| OpenError::Unusable(error.to_string()))?;
        Ok(Self { state, thread: Some(thread) })
    }

    /// The log may have grown.
    pub(super) fn note_commit(&self) {
        let mut word = self.state.word();
        if !word.committed {
            word.committed = true;
            self.state.changed.notify_one();
        }
    }

    /// Ends the thread; what it has not written back is left for the one who closes the file.
    pub(super) fn end(&mut self) {
        self.state.word().ended = true;
        self.state.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.end();
    }
}

impl State {
    fn word(&self) -> MutexGuard<'_, Word> {
        self.word.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, db: &Connection) {
        while self.wait() {
            if let Err(error) = write_back(db) {
                // The log stays: the next commit, or the next start, brings it back.
                tracing::debug!(%error, "the log is not written back yet");
            }
        }
    }

    /// Waits for commits, and a little longer for those that follow. False when it is to end.
    fn wait(&self) -> bool {
        let idle = |word: &mut Word| !word.committed && !word.ended;
        let word = self.changed.wait_while(self.word(), idle);
        let word = word.unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(word, PAUSE, |word| !word.ended);
        let (mut word, _) = waited.unwrap_or_else(PoisonError::into_inner);
        word.committed = false;
        !word.ended
    }
}

/// Writes back what is worth it, without waiting for anybody and without holding anybody up.
fn write_back(db: &Connection) -> rusqlite::Result<()> {
    let pages = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
    let (in_log, written) = db.query_row("PRAGMA wal_checkpoint(NOOP)", [], pages)?;
    if in_log - written < WORTH {
        return Ok(());
    }
    db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}
