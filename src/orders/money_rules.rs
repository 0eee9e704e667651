//! What has to hold before money moves or a sum goes. No SQL, no clock.

use crate::error::{Error, Result};
use crate::kernel::Money;

/// Whether a sum is still the one that a person saw and agreed to. Who names none takes it as it
/// is.
///
/// # Errors
/// 409 with the sum as it is now: it is to be shown, and agreed to again.
pub fn check_expected(number: i64, expected: Option<Money>, total: Money) -> Result<()> {
    let Some(expected) = expected.filter(|expected| *expected != total) else { return Ok(()) };
    let detail = format!(
        "Order {number} was changed meanwhile: it is {total} now, not {expected}. \
         Nothing was done; look at it and confirm again."
    );
    Err(Error::conflict("bill_changed", detail)
        .with("number", number)
        .with("expected_total", expected.to_string())
        .with("total_price", total.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_sum_moves_only_as_it_was_seen(seen in 0_i64..1000, now in 0_i64..1000) {
            let checked = check_expected(1, Some(Money(seen)), Money(now));
            prop_assert_eq!(checked.is_ok(), seen == now);
            prop_assert!(check_expected(1, None, Money(now)).is_ok());
        }
    }
}
