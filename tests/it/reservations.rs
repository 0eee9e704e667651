//! The book: one party at a table at a time, whoever asks first; and what becomes of a reservation.

use qres::core::clock;
use qres::core::error::Result;
use qres::core::kernel::{Day, Zone};
use qres::core::store::{Command, Tx};
use qres::features::reservations::forget_next;
use serde_json::{Value, json};

use crate::harness::{Client, House, Reply, Screen, TestApp, id};

/// A day from now on, as the test's restaurant counts.
pub fn day(ahead: i64) -> Day {
    Zone::named("Europe/Moscow").unwrap().day_of(clock::now()).plus_days(ahead)
}

/// Tomorrow at a time of the restaurant's clock.
pub fn at(time: &str) -> String {
    format!("{}T{time}", day(1))
}

pub fn party(time: &str, party: i64) -> Value {
    json!({"starts_at": at(time), "party": party, "name": "Ivanova", "phone": "+7 900 123-45-67"})
}

/// The same with something else in it.
pub fn with(mut body: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

pub async fn book(house: &House, body: &Value) -> Value {
    house.waiter.post("/reservations", body).await.created()
}

pub async fn step(who: &Client, reservation: i64, body: Value) -> Reply {
    who.post(&format!("/reservations/{reservation}/step"), &body).await
}

fn tables(one: &Value) -> Vec<i64> {
    one["tables"].as_array().unwrap().iter().map(id).collect()
}

/// Nobody meets anybody at any table.
pub fn assert_apart(app: &TestApp) {
    let sql = "SELECT count(*) FROM reservation_tables a JOIN reservation_tables b
               ON a.table_id = b.table_id AND a.id < b.id AND a.is_held AND b.is_held
               AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at";
    let meets: i64 = app.database().query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(meets, 0, "two parties at one table at one time");
}

/// Waits until the book says so.
async fn becomes(house: &House, reservation: i64, is_so: impl Fn(&Value) -> bool) -> Value {
    let (mut screen, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    loop {
        let one = house.waiter.get(&format!("/reservations/{reservation}")).await.ok();
        if is_so(&one) {
            return one;
        }
        screen.wait_for("reservation_changed").await;
    }
}

#[tokio::test]
async fn a_table_is_kept_for_one_party_at_a_time() {
    let house = House::open().await;
    let first = book(&house, &party("19:00", 4)).await;
    assert_eq!((tables(&first), &first["state"]), (vec![house.tables[0]], &json!("BOOKED")));
    assert_eq!((&first["time"], &first["day"]), (&json!("19:00"), &json!(day(1).to_string())));
    let second = book(&house, &party("20:59", 3)).await;
    assert_eq!(tables(&second), [house.tables[1]]);
    // Two hours are up at 21:00: what ends then does not meet what begins then.
    let third = house.waiter.post("/reservations", &party("20:59", 4)).await;
    assert_eq!(third.json()["params"]["ignore"], "NO_TABLE");
    third.refused(409, "no_table_free");
    let edge = json!({"starts_at": at("21:00"), "party": 4, "name": "Orlov",
                      "table_ids": [house.tables[0]]});
    let edge = book(&house, &edge).await;
    let chosen = with(party("19:30", 2), &json!({"table_ids": [house.tables[0]]}));
    let refused = house.waiter.post("/reservations", &chosen).await;
    let params = refused.json()["params"].clone();
    assert_eq!((&params["name"], &params["until"]), (&json!("Ivanova"), &json!("21:00")));
    refused.refused(409, "table_booked");
    // Who waits for a table has none, and may get one that becomes free.
    let waits = with(party("19:30", 2), &json!({"ignore": ["NO_TABLE"]}));
    let waits = book(&house, &waits).await;
    assert_eq!(tables(&waits), Vec::<i64>::new());
    step(&house.waiter, id(&first), json!({"step": "CANCEL", "reason": "ill"})).await.ok();
    let path = format!("/reservations/{}", id(&waits));
    let placed = house.waiter.patch(&path, &json!({"table_ids": null})).await.ok();
    assert_eq!(tables(&placed), [house.tables[0]]);
    assert_eq!(tables(&edge), [house.tables[0]]);
    let day = house.waiter.get(&format!("/reservations?date_from={}", day(1))).await.ok();
    assert_eq!(day["total"], 4);
    let names: Vec<_> =
        day["reservations"].as_array().unwrap().iter().map(|r| &r["time"]).collect();
    assert_eq!(names, ["19:00", "19:30", "20:59", "21:00"]);
    assert_apart(&house.app);
}

#[tokio::test]
async fn of_two_hosts_who_seat_the_last_table_one_hears_no() {
    let house = House::open().await;
    let chosen = with(party("19:00", 2), &json!({"table_ids": [house.tables[0]]}));
    let (one, other) = tokio::join!(
        house.waiter.post("/reservations", &chosen),
        house.admin.post("/reservations", &chosen)
    );
    let mut codes = [one.status.as_u16(), other.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [201, 409]);
    // Both stand at the door now; one table is left.
    let now = |name: &str| {
        json!({"starts_at": clock::now().to_string(), "party": 2, "name": name, "minutes": 90,
               "ignore": ["HOURS", "NO_TABLE"]})
    };
    let ivan = id(&book(&house, &now("Ivan")).await);
    let olga = id(&book(&house, &now("Olga")).await);
    let seat = json!({"step": "SEAT", "table_ids": [house.tables[1]]});
    for one in [ivan, olga] {
        let free = json!({"table_ids": [], "ignore": ["HOURS"]});
        house.waiter.patch(&format!("/reservations/{one}"), &free).await.ok();
    }
    let (one, other) =
        tokio::join!(step(&house.waiter, ivan, seat.clone()), step(&house.admin, olga, seat));
    let lost = if one.status == 200 { other } else { one };
    assert!(lost.refused(409, "table_booked").contains("kept for another party"));
    let table = house.waiter.get(&format!("/tables/{}", house.tables[1])).await.ok();
    assert_eq!((&table["is_occupied"], &table["guests"]), (&json!(true), &json!(2)));
    // A party that nobody expected sits at a table: nobody else is seated there.
    let taken = format!("/tables/{}/status", house.tables[0]);
    house.waiter.patch(&taken, &json!({"is_occupied": true, "guests": 3})).await.ok();
    let late = if house.waiter.get(&format!("/reservations/{ivan}")).await.ok()["state"] == "SEATED"
    {
        olga
    } else {
        ivan
    };
    let seat = json!({"step": "SEAT", "table_ids": [house.tables[0]]});
    step(&house.waiter, late, seat).await.refused(409, "table_taken");
    assert_apart(&house.app);
}

#[tokio::test]
async fn a_party_comes_sits_eats_and_leaves() {
    let house = House::open().await;
    let body = json!({"starts_at": clock::now().to_string(), "party": 4, "name": "Petrov",
                      "allergies": "nuts", "ignore": ["HOURS"]});
    let one = book(&house, &body).await;
    let (reservation, table) = (id(&one), tables(&one)[0]);
    let arrived = step(&house.waiter, reservation, json!({"step": "ARRIVE"})).await.ok();
    assert_eq!(arrived["state"], "ARRIVED");
    assert!(arrived["arrived_at"].is_string());
    let seated = step(&house.waiter, reservation, json!({"step": "SEAT"})).await.ok();
    assert_eq!((&seated["state"], tables(&seated)), (&json!("SEATED"), vec![table]));
    // A step that was taken is taken.
    let again = step(&house.waiter, reservation, json!({"step": "SEAT"})).await.ok();
    assert_eq!(again["seated_at"], seated["seated_at"]);
    step(&house.waiter, reservation, json!({"step": "NO_SHOW"}))
        .await
        .refused(409, "reservation_moved_on");
    house
        .waiter
        .patch(&format!("/reservations/{reservation}"), &json!({"party": 3}))
        .await
        .refused(409, "reservation_over");
    let order = json!({"table_id": table, "items": [{"dish_id": house.borscht, "quantity": 1}]});
    let order = house.waiter.post("/orders/", &order).await.created();
    assert_eq!(order["guests"], 4, "those who were seated are counted in the order");
    becomes(&house, reservation, |one| one["order_id"] == order["id"]).await;
    step(&house.waiter, reservation, json!({"step": "LEAVE"})).await.refused(409, "order_open");
    // They move to the other table, and the book knows.
    let path = format!("/orders/{}/move", id(&order));
    house.waiter.post(&path, &json!({"table_id": house.tables[1]})).await.ok();
    becomes(&house, reservation, |one| tables(one) == [house.tables[1]]).await;
    let line = id(&order["items"][0]);
    house.move_item(&house.kitchen, line, "READY").await.ok();
    house.move_item(&house.waiter, line, "SERVED").await.ok();
    let pay = json!({"payment_method_id": house.cash});
    house.waiter.post(&format!("/orders/{}/complete-payment", id(&order)), &pay).await.ok();
    let left = becomes(&house, reservation, |one| one["state"] == "LEFT").await;
    assert!(left["left_at"].is_string() && left["ends_at"].as_str() < one["ends_at"].as_str());
    let again = json!({"starts_at": clock::now().to_string(), "party": 4, "name": "Next",
                       "table_ids": [house.tables[1]], "ignore": ["HOURS"]});
    book(&house, &again).await;
    assert_apart(&house.app);
}

/// What erases a guest calls this.
struct Forget;

impl Command for Forget {
    type Output = usize;

    fn apply(self, tx: &mut Tx<'_>) -> Result<usize> {
        let mut forgotten = 0;
        while forget_next(tx, "+7 900 765-43-21")? {
            forgotten += 1;
        }
        Ok(forgotten)
    }
}

#[tokio::test]
async fn who_does_not_come_is_remembered_and_may_come_after_all() {
    let house = House::open().await;
    let now = json!({"starts_at": clock::now().to_string(), "party": 2, "name": "Sidorov",
                     "phone": "8 (900) 765-43-21", "ignore": ["HOURS"]});
    let one = id(&book(&house, &now).await);
    let tomorrow = with(party("19:00", 2), &json!({"phone": "900 765-43-21"}));
    let tomorrow = book(&house, &tomorrow).await;
    step(&house.waiter, id(&tomorrow), json!({"step": "NO_SHOW"})).await.refused(409, "too_early");
    step(&house.waiter, one, json!({"step": "NO_SHOW"})).await.ok();
    let path = format!("/reservations/{}", id(&tomorrow));
    assert_eq!(house.waiter.get(&path).await.ok()["no_shows"], 1, "however it is typed");
    let days = house.waiter.get("/reservations/days").await.ok();
    assert_eq!((&days["days"][0]["no_shows"], &days["days"][0]["parties"]), (&json!(1), &json!(0)));
    let back = step(&house.waiter, one, json!({"step": "REOPEN"})).await.ok();
    assert_eq!((&back["state"], tables(&back).len()), (&json!("BOOKED"), 1));
    assert_eq!(house.waiter.get(&path).await.ok()["no_shows"], 0);
    // Forgotten, on somebody's wish: who came is gone, that somebody came stays.
    let key = "booked-and-forgotten";
    let body = with(party("12:00", 2), &json!({"phone": "+79007654321", "name": "Secret"}));
    let kept = house.waiter.post_once("/reservations", key, &body).await.created();
    assert_eq!(house.app.app.store.run(Forget).await.unwrap(), 3);
    let gone = house.waiter.get(&format!("/reservations/{}", id(&kept))).await.ok();
    assert_eq!(
        (&gone["name"], &gone["phone"], &gone["party"]),
        (&json!(""), &json!(null), &json!(2))
    );
    let again = house.waiter.post_once("/reservations", key, &body).await;
    assert!(!again.text().contains("Secret"), "{}", again.text());
}

#[tokio::test]
async fn the_owner_says_when_and_how_many() {
    let house = House::open().await;
    let mut rules = house.admin.get("/reservations/rules").await.ok();
    rules["guests_per_quarter"] = json!(6);
    rules["hours"] =
        json!([{"weekdays": [1, 2, 3, 4, 5, 6, 7], "first": "18:00", "last": "00:30"}]);
    rules["special_days"] = json!([{"day": day(2).to_string(), "hours": [], "note": "Closed"}]);
    rules["joins"] = json!([{"table_ids": house.tables, "seats": 9}]);
    rules["clear_minutes"] = json!(15);
    house.waiter.put("/reservations/rules", &rules).await.refused(403, "wrong_role");
    assert_eq!(house.admin.put("/reservations/rules", &rules).await.ok(), rules);
    let wrong = with(rules.clone(), &json!({"lengths": []}));
    house.admin.put("/reservations/rules", &wrong).await.invalid("lengths");
    let own = house.admin.get("/reservations/lengths").await.ok();
    let first = json!({"up_to": 2, "bills": 0, "half": null, "most": null});
    assert_eq!((&own["days"], &own["lengths"][0]), (&json!(90), &first));
    let early = house.waiter.post("/reservations", &party("17:59", 2)).await;
    assert_eq!(early.json()["params"]["ignore"], "HOURS");
    early.refused(409, "outside_hours");
    let closed = json!({"starts_at": format!("{}T19:00", day(2)), "party": 2, "name": "Ivanova"});
    house.waiter.post("/reservations", &closed).await.refused(409, "outside_hours");
    // After midnight is the evening before.
    let night = json!({"starts_at": format!("{}T00:30", day(2)), "party": 2, "name": "Ivanova"});
    book(&house, &night).await;
    // Nine sit at both tables together, and it takes a quarter of an hour to clear them.
    let nine = book(&house, &with(party("18:00", 9), &json!({"ignore": ["PACING"]}))).await;
    assert_eq!(tables(&nine), house.tables);
    let chosen = with(party("20:30", 2), &json!({"table_ids": [house.tables[0]]}));
    house.waiter.post("/reservations", &chosen).await.refused(409, "table_booked");
    let chosen = with(party("20:45", 5), &json!({"table_ids": [house.tables[0]]}));
    house.waiter.post("/reservations", &chosen).await.refused(409, "too_few_seats");
    let four = with(party("20:45", 4), &json!({"table_ids": [house.tables[0]]}));
    book(&house, &four).await;
    house.waiter.post("/reservations", &party("20:50", 3)).await.refused(409, "too_many_at_once");
    let free = format!("/reservations/free?day={}&party=3", day(1));
    let free = house.waiter.get(&free).await.ok();
    let full = |time: &str| {
        let times = free["times"].as_array().unwrap();
        times.iter().find(|one| one["time"] == time).map(|one| one["full"].clone())
    };
    assert_eq!(full("18:00"), Some(json!("PACING")));
    assert_eq!(full("18:15"), Some(json!("TABLES")));
    assert_eq!((full("21:00"), full("17:45")), (Some(json!(null)), None));
    assert_eq!(free["times"].as_array().unwrap().last().unwrap()["time"], "00:30");
    assert_apart(&house.app);
}

#[tokio::test]
async fn a_block_keeps_tables_for_nobody_and_others_give_way() {
    let house = House::open().await;
    let small = json!({"number": 3, "seats": 2});
    let small = id(&house.admin.post("/tables", &small).await.created());
    let block = json!({"starts_at": at("12:00"), "minutes": 1440, "table_ids": [house.tables[0]],
                       "reason": "The leg is broken"});
    let block = house.waiter.post("/reservations/blocks", &block).await.created();
    // Two sit at the small one, unless it is taken; then they give way to those who need a large one.
    let couple = book(&house, &party("19:00", 2)).await;
    assert_eq!(tables(&couple), [small]);
    let pinned = with(party("17:00", 2), &json!({"table_ids": [small], "minutes": 60}));
    book(&house, &pinned).await;
    let early = book(&house, &with(party("17:00", 2), &json!({"minutes": 60}))).await;
    assert_eq!(tables(&early), [house.tables[1]]);
    house.waiter.post("/reservations", &party("17:00", 4)).await.refused(409, "no_table_free");
    let path = format!("/reservations/{}", id(&couple));
    let dragged = json!({"table_ids": [house.tables[1]], "starts_at": at("19:30")});
    let moved = house.waiter.patch(&path, &dragged).await.ok();
    assert_eq!((&moved["time"], &moved["is_pinned"]), (&json!("19:30"), &json!(true)));
    let wide = json!({"table_ids": null});
    assert_eq!(tables(&house.waiter.patch(&path, &wide).await.ok()), [small]);
    let back = json!({"starts_at": at("21:00"), "table_ids": null});
    let other = book(&house, &with(party("21:00", 2), &json!({"table_ids": [small]}))).await;
    let back = house.waiter.patch(&path, &back).await.ok();
    assert_eq!(tables(&back), [house.tables[1]], "the small one is taken");
    step(&house.waiter, id(&other), json!({"step": "CANCEL"})).await.ok();
    let four = book(&house, &party("20:30", 4)).await;
    assert_eq!(tables(&four), [house.tables[1]], "the couple gave way");
    assert_eq!(tables(&house.waiter.get(&path).await.ok()), [small]);
    step(&house.waiter, id(&block), json!({"step": "SEAT"})).await.refused(409, "is_block");
    step(&house.waiter, id(&block), json!({"step": "CANCEL"})).await.ok();
    let now_free = book(&house, &party("17:00", 4)).await;
    assert_eq!(tables(&now_free), [house.tables[0]]);
    assert_apart(&house.app);
}

#[tokio::test]
async fn what_cannot_be_booked_is_refused_with_a_word() {
    let house = House::open().await;
    let who = &house.waiter;
    for (field, value) in [
        ("starts_at", json!("yesterday")),
        ("starts_at", json!("2020-01-01T19:00")),
        ("starts_at", json!("2999-01-01T19:00")),
        ("party", json!(0)),
        ("name", json!("")),
        ("minutes", json!(5)),
        ("table_ids", json!([house.tables[0], house.tables[0]])),
    ] {
        let body = with(party("19:00", 2), &json!({field: value}));
        who.post("/reservations", &body).await.invalid(field);
    }
    let nowhere = with(party("19:00", 2), &json!({"table_ids": [999]}));
    who.post("/reservations", &nowhere).await.refused(404, "not_found");
    who.get("/reservations/999").await.refused(404, "not_found");
    house.kitchen.get("/reservations").await.refused(403, "wrong_role");
    let one = id(&book(&house, &party("19:00", 2)).await);
    step(who, one, json!({"step": "SEAT"})).await.refused(409, "too_early");
    // The trigger stands behind the commands.
    let db = house.app.database();
    let sql = "INSERT INTO reservation_tables (reservation_id, table_id, starts_at, ends_at)
               SELECT reservation_id, table_id, starts_at + 1, ends_at FROM reservation_tables";
    let error = db.execute(sql, []).unwrap_err().to_string();
    assert!(error.contains("two parties") || error.contains("UNIQUE"), "{error}");
}
