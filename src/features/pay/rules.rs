//! How often a provider is asked. Pure.

use std::time::Duration;

/// So long after its time (ms) an attempt is still looked at: money may be on its way.
pub const GRACE: i64 = 10 * 60_000;
/// One that was written down and not sent for so long (ms) is not sent any more: nobody waits for it.
pub const SENT_WITHIN: i64 = 2 * 60_000;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60_000;

/// How long until an attempt is asked about again, by how long ago it was sent and how long its time is over
/// (below 0 while it is not), in milliseconds: every 2 s in the first minute, every 5 s until ten minutes,
/// then every 15 s; and every minute what nobody answered when it should have been known.
pub fn pause(age: i64, past: i64) -> Duration {
    Duration::from_secs(match age {
        _ if past > GRACE => 60,
        age if age < 60 * SECOND => 2,
        age if age < 10 * MINUTE => 5,
        _ => 15,
    })
}

/// How long until a refund is asked about again, by how often it was: banks take from seconds to days.
pub fn refund_pause(asked: u32) -> Duration {
    Duration::from_secs(match asked {
        0..5 => 2,
        5..15 => 10,
        15..60 => 60,
        _ => 600,
    })
}

/// Whether an attempt's time, and the time in which money may come after it, is over.
pub fn is_past(expires_at: Option<i64>, now: i64) -> bool {
    expires_at.is_some_and(|ends| now > ends.saturating_add(GRACE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_who_stands_there_is_not_kept_waiting() {
        let seconds = |age, past| pause(age, past).as_secs();
        assert_eq!(seconds(0, -900_000), 2);
        // A clock that was set back.
        assert_eq!(seconds(-5_000, -900_000), 2);
        assert_eq!(seconds(59_999, -800_000), 2);
        assert_eq!(seconds(60_000, -800_000), 5);
        assert_eq!(seconds(600_000, -300_000), 15);
        assert_eq!(seconds(1_200_000, 600_000), 15);
        assert_eq!(seconds(1_600_000, 600_001), 60);
        assert!(!is_past(None, i64::MAX));
        assert!(!is_past(Some(1000), 1000 + GRACE));
        assert!(is_past(Some(1000), 1001 + GRACE));
        assert_eq!([0, 5, 15, 60].map(|asked| refund_pause(asked).as_secs()), [2, 10, 60, 600]);
    }
}
