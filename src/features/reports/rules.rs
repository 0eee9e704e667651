//! Periods, what a period is compared with, and how figures become rows. No SQL, no clock.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use utoipa::ToSchema;

use super::types::{Cell, Row};
use crate::core::kernel::{Day, Money, Period};

/// The most rows a report may have.
pub const MAX_ROWS: usize = 1000;

/// What a period is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// Nothing.
    None,
    /// The days, or whole months, right before it.
    #[default]
    Previous,
    /// The same days of the week, 52 weeks before.
    Year,
}

/// What a period is compared with. Whole months are compared with as many whole months.
pub fn period_before(period: Period, compare: Compare) -> Option<Period> {
    let Period { date_from, date_to } = period;
    let (date_from, date_to) = match compare {
        Compare::None => return None,
        Compare::Year => (date_from.plus_days(-364), date_to.plus_days(-364)),
        Compare::Previous if date_from.begins_month() && date_to.ends_month() => {
            let months = date_from.months_until(date_to) + 1;
            (date_from.plus_months(-months), date_from.plus_days(-1))
        }
        Compare::Previous => (date_from.plus_days(-period.days()), date_from.plus_days(-1)),
    };
    Some(Period { date_from, date_to })
}

/// The days of a period that are over, and as many from the beginning of the period before.
pub fn finished(period: Period, before: Period, today: Day) -> Option<(Period, Period)> {
    if period.date_to < today {
        return Some((period, before));
    }
    let done = Period { date_from: period.date_from, date_to: today.plus_days(-1) };
    if done.date_to < done.date_from {
        return None;
    }
    let date_to = before.date_from.plus_days(done.days() - 1).min(before.date_to);
    Some((done, Period { date_from: before.date_from, date_to }))
}

/// Figures that can be summed up and shown.
pub trait Figures: Default + Clone {
    /// Adds others.
    fn add(&mut self, other: &Self);
    /// As the cells of a row.
    fn cells(&self) -> Vec<Cell>;
    /// What puts a row before another: the larger goes first.
    fn weight(&self) -> i64;
}

/// The figures of one thing.
#[derive(Debug, Clone)]
pub struct Entry<F> {
    /// Tells it from the others.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// How much.
    pub figures: F,
}

/// In which order rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOrder {
    /// As they came.
    Given,
    /// The largest first, those of before alone last.
    Largest,
}

/// Compared with what stood there before, their sums, and whether rows were left out.
pub struct Compared {
    pub rows: Vec<Row>,
    pub total: Row,
    pub more: bool,
}

/// Puts the figures of two periods beside each other.
pub fn side_by_side<F: Figures>(
    now: Vec<Entry<F>>,
    before: Option<Vec<Entry<F>>>,
    order: RowOrder,
) -> Compared {
    let total = Row {
        key: "total".into(),
        label: String::new(),
        values: sum(&now).cells(),
        before: before.as_ref().map(|before| sum(before).cells()),
    };
    let compares = before.is_some();
    let mut past: BTreeMap<String, Entry<F>> =
        before.into_iter().flatten().map(|entry| (entry.key.clone(), entry)).collect();
    let mut pairs: Vec<(Entry<F>, F)> = now
        .into_iter()
        .map(|entry| {
            let then = past.remove(&entry.key).map(|entry| entry.figures).unwrap_or_default();
            (entry, then)
        })
        .collect();
    if order == RowOrder::Largest {
        pairs.extend(past.into_values().map(|Entry { key, label, figures }| {
            (Entry { key, label, figures: F::default() }, figures)
        }));
        pairs.sort_by_cached_key(|(entry, then)| {
            let (now, then) = (entry.figures.weight(), then.weight());
            (std::cmp::Reverse((now, then)), entry.label.clone(), entry.key.clone())
        });
    }
    let more = pairs.len() > MAX_ROWS;
    pairs.truncate(MAX_ROWS);
    let rows = pairs.into_iter().map(|(Entry { key, label, figures }, then)| Row {
        key,
        label,
        values: figures.cells(),
        before: compares.then(|| then.cells()),
    });
    Compared { rows: rows.collect(), total, more }
}

fn sum<F: Figures>(entries: &[Entry<F>]) -> F {
    entries.iter().fold(F::default(), |mut sum, entry| {
        sum.add(&entry.figures);
        sum
    })
}

/// The figures of every day of a period; `of` has those of the days on which something happened.
pub fn day_by_day<F: Figures>(
    period: Period,
    shown_as: Period,
    mut of: HashMap<i64, F>,
) -> Vec<Entry<F>> {
    let names = shown_as.each_day().map(|day| day.to_string()).map(Some);
    // A month of 31 days beside one of 30: the last day stands beside none.
    let names = names.chain(std::iter::repeat(None));
    period
        .each_day()
        .zip(names)
        .map(|(day, name)| Entry {
            key: name.unwrap_or_else(|| format!("beside none {day}")),
            label: day.to_string(),
            figures: of.remove(&day.number()).unwrap_or_default(),
        })
        .collect()
}

/// The average, to the nearest minor unit, a half away from zero.
pub fn average(sum: Money, count: i64) -> Money {
    if count == 0 {
        return Money::ZERO;
    }
    let Money(sum) = sum;
    Money((2 * sum + sum.signum() * count) / (2 * count))
}

/// So much of all, in percent with one digit behind the point; none of nothing.
pub fn percent(part: i64, all: i64) -> Option<f64> {
    (all != 0).then(|| (part as f64 / all as f64 * 1000.0).round() / 10.0)
}

/// Minutes with one digit behind the point, from the sum of milliseconds of `count` things.
pub fn average_minutes(millis: i64, count: i64) -> Option<f64> {
    (count != 0).then(|| (millis as f64 / count as f64 / 6000.0).round() / 10.0)
}

/// The smallest minute in which `share` (0 to 1) of all lie; `counts[m]` lie in minute `m`.
pub fn minute_of_share(counts: &[i64], share: f64) -> Option<i64> {
    let all: i64 = counts.iter().sum();
    let mut seen = 0;
    counts
        .iter()
        .position(|count| {
            seen += count;
            seen > 0 && seen as f64 >= share * all as f64
        })
        .map(|minute| minute as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Period {
        let day = |text: &str| serde_json::from_value(text.into()).unwrap();
        Period::new(day(from), day(to)).unwrap()
    }

    #[test]
    fn a_period_is_compared_with_the_one_before() {
        for (from, to, compare, expected) in [
            ("2026-11-24", "2026-11-24", Compare::Previous, ("2026-11-23", "2026-11-23")),
            ("2026-11-16", "2026-11-22", Compare::Previous, ("2026-11-09", "2026-11-15")),
            ("2026-03-01", "2026-03-31", Compare::Previous, ("2026-02-01", "2026-02-28")),
            ("2026-01-01", "2026-03-31", Compare::Previous, ("2025-10-01", "2025-12-31")),
            ("2026-01-01", "2026-12-31", Compare::Previous, ("2025-01-01", "2025-12-31")),
            ("2026-11-24", "2026-11-24", Compare::Year, ("2025-11-25", "2025-11-25")),
        ] {
            let before = period_before(period(from, to), compare).unwrap();
            assert_eq!(before, period(expected.0, expected.1), "{from} {to}");
        }
        assert_eq!(period_before(period("2026-11-24", "2026-11-24"), Compare::None), None);
    }

    #[test]
    fn like_is_compared_with_like() {
        let today = period("2026-11-24", "2026-11-24").date_from;
        for (from, to, days, before) in [
            ("2026-11-16", "2026-11-22", 7, ("2026-11-09", "2026-11-15")),
            ("2026-11-18", "2026-11-24", 6, ("2026-11-11", "2026-11-16")),
            ("2026-11-01", "2026-11-30", 23, ("2026-10-01", "2026-10-23")),
        ] {
            let whole = period(from, to);
            let past = period_before(whole, Compare::Previous).unwrap();
            let (done, past) = finished(whole, past, today).unwrap();
            assert_eq!((done.days(), past), (days, period(before.0, before.1)), "{from} {to}");
        }
        let only_today = period("2026-11-24", "2026-11-24");
        assert_eq!(finished(only_today, only_today, today), None);
    }

    #[derive(Debug, Default, Clone)]
    struct Sold(i64);

    impl Figures for Sold {
        fn add(&mut self, other: &Self) {
            self.0 += other.0;
        }
        fn cells(&self) -> Vec<Cell> {
            vec![Cell::Count(self.0)]
        }
        fn weight(&self) -> i64 {
            self.0
        }
    }

    fn entries(figures: &[(&str, i64)]) -> Vec<Entry<Sold>> {
        let entry = |(key, sold): &(&str, i64)| Entry {
            key: (*key).into(),
            label: (*key).into(),
            figures: Sold(*sold),
        };
        figures.iter().map(entry).collect()
    }

    #[test]
    fn what_is_sold_no_more_is_told_too() {
        let now = entries(&[("soup", 1), ("pizza", 5)]);
        let before = entries(&[("cake", 7), ("pizza", 4)]);
        let Compared { rows, total, more } = side_by_side(now, Some(before), RowOrder::Largest);
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.key.as_str(), row.values[0], row.before.as_ref().map(|b| b[0])))
            .collect();
        let count = |n| Cell::Count(n);
        assert_eq!(
            told,
            [
                ("pizza", count(5), Some(count(4))),
                ("soup", count(1), Some(count(0))),
                ("cake", count(0), Some(count(7)))
            ]
        );
        assert_eq!((total.values[0], total.before.unwrap()[0]), (count(6), count(11)));
        assert!(!more);
    }

    #[test]
    fn a_longer_month_before_counts_whole() {
        let (march, april) =
            (period("2026-03-01", "2026-03-31"), period("2026-04-01", "2026-04-30"));
        let each = |period: Period, shown_as| {
            let of = period.each_day().map(|day| (day.number(), Sold(1))).collect();
            day_by_day(period, shown_as, of)
        };
        let rows = side_by_side(each(april, april), Some(each(march, april)), RowOrder::Given);
        assert_eq!(rows.rows.len(), 30);
        assert_eq!(rows.total.before.unwrap()[0], Cell::Count(31));
    }

    #[test]
    fn averages_are_rounded_to_the_nearest_unit() {
        for (sum, count, expected) in [(0, 0, 0), (100, 3, 33), (200, 3, 67), (5, 2, 3), (7, 7, 1)]
        {
            assert_eq!(average(Money(sum), count), Money(expected), "{sum}/{count}");
        }
        assert_eq!((percent(1, 3), percent(1, 0)), (Some(33.3), None));
        assert_eq!((average_minutes(90_000, 1), average_minutes(0, 0)), (Some(1.5), None));
    }

    #[test]
    fn the_minute_of_a_share() {
        let counts = [0, 5, 0, 4, 1];
        for (share, minute) in [(0.5, 1), (0.6, 3), (0.9, 3), (1.0, 4)] {
            assert_eq!(minute_of_share(&counts, share), Some(minute), "{share}");
        }
        assert_eq!(minute_of_share(&[0, 0], 0.5), None);
    }
}
