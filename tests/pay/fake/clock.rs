//! The provider's clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Goes with the machine's, and as far beside it as the test says: moved for expiry, or left beside
/// the box's for skew.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// Milliseconds since 1970.
    pub fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX) + self.0.load(Ordering::SeqCst)
    }

    /// By so many milliseconds, which may be negative.
    pub fn advance(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

/// As the providers write it: `2026-11-30T21:15:00.000Z`.
pub fn utc(moment: i64) -> String {
    stamp(moment).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// As a Russian bank writes it: Moscow's time with its offset.
pub fn moscow(moment: i64) -> String {
    let offset = jiff::tz::Offset::constant(3);
    offset.to_datetime(stamp(moment)).strftime("%Y-%m-%dT%H:%M:%S.%6f+03:00").to_string()
}

/// As in the header `Date`.
pub fn http(moment: i64) -> String {
    stamp(moment).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn stamp(moment: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(moment).expect("a moment within reach")
}

/// ISO 8601 with an offset or `Z`, in milliseconds since 1970.
pub fn read(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}
