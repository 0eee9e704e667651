//! The wall clock. The only place that reads it, beside the log.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::kernel::Timestamp;

/// A clock that shows an earlier time was never set: 2026-01-01.
pub const EARLIEST: Timestamp = Timestamp(1_767_225_600_000);

/// This moment. Durations are measured by the monotonic clock instead: a box without a clock
/// battery may jump by years when it first reaches the network.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
