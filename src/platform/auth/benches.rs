//! Where secrets are hashed: a few threads with their working memory.
//!
//! Argon2id needs 19 MiB for each hash. A thread of its own for each piece of that memory keeps
//! the sum fixed, whoever asks and whoever hangs up meanwhile; and a sign-in never waits for a
//! thread that reads the database or a file.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use argon2::{Block, Params};
use tokio::sync::oneshot;

use crate::core::background::go_behind;
use crate::core::error::{Error, Result};

/// How many hashes are computed at once.
const AT_ONCE: usize = 2;
/// How many may wait; one more is told to come back (503). On the slowest board this is ten
/// seconds' work.
const WAITING: usize = 64;
/// How far it goes behind those who serve: who signs in waits a moment, an order does not.
const BEHIND: i32 = 5;
/// How long the memory is kept for the next hash; then it is given back.
const KEPT: Duration = Duration::from_secs(1);

/// Something to compute, in memory that is there as soon as it is asked for.
type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// What one hash needs.
#[derive(Default)]
struct Memory(Vec<Block>);

impl Memory {
    fn blocks(&mut self) -> &mut [Block] {
        self.0.resize(Params::default().block_count(), Block::new());
        &mut self.0
    }
}

/// The threads, while anybody holds this.
pub struct Benches(Arc<Queue>);

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

/// What a thread finds when it looks for work.
enum Next {
    Job(Job),
    Nothing,
    Closed,
}

impl Benches {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn start() -> Result<Self> {
        let benches = Self(Arc::default());
        for _ in 0..AT_ONCE {
            let queue = Arc::clone(&benches.0);
            let thread = std::thread::Builder::new().name("qres-hash".into());
            let work = move || {
                go_behind(BEHIND);
                queue.work();
            };
            thread.spawn(work).map_err(Error::internal)?;
        }
        Ok(benches)
    }

    /// Computes something when a bench is free. Who hangs up before that costs nothing.
    ///
    /// # Errors
    /// The work's own; 503 when too many wait.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut [Block]) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (caller, answer) = oneshot::channel();
        let job = move |memory: &mut Memory| {
            if !caller.is_closed() {
                let _ = caller.send(work(memory.blocks()));
            }
        };
        {
            let mut waiting = self.0.lock();
            if waiting.jobs.len() >= WAITING {
                return Err(Error::busy());
            }
            waiting.jobs.push_back(Box::new(job));
        }
        self.0.changed.notify_one();
        answer.await.map_err(|_| Error::internal("hashing a secret panicked"))?
    }

    /// Comes back when a bench is free, before all who wait.
    ///
    /// # Errors
    /// When there are no benches any more.
    pub async fn probe(&self) -> Result<()> {
        let (caller, answer) = oneshot::channel();
        let job = move |_: &mut Memory| {
            let _ = caller.send(());
        };
        self.0.lock().jobs.push_front(Box::new(job));
        self.0.changed.notify_one();
        answer.await.map_err(Error::internal)
    }
}

impl Drop for Benches {
    fn drop(&mut self) {
        self.0.lock().is_closed = true;
        self.0.changed.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        let mut memory = Memory::default();
        loop {
            match self.next(!memory.0.is_empty()) {
                Next::Job(job) => drop(catch_unwind(AssertUnwindSafe(|| job(&mut memory)))),
                Next::Nothing => memory = Memory::default(),
                Next::Closed => return,
            }
        }
    }

    /// The next job; who holds memory waits for it no longer than that is kept.
    fn next(&self, holds_memory: bool) -> Next {
        let is_idle = |waiting: &mut Waiting| waiting.jobs.is_empty() && !waiting.is_closed;
        let waiting = self.lock();
        let mut waiting = if holds_memory {
            let waited = self.changed.wait_timeout_while(waiting, KEPT, is_idle);
            waited.unwrap_or_else(PoisonError::into_inner).0
        } else {
            let waited = self.changed.wait_while(waiting, is_idle);
            waited.unwrap_or_else(PoisonError::into_inner)
        };
        match waiting.jobs.pop_front() {
            Some(job) => Next::Job(job),
            None if waiting.is_closed => Next::Closed,
            None => Next::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use std::collections::HashSet;
    use std::sync::mpsc;

    #[tokio::test]
    async fn all_hashes_share_two_pieces_of_memory() {
        let benches = Benches::start().unwrap();
        let hashes = (0..WAITING).map(|_| benches.compute(|memory| Ok(memory.as_ptr().addr())));
        let places: HashSet<usize> =
            join_all(hashes).await.into_iter().map(Result::unwrap).collect();
        assert!(places.len() <= AT_ONCE, "{places:?}");
    }

    #[tokio::test]
    async fn so_many_may_wait_and_those_who_hung_up_are_not_worked_for() {
        let benches = Benches::start().unwrap();
        let (release, blocked) = mpsc::channel::<()>();
        let blocked = Arc::new(Mutex::new(blocked));
        let (begun, mut starts) = tokio::sync::mpsc::unbounded_channel();
        let mut ran = Vec::new();
        for _ in 0..AT_ONCE {
            let (blocked, begun) = (Arc::clone(&blocked), begun.clone());
            let mut job = Box::pin(benches.compute(move |_| {
                let _ = begun.send(());
                let _ = blocked.lock().unwrap().recv();
                Ok(())
            }));
            assert!(futures_util::poll!(&mut job).is_pending());
            ran.push(job);
            starts.recv().await.unwrap();
        }
        let mut gone: Vec<_> = (0..WAITING)
            .map(|_| Box::pin(benches.compute(|_| -> Result<()> { panic!("nobody waits") })))
            .collect();
        for job in &mut gone {
            assert!(futures_util::poll!(job).is_pending());
        }
        assert_eq!(benches.compute(|_| Ok(())).await.unwrap_err().status(), 503);
        drop(gone);
        drop(release);
        for job in ran {
            job.await.unwrap();
        }
        assert!(benches.compute(|_| Ok(true)).await.unwrap());
    }
}
