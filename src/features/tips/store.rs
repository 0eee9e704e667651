//! Tips in SQL: the rules by the day from which they hold, who worked when, and what is paid out.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;

use super::rules::{Payee, share_out};
use super::{TipRecipient, TipRule, TipRuleBody, TipShare};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Day, Period, Timestamp, Zone};
use crate::core::store::{Command, Priority, Tx};
use crate::platform::audit;

/// The newest rule.
pub fn rule(db: &Connection) -> Result<TipRule> {
    Ok(rules(db)?.pop().map(|(_, rule)| rule).unwrap_or_default())
}

/// All rules, by the day from which each holds.
fn rules(db: &Connection) -> Result<Vec<(i64, TipRule)>> {
    let sql = "SELECT from_day, shares FROM tip_rules ORDER BY from_day";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let read = |row: rusqlite::Result<(i64, String)>| {
        let (day, shares) = row?;
        let shares: Vec<TipShare> = serde_json::from_str(&shares).map_err(Error::internal)?;
        Ok((day, TipRule { from_day: Day::of_number(day), shares }))
    };
    rows.map(read).collect()
}

/// From a day on tips are shared out so.
pub struct SetTipRule {
    pub rule: TipRuleBody,
    pub today: Day,
    pub by: i64,
}

impl Command for SetTipRule {
    type Output = TipRule;

    fn apply(self, tx: &mut Tx<'_>) -> Result<TipRule> {
        self.rule.check()?;
        let before = rule(tx)?;
        if before.shares != self.rule.shares {
            let shares = serde_json::to_string(&self.rule.shares).map_err(Error::internal)?;
            tx.prepare_cached(
                "INSERT INTO tip_rules (from_day, shares, created_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (from_day) DO UPDATE SET shares = excluded.shares",
            )?
            .execute(params![self.today.number(), shares, tx.now().0])?;
            let change = (json!(before), json!(rule(tx)?));
            audit::note(tx, Some(self.by), "tip_rule_changed", ("restaurant", None), change)?;
        }
        rule(tx)
    }
}

/// Somebody who worked on a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Worked {
    day: i64,
    user_id: i64,
    role: String,
}

fn worked(row: &Row<'_>) -> rusqlite::Result<Worked> {
    Ok(Worked { day: row.get(0)?, user_id: row.get(1)?, role: row.get(2)? })
}

/// Who signed in last on which day.
fn signed_in(db: &Connection, zone: &Zone) -> Result<Vec<Worked>> {
    let sql = "SELECT last_login, id, role FROM users WHERE last_login IS NOT NULL";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], worked)?;
    let on_its_day = |row: Worked| Worked { day: zone.day(Timestamp(row.day)), ..row };
    Ok(rows.map(|row| row.map(on_its_day)).collect::<rusqlite::Result<_>>()?)
}

/// Who signed in on a day that is not noted yet: the next sign-in would cover it.
///
/// # Errors
/// When the database cannot be read.
pub fn not_noted(db: &Connection, zone: &Zone) -> Result<Vec<Worked>> {
    let known = "SELECT EXISTS (SELECT 1 FROM work_days WHERE business_day = ?1 AND user_id = ?2)";
    let mut known = db.prepare_cached(known)?;
    let mut missing = Vec::new();
    for row in signed_in(db, zone)? {
        if !known.query_row([row.day, row.user_id], |row| row.get::<_, bool>(0))? {
            missing.push(row);
        }
    }
    Ok(missing)
}

/// Notes who worked.
pub struct NoteWorked(pub Vec<Worked>);

impl Command for NoteWorked {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let mut insert = tx.prepare_cached(
            "INSERT INTO work_days (business_day, user_id, role) VALUES (?1, ?2, ?3)
             ON CONFLICT DO NOTHING",
        )?;
        for Worked { day, user_id, role } in self.0 {
            insert.execute(params![day, user_id, role])?;
        }
        Ok(())
    }
}

/// What one gets of the tips of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// The person's id, `house`, `0` where nobody is named, or `held`: of orders that were called off
    /// and whose money has not gone back.
    pub key: String,
    /// The person's name; empty where it is none.
    pub name: String,
    /// What guests gave on top of this person's own orders, or to the house.
    pub own: i64,
    /// What is to be paid out.
    pub due: i64,
}

/// What is to be paid out of the tips of a period, day by day under the rule of that day.
///
/// # Errors
/// When the database cannot be read.
pub fn payouts(db: &Connection, zone: &Zone, period: Period) -> Result<Vec<Payout>> {
    let rules = rules(db)?;
    let tips = tips_by_day(db, period)?;
    let people = people_by_day(db, zone, period)?;
    let mut all: BTreeMap<Payee, (i64, i64)> = BTreeMap::new();
    for (day, DayTips { own, house, held }) in &tips {
        let shares = rules.iter().rfind(|(from, _)| from <= day).map(|(_, rule)| &rule.shares[..]);
        let there = people.get(day).map_or(&[][..], Vec::as_slice);
        for (payee, given, due) in [(Payee::House, *house, *house), (Payee::Held, *held, 0)] {
            if given != 0 {
                let sums = all.entry(payee).or_default();
                (sums.0, sums.1) = (sums.0 + given, sums.1 + due);
            }
        }
        for (waiter, amount) in own {
            let payee = if *waiter == 0 { Payee::Nobody } else { Payee::Person(*waiter) };
            all.entry(payee).or_default().0 += amount;
        }
        for (payee, amount) in share_out(own, shares.unwrap_or_default(), there) {
            all.entry(payee).or_default().1 += amount;
        }
    }
    all.into_iter().map(|(payee, sums)| payout(db, payee, sums)).collect()
}

fn payout(db: &Connection, payee: Payee, (own, due): (i64, i64)) -> Result<Payout> {
    let (key, name) = match payee {
        Payee::House => ("house".to_owned(), String::new()),
        Payee::Nobody => ("0".to_owned(), String::new()),
        Payee::Held => ("held".to_owned(), String::new()),
        Payee::Person(id) => {
            let sql = "SELECT full_name FROM users WHERE id = ?1";
            let name = db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
            (id.to_string(), name.unwrap_or_default())
        }
    };
    Ok(Payout { key, name, own, due })
}

/// The tips of a day.
#[derive(Default)]
struct DayTips {
    /// Those for the staff by waiter (0: nobody).
    own: Vec<(i64, i64)>,
    /// Those for the house.
    house: i64,
    /// Those of orders that were called off and not given back yet.
    held: i64,
}

/// The tips of each day.
fn tips_by_day(db: &Connection, period: Period) -> Result<BTreeMap<i64, DayTips>> {
    let mut statement = db.prepare_cached(
        "SELECT business_day, waiter_id, sum(tips - house_tips - held_tips), sum(house_tips),
                sum(held_tips)
         FROM daily_waiters WHERE business_day BETWEEN ?1 AND ?2
         GROUP BY business_day, waiter_id",
    )?;
    let mut rows = statement.query(period.bounds())?;
    let mut days: BTreeMap<i64, DayTips> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (own, house, held): (i64, i64, i64) = (row.get(2)?, row.get(3)?, row.get(4)?);
        if (own, house, held) == (0, 0, 0) {
            continue;
        }
        let day = days.entry(row.get(0)?).or_default();
        (day.house, day.held) = (day.house + house, day.held + held);
        if own != 0 {
            day.own.push((row.get(1)?, own));
        }
    }
    Ok(days)
}

/// Who worked on each day: signed in, or had orders.
fn people_by_day(
    db: &Connection,
    zone: &Zone,
    period: Period,
) -> Result<BTreeMap<i64, Vec<(i64, TipRecipient)>>> {
    let (first, last) = period.bounds();
    let mut noted = db.prepare_cached(
        "SELECT business_day, user_id, role FROM work_days WHERE business_day BETWEEN ?1 AND ?2",
    )?;
    let mut served = db.prepare_cached(
        "SELECT d.business_day, u.id, u.role
         FROM daily_waiters d JOIN users u ON u.id = d.waiter_id
         WHERE d.business_day BETWEEN ?1 AND ?2",
    )?;
    let noted = noted.query_map([first, last], worked)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let served = served.query_map([first, last], worked)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let (mut seen, mut days) = (BTreeSet::new(), BTreeMap::<i64, Vec<_>>::new());
    for Worked { day, user_id, role } in noted.into_iter().chain(signed_in(db, zone)?).chain(served)
    {
        let recipient = TipRecipient::parse(&role.to_uppercase());
        if let Some(recipient) = recipient
            && seen.insert((day, user_id))
        {
            days.entry(day).or_default().push((user_id, recipient));
        }
    }
    // The odd minor unit goes by the order of ids, whoever was seen first.
    for people in days.values_mut() {
        people.sort_unstable();
    }
    Ok(days)
}
