//! Guests book by themselves: only what is free, and only where the owner lets them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, House, Reply};
use crate::reservations::{assert_apart, at, day, party};

async fn opened() -> House {
    let house = House::open().await;
    let mut rules = house.admin.get("/reservations/rules").await.ok();
    rules["guests_may"] = json!(true);
    rules["largest_party"] = json!(6);
    rules["days_ahead"] = json!(10);
    house.admin.put("/reservations/rules", &rules).await.ok();
    house
}

fn wish(time: &str, phone: &str) -> Value {
    json!({"starts_at": at(time), "party": 3, "name": "Anna", "phone": phone,
           "notes": "by the window", "allergies": "nuts"})
}

async fn asks(guest: &Client, key: &str, body: &Value) -> Reply {
    guest.post_once("/reserve/bookings", key, body).await
}

#[tokio::test]
async fn nobody_books_where_the_owner_does_not_let_them() {
    let house = House::open().await;
    let guest = house.app.anonymous();
    assert_eq!(guest.get("/reserve/rules").await.ok()["is_open"], false);
    let free = format!("/reserve/free?day={}&party=2", day(1));
    guest.get(&free).await.refused(409, "booking_closed");
    asks(&guest, "nobody-asked", &wish("19:00", "+79001112233"))
        .await
        .refused(409, "booking_closed");
}

#[tokio::test]
async fn a_guest_books_what_is_free_reads_it_and_calls_it_off() {
    let house = opened().await;
    let guest = house.app.anonymous();
    let free = async || {
        let free = guest.get(&format!("/reserve/free?day={}&party=3", day(1))).await.ok();
        let times = free["times"].as_array().unwrap().clone();
        assert!(times.iter().all(|time| time.as_object().unwrap().len() == 2), "no table, no name");
        times.iter().any(|time| time["time"] == "19:00")
    };
    assert!(free().await);
    let booked = asks(&guest, "my-own-wish", &wish("19:00", "+79001112233")).await.created();
    let again = asks(&guest, "my-own-wish", &wish("19:00", "+79001112233")).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.created(), booked);
    assert!(booked.get("notes").is_none() && booked["code"].as_str().unwrap().len() == 24);
    let staff = house.waiter.get(&format!("/reservations?date_from={}", day(1))).await.ok();
    let told = &staff["reservations"][0];
    assert_eq!((&told["source"], &told["allergies"]), (&json!("GUEST"), &json!("nuts")));
    assert!(told.get("code").is_none(), "what opens it is the guest's alone");
    asks(&guest, "second-wish", &wish("19:00", "+79002223344")).await.created();
    assert!(!free().await, "both tables are taken");
    asks(&guest, "third-wish", &wish("19:00", "+79003334455")).await.refused(409, "time_taken");
    let path = format!("/reserve/bookings/{}", booked["code"].as_str().unwrap());
    assert_eq!(guest.get(&path).await.ok()["time"], "19:00");
    let off = guest.post(&format!("{path}/cancel"), &json!({})).await.ok();
    assert_eq!(off["state"], "CANCELLED");
    assert!(free().await);
    guest.get("/reserve/bookings/not-a-code").await.refused(404, "no_such_code");
    assert_apart(&house.app);
}

#[tokio::test]
async fn what_strangers_send_is_not_believed() {
    let house = opened().await;
    let guest = house.app.anonymous();
    let no_key = guest.post("/reserve/bookings", &wish("19:00", "+79001112233")).await;
    no_key.invalid("Idempotency-Key");
    for (field, value) in [
        ("phone", json!("no phone")),
        ("phone", json!("")),
        ("name", json!("\u{202e}\u{0}")),
        ("party", json!(100)),
        ("notes", json!("x".repeat(501))),
        ("starts_at", json!("19:00")),
    ] {
        let mut body = wish("19:00", "+79001112233");
        body[field] = value;
        asks(&guest, &format!("wrong-{field}"), &body).await.invalid(field);
    }
    let many = json!({"starts_at": at("19:00"), "party": 7, "name": "A", "phone": "+79001112233"});
    asks(&guest, "seven-come", &many).await.refused(409, "party_too_large");
    for (time, why) in [("19:07", "between two times"), ("03:00", "at night")] {
        let reply = asks(&guest, &format!("odd-{time}"), &wish(time, "+79001112233")).await;
        assert_eq!(reply.json()["code"], "time_taken", "{why}");
    }
    let far = json!({"starts_at": format!("{}T19:00", day(11)), "party": 2, "name": "A",
                     "phone": "+79001112233"});
    asks(&guest, "too-far-ahead", &far).await.refused(409, "time_taken");
    // What staff say and guests may not: tables, and what stands against it.
    let mut sly = wish("19:00", "+79001112233");
    sly["ignore"] = json!(["NO_TABLE", "HOURS", "PACING"]);
    sly["table_ids"] = json!([house.tables[0]]);
    let day_path = format!("/reservations?date_from={}", day(1));
    asks(&guest, "sly-wish", &sly).await;
    let booked = house.waiter.get(&day_path).await.ok();
    assert!(booked["reservations"].as_array().unwrap().iter().all(|one| one["is_pinned"] == false));
    // One telephone has three at most.
    for (at, time) in ["12:00", "14:30", "17:00"].into_iter().enumerate() {
        let reply =
            asks(&guest, &format!("one-of-many-{at}"), &wish(time, "8 900 999 88 77")).await;
        reply.created();
    }
    let fourth = asks(&guest, "one-too-many", &wish("21:00", "+7 900 999-88-77")).await;
    fourth.refused(409, "too_many_bookings");
    guest.post("/reservations", &party("19:00", 2)).await.refused(401, "no_token");
    // Whoever writes nonsense under ever new names fills no evening.
    let flood = "WITH n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29)
        INSERT INTO reservations (kind, state, source, business_day, starts_at, ends_at, party, name,
            created_at, updated_at)
        SELECT 'PARTY', 'BOOKED', 'GUEST', 20200101, 0, 1, 2, 'X', ?1, ?1 FROM n";
    house.app.database().execute(flood, [qres::core::clock::now().0]).unwrap();
    asks(&guest, "after-the-flood", &wish("21:00", "+79004445566"))
        .await
        .refused(409, "booking_flood");
    assert_apart(&house.app);
}

/// One address fills no book: what it writes within a window is counted.
#[tokio::test]
async fn one_address_books_so_often_and_no_more() {
    let house = House::open_with(|settings| settings.rate_limit_requests = 3).await;
    let guest = house.app.anonymous();
    let body = wish("19:00", "+79001112233");
    let mut last = 0;
    for at in 0..8 {
        let request = guest.request(Method::POST, "/reserve/bookings").json(&body);
        let key = format!("address-{at}");
        last = guest.send(request.header("Idempotency-Key", key)).await.status.as_u16();
    }
    assert_eq!(last, 429);
}
