//! The register's own clock: it may be set, be off, and jump over a night.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Milliseconds of a second.
pub(super) const SECOND: i64 = 1000;
/// Milliseconds of an hour.
pub(super) const HOUR: i64 = 3600 * SECOND;
/// Milliseconds of a day.
pub(super) const DAY: i64 = 24 * HOUR;

/// A clock that differs from this machine's by so many milliseconds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    ahead: i64,
}

impl Clock {
    /// A clock that was set before.
    pub(super) fn ahead_by(ahead: i64) -> Self {
        Self { ahead }
    }

    /// Its difference from this machine's, in milliseconds.
    pub(super) fn ahead(self) -> i64 {
        self.ahead
    }

    /// What it shows, in milliseconds since 1970.
    pub(super) fn now(self) -> i64 {
        Timestamp::now().as_millisecond().saturating_add(self.ahead)
    }

    pub(super) fn move_by(&mut self, milliseconds: i64) {
        self.ahead = self.ahead.saturating_add(milliseconds);
    }

    pub(super) fn set(&mut self, now: i64) {
        self.ahead = now - Timestamp::now().as_millisecond();
    }
}

/// A moment as results have it: 2026-11-30T01:02:03+03:00.
pub(super) fn moment(at: i64, zone: &TimeZone) -> String {
    shown(at, zone, "%Y-%m-%dT%H:%M:%S%:z")
}

/// A moment in another form.
pub(super) fn shown(at: i64, zone: &TimeZone, form: &str) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or_default();
    at.to_zoned_datetime(zone.clone()).strftime(form).to_string()
}
