//! How long the restaurant's own guests stayed, by the size of the party, in SQL.

use rusqlite::{Connection, params};

use super::policy_store::rules;
use super::rules::{PartyLength, typical};
use super::types::{OwnLength, OwnLengths};
use crate::core::error::Result;
use crate::core::kernel::Day;

/// Guests of so many days are looked at.
const DAYS: i64 = 90;
/// So many bills at most: more do not make it truer.
const MOST: i64 = 30_000;
/// A bill that is open for longer was forgotten.
const LONGEST: i64 = 12 * 60;

/// From the first order to the last payment, of bills whose guests were counted, for each size that the
/// rules name.
pub fn own_lengths(db: &Connection, today: Day) -> Result<OwnLengths> {
    let lengths = rules(db)?.lengths();
    let mut stays: Vec<Vec<i64>> = vec![Vec::new(); lengths.len()];
    let mut statement = db.prepare_cached(
        "SELECT guests, (completed_at - created_at) / 60000 FROM orders INDEXED BY orders_list
         WHERE business_day >= ?1 AND closed_at IS NOT NULL AND order_type = 'DINE_IN'
           AND payment_status = 'PAID' AND guests IS NOT NULL AND completed_at IS NOT NULL
         ORDER BY business_day DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![today.plus_days(-DAYS).number(), MOST])?;
    while let Some(row) = rows.next()? {
        let (guests, minutes): (i64, i64) = (row.get(0)?, row.get(1)?);
        let band = lengths.iter().position(|length| guests <= length.up_to);
        if let Some(band) = band.filter(|_| (1..=LONGEST).contains(&minutes)) {
            stays[band].push(minutes);
        }
    }
    let own = |(length, mut stays): (PartyLength, Vec<i64>)| {
        let bills = stays.len();
        let found = typical(&mut stays);
        OwnLength {
            up_to: length.up_to,
            bills,
            half: found.map(|(half, _)| half),
            most: found.map(|(_, most)| most),
        }
    };
    Ok(OwnLengths { days: DAYS, lengths: lengths.into_iter().zip(stays).map(own).collect() })
}
