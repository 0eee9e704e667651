//! How things on a check are taxed.

use crate::core::kernel::{Money, TaxRate};

/// How a thing is taxed. Prices with tax in them and prices without may stand on one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Tax {
    /// Not at all; no rate of 0 either, which a fiscal register tells apart.
    #[default]
    Exempt,
    /// The tax is in the price.
    Included(TaxRate),
    /// The tax is paid beside the price.
    Added(TaxRate),
}

impl Tax {
    /// The tax of a rate, in the price or beside it. A rate of 0 is no tax.
    #[must_use]
    pub fn of_rate(rate: TaxRate, is_added: bool) -> Self {
        match (rate.hundredths(), is_added) {
            (0, _) => Self::Exempt,
            (_, true) => Self::Added(rate),
            (_, false) => Self::Included(rate),
        }
    }

    /// Its rate; 0 of none.
    #[must_use]
    pub fn rate(self) -> TaxRate {
        match self {
            Self::Exempt => TaxRate::default(),
            Self::Included(rate) | Self::Added(rate) => rate,
        }
    }

    /// The tax of an amount, half up.
    #[must_use]
    pub fn of(self, amount: Money) -> Money {
        match self {
            Self::Exempt => Money::ZERO,
            Self::Included(rate) => rate.included_in(amount),
            Self::Added(rate) => rate.added_to(amount),
        }
    }

    /// Whether it makes the total larger.
    pub fn is_added(self) -> bool {
        matches!(self, Self::Added(_))
    }
}
