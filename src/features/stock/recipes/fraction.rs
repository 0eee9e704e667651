//! Fractions, by which needs are carried down a recipe without rounding.

/// Below this a denominator is not made coarser: what does not fit then is too large.
const FINE_ENOUGH: i128 = 1 << 40;

/// A fraction in lowest terms; its denominator is above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    num: i128,
    den: i128,
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self { num: 0, den: 1 };

    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self { num: number.into(), den: 1 }
    }

    /// One number of another, which is above 0.
    pub fn of(num: i64, den: i64) -> Self {
        Self { num: num.into(), den: i128::from(den.max(1)) }.reduced()
    }

    fn reduced(self) -> Self {
        let common = gcd(self.num, self.den);
        Self { num: self.num / common, den: self.den / common }
    }

    /// A little coarser: the last bit of both goes. None where that would be seen.
    fn coarser(self) -> Option<Self> {
        (self.den > FINE_ENOUGH).then_some(Self { num: self.num >> 1, den: self.den >> 1 })
    }

    /// Does something that may not fit, with fractions as fine as they can be.
    fn fit(
        mut a: Self,
        mut b: Self,
        exact: impl Fn(Self, Self) -> Option<(i128, i128)>,
    ) -> Option<Self> {
        loop {
            if let Some((num, den)) = exact(a, b) {
                return Some(Self { num, den }.reduced());
            }
            if a.den >= b.den { a = a.coarser()? } else { b = b.coarser()? }
        }
    }

    /// The product. Exact unless it takes more than 126 bits; then right to the twelfth digit. None where
    /// it is too large.
    pub fn times(self, other: Self) -> Option<Self> {
        let (left, right) = (gcd(self.num, other.den), gcd(other.num, self.den));
        let a = Self { num: self.num / left, den: self.den / right };
        let b = Self { num: other.num / right, den: other.den / left };
        Self::fit(a, b, |a, b| Some((a.num.checked_mul(b.num)?, a.den.checked_mul(b.den)?)))
    }

    /// The sum, as exact as [`Fraction::times`].
    pub fn plus(self, other: Self) -> Option<Self> {
        Self::fit(self, other, |a, b| {
            let common = gcd(a.den, b.den);
            let left = a.num.checked_mul(b.den / common)?;
            let right = b.num.checked_mul(a.den / common)?;
            Some((left.checked_add(right)?, a.den.checked_mul(b.den / common)?))
        })
    }

    /// The nearest whole number, halves away from 0; none beyond an `i64`.
    pub fn rounded(self) -> Option<i64> {
        let (whole, rest) = (self.num / self.den, self.num % self.den);
        let is_more = rest.abs() >= self.den - rest.abs();
        i64::try_from(if is_more { whole + self.num.signum() } else { whole }).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thirds_of_thirds_are_exact() {
        let third = Fraction::of(1, 3);
        let ninth = third.times(third).unwrap();
        assert_eq!(ninth.times(Fraction::whole(9)), Some(Fraction::whole(1)));
        assert_eq!(third.plus(third).unwrap().plus(third), Some(Fraction::whole(1)));
    }

    #[test]
    fn halves_go_away_from_nothing() {
        for (num, den, whole) in
            [(1, 2, 1), (-1, 2, -1), (1, 3, 0), (2, 3, 1), (-5, 3, -2), (7, 1, 7)]
        {
            assert_eq!(Fraction::of(num, den).rounded(), Some(whole), "{num}/{den}");
        }
    }

    #[test]
    fn what_is_too_large_is_said_and_what_is_too_fine_is_near() {
        let large = Fraction::whole(i64::MAX);
        assert_eq!(large.times(large).and_then(|square| square.times(large)), None);
        let mut tiny = Fraction::of(1_000_000_007, 998_244_353);
        for prime in [999_999_937, 999_999_893, 999_999_883, 999_999_797, 999_999_761] {
            tiny = tiny.times(Fraction::of(prime, prime - 2)).unwrap();
        }
        let near = tiny.times(Fraction::whole(998_244_353)).unwrap().rounded().unwrap();
        assert!((near - 1_000_000_017).abs() <= 1, "{near}");
    }

    proptest! {
        #[test]
        fn sums_and_products_are_those_of_numbers(
            a in -10_000_i64..10_000, b in 1_i64..10_000, c in -10_000_i64..10_000, d in 1_i64..10_000,
        ) {
            let (x, y) = (Fraction::of(a, b), Fraction::of(c, d));
            let by = Fraction::whole(b * d);
            prop_assert_eq!(x.plus(y).unwrap().times(by), Some(Fraction::whole(a * d + c * b)));
            prop_assert_eq!(x.times(y).unwrap().times(by), Some(Fraction::whole(a * c)));
        }
    }
}
