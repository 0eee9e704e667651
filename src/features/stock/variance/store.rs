//! Variance in SQL.

use std::cmp::Reverse;

use rusqlite::{Connection, Row};

use super::rules::Sums;
use super::{Variance, VarianceReport};
use crate::core::error::Result;
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::word;
use crate::features::stock::amount::Amount;
use crate::features::stock::goods::BaseUnit;
use crate::features::stock::ledger::MoveKind;

/// So many goods are told: nobody reads more.
const MOST: usize = 1_000;

/// What all moves of a kind of a good came to, with what is known of the good.
struct Part {
    good: Variance,
    kind: MoveKind,
    amount: i64,
    value: i64,
    correction: i64,
}

fn part(row: &Row<'_>) -> rusqlite::Result<Part> {
    let opening = Amount(row.get(3)?);
    let kind = word(row, 4, MoveKind::parse)?;
    let newest: i64 = row.get(7)?;
    let good = Variance {
        good_id: row.get(0)?,
        name: row.get(1)?,
        base_unit: word(row, 2, BaseUnit::parse)?,
        opening,
        received: Amount::ZERO,
        actual: Amount::ZERO,
        theoretical: Amount::ZERO,
        explained: Amount::ZERO,
        unexplained: Amount::ZERO,
        closing: opening,
        theoretical_cost: Money::ZERO,
        explained_cost: Money::ZERO,
        unexplained_cost: Money::ZERO,
        is_counting: row.get(9)?,
        counted_at: (kind == MoveKind::Count).then_some(Timestamp(newest)),
    };
    let correction = row.get(8)?;
    Ok(Part { good, kind, amount: row.get(5)?, value: row.get(6)?, correction })
}

/// What became of goods after a moment and until another.
///
/// # Errors
/// When the database cannot be read.
pub fn report(db: &Connection, from: Timestamp, to: Timestamp) -> Result<VarianceReport> {
    // Goods first: each is then read by the index of its moves.
    let mut statement = db.prepare_cached(
        "SELECT g.id, g.name, g.base_unit,
                coalesce((SELECT b.after_quantity FROM stock_moves b
                          WHERE b.good_id = g.id AND b.at <= ?1
                          ORDER BY b.at DESC, b.id DESC LIMIT 1), 0),
                m.kind, sum(m.quantity), sum(m.value), max(m.at), sum(m.correction),
                EXISTS (SELECT * FROM stock_counting r WHERE r.good_id = g.id)
         FROM stock_goods g
         CROSS JOIN stock_moves m ON m.good_id = g.id AND m.at > ?1 AND m.at <= ?2
         GROUP BY g.id, m.kind ORDER BY g.id",
    )?;
    let parts = statement.query_map([from.0, to.0], part)?;
    let mut goods: Vec<(Variance, Sums)> = Vec::new();
    for part in parts {
        let Part { good, kind, amount, value, correction } = part?;
        let known = goods.last_mut().filter(|(last, _)| last.good_id == good.good_id);
        if let Some((last, sums)) = known {
            last.counted_at = last.counted_at.or(good.counted_at);
            sums.add(kind, amount, value, correction);
        } else {
            let mut sums = Sums::default();
            sums.add(kind, amount, value, correction);
            goods.push((good, sums));
        }
    }
    let mut goods: Vec<_> =
        goods.into_iter().map(|(good, sums)| with(good, &sums.settled())).collect();
    goods.sort_by_cached_key(|good| (Reverse(good.unexplained_cost.0.abs()), good.name.clone()));
    let sum = |of: fn(&Variance) -> Money| goods.iter().map(of).sum();
    Ok(VarianceReport {
        from,
        to,
        total: i64::try_from(goods.len()).unwrap_or(i64::MAX),
        theoretical_cost: sum(|good| good.theoretical_cost),
        explained_cost: sum(|good| good.explained_cost),
        unexplained_cost: sum(|good| good.unexplained_cost),
        goods: goods.into_iter().take(MOST).collect(),
    })
}

fn with(good: Variance, sums: &Sums) -> Variance {
    let Sums { received, theoretical, explained, unexplained, .. } = *sums;
    Variance {
        received: Amount(received),
        actual: Amount(sums.actual()),
        theoretical: Amount(theoretical.amount),
        explained: Amount(explained.amount),
        unexplained: Amount(unexplained.amount),
        closing: Amount(good.opening.0 + received - sums.actual()),
        theoretical_cost: Money(theoretical.cost),
        explained_cost: Money(explained.cost),
        unexplained_cost: Money(unexplained.cost),
        ..good
    }
}
