//! Whatever is booked, moved, seated and called off, in whatever order: two parties are never at one table
//! at one time. And a year of reservations is no burden.

use std::time::{Duration, Instant};

use qres::core::clock;
use serde_json::{Value, json};

use crate::harness::evening::Dice;
use crate::harness::{Client, House, id};
use crate::reservations::{assert_apart, at, day};

const STEPS: usize = 160;

fn number(dice: &mut Dice, sides: usize) -> i64 {
    i64::try_from(dice.throw(sides)).unwrap()
}

fn time(dice: &mut Dice) -> String {
    format!("{:02}:{:02}", 12 + dice.throw(10), dice.throw(4) * 15)
}

fn some_tables(dice: &mut Dice, tables: &[i64]) -> Value {
    match dice.throw(4) {
        0 => Value::Null,
        1 => json!([tables[0], tables[1]]),
        _ => json!([tables[dice.throw(tables.len())]]),
    }
}

/// One of what hosts do; refusals are part of it.
async fn act(who: &Client, dice: &mut Dice, tables: &[i64], known: &mut Vec<i64>) {
    let any = known.get(dice.throw(known.len())).copied().unwrap_or(1);
    let reply = match dice.throw(6) {
        0 | 1 => {
            let mut body = json!({"starts_at": at(&time(dice)), "party": 1 + number(dice, 8),
                                  "name": "Dice", "ignore": ["HOURS", "SEATS"]});
            if dice.throw(2) == 0 {
                body["table_ids"] = some_tables(dice, tables);
            }
            if dice.throw(3) == 0 {
                body["minutes"] = json!(15 + number(dice, 200));
            }
            who.post("/reservations", &body).await
        }
        2 => {
            let body = json!({"starts_at": at(&time(dice)), "minutes": 30 + number(dice, 90),
                              "table_ids": [tables[dice.throw(tables.len())]], "reason": "Dice"});
            who.post("/reservations/blocks", &body).await
        }
        3 | 4 => {
            let mut body = json!({"ignore": ["HOURS", "SEATS", "NO_TABLE"]});
            match dice.throw(4) {
                0 => body["starts_at"] = json!(at(&time(dice))),
                1 => body["party"] = json!(1 + number(dice, 9)),
                2 => body["minutes"] = json!(15 + number(dice, 300)),
                _ => body["table_ids"] = some_tables(dice, tables),
            }
            who.patch(&format!("/reservations/{any}"), &body).await
        }
        _ => {
            let step = ["ARRIVE", "CANCEL", "REOPEN", "REOPEN"][dice.throw(4)];
            who.post(&format!("/reservations/{any}/step"), &json!({"step": step})).await
        }
    };
    let status = reply.status.as_u16();
    // At first there is nothing to change.
    let is_told = [200, 201, 404, 409, 422].contains(&status);
    assert!(is_told, "{}: {}", reply.what, reply.text());
    if status == 201 {
        known.push(id(&reply.json()));
    }
}

async fn evening(seed: u64) {
    let house = House::open().await;
    let mut tables = house.tables.to_vec();
    for (number, seats) in [(3, 2), (4, 8)] {
        let table = json!({"number": number, "seats": seats});
        tables.push(id(&house.admin.post("/tables", &table).await.created()));
    }
    let mut rules = house.admin.get("/reservations/rules").await.ok();
    rules["joins"] = json!([{"table_ids": [tables[0], tables[1]], "seats": 9}]);
    rules["clear_minutes"] = json!(10);
    house.admin.put("/reservations/rules", &rules).await.ok();
    let (mut dice, mut known) = (Dice(seed), Vec::new());
    for _ in 0..STEPS {
        act(&house.waiter, &mut dice, &tables, &mut known).await;
        assert_apart(&house.app);
    }
    assert!(known.len() > 20, "only {} were booked", known.len());
    // What the book holds is what it tells.
    let all = house.waiter.get(&format!("/reservations?date_from={}", day(1))).await.ok();
    let db = house.app.database();
    let held =
        "SELECT count(*) FROM reservation_tables k JOIN reservations r ON r.id = k.reservation_id
                WHERE k.is_held <> (r.state IN ('BOOKED', 'ARRIVED', 'SEATED', 'LEFT'))
                   OR k.starts_at <> r.starts_at OR k.ends_at < r.ends_at";
    assert_eq!(db.query_row(held, [], |row| row.get::<_, i64>(0)).unwrap(), 0, "{all}");
}

#[tokio::test]
async fn nobody_meets_whatever_the_order_of_commands() {
    for seed in [11, 2026] {
        evening(seed).await;
    }
}

#[tokio::test]
async fn a_year_of_reservations_opens_its_day_at_once() {
    let house = House::open().await;
    let db = house.app.database();
    // Sixty a day, a year back and a month ahead, at other tables each.
    let tables = "WITH n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59)
        INSERT INTO tables (number, seats, qr_code, created_at, updated_at)
        SELECT 100 + i, 4, 'code-' || i, 0, 0 FROM n";
    db.execute(tables, []).unwrap();
    let first: i64 = db
        .query_row("SELECT min(id) FROM tables WHERE number >= 100", [], |row| row.get(0))
        .unwrap();
    let midnight = clock::now().0 / 86_400_000 * 86_400_000;
    for ahead in -365..30 {
        let starts = midnight + ahead * 86_400_000 + 16 * 3_600_000;
        db.execute(
            "WITH n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59)
             INSERT INTO reservations (kind, state, source, business_day, starts_at, ends_at, party,
                 name, phone, phone_digits, created_at, updated_at)
             SELECT 'PARTY', iif(?1 < 0, 'LEFT', 'BOOKED'), 'STAFF', ?2, ?3, ?3 + 5400000, 4, 'Guest',
                 '+7900' || i, '79000000' || i, 0, 0 FROM n",
            rusqlite::params![ahead, day(ahead).number(), starts],
        )
        .unwrap();
        db.execute(
            "INSERT INTO reservation_tables (reservation_id, table_id, starts_at, ends_at)
             SELECT id, ?2 + (id - 1) % 60, starts_at, ends_at FROM reservations WHERE starts_at = ?1",
            [starts, first],
        )
        .unwrap();
    }
    let quickest = async |path: String| {
        let mut quickest = Duration::MAX;
        // A machine that does other things too is not what is measured.
        for _ in 0..10 {
            let begun = Instant::now();
            let reply = house.waiter.get(&path).await.ok();
            assert!(!reply.is_null());
            quickest = quickest.min(begun.elapsed());
        }
        quickest
    };
    for path in [
        format!("/reservations?date_from={}", day(1)),
        format!("/reservations/free?day={}&party=2", day(1)),
        format!("/reservations/days?date_from={}&date_to={}", day(0), day(6)),
    ] {
        let took = quickest(path.clone()).await;
        assert!(took < Duration::from_millis(100), "{path} took {took:?}");
    }
}
