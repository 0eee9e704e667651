//! Today as it is at this moment: what was sold, what is open, what is late.

use rusqlite::{Connection, params};

use super::{PIECES, departments};
use crate::core::error::Result;
use crate::core::kernel::late::{DUE, IS_MADE};
use crate::core::kernel::{Day, Money, Period, Timestamp, Zone};
use crate::features::menu::Department;
use crate::features::reports::board::{
    Board, BoardDepartment, BoardDish, LateOrder, Open, Outstanding, SalesSoFar,
};
use crate::features::reports::rules::{average, minute_of_share};

/// The most late orders that are named.
const MOST_LATE: i64 = 20;
/// The most dishes that are named.
const MOST_DISHES: i64 = 8;
const HOUR: i64 = 3_600_000;
/// Orders of a day are paid within so many hours of its beginning, or stand at the last of them.
const HOURS: usize = 36;

/// The board of this moment.
pub fn board(db: &Connection, zone: &Zone, now: Timestamp) -> Result<Board> {
    let day = zone.day_of(now);
    let before = day.plus_days(-7);
    let clock = zone.clock_since(day, now);
    let today = Takings::of(db, zone, day)?;
    let past = Takings::of(db, zone, before)?;
    Ok(Board {
        as_of: now,
        day,
        compared_with: before,
        sales: today.until(i64::MAX),
        sales_before: past.until(clock),
        revenue_before_whole_day: past.until(i64::MAX).revenue,
        first_hour: zone.first_hour(),
        curve: today.curve(hour(clock) + 1),
        curve_before: past.curve(24),
        open: open(db)?,
        late_orders: count_late(db, now)?,
        late: late(db, now)?,
        departments: kitchen(db, day, now)?,
        dishes: dishes(db, day)?,
        to_return: to_return(db, day)?,
        closed_unpaid: closed_unpaid(db, day)?,
    })
}

/// What the orders of one day brought, and when by the clock on the wall: how far it was from
/// where it stood at the day's beginning.
struct Takings {
    payments: Vec<(i64, i64)>,
}

impl Takings {
    fn of(db: &Connection, zone: &Zone, day: Day) -> Result<Self> {
        let mut statement = db.prepare_cached(
            "SELECT coalesce((SELECT max(p.created_at) FROM payments p
                              WHERE p.order_id = o.id AND p.kind = 'PAYMENT'
                                AND p.state = 'TAKEN'), o.updated_at), o.total - o.given_back
             FROM orders o INDEXED BY orders_number
             WHERE o.business_day = ?1 AND o.payment_status = 'PAID' AND o.status <> 'CANCELLED'",
        )?;
        let rows = statement.query_map([day.number()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let paid: Vec<(i64, i64)> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(Self::by_the_clock(zone, day, &paid))
    }

    /// From moments and amounts.
    fn by_the_clock(zone: &Zone, day: Day, paid: &[(i64, i64)]) -> Self {
        let clock = |(at, amount): &(i64, i64)| (zone.clock_since(day, Timestamp(*at)), *amount);
        Self { payments: paid.iter().map(clock).collect() }
    }

    /// What was sold until a time of day.
    fn until(&self, clock: i64) -> SalesSoFar {
        let paid = || self.payments.iter().filter(|(at, _)| *at <= clock);
        let (orders, revenue) = (paid().count() as i64, paid().map(|(_, amount)| amount).sum());
        let revenue = Money(revenue);
        SalesSoFar { revenue, orders, average: average(revenue, orders) }
    }

    /// The sum at the end of each hour of the clock: of so many, and as many more as something
    /// came in.
    fn curve(&self, hours_at_least: usize) -> Vec<Money> {
        let mut hours = [0; HOURS];
        for (at, amount) in &self.payments {
            hours[hour(*at)] += amount;
        }
        let last = hours.iter().rposition(|amount| *amount != 0).map_or(0, |last| last + 1);
        let last = last.max(hours_at_least);
        let mut sum = 0;
        hours[..last]
            .iter()
            .map(|amount| {
                sum += amount;
                Money(sum)
            })
            .collect()
    }
}

fn hour(millis: i64) -> usize {
    usize::try_from(millis / HOUR).unwrap_or_default().min(HOURS - 1)
}

fn open(db: &Connection) -> Result<Open> {
    Ok(db
        .prepare_cached(
            "SELECT count(*), coalesce(sum(total) FILTER (WHERE payment_status = 'UNPAID'), 0),
                    count(*) FILTER (WHERE EXISTS (SELECT 1 FROM order_items i
                                     WHERE i.order_id = o.id AND i.status = 'NEW')),
                    count(*) FILTER (WHERE status = 'READY'), min(created_at)
             FROM orders o INDEXED BY orders_open WHERE closed_at IS NULL",
        )?
        .query_row([], |row| {
            Ok(Open {
                orders: row.get(0)?,
                unpaid: Money(row.get(1)?),
                waiting: row.get(2)?,
                ready: row.get(3)?,
                oldest: row.get::<_, Option<i64>>(4)?.map(Timestamp),
            })
        })?)
}

/// What is late.
fn is_late() -> String {
    format!("{IS_MADE} AND {DUE} < ?1")
}

/// How many orders have something late.
pub(super) fn count_late(db: &Connection, now: Timestamp) -> Result<i64> {
    let sql = format!(
        "SELECT count(DISTINCT order_id) FROM order_items i INDEXED BY order_items_kitchen
         WHERE {}",
        is_late()
    );
    Ok(db.prepare_cached(&sql)?.query_row([now.0], |row| row.get(0))?)
}

/// Late orders, the latest first.
fn late(db: &Connection, now: Timestamp) -> Result<Vec<LateOrder>> {
    let is_late = is_late();
    let mut statement = db.prepare_cached(&format!(
        "SELECT o.id, o.number, t.number, coalesce(u.full_name, ''), i.dish_name,
                min({DUE}) AS due, count(*), t.label
         FROM order_items i INDEXED BY order_items_kitchen
         JOIN orders o ON o.id = i.order_id
         LEFT JOIN tables t ON t.id = o.table_id
         LEFT JOIN users u ON u.id = o.waiter_id
         WHERE {is_late}
         GROUP BY o.id ORDER BY due LIMIT ?2"
    ))?;
    let rows = statement.query_map([now.0, MOST_LATE], |row| {
        Ok(LateOrder {
            order_id: row.get(0)?,
            number: row.get(1)?,
            table_number: row.get(2)?,
            table_name: row.get(7)?,
            waiter_name: row.get(3)?,
            dish_name: row.get(4)?,
            minutes_late: now.minutes_since(Timestamp(row.get(5)?)),
            lines: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The departments that have something to do or made something today.
fn kitchen(db: &Connection, day: Day, now: Timestamp) -> Result<Vec<BoardDepartment>> {
    let times = departments(db, Period { date_from: day, date_to: day })?;
    let mut open = db.prepare_cached(&format!(
        "SELECT count(*), count(*) FILTER (WHERE {})
         FROM order_items i INDEXED BY order_items_kitchen
         WHERE department = ?2 AND {IS_MADE}",
        is_late()
    ))?;
    let mut departments = Vec::new();
    for department in Department::ALL {
        let (open, late) = open
            .query_row(params![now.0, department.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let made = times.iter().find(|entry| entry.key == department.as_str());
        let counts = made.map(|entry| entry.figures.lines_by_minute());
        let minute = |share| counts.and_then(|counts| minute_of_share(counts, share));
        let (median, ninety_percent) = (minute(0.5), minute(0.9));
        if open > 0 || median.is_some() {
            departments.push(BoardDepartment { department, open, late, median, ninety_percent });
        }
    }
    Ok(departments)
}

/// What was sold most today. It adds up with the day's sales: what is not paid, or was cancelled,
/// is not in it.
fn dishes(db: &Connection, day: Day) -> Result<Vec<BoardDish>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT i.dish_id, max(i.dish_name), sum({PIECES}), sum(coalesce(i.paid, i.gross))
         FROM orders o INDEXED BY orders_number JOIN order_items i ON i.order_id = o.id
         WHERE o.business_day = ?1 AND o.payment_status = 'PAID' AND o.status <> 'CANCELLED'
           AND i.status <> 'CANCELLED'
         GROUP BY i.dish_id ORDER BY sum({PIECES}) DESC, max(i.dish_name) LIMIT ?2",
    ))?;
    let rows = statement.query_map([day.number(), MOST_DISHES], |row| {
        Ok(BoardDish {
            dish_id: row.get(0)?,
            dish_name: row.get(1)?,
            quantity: row.get(2)?,
            revenue: Money(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Orders of the last 30 days that were paid and cancelled, and whose money was not given back.
fn to_return(db: &Connection, day: Day) -> Result<Outstanding> {
    outstanding(db, day, "payment_status = 'PAID' AND status = 'CANCELLED'")
}

/// Orders of the last 30 days that were closed, and whose money was not taken.
fn closed_unpaid(db: &Connection, day: Day) -> Result<Outstanding> {
    outstanding(db, day, "payment_status = 'UNPAID' AND status = 'COMPLETED'")
}

fn outstanding(db: &Connection, day: Day, which: &str) -> Result<Outstanding> {
    let sql = format!(
        "SELECT count(*), coalesce(sum(total - given_back), 0) FROM orders INDEXED BY orders_odd
         WHERE closed_at IS NOT NULL AND (status = 'CANCELLED' OR payment_status <> 'PAID')
           AND business_day BETWEEN ?1 AND ?2 AND {which}"
    );
    Ok(db.prepare_cached(&sql)?.query_row([day.plus_days(-30).number(), day.number()], |row| {
        Ok(Outstanding { orders: row.get(0)?, amount: Money(row.get(1)?) })
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    /// F6: what was taken a week ago until the same time of day, by the clock on the wall.
    #[test]
    fn a_day_of_another_length_is_compared_by_the_clock() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        for (past, now) in [
            // Into winter and out of it: the day of the change, and the one a week later.
            (
                [("2026-10-18T12:00:00+02:00", 100), ("2026-10-18T13:30:00+02:00", 10)],
                "2026-10-25T13:05:00+01:00",
            ),
            (
                [("2026-10-25T12:00:00+01:00", 100), ("2026-10-25T13:30:00+01:00", 10)],
                "2026-11-01T13:05:00+01:00",
            ),
            (
                [("2027-03-21T12:00:00+01:00", 100), ("2027-03-21T13:30:00+01:00", 10)],
                "2027-03-28T13:05:00+02:00",
            ),
            (
                [("2027-03-28T12:00:00+02:00", 100), ("2027-03-28T13:30:00+02:00", 10)],
                "2027-04-04T13:05:00+02:00",
            ),
        ] {
            let (now, day) = (at(now), berlin.day_of(at(now)));
            let paid = past.map(|(moment, amount)| (at(moment).0, amount));
            let takings = Takings::by_the_clock(&berlin, day.plus_days(-7), &paid);
            let until = |now| takings.until(berlin.clock_since(day, now)).revenue;
            assert_eq!(until(now), Money(100), "{day}");
            assert_eq!(until(now.plus_minutes(25)), Money(110), "{day}");
            let curve = takings.curve(24);
            assert_eq!(
                (curve[11], curve[12], curve[13], curve.len()),
                (Money(0), Money(100), Money(110), 24),
                "{day}"
            );
        }
    }

    #[test]
    fn the_hour_that_comes_twice_is_one_hour_of_the_curve() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let day = berlin.day_of(at("2026-10-25T12:00:00Z"));
        let paid = [(at("2026-10-25T00:50:00Z").0, 1), (at("2026-10-25T01:10:00Z").0, 2)];
        let takings = Takings::by_the_clock(&berlin, day, &paid);
        assert_eq!(takings.curve(3), [Money(0), Money(0), Money(3)]);
    }
}
