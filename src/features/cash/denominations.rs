//! Which notes and coins a drawer is counted by, and what they can make.

use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::kernel::money::digits_of;
use crate::features::checks::CashRounding;

/// In major units, with the coins below one as parts of a hundred behind the bar: those that lie in a
/// drawer, the largest first.
const KNOWN: [(&str, &[i64], &[i64]); 18] = [
    ("RUB", &[5000, 2000, 1000, 500, 200, 100, 50, 10, 5, 2, 1], &[]),
    ("BYN", &[500, 200, 100, 50, 20, 10, 5, 2, 1], &[50, 20, 10, 5, 2, 1]),
    ("UAH", &[1000, 500, 200, 100, 50, 20, 10, 5, 2, 1], &[50]),
    ("KZT", &[20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5], &[]),
    ("KGS", &[5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 3, 1], &[]),
    ("UZS", &[200_000, 100_000, 50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100], &[]),
    ("AMD", &[20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10], &[]),
    ("GEL", &[200, 100, 50, 20, 10, 5, 2, 1], &[50, 20, 10, 5]),
    ("EUR", &[500, 200, 100, 50, 20, 10, 5, 2, 1], &[50, 20, 10, 5, 2, 1]),
    ("USD", &[100, 50, 20, 10, 5, 2, 1], &[25, 10, 5, 1]),
    ("GBP", &[50, 20, 10, 5, 2, 1], &[50, 20, 10, 5, 2, 1]),
    ("CHF", &[1000, 200, 100, 50, 20, 10, 5, 2, 1], &[50, 20, 10, 5]),
    ("PLN", &[500, 200, 100, 50, 20, 10, 5, 2, 1], &[50, 20, 10, 5, 2, 1]),
    ("CZK", &[5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1], &[]),
    ("TRY", &[200, 100, 50, 20, 10, 5, 1], &[50, 25, 10, 5]),
    ("RSD", &[5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1], &[]),
    ("AED", &[1000, 500, 200, 100, 50, 20, 10, 5, 1], &[50, 25]),
    ("JPY", &[10_000, 5000, 1000, 500, 100, 50, 10, 5, 1], &[]),
];

/// Of another currency: ones, twos and fives, as almost everywhere.
const USUAL: &[i64] = &[1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];

/// The notes and coins of a currency (ISO 4217), the largest first. A sum that they cannot make is
/// counted as a sum.
pub fn of_currency(code: &str) -> Vec<Money> {
    let whole = 10_i64.pow(u32::from(digits_of(code)));
    let known = KNOWN.iter().find(|(known, ..)| *known == code);
    let (large, small) = known.map_or((USUAL, &[][..]), |(_, large, small)| (*large, *small));
    let large = large.iter().map(|value| value * whole);
    let small = small.iter().map(|hundredths| hundredths * whole / 100);
    large.chain(small).map(Money).collect()
}

/// Whether a sum can lie in a drawer: coins make it, or it has the odd rest that the books say lies there
/// since before.
///
/// # Errors
/// 400 when no coins make it.
pub fn check_coins(
    field: &'static str,
    amount: Money,
    books: Option<Money>,
    rounding: CashRounding,
) -> Result<()> {
    if rounding.fits(amount) || books.is_some_and(|books| rounding.fits(amount - books)) {
        return Ok(());
    }
    let coin = rounding.coin();
    let detail = format!("{amount} cannot be made of coins: the smallest is {coin}. Count again.");
    let error = Error::rule("not_in_coins", detail).with("amount", amount.to_string());
    Err(error.with("coin", coin.to_string()).with("field", field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_fall_and_are_whole_minor_units() {
        for (code, ..) in KNOWN {
            let all = of_currency(code);
            assert!(all.windows(2).all(|two| two[0] > two[1]), "{code}");
            assert!(all.iter().all(|value| value.0 > 0), "{code}");
        }
        assert_eq!(of_currency("RUB")[0], Money(500_000));
        assert_eq!(of_currency("EUR").last(), Some(&Money(1)));
        assert_eq!(of_currency("JPY")[0], Money(10_000));
        assert_eq!(of_currency("KWD").last(), Some(&Money(1000)));
    }

    #[test]
    fn a_sum_is_made_of_coins_or_as_odd_as_the_books() {
        let francs = CashRounding::of_currency("CHF");
        let told = |amount, books: Option<i64>| {
            let books = books.map(Money);
            check_coins("counted", Money(amount), books, francs).map_err(|error| error.status())
        };
        assert_eq!((told(105, None), told(104, None)), (Ok(()), Err(400)));
        assert_eq!((told(0, Some(104)), told(104, Some(100))), (Ok(()), Err(400)));
        // What was taken before anybody looked is counted and left as it is.
        assert_eq!(
            (told(104, Some(104)), told(4, Some(104)), told(205, Some(104))),
            (Ok(()), Ok(()), Ok(()))
        );
        assert_eq!((told(103, Some(104)), told(4, Some(-1))), (Err(400), Ok(())));
        assert!(check_coins("counted", Money(1), None, CashRounding::NONE).is_ok());
    }
}
