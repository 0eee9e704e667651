//! What the writer counts of its own work.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::priority::Priority;
use crate::core::histogram::Histogram;

/// A command that took longer is told of in the log: orders waited behind it.
const LONG: Duration = Duration::from_millis(50);

/// What was counted of one priority.
pub struct PriorityMetrics {
    /// For how long its commands held the writer, each.
    pub held: Histogram,
    /// For how long they waited until it was their turn.
    pub waited: Histogram,
    longest: Mutex<(Duration, &'static str)>,
}

impl PriorityMetrics {
    /// Which command held the writer for longest, and for how long.
    pub fn longest(&self) -> (Duration, &'static str) {
        *self.longest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for PriorityMetrics {
    fn default() -> Self {
        Self {
            held: Histogram::of_seconds(),
            waited: Histogram::of_seconds(),
            longest: Mutex::new((Duration::ZERO, "")),
        }
    }
}

/// Counted since the start.
pub struct StoreMetrics {
    /// From the begin of a transaction to its fsync.
    pub commit: Histogram,
    /// How many commands shared one.
    pub batch: Histogram,
    /// Commands for which there was no room in the queue.
    pub turned_away: AtomicU64,
    /// By priority.
    by_priority: [PriorityMetrics; 3],
    started: Instant,
    /// When the batch that is now under way began, in microseconds since the start; 0 for none.
    held_since: AtomicU64,
}

impl Default for StoreMetrics {
    fn default() -> Self {
        Self {
            commit: Histogram::of_seconds(),
            batch: Histogram::of_numbers(),
            turned_away: AtomicU64::new(0),
            by_priority: Default::default(),
            started: Instant::now(),
            held_since: AtomicU64::new(0),
        }
    }
}

impl StoreMetrics {
    /// What was counted of a priority.
    pub fn of(&self, priority: Priority) -> &PriorityMetrics {
        &self.by_priority[priority as usize]
    }

    /// For how long the batch that is under way has held the writer; zero when it is idle.
    pub fn held_for(&self) -> Duration {
        match self.held_since.load(Ordering::Relaxed) {
            0 => Duration::ZERO,
            since => self.started.elapsed().saturating_sub(Duration::from_micros(since)),
        }
    }

    /// A batch is under way from now on.
    pub(super) fn begin(&self) {
        let since = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.held_since.store(since.max(1), Ordering::Relaxed);
    }

    /// It was committed, or lost.
    pub(super) fn end(&self) {
        self.held_since.store(0, Ordering::Relaxed);
    }

    pub(super) fn note_wait(&self, priority: Priority, waited: Duration) {
        self.of(priority).waited.observe(waited);
    }

    pub(super) fn note_command(&self, priority: Priority, name: &'static str, took: Duration) {
        let metrics = self.of(priority);
        metrics.held.observe(took);
        let mut longest = metrics.longest.lock().unwrap_or_else(PoisonError::into_inner);
        if took > longest.0 {
            *longest = (took, name);
        }
        drop(longest);
        if took > LONG {
            tracing::warn!(command = name, ?took, "a command held the writer for long");
        }
    }
}
