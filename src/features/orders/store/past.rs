//! The past of a demo restaurant: closed orders of the days before today, so that lists and
//! reports show what they will show later.

use rusqlite::{Connection, Row, params};

use super::entries;
use crate::core::error::Result;
use crate::core::kernel::{Day, Timestamp, Zone};
use crate::core::store::{Command, Priority, Tx, count_anew};

const MINUTE: i64 = 60_000;
/// Out of so many orders, how many are placed in each hour of the day from 10 to 22.
const HOURS: [(i64, usize); 13] = [
    (10, 2),
    (11, 4),
    (12, 10),
    (13, 14),
    (14, 9),
    (15, 5),
    (16, 4),
    (17, 6),
    (18, 12),
    (19, 16),
    (20, 14),
    (21, 8),
    (22, 3),
];
const CUSTOMERS: [&str; 6] =
    ["Анна Соколова", "Борис", "Ольга Ким", "Тимур", "Мария Лебедева", "Игорь Павлов"];

/// Writes the orders of so many days before today; nothing where there are orders already.
pub struct WritePast {
    /// Days before today.
    pub days: i64,
    /// Decides where a day begins.
    pub zone: Zone,
}

/// Chance that is the same each time: a demo that can be shown twice.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides.max(1)
    }

    fn minutes(&mut self, least: i64, most: usize) -> i64 {
        (least + self.below(most) as i64) * MINUTE
    }

    fn of<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        things.get(self.below(things.len()))
    }
}

/// A dish in one size, as its line copies it.
struct Size {
    id: i64,
    dish_id: i64,
    dish: String,
    name: String,
    price: i64,
    department: String,
    minutes: i64,
}

impl Size {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            dish_id: row.get(1)?,
            dish: row.get(2)?,
            name: row.get(3)?,
            price: row.get(4)?,
            department: row.get(5)?,
            minutes: row.get(6)?,
        })
    }
}

/// Who and what there is in the restaurant.
struct House {
    sizes: Vec<Size>,
    waiters: Vec<i64>,
    tables: Vec<i64>,
    methods: Vec<(i64, String)>,
}

impl House {
    fn of(db: &Connection) -> Result<Self> {
        let ids = |sql: &str| -> Result<Vec<i64>> {
            let mut statement = db.prepare(sql)?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
        };
        let mut sizes = db.prepare(
            "SELECT v.id, v.dish_id, h.name, v.name, v.price, h.department,
                    coalesce(h.cooking_time, 15)
             FROM dish_variations v JOIN dishes h ON h.id = v.dish_id
             WHERE v.unit = 'piece' AND v.deleted_at IS NULL AND h.deleted_at IS NULL ORDER BY v.id LIMIT 500",
        )?;
        let sizes = sizes.query_map([], Size::from_row)?.collect::<rusqlite::Result<_>>()?;
        // An account is somebody's: nobody charged it on those days.
        let mut methods = db.prepare(
            "SELECT id, name FROM payment_methods WHERE kind IS NOT 'ACCOUNT' ORDER BY id LIMIT 20",
        )?;
        let methods = methods.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self {
            sizes,
            waiters: ids("SELECT id FROM users WHERE role = 'waiter' ORDER BY id LIMIT 20")?,
            tables: ids("SELECT id FROM tables WHERE deleted_at IS NULL ORDER BY id LIMIT 200")?,
            methods: methods.collect::<rusqlite::Result<_>>()?,
        })
    }
}

impl Command for WritePast {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let has_past: bool =
            tx.query_row("SELECT EXISTS (SELECT 1 FROM orders)", [], |row| row.get(0))?;
        let house = House::of(tx)?;
        if has_past || house.sizes.is_empty() {
            return Ok(());
        }
        let today = self.zone.day_of(tx.now());
        let mut dice = Dice(20_260_501);
        for back in (1..=self.days).rev() {
            let day = today.plus_days(-back);
            let moments = moments(&mut dice, self.zone.start(day));
            for (number, at) in (1..).zip(moments) {
                write_order(tx, &house, &mut dice, (day, number), at)?;
            }
        }
        count_anew(tx)
    }
}

/// When the orders of a day were placed, in order; there are more of them towards the weekend.
fn moments(dice: &mut Dice, Timestamp(start): Timestamp) -> Vec<i64> {
    // 1970 began on a Thursday; noon is on the day in every zone.
    let weekday = (start + 12 * 60 * MINUTE).div_euclid(24 * 60 * MINUTE).rem_euclid(7);
    let busy = if weekday == 1 || weekday == 2 { 24 } else { 0 };
    let all: usize = HOURS.iter().map(|(_, weight)| weight).sum();
    let mut moments: Vec<i64> = (0..36 + busy + dice.below(14))
        .map(|_| {
            let mut place = dice.below(all);
            let hour = HOURS.iter().find(|(_, weight)| {
                let found = place < *weight;
                place = place.saturating_sub(*weight);
                found
            });
            start + hour.map_or(12, |(hour, _)| *hour) * 60 * MINUTE + dice.minutes(0, 60)
        })
        .collect();
    moments.sort_unstable();
    moments
}

fn write_order(
    tx: &Tx<'_>,
    house: &House,
    dice: &mut Dice,
    (day, number): (Day, i64),
    at: i64,
) -> Result<()> {
    let order_type =
        ["DINE_IN", "DINE_IN", "DINE_IN", "DINE_IN", "TAKEAWAY", "DELIVERY"][dice.below(6)];
    let is_seated = order_type == "DINE_IN";
    let waiter = dice.of(&house.waiters).copied();
    let method = dice.of(&house.methods);
    let fate = dice.below(100);
    let (status, payment) = match fate {
        0..=2 => ("CANCELLED", "UNPAID"),
        3 => ("COMPLETED", "REFUNDED"),
        _ => ("COMPLETED", "PAID"),
    };
    let lines: Vec<(&Size, i64)> = (0..=dice.below(4))
        .filter_map(|_| {
            // The first dishes of the menu are asked for more often than the last.
            let favour = dice.below(house.sizes.len()).min(dice.below(house.sizes.len()));
            let quantity = 1 + i64::from(dice.below(4) == 0);
            house.sizes.get(favour).map(|size| (size, quantity))
        })
        .collect();
    let total: i64 = lines.iter().map(|(size, quantity)| size.price * quantity).sum();
    // Not every waiter counts every time.
    let counts = is_seated && number % 5 != 0;
    let guests = counts.then_some(1 + lines.len() as i64 / 2 + number % 2);
    let (paid_at, is_done) = (at + dice.minutes(35, 50), status == "COMPLETED");
    let ended_at = if is_done { paid_at } else { at + 3 * MINUTE };
    tx.prepare_cached(
        "INSERT INTO orders (business_day, number, order_type, table_id, waiter_id, status,
                payment_status, payment_method_id, total, customer_name, confirmed_at, served_at,
                completed_at, cancelled_at, closed_at, created_at, updated_at, guests)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?11, ?15, ?16)",
    )?
    .execute(params![
        day.number(),
        number,
        order_type,
        is_seated.then(|| dice.of(&house.tables)).flatten(),
        waiter,
        status,
        payment,
        method.filter(|_| is_done).map(|(id, _)| id),
        total,
        (!is_seated).then(|| dice.of(&CUSTOMERS)).flatten(),
        at,
        is_done.then_some(at + 25 * MINUTE),
        is_done.then_some(ended_at),
        (!is_done).then_some(ended_at),
        ended_at,
        guests,
    ])?;
    let order_id = tx.last_insert_rowid();
    for (size, quantity) in lines {
        write_line(tx, dice, order_id, (size, quantity), waiter, (at, is_done))?;
    }
    entries::write_down(tx, order_id, waiter, Timestamp(ended_at))?;
    let Some((method_id, method_name)) = method.filter(|_| is_done) else { return Ok(()) };
    let kinds = [("PAYMENT", paid_at), ("REFUND", paid_at + 20 * MINUTE)];
    for (kind, at) in &kinds[..=usize::from(payment == "REFUNDED")] {
        tx.prepare_cached(
            "INSERT INTO payments (order_id, kind, amount, method_id, method_name, user_id,
                                   created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, coalesce(?6, (SELECT min(id) FROM users)), ?7)",
        )?
        .execute(params![order_id, kind, total, method_id, method_name, waiter, at])?;
    }
    Ok(())
}

fn write_line(
    tx: &Tx<'_>,
    dice: &mut Dice,
    order_id: i64,
    (size, quantity): (&Size, i64),
    waiter: Option<i64>,
    (at, is_done): (i64, bool),
) -> Result<()> {
    let begun_at = at + dice.minutes(1, 3);
    // Most are ready in time, some are not.
    let spread = usize::try_from(size.minutes * 3 / 5).unwrap_or(9);
    let ready_at = begun_at + dice.minutes(size.minutes * 2 / 5, spread);
    let moment = |moment: i64| is_done.then_some(moment);
    tx.prepare_cached(
        "INSERT INTO order_items (order_id, dish_id, dish_variation_id, dish_name, variation_name,
                department, quantity, price, status, estimated_preparation_time, added_by_id,
                sent_to_kitchen_at, preparation_started_at, ready_at, served_at, created_at,
                updated_at, gross)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7 * 1000, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?12, ?12,
                 ?7 * ?8)",
    )?
    .execute(params![
        order_id,
        size.dish_id,
        size.id,
        size.dish,
        size.name,
        size.department,
        quantity,
        size.price,
        if is_done { "SERVED" } else { "CANCELLED" },
        size.minutes,
        waiter,
        at,
        moment(begun_at),
        moment(ready_at),
        moment(ready_at + 2 * MINUTE),
    ])?;
    Ok(())
}
