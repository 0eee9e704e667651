//! House accounts by day: what came in and was used, and what is held and owed at its end.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use crate::core::error::Result;
use crate::core::kernel::{Money, Period, Timestamp, Zone};
use crate::core::store::word;
use crate::features::house_accounts::MoveKind;
use crate::features::reports::rules::Figures;
use crate::features::reports::types::Cell;

/// What moved accounts, and how they stood after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountDay {
    deposits: i64,
    settled: i64,
    used: i64,
    given_back: i64,
    held: i64,
    owed: i64,
}

impl Figures for AccountDay {
    fn add(&mut self, later: &Self) {
        self.deposits += later.deposits;
        self.settled += later.settled;
        self.used += later.used;
        self.given_back += later.given_back;
        // Days are added in their order: how accounts stand at the end of the last one.
        (self.held, self.owed) = (later.held, later.owed);
    }

    fn cells(&self) -> Vec<Cell> {
        let Self { deposits, settled, used, given_back, held, owed } = *self;
        [deposits, settled, used, given_back, held, owed]
            .map(|amount| Cell::Money(Money(amount)))
            .to_vec()
    }

    fn weight(&self) -> i64 {
        self.used
    }
}

impl AccountDay {
    /// An account moved by so much.
    fn follow(&mut self, kind: MoveKind, amount: i64, balance: &mut i64) {
        match kind {
            MoveKind::Deposit => self.deposits += amount,
            MoveKind::Settlement => self.settled += amount,
            MoveKind::Charge | MoveKind::Returned => self.used -= amount,
            MoveKind::GivenBack => self.given_back -= amount,
        }
        let (held, owed) = ((*balance).max(0), (-*balance).max(0));
        *balance += amount;
        self.held += (*balance).max(0) - held;
        self.owed += (-*balance).max(0) - owed;
    }
}

/// Each day of a period by its number.
pub fn account_days(
    db: &Connection,
    zone: &Zone,
    period: Period,
) -> Result<HashMap<i64, AccountDay>> {
    let (from, to) = (zone.start(period.date_from), zone.start(period.date_to.plus_days(1)));
    let mut balances = balances_before(db, from)?;
    let mut now = AccountDay {
        held: balances.values().map(|balance| (*balance).max(0)).sum(),
        owed: balances.values().map(|balance| (-*balance).max(0)).sum(),
        ..AccountDay::default()
    };
    let mut statement = db.prepare_cached(
        "SELECT created_at, account_id, kind, amount FROM account_moves
         WHERE created_at >= ?1 AND created_at < ?2 ORDER BY created_at",
    )?;
    let moves = statement.query_map(params![from.0, to.0], |row| {
        let (at, account): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok((at, account, word(row, 2, MoveKind::parse)?, row.get::<_, i64>(3)?))
    })?;
    let mut moves = moves.peekable();
    let mut days = HashMap::new();
    for day in period.each_day() {
        let end = zone.start(day.plus_days(1)).0;
        now = AccountDay { held: now.held, owed: now.owed, ..AccountDay::default() };
        while let Some(one) = moves.next_if(|one| one.as_ref().is_ok_and(|one| one.0 < end)) {
            let (_, account, kind, amount) = one?;
            now.follow(kind, amount, balances.entry(account).or_default());
        }
        if let Some(Err(_)) = moves.peek() {
            moves.next().transpose()?;
        }
        days.insert(day.number(), now);
    }
    Ok(days)
}

/// How each account stood before a moment.
fn balances_before(db: &Connection, Timestamp(from): Timestamp) -> Result<HashMap<i64, i64>> {
    let mut statement = db.prepare_cached(
        "SELECT a.id, (SELECT m.balance FROM account_moves m
                       WHERE m.account_id = a.id AND m.created_at < ?1 ORDER BY m.id DESC LIMIT 1)
         FROM house_accounts a",
    )?;
    let rows = statement.query_map([from], |row| {
        Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.unwrap_or_default()))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_and_owed_follows_each_move() {
        let (mut day, mut ivan, mut firm) = (AccountDay::default(), 0, 0);
        day.follow(MoveKind::Deposit, 500, &mut ivan);
        day.follow(MoveKind::Charge, -700, &mut ivan);
        day.follow(MoveKind::Charge, -40, &mut firm);
        assert_eq!((day.held, day.owed, day.used), (0, 240, 740));
        day.follow(MoveKind::Returned, 700, &mut ivan);
        day.follow(MoveKind::Settlement, 40, &mut firm);
        day.follow(MoveKind::GivenBack, -100, &mut ivan);
        let all = AccountDay {
            deposits: 500,
            settled: 40,
            used: 40,
            given_back: 100,
            held: 400,
            owed: 0,
        };
        assert_eq!(day, all);
        assert_eq!(day.held - day.owed, day.deposits + day.settled - day.used - day.given_back);
    }

    #[test]
    fn a_period_ends_as_its_last_day_does() {
        let first = AccountDay { deposits: 5, held: 5, ..AccountDay::default() };
        let last = AccountDay { used: 2, held: 3, ..AccountDay::default() };
        let mut sum = AccountDay::default();
        sum.add(&first);
        sum.add(&last);
        assert_eq!((sum.deposits, sum.used, sum.held), (5, 2, 3));
    }
}
