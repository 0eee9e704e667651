//! Which backups are kept: the newest of each of the last hours, days and weeks that have one,
//! within a number of bytes. Pure.

use std::collections::BTreeSet;

/// How many backups stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// Hours of which the newest backup is kept.
    pub hours: usize,
    /// Days.
    pub days: usize,
    /// Weeks.
    pub weeks: usize,
    /// All of them together are no larger; the newest is kept whatever its size.
    pub bytes: u64,
}

/// A backup that is there.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// When it was made: milliseconds since 1970.
    pub at: i64,
    /// Its size.
    pub bytes: u64,
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Which of them go, by their place in the list. What counts is what there is, not what the clock
/// shows: a clock that jumped removes nothing.
pub fn superfluous(found: &[Kept], policy: RetentionPolicy) -> Vec<usize> {
    let mut newest_first: Vec<usize> = (0..found.len()).collect();
    newest_first.sort_by_key(|&place| std::cmp::Reverse(found[place].at));
    let mut wanted = BTreeSet::new();
    // 1970 began on a Thursday; weeks begin on Monday.
    let steps = [(policy.hours, HOUR, 0), (policy.days, DAY, 0), (policy.weeks, 7 * DAY, 3 * DAY)];
    for (count, length, shift) in steps {
        let mut steps = BTreeSet::new();
        for &place in &newest_first {
            let step = (found[place].at + shift).div_euclid(length);
            if steps.len() == count && !steps.contains(&step) {
                break;
            }
            if steps.insert(step) {
                wanted.insert(place);
            }
        }
    }
    let mut total = 0;
    let mut superfluous = Vec::new();
    for (rank, place) in newest_first.into_iter().enumerate() {
        let fits = total + found[place].bytes <= policy.bytes;
        if rank == 0 || (wanted.contains(&place) && fits) {
            total += found[place].bytes;
        } else {
            superfluous.push(place);
        }
    }
    superfluous.sort_unstable();
    superfluous
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetentionPolicy = RetentionPolicy { hours: 3, days: 3, weeks: 2, bytes: 1000 };

    fn kept(hours: &[i64]) -> Vec<i64> {
        let found: Vec<_> = hours.iter().map(|h| Kept { at: h * HOUR, bytes: 1 }).collect();
        let gone = superfluous(&found, POLICY);
        let stays = (0..hours.len()).filter(|place| !gone.contains(place));
        stays.map(|place| hours[place]).collect()
    }

    #[test]
    fn the_policy_thins_out_towards_the_past() {
        // Hour by hour for five weeks, beginning on a Monday.
        let monday = 4 * 24;
        let hours: Vec<_> = (monday..monday + 5 * 168).collect();
        let last = monday + 5 * 168 - 1;
        // The last three hours; the ends of the two days before; the end of the week before.
        let wanted = [last - 168, last - 48, last - 24, last - 2, last - 1, last];
        assert_eq!(kept(&hours), wanted);
    }

    #[test]
    fn few_are_all_kept_and_a_jump_of_the_clock_empties_nothing() {
        assert_eq!(kept(&[]), [0_i64; 0]);
        assert_eq!(kept(&[5]), [5]);
        let far = 50 * 365 * 24;
        assert_eq!(kept(&[100, 101, far]), [100, 101, far]);
    }

    #[test]
    fn bytes_are_bounded_from_the_old_end_and_the_newest_always_stays() {
        let found: Vec<_> = (1..=3).map(|h| Kept { at: h * HOUR, bytes: 600 }).collect();
        assert_eq!(superfluous(&found, POLICY), [0, 1]);
        let small = RetentionPolicy { bytes: 10, ..POLICY };
        assert_eq!(superfluous(&found, small), [0, 1], "one too large is better than none");
        let none = RetentionPolicy { hours: 0, days: 0, weeks: 0, bytes: 10 };
        assert_eq!(superfluous(&found, none), [0, 1]);
    }
}
