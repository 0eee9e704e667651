//! What the writer counts of its own work.

use std::sync::atomic::AtomicU64;

use crate::observe::Histogram;

/// Counted since the start.
pub struct StoreFigures {
    /// From the begin of a transaction to its fsync.
    pub commit: Histogram,
    /// How many commands shared one.
    pub batch: Histogram,
    /// Commands for which there was no room in the queue.
    pub turned_away: AtomicU64,
}

impl Default for StoreFigures {
    fn default() -> Self {
        Self {
            commit: Histogram::of_seconds(),
            batch: Histogram::of_numbers(),
            turned_away: AtomicU64::new(0),
        }
    }
}
