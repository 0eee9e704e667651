//! How fast the copy goes: how many rows a batch has, how long to wait after a failure, and when to
//! rest so that orders come first.

use std::time::{Duration, Instant};

use crate::platform::auth::random_bytes;

/// Rows of the very first batch; later ones follow what the connection carries and the cloud takes.
const FIRST_BATCH: i64 = 500;
/// Rows of a batch at most: some 2 MB.
const LARGEST_BATCH: i64 = 5000;
/// Rows of a batch at most while the restaurant orders: a few milliseconds of work.
const LARGEST_WHEN_BUSY: i64 = 250;
/// A batch that takes longer halves the next one, one that takes a quarter of it doubles it.
const GOOD_TIME: Duration = Duration::from_secs(2);
/// While the restaurant orders, the box rests this many times as long as it worked on a batch.
const REST: u32 = 4;
/// A commit this long ago no longer counts as ordering.
const BUSY_FOR: Duration = Duration::from_secs(3);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// How fast to go on; it outlives a connection, so that a bad connection is remembered.
pub(super) struct Backoff {
    rows: i64,
    /// Batches were cut off since one came through: the size grows slowly until then.
    broke: bool,
    pause: Duration,
    busy_until: Option<Instant>,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { rows: FIRST_BATCH, broke: false, pause: FIRST_PAUSE, busy_until: None }
    }
}

impl Backoff {
    /// Rows of the next batch.
    pub(super) fn rows(&self) -> i64 {
        if self.is_busy() { self.rows.min(LARGEST_WHEN_BUSY) } else { self.rows }
    }

    /// A batch came through in so much time.
    pub(super) fn came_through(&mut self, took: Duration) {
        self.pause = FIRST_PAUSE;
        if took > GOOD_TIME {
            self.rows = (self.rows / 2).max(1);
        } else if took < GOOD_TIME / 4 && !std::mem::take(&mut self.broke) {
            self.rows = (self.rows * 2).min(LARGEST_BATCH);
        }
    }

    /// A batch was cut off: a smaller one may come through before the connection breaks again. As long
    /// as there is a smaller one to try, the cloud is there and nobody waits longer for it.
    pub(super) fn was_cut_off(&mut self) {
        if self.rows > 1 {
            self.pause = FIRST_PAUSE;
        }
        self.rows = (self.rows / 2).max(1);
        self.broke = true;
    }

    /// All is well: the next failure is a first one.
    pub(super) fn is_well(&mut self) {
        self.pause = FIRST_PAUSE;
    }

    /// How long to wait after a failure: longer each time, and never the same, so that many boxes
    /// do not knock in step.
    pub(super) fn pause(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (pause * 2).min(LONGEST_PAUSE);
        with_jitter(pause)
    }

    /// The restaurant orders just now.
    pub(super) fn orders_come(&mut self) {
        self.busy_until = Some(Instant::now() + BUSY_FOR);
    }

    /// How long to rest after this much work: orders come first, and while there are any the copy
    /// takes a fifth of the time.
    pub(super) fn rest(&self, worked: Duration) -> Duration {
        if self.is_busy() { worked * REST } else { Duration::ZERO }
    }

    fn is_busy(&self) -> bool {
        self.busy_until.is_some_and(|until| Instant::now() < until)
    }
}

/// Between three and five quarters of it.
fn with_jitter(pause: Duration) -> Duration {
    let random = f64::from(u16::from_le_bytes(random_bytes().unwrap_or_default()));
    pause.mul_f64(0.75 + random / f64::from(u16::MAX) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_millis(10);

    #[test]
    fn a_batch_follows_what_the_cloud_takes_and_the_connection_carries() {
        let mut backoff = Backoff::default();
        for _ in 0..9 {
            backoff.came_through(QUICK);
        }
        assert_eq!(backoff.rows(), LARGEST_BATCH);
        backoff.came_through(GOOD_TIME * 2);
        assert_eq!(backoff.rows(), LARGEST_BATCH / 2);
        for _ in 0..20 {
            backoff.was_cut_off();
        }
        assert_eq!(backoff.rows(), 1, "the smallest batch there is");
        backoff.came_through(QUICK);
        assert_eq!(backoff.rows(), 1, "this size has just been found to be good");
        backoff.came_through(QUICK);
        assert_eq!(backoff.rows(), 2);
    }

    #[test]
    fn pauses_grow_are_never_the_same_and_begin_anew_after_headway() {
        let mut backoff = Backoff::default();
        let bounds = |pause: Duration, wanted: Duration| {
            assert!(pause >= wanted * 3 / 4 && pause <= wanted * 5 / 4, "{pause:?} of {wanted:?}");
        };
        for exponent in 0..9 {
            bounds(backoff.pause(), FIRST_PAUSE * 2u32.pow(exponent));
        }
        for _ in 0..9 {
            bounds(backoff.pause(), LONGEST_PAUSE);
        }
        let pauses: std::collections::BTreeSet<Duration> =
            (0..20).map(|_| backoff.pause()).collect();
        assert!(pauses.len() > 10, "many boxes would knock in step: {pauses:?}");
        backoff.came_through(QUICK);
        bounds(backoff.pause(), FIRST_PAUSE);
        backoff.is_well();
        bounds(backoff.pause(), FIRST_PAUSE);
    }

    #[test]
    fn on_a_line_that_breaks_smaller_batches_are_tried_without_longer_pauses() {
        let mut backoff = Backoff::default();
        while backoff.rows() > 1 {
            backoff.was_cut_off();
            assert!(backoff.pause() < FIRST_PAUSE * 2, "{} rows", backoff.rows());
        }
        let pauses = [(); 3].map(|()| {
            backoff.was_cut_off();
            backoff.pause()
        });
        assert!(pauses[0] >= FIRST_PAUSE * 3 / 2 && pauses[2] >= FIRST_PAUSE * 6, "{pauses:?}");
    }

    #[test]
    fn orders_come_first() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.rest(QUICK), Duration::ZERO);
        backoff.orders_come();
        assert_eq!((backoff.rows(), backoff.rest(QUICK)), (LARGEST_WHEN_BUSY, QUICK * REST));
    }
}
