//! What a drawer should hold, and when a count is good enough. No SQL, no clock.

use super::types::{CountedCash, Denomination};
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;

/// A sum in a drawer is at most so many of the largest prices: a slip of the hand is caught, and no sum
/// overflows.
const MOST_PRICES: i64 = 100;

/// So often somebody counts a drawer while the same is expected: once, and once more.
const MOST_COUNTS: usize = 2;

/// The notes and coins of one kind: more do not lie in a drawer.
pub const MOST_PIECES: i64 = 100_000;

/// Whether a sum is one that a drawer can hold.
///
/// # Errors
/// 422 when it is below nothing, or more than anybody has in a drawer.
pub fn check_sum(field: &'static str, amount: Money) -> Result<()> {
    if amount < Money::ZERO {
        return Err(Error::invalid(field, "must not be less than nothing"));
    }
    let most = Money::max_price().times(MOST_PRICES);
    if amount > most {
        return Err(Error::invalid(field, format!("must be at most {most}")));
    }
    Ok(())
}

/// The sum that was counted: as it was said, by notes and coins, or both.
///
/// # Errors
/// 422 when neither was said, or they are not the same.
pub fn total(said: Option<Money>, pieces: &[Denomination]) -> Result<Money> {
    let by_pieces = pieces.iter().try_fold(Money::ZERO, |sum, piece| {
        check_sum("denominations", piece.value)?;
        if !(0..=MOST_PIECES).contains(&piece.count) {
            let why = format!("hold from 0 to {MOST_PIECES} of each");
            return Err(Error::invalid("denominations", why));
        }
        Ok(sum + piece.value.times(piece.count))
    })?;
    let counted = match (said, pieces.is_empty()) {
        (None, true) => return Err(Error::invalid("counted", "say what is in the drawer")),
        (Some(said), true) => said,
        (None, false) => by_pieces,
        (Some(said), false) if said == by_pieces => said,
        (Some(_), false) => {
            let why = format!("is not what the notes and coins come to ({by_pieces})");
            return Err(Error::invalid("counted", why));
        }
    };
    check_sum("counted", counted)?;
    Ok(counted)
}

/// Whether this is the count that stands already; else whether it may be one more. Who does not see what
/// others counted counts by themselves.
///
/// # Errors
/// 409 when they counted it once and once more, and nothing moved since.
pub fn is_counted(
    before: &[CountedCash],
    (user_id, sees_all): (i64, bool),
    (counted, expected): (Money, Money),
) -> Result<bool> {
    let same = before.iter().rev().take_while(|count| count.expected == expected);
    let last = same.clone().next().filter(|last| sees_all || last.user_id == user_id);
    if last.is_some_and(|last| last.counted == counted) {
        return Ok(true);
    }
    if same.filter(|count| count.user_id == user_id).count() < MOST_COUNTS {
        return Ok(false);
    }
    let detail = "The drawer was counted, and counted once more. Close the shift with the last count: \
                  the difference is written down.";
    Err(Error::conflict("counted_twice", detail))
}

/// Whether a difference is more than the drawer's tolerance.
pub fn is_outside(difference: Money, tolerance: Money) -> bool {
    difference.0.saturating_abs() > tolerance.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::kernel::Timestamp;

    fn count(counted: i64, expected: i64) -> CountedCash {
        CountedCash {
            counted: Money(counted),
            expected: Money(expected),
            denominations: Vec::new(),
            user_id: 1,
            user_name: "Vera".into(),
            created_at: Timestamp(0),
        }
    }

    #[test]
    fn once_and_once_more_until_something_moves() {
        let told = |before: &[CountedCash], counted, expected| {
            is_counted(before, (1, false), (Money(counted), Money(expected)))
                .map_err(|error| error.status())
        };
        let once = [count(90, 100)];
        let twice = [count(90, 100), count(95, 100)];
        assert_eq!(told(&[], 100, 100), Ok(false));
        assert_eq!(told(&once, 90, 100), Ok(true), "the same is no recount");
        assert_eq!(told(&once, 95, 100), Ok(false));
        assert_eq!(told(&twice, 95, 100), Ok(true));
        assert_eq!(told(&twice, 90, 100), Err(409));
        assert_eq!(told(&twice, 100, 100), Err(409));
        assert_eq!(told(&twice, 100, 120), Ok(false), "something moved");
    }

    #[test]
    fn what_another_counted_is_no_count_of_those_who_do_not_see_it() {
        let told = |who, counted| {
            let before = [count(90, 100), count(95, 100)];
            is_counted(&before, who, (Money(counted), Money(100))).map_err(|error| error.status())
        };
        assert_eq!(told((2, false), 95), Ok(false), "a guess tells nothing");
        assert_eq!(told((2, true), 95), Ok(true), "a manager closes with it");
        assert_eq!(told((2, true), 100), Ok(false), "or counts anew");
    }

    #[test]
    fn a_count_is_said_by_its_sum_or_its_pieces() {
        let pieces = [
            Denomination { value: Money(10_000), count: 3 },
            Denomination { value: Money(50), count: 2 },
        ];
        let told =
            |said, pieces: &[Denomination]| total(said, pieces).map_err(|error| error.status());
        assert_eq!(told(None, &pieces), Ok(Money(30_100)));
        assert_eq!(told(Some(Money(30_100)), &pieces), Ok(Money(30_100)));
        assert_eq!(told(Some(Money(30_000)), &pieces), Err(422));
        assert_eq!(told(Some(Money::ZERO), &[]), Ok(Money::ZERO));
        assert_eq!(told(None, &[]), Err(422));
        assert_eq!(told(Some(Money(-1)), &[]), Err(422));
        let many = [Denomination { value: Money(1), count: MOST_PIECES + 1 }];
        assert_eq!(told(None, &many), Err(422));
    }
}
