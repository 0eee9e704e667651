//! What suggestions bring: the average check of tables that were shown some beside that of tables that
//! were not, with how far chance alone may have moved the difference.

use super::types::{EffectDifference, EffectGroup};
use crate::core::kernel::Money;

/// The normal distribution has 95 of 100 within so many standard errors.
const WITHIN: f64 = 1.96;
/// With fewer evenings of tables in a group an interval would promise more than it knows.
const FEWEST: usize = 10;

/// The orders of a table on a day: they share their guests' mood and their waiter, so chance is reckoned
/// between tables and not between orders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TableDay {
    /// How many orders.
    pub orders: i64,
    /// What they came to, in minor units.
    pub total: i64,
}

/// A group: its average, and the standard error of that where there is enough to say.
struct Average {
    mean: f64,
    error: Option<f64>,
}

fn average(days: &[TableDay]) -> Option<Average> {
    let orders: i64 = days.iter().map(|day| day.orders).sum();
    let total: i64 = days.iter().map(|day| day.total).sum();
    if orders == 0 {
        return None;
    }
    let (orders, count) = (orders as f64, days.len() as f64);
    let mean = total as f64 / orders;
    let off = |day: &TableDay| (day.total as f64 - mean * day.orders as f64).powi(2);
    let squares: f64 = days.iter().map(off).sum();
    let error = (squares * count / (count - 1.0)).sqrt() / orders;
    Some(Average { mean, error: (days.len() >= FEWEST).then_some(error) })
}

#[expect(clippy::cast_possible_truncation, reason = "an average of sums that fit")]
fn money(amount: f64) -> Money {
    Money(amount.round() as i64)
}

/// A group as it is told.
pub fn group(days: &[TableDay]) -> EffectGroup {
    EffectGroup {
        orders: days.iter().map(|day| day.orders).sum(),
        table_days: days.len() as i64,
        average: average(days).map(|average| money(average.mean)),
    }
}

/// By how much a check is larger where guests were shown suggestions; none while one group is empty.
pub fn difference(shown: &[TableDay], control: &[TableDay]) -> Option<EffectDifference> {
    let (shown, control) = (average(shown)?, average(control)?);
    let amount = shown.mean - control.mean;
    let error = shown.error.zip(control.error).map(|(one, other)| one.hypot(other) * WITHIN);
    Some(EffectDifference {
        amount: money(amount),
        low: error.map(|error| money(amount - error)),
        high: error.map(|error| money(amount + error)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(totals: &[i64]) -> Vec<TableDay> {
        totals.iter().map(|total| TableDay { orders: 1, total: *total }).collect()
    }

    #[test]
    fn a_difference_has_an_interval_when_there_is_enough_to_say() {
        let (few, none) = (days(&[100, 200]), days(&[]));
        assert!(difference(&few, &none).is_none());
        let told = difference(&few, &few).unwrap();
        assert_eq!((told.amount, told.low, told.high), (Money(0), None, None));
        let shown = days(&[1100, 1300].repeat(50));
        let control = days(&[1000, 1200].repeat(8));
        let told = difference(&shown, &control).unwrap();
        assert_eq!(told.amount, Money(100));
        // Of n values that are 100 off, the error of the mean is 100 / sqrt(n - 1).
        let error = ((10_000.0_f64 / 99.0) + (10_000.0 / 15.0)).sqrt() * 1.96;
        assert_eq!(told.low, Some(money(100.0 - error)));
        assert_eq!(told.high, Some(money(100.0 + error)));
    }

    #[test]
    fn the_orders_of_a_table_are_no_independent_witnesses() {
        let single = days(&[1000, 2000].repeat(10));
        // The same, but each table's ten orders of the day are alike.
        let joined: Vec<_> =
            single.iter().map(|day| TableDay { orders: 10, total: day.total * 10 }).collect();
        let width = |days: &[TableDay]| {
            let told = difference(days, days).unwrap();
            told.high.unwrap().0 - told.low.unwrap().0
        };
        assert_eq!(width(&single), width(&joined), "ten times the orders are no more knowledge");
        assert_eq!(group(&joined).orders, 200);
        assert_eq!(group(&joined).average, Some(Money(1500)));
    }
}
