//! Money by the way it was paid, on the day on which it moved.

use rusqlite::{Connection, params};

use crate::core::error::Result;
use crate::core::kernel::{Money, Period, Timestamp, Zone};
use crate::features::reports::rules::{Entry, Figures};
use crate::features::reports::types::Cell;
use crate::features::tips::{self, Payout};

/// Money taken and given back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moved {
    payments: i64,
    taken: i64,
    refunds: i64,
    returned: i64,
    rounding: i64,
    tips: i64,
    accounts_in: i64,
    accounts_out: i64,
}

impl Figures for Moved {
    fn add(&mut self, other: &Self) {
        self.payments += other.payments;
        self.taken += other.taken;
        self.refunds += other.refunds;
        self.returned += other.returned;
        self.rounding += other.rounding;
        self.tips += other.tips;
        self.accounts_in += other.accounts_in;
        self.accounts_out += other.accounts_out;
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::Money(Money(self.taken - self.returned)),
            Cell::Count(self.payments),
            Cell::Money(Money(self.taken)),
            Cell::Count(self.refunds),
            Cell::Money(Money(self.returned)),
            Cell::Money(Money(self.rounding)),
            Cell::Money(Money(self.tips)),
            Cell::Money(Money(self.accounts_in)),
            Cell::Money(Money(self.accounts_out)),
        ]
    }

    fn weight(&self) -> i64 {
        self.taken - self.returned
    }
}

/// What is paid out of tips, beside what was given at one's own orders.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tips {
    due: i64,
    own: i64,
}

impl Figures for Tips {
    fn add(&mut self, other: &Self) {
        self.due += other.due;
        self.own += other.own;
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::Money(Money(self.due)), Cell::Money(Money(self.own))]
    }

    fn weight(&self) -> i64 {
        self.due
    }
}

/// Tips by person, as they are to be paid out.
pub fn tips(db: &Connection, zone: &Zone, period: Period) -> Result<Vec<Entry<Tips>>> {
    let entry =
        |Payout { key, name, own, due }| Entry { key, label: name, figures: Tips { due, own } };
    Ok(tips::payouts(db, zone, period)?.into_iter().map(entry).collect())
}

/// The money that moved from one moment to before another; what was paid without a method has
/// the key 0 and no name.
pub fn payment_methods(
    db: &Connection,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Entry<Moved>>> {
    // One walk along the index for each method, so that nothing is sorted.
    let mut sums = db.prepare_cached(
        "SELECT count(*) FILTER (WHERE kind = 'PAYMENT'),
                coalesce(sum(amount) FILTER (WHERE kind = 'PAYMENT'), 0),
                count(*) FILTER (WHERE kind = 'REFUND'),
                coalesce(sum(amount) FILTER (WHERE kind = 'REFUND'), 0),
                coalesce(sum(iif(kind = 'PAYMENT', rounding, -rounding)), 0),
                coalesce(sum(iif(kind = 'PAYMENT', tip, -tip)), 0)
         FROM payments INDEXED BY payments_method
         WHERE method_id IS ?1 AND created_at >= ?2 AND created_at < ?3
           AND state IN ('TAKEN', 'VOIDED')",
    )?;
    let mut of_accounts = db.prepare_cached(
        "SELECT coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
                coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)
         FROM account_moves INDEXED BY account_moves_method
         WHERE method_id = ?1 AND method_id IS NOT NULL AND created_at >= ?2 AND created_at < ?3",
    )?;
    let mut methods = db.prepare_cached(
        "SELECT id, name FROM payment_methods UNION ALL SELECT NULL, '' LIMIT 1000",
    )?;
    let methods: Vec<(Option<i64>, String)> = methods
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut entries = Vec::new();
    for (id, label) in methods {
        let figures = sums.query_row(params![id, from.0, to.0], |row| {
            Ok(Moved {
                payments: row.get(0)?,
                taken: row.get(1)?,
                refunds: row.get(2)?,
                returned: row.get(3)?,
                rounding: row.get(4)?,
                tips: row.get(5)?,
                ..Moved::default()
            })
        })?;
        let (accounts_in, accounts_out) = of_accounts
            .query_row(params![id, from.0, to.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let figures = Moved { accounts_in, accounts_out, ..figures };
        if figures.payments + figures.refunds + accounts_in + accounts_out > 0 {
            entries.push(Entry { key: id.unwrap_or(0).to_string(), label, figures });
        }
    }
    Ok(entries)
}
