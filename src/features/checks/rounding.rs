//! Cash where the smallest coin is larger than the minor unit.

use crate::core::kernel::Money;

/// To what cash is rounded: the nearest multiple of the smallest coin, halves away from zero, so
/// that what is given back is rounded as it was taken. Only what is paid in cash is rounded, when
/// it is paid, together with the cash that was paid before; the difference is a figure of the
/// payment, never of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CashRounding {
    coin: i64,
}

/// The smallest coins, in minor units, where they are not the minor unit.
const COINS: [(&str, i64); 13] = [
    ("AUD", 5),
    ("CAD", 5),
    ("CHF", 5),
    ("CZK", 100),
    ("DKK", 50),
    ("HKD", 10),
    ("HUF", 500),
    ("ILS", 10),
    ("MYR", 5),
    ("NOK", 100),
    ("NZD", 10),
    ("SEK", 100),
    ("SGD", 5),
];

impl CashRounding {
    /// Every minor unit has its coin.
    pub const NONE: Self = Self { coin: 1 };

    /// To multiples of a coin; of nothing or less there is no rounding.
    pub fn to(coin: Money) -> Self {
        Self { coin: coin.0.max(1) }
    }

    /// As a currency (ISO 4217) has it; a restaurant may set another coin.
    pub fn of_currency(code: &str) -> Self {
        let coin = COINS.iter().find(|(known, _)| *known == code);
        coin.map_or(Self::NONE, |(_, coin)| Self { coin: *coin })
    }

    /// The smallest coin.
    pub fn coin(self) -> Money {
        Money(self.coin)
    }

    /// An amount as it is paid in cash.
    #[must_use]
    pub fn round(self, amount: Money) -> Money {
        let (coin, amount) = (i128::from(self.coin), i128::from(amount.0));
        let rounded = (amount.abs() * 2 + coin) / (coin * 2) * coin * amount.signum();
        let limit = if amount < 0 { i64::MIN } else { i64::MAX };
        Money(i64::try_from(rounded).unwrap_or(limit))
    }

    /// Whether an amount can be paid in coins as it is.
    pub fn fits(self, amount: Money) -> bool {
        amount.0 % self.coin == 0
    }
}
