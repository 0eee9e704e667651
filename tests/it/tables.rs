//! Tables with names, and how many guests sit at them.

use qres::features::import;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, House, Reply, Screen, TestApp, id};

async fn add(admin: &Client, table: Value) -> Value {
    let mut body = json!({"seats": 4});
    body.as_object_mut().unwrap().extend(table.as_object().unwrap().clone());
    admin.post("/tables", &body).await.created()
}

async fn names(who: &Client, query: &str) -> Vec<String> {
    let tables = who.get(&format!("/tables{query}")).await.ok();
    let names = tables["tables"].as_array().unwrap().iter();
    names.map(|table| table["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_table_is_called_by_its_name_or_by_its_number() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plain = add(&admin, json!({"number": 3})).await;
    assert_eq!((&plain["number"], &plain["name"]), (&json!(3), &json!("3")));
    // A name alone gets a free number; a name that is a number is the number.
    let named = add(&admin, json!({"name": "  A1 "})).await;
    assert_eq!((&named["number"], &named["name"]), (&json!(1), &json!("A1")));
    let twelve = add(&admin, json!({"name": "12"})).await;
    assert_eq!((&twelve["number"], &twelve["name"]), (&json!(12), &json!("12")));
    let both = add(&admin, json!({"number": 40, "name": "Терраса 3"})).await;
    assert_eq!((&both["number"], &both["name"]), (&json!(40), &json!("Терраса 3")));

    for (body, code) in [
        (json!({"name": "a1"}), "name_taken"),
        // A Cyrillic letter that looks the same.
        (json!({"name": "А1"}), "name_taken"),
        (json!({"name": "терраса 3"}), "name_taken"),
        (json!({"name": "3"}), "name_taken"),
        (json!({"number": 3}), "number_taken"),
        (json!({"number": 1, "name": "B1"}), "number_taken"),
    ] {
        let body = json!({"seats": 2, "number": body["number"], "name": body["name"]});
        admin.post("/tables", &body).await.refused(400, code);
    }
    for name in ["", "   ", "a name too long", "A\n1", "A\u{200b}1"] {
        admin.post("/tables", &json!({"seats": 2, "name": name})).await.invalid("name");
    }
    admin.post("/tables", &json!({"seats": 2})).await.invalid("name");

    // An old program renames a table by its number; a name stays beside another number.
    let path = |table: &Value| format!("/tables/{}", id(table));
    let renamed = admin.patch(&path(&plain), &json!({"number": 4})).await.ok();
    assert_eq!((&renamed["number"], &renamed["name"]), (&json!(4), &json!("4")));
    let renamed = admin.patch(&path(&named), &json!({"number": 7})).await.ok();
    assert_eq!((&renamed["number"], &renamed["name"]), (&json!(7), &json!("A1")));
    let renamed = admin.patch(&path(&named), &json!({"name": "VIP"})).await.ok();
    assert_eq!((&renamed["number"], &renamed["name"]), (&json!(7), &json!("VIP")));
    // The number 7 is still that of VIP, so this one is called 7 and keeps its own.
    let renamed = admin.patch(&path(&plain), &json!({"name": "7"})).await.ok();
    assert_eq!((&renamed["number"], &renamed["name"]), (&json!(4), &json!("7")));
    admin.patch(&path(&both), &json!({"name": "vip"})).await.refused(400, "name_taken");
    // Its own name in other letters is no other table's.
    admin.patch(&path(&named), &json!({"name": "Vip"})).await.ok();
    // Who was removed takes nobody's name.
    admin.delete(&path(&named)).await.ok();
    admin.patch(&path(&both), &json!({"name": "VIP"})).await.ok();
}

#[tokio::test]
async fn names_stand_in_the_order_in_which_people_look_for_them() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for name in ["A10", "Терраса 12", "10", "A2", "Терраса 3", "2"] {
        add(&admin, json!({"name": name})).await;
    }
    let all = ["2", "10", "A2", "A10", "Терраса 3", "Терраса 12"];
    assert_eq!(names(&admin, "").await, all);
    assert_eq!(names(&admin, "?skip=2&limit=2").await, all[2..4]);
    let sheet = admin.get("/tables/qr-sheet").await.text();
    let at = |text: &str| sheet.find(text).unwrap_or_else(|| panic!("{text} in {sheet}"));
    assert!(at("Стол A2 <span>Table A2") < at("Стол A10 <span>"));
    assert!(at("<h2>Терраса 3 <span></span></h2>") < at("<h2>Терраса 12 "));
}

#[tokio::test]
async fn a_named_table_is_named_wherever_it_is_read() {
    let house = House::open().await;
    let [table, other] = house.tables;
    let rename = json!({"name": "VIP"});
    house.admin.patch(&format!("/tables/{table}"), &rename).await.ok();
    house.admin.patch(&format!("/tables/{other}"), &json!({"name": "Бар 2"})).await.ok();
    let mut screen = Screen::open(&house.app, &house.kitchen, None).await;
    let order = house.place().await;
    assert_eq!((&order["table_number"], &order["table_name"]), (&json!(1), &json!("VIP")));
    let told = screen.wait_for("order_created").await;
    assert_eq!(told["data"]["table_name"], "VIP");
    assert_eq!(told["order"]["table_name"], "VIP");
    let lines = house.kitchen.get("/kitchen/dishes").await.ok();
    assert_eq!(lines[0]["table_name"], "VIP");

    let guest = house.guest(0).await;
    assert_eq!(guest.get("/guest/order").await.ok()["table_name"], "VIP");
    guest.post("/guest/calls", &json!({"kind": "waiter"})).await.created();
    let calls = house.waiter.get("/calls").await.ok();
    assert_eq!(calls["calls"][0]["table_name"], "VIP");
    let told = screen.wait_for("table_called").await;
    assert_eq!(told["data"]["table_name"], "VIP");

    let path = format!("/orders/{}/move", id(&order));
    let moved = house.waiter.post(&path, &json!({"table_id": other})).await.ok();
    assert_eq!(moved["table_name"], "Бар 2");
    let history = house.admin.get(&format!("/orders/{}/history", id(&order))).await.ok();
    let entries = history["entries"].as_array().unwrap();
    let step = entries.iter().find(|entry| entry["what"] == "table_moved").unwrap();
    assert_eq!((&step["table_number"], &step["table_name"]), (&json!(2), &json!("Бар 2")));
    let in_use = house.admin.delete(&format!("/tables/{other}")).await;
    let sentence = in_use.refused(400, "table_in_use");
    assert!(sentence.starts_with("Table Бар 2 has an open order"), "{sentence}");
}

async fn take_in(admin: &Client, file: String) -> Reply {
    let request = admin.request(Method::POST, "/import?dry_run=false");
    admin.send(request.body(file)).await
}

#[tokio::test]
async fn a_file_names_tables() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let sheet = "Зал;Название стола;Мест\nТерраса;A1;2\nТерраса;12;4\nБар;VIP;6\n";
    let take_in = async |file: &str| take_in(&admin, file.to_owned()).await;
    let report = take_in(sheet).await.ok();
    assert_eq!(report["counts"]["tables"]["created"], 3);
    assert_eq!(names(&admin, "").await, ["12", "A1", "VIP"]);
    // Taken in again it changes nothing, however the name is typed.
    let again = take_in(&sheet.replace("A1", "а1")).await.ok();
    assert_eq!(again["counts"]["tables"]["created"], 0);
    let twice = take_in("table,seats\nA1,2\na1,2\n").await;
    twice.refused(422, "invalid");
    for wrong in ["a name too long", "12.5", "0"] {
        take_in(&format!("table,seats\n{wrong},2\n")).await.refused(422, "invalid");
    }

    // Out and in again, by name and by number; a file of before has numbers alone.
    let json = app.app.store.read(import::export).await.unwrap();
    let json = serde_json::to_value(&json).unwrap();
    let terrace = &json["locations"][0]["tables"];
    assert_eq!(
        terrace[0],
        json!({"number": 12, "seats": 4, "is_active": true,
        "qr_code": terrace[0]["qr_code"], "shape": "square"})
    );
    assert_eq!((&terrace[1]["name"], &terrace[1]["number"]), (&json!("а1"), &json!(1)));
    let numbers = json!({"tables": [{"number": 1, "seats": 8}, {"number": 50, "seats": 2}]});
    take_in(&numbers.to_string()).await.ok();
    assert_eq!(names(&admin, "").await, ["12", "50", "VIP", "а1"], "alphabets stand apart");
    take_in(r#"{"tables": [{"seats": 8}]}"#).await.refused(422, "invalid");
}

#[tokio::test]
async fn guests_are_counted_when_they_are_seated() {
    let house = House::open().await;
    let (waiter, table) = (&house.waiter, house.tables[0]);
    let path = format!("/tables/{table}/status");
    for guests in [0, 100] {
        waiter
            .patch(&path, &json!({"is_occupied": true, "guests": guests}))
            .await
            .invalid("guests");
    }
    waiter.patch(&path, &json!({"is_occupied": true, "guests": 4})).await.ok();
    let read = async || waiter.get(&format!("/tables/{table}")).await.ok();
    assert_eq!(read().await["guests"], 4);
    waiter.patch(&path, &json!({"is_occupied": true, "guests": 5})).await.ok();
    // Who says nothing of it changes nothing.
    waiter.patch(&path, &json!({"is_occupied": true})).await.ok();
    assert_eq!(read().await["guests"], 5);

    let order = house.place().await;
    assert_eq!(order["guests"], 5);
    assert!(read().await["guests"].is_null(), "the order has them now");
    let counted = waiter.patch(&path, &json!({"is_occupied": true, "guests": 3})).await;
    counted.refused(400, "table_in_use");
    let lines = house.kitchen.get("/kitchen/dishes").await.ok();
    assert_eq!(lines[0]["guests"], 5);

    // They leave: nobody is counted at the table any more.
    house.admin.delete(&format!("/orders/{}", id(&order))).await.ok();
    waiter.patch(&path, &json!({"is_occupied": true, "guests": 2})).await.ok();
    waiter.patch(&path, &json!({"is_occupied": false})).await.ok();
    assert!(read().await["guests"].is_null());
    assert!(house.place().await["guests"].is_null());
}

#[tokio::test]
async fn the_guests_of_an_order_are_changed_and_told() {
    let house = House::open().await;
    let mut body = house.borscht_order();
    body["guests"] = json!(3);
    let order = house.waiter.post("/orders", &body).await.created();
    assert_eq!(order["guests"], 3);
    let path = format!("/orders/{}", id(&order));
    let mut screen = Screen::open(&house.app, &house.waiter, None).await;
    let changed = house.waiter.patch(&path, &json!({"guests": 6})).await.ok();
    assert_eq!((&changed["guests"], &changed["items"][0]["quantity"]), (&json!(6), &json!(1)));
    let told = screen.wait_for("order_updated").await;
    assert_eq!((&told["order"]["guests"], &told["data"]["guests"]), (&json!(6), &json!(6)));
    // What changes nothing is told to nobody.
    let quiet = house.app.app.store.last_seq();
    house.waiter.patch(&path, &json!({"guests": 6})).await.ok();
    house.waiter.patch(&path, &json!({})).await.ok();
    assert_eq!(house.app.app.store.last_seq(), quiet);
    assert!(house.waiter.patch(&path, &json!({"guests": null})).await.ok()["guests"].is_null());
    // More dishes may come with a count.
    body["guests"] = json!(2);
    assert_eq!(house.waiter.post("/orders", &body).await.created()["guests"], 2);

    for guests in [json!(0), json!(100), json!("4"), json!(2.5)] {
        house.waiter.patch(&path, &json!({"guests": guests})).await.invalid("guests");
    }
    house.kitchen.patch(&path, &json!({"guests": 1})).await.refused(403, "wrong_role");
    let takeaway = json!({"order_type": "TAKEAWAY", "guests": 2, "items": body["items"]});
    house.waiter.post("/orders", &takeaway).await.invalid("guests");
    house.admin.delete(&path).await.ok();
    house.waiter.patch(&path, &json!({"guests": 1})).await.refused(400, "order_closed");
}

#[tokio::test]
async fn guests_go_along_when_orders_move_and_join() {
    let house = House::open().await;
    let [one, two] = house.tables;
    let place = async |table: i64, guests: Value| {
        let mut body = house.borscht_order();
        body["table_id"] = json!(table);
        body["guests"] = guests;
        house.waiter.post("/orders", &body).await.created()
    };
    let move_to = async |order: &Value, table: i64| {
        let path = format!("/orders/{}/move", id(order));
        house.waiter.post(&path, &json!({"table_id": table})).await.ok()
    };
    let order = place(one, json!(4)).await;
    assert_eq!(move_to(&order, two).await["guests"], 4);
    let other = place(one, json!(2)).await;
    assert_eq!(move_to(&other, two).await["guests"], 6, "two parties at one table");
    // Nobody was counted at the third table, so it adds nobody.
    let third = place(one, Value::Null).await;
    assert_eq!(move_to(&third, two).await["guests"], 6);
    // Who was seated at the new table is counted there.
    house.admin.delete(&format!("/orders/{}", id(&order))).await.ok();
    let seated = json!({"is_occupied": true, "guests": 7});
    house.waiter.patch(&format!("/tables/{two}/status"), &seated).await.ok();
    let order = place(one, Value::Null).await;
    assert_eq!(move_to(&order, two).await["guests"], 7);
}

#[tokio::test]
async fn a_guest_spends_what_counted_orders_brought() {
    let house = House::open().await;
    let pay = async |order: &Value| {
        let bill = json!({"payment_method_id": house.cash});
        let path = format!("/orders/{}/complete-payment", id(order));
        house.waiter.post(&path, &bill).await.ok();
    };
    let mut body = house.borscht_order();
    body["guests"] = json!(3);
    pay(&house.waiter.post("/orders", &body).await.created()).await;
    // One that nobody counted is revenue, and says nothing of what a guest spends.
    body["table_id"] = json!(house.tables[1]);
    body["guests"] = Value::Null;
    pay(&house.waiter.post("/orders", &body).await.created()).await;
    for kind in ["days", "waiters"] {
        let report = house.admin.get(&format!("/reports/{kind}")).await.ok();
        let at = |key: &str| {
            let columns = report["columns"].as_array().unwrap();
            let place = columns.iter().position(|column| column["key"] == key).unwrap();
            report["total"]["values"][place].clone()
        };
        assert_eq!(at("revenue"), "700.00");
        assert_eq!((at("covers"), at("per_cover")), (json!(3), json!("116.67")));
    }
    let csv = house.admin.get("/reports/days?format=csv&lang=ru").await.text();
    assert!(csv.contains("Гости") && csv.contains("116,67"), "{csv}");
}
