//! Where nobody frees a table, a phone that sat there before the bill was opened reads it after a word
//! from staff: it is of the same party, or of the one before.

use qres::platform::config::GuestOrders;
use serde_json::{Value, json};

use crate::harness::{Client, House, Screen, id};

async fn order(house: &House, guest: &Client, key: &str) -> Value {
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
    guest.post_once("/guest/orders", key, &body).await.created()
}

fn show(house: &House) -> String {
    format!("/tables/{}/phones/show", house.tables[0])
}

/// How many phones the waiter is told of.
async fn waiting(house: &House) -> i64 {
    let table = house.waiter.get(&format!("/tables/{}", house.tables[0])).await.ok();
    table["phones_waiting"].as_i64().unwrap()
}

/// Whatever a phone may ask says nothing of the bill.
async fn reads_nothing(guest: &Client) {
    let seen = guest.get("/guest/order").await.ok();
    assert_eq!((&seen["order"], &seen["last_order"]), (&Value::Null, &Value::Null));
    assert_eq!((&seen["bill_waits"], &seen["calls"]), (&json!(true), &json!([])));
    let word = guest.get("/guest/visit").await.ok();
    assert_eq!((&word["is_over"], &word["last_order"]), (&json!(false), &Value::Null));
    guest.get("/guest/bill").await.refused(400, "bill_waits");
    let part = json!({"check_id": 1, "parts": 2});
    guest.post("/guest/bill/part", &part).await.refused(400, "bill_waits");
    for call in [json!({"kind": "bill"}), json!({"kind": "bill", "part": part})] {
        guest.post("/guest/calls", &call).await.refused(400, "bill_waits");
    }
}

async fn reads(guest: &Client, order: &Value) {
    let seen = guest.get("/guest/order").await.ok();
    assert_eq!(id(&seen["order"]), id(order));
    assert_eq!(seen["bill_waits"], false);
    assert_eq!(guest.get("/guest/bill").await.ok()["order_id"], id(order));
}

async fn pay(house: &House, order: &Value) {
    for item in house.order(id(order)).await["items"].as_array().unwrap() {
        for status in ["READY", "SERVED"] {
            house.move_item(&house.admin, id(item), status).await.ok();
        }
    }
    let bill = format!("/orders/{}/complete-payment", id(order));
    house.waiter.post(&bill, &json!({"payment_method_id": house.cash})).await.ok();
}

/// The party left without a word, less than a quarter of an hour ago; the waiter opens the next bill.
#[tokio::test]
async fn a_former_phone_reads_nothing_of_a_bill_that_staff_open() {
    let house = House::open().await;
    let former = house.guest(0).await;
    let placed = house.place().await;
    reads_nothing(&former).await;
    assert_eq!(waiting(&house).await, 1);
    // Who has the code in hand now, and the bill before them, reads it.
    let next = house.guest(0).await;
    reads(&next, &placed).await;
    next.post("/guest/calls", &json!({"kind": "bill"})).await.created();
    reads_nothing(&former).await;
    // What was on it stays unsaid when all is over.
    pay(&house, &placed).await;
    former.get("/guest/order").await.refused(401, "visit_over");
    let word = former.get("/guest/visit").await.ok();
    assert_eq!((&word["is_over"], &word["last_order"]), (&json!(true), &Value::Null));
    former.get("/guest/bill").await.refused(400, "bill_waits");
    assert_eq!(id(&next.get("/guest/visit").await.ok()["last_order"]), id(&placed));
}

/// The next party orders by itself: whoever opens a bill reads it, and a word about their order says
/// nothing of other phones.
#[tokio::test]
async fn a_former_phone_reads_nothing_of_a_bill_that_a_guest_opens() {
    let house = House::open().await;
    let (former, next) = (house.guest(0).await, house.guest(0).await);
    let placed = order(&house, &next, "phone-0001").await;
    reads(&next, &placed).await;
    reads_nothing(&former).await;
    let send = format!("/kitchen/orders/{}/send-to-kitchen", id(&placed));
    house.waiter.post(&send, &json!([])).await.ok();
    reads_nothing(&former).await;
    assert_eq!(waiting(&house).await, 1);
    // A bill that was opened is not opened again by the next order.
    order(&house, &next, "phone-0002").await;
    house.place().await;
    reads(&next, &placed).await;
}

#[tokio::test]
async fn the_waiter_shows_the_bill_to_all_that_wait() {
    let house = House::open().await;
    let (one, other) = (house.guest(0).await, house.guest(0).await);
    let (mut screen, _) = Screen::greeted(&house.app, &one, None).await;
    let (mut pad, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    let placed = house.place().await;
    let told = pad.wait_for("table_changed").await;
    assert_eq!(
        (&told["data"]["change"], &told["data"]["table"]["phones_waiting"]),
        (&json!("phones_wait"), &json!(2))
    );
    assert_eq!(screen.next().await["type"], "table_changed");
    for role in [&house.kitchen, &house.app.hired(qres::platform::auth::Role::Host).await] {
        role.post(&show(&house), &json!({"order_id": id(&placed)}))
            .await
            .refused(403, "wrong_role");
    }
    // The pad that was away meanwhile means another party.
    let stale = json!({"order_id": id(&placed) + 1});
    house.waiter.post(&show(&house), &stale).await.refused(409, "other_order");
    reads_nothing(&one).await;

    let shown = house.waiter.post(&show(&house), &json!({"order_id": id(&placed)})).await.ok();
    assert_eq!(shown["data"]["shown"], 2);
    let told = pad.wait_for("table_changed").await;
    assert_eq!(
        (&told["data"]["change"], &told["data"]["table"]["phones_waiting"]),
        (&json!("phones_shown"), &json!(0))
    );
    assert_eq!(screen.next().await["type"], "table_changed", "the page looks again");
    for phone in [&one, &other] {
        reads(phone, &placed).await;
    }
    // Twice is once.
    let again = house.waiter.post(&show(&house), &json!({"order_id": id(&placed)})).await.ok();
    assert_eq!(again["data"]["shown"], 0);
    house.place().await;
    assert_eq!(screen.next().await["type"], "order_updated");

    pay(&house, &house.order(id(&placed)).await).await;
    let late = json!({"order_id": id(&placed)});
    house.waiter.post(&show(&house), &late).await.refused(409, "other_order");
    house.waiter.post("/tables/9999/phones/show", &late).await.refused(404, "not_found");
}

/// Who waits calls, and whoever answers has seen them.
#[tokio::test]
async fn a_call_that_is_answered_shows_the_bill() {
    let house = House::open().await;
    let (guest, former) = (house.guest(0).await, house.guest(0).await);
    let placed = house.place().await;
    let next = house.guest(0).await;
    let bill = next.post("/guest/calls", &json!({"kind": "bill"})).await.created();
    // Others' calls are none of their business.
    guest.delete(&format!("/guest/calls/{}", id(&bill))).await.refused(404, "not_found");
    house.waiter.post(&format!("/calls/{}/answer", id(&bill)), &json!({})).await.ok();
    reads_nothing(&guest).await;

    let (mut screen, _) = Screen::greeted(&house.app, &guest, None).await;
    let call = guest.post("/guest/calls", &json!({"kind": "waiter"})).await.created();
    let seen = guest.get("/guest/order").await.ok();
    assert_eq!((&seen["order"], id(&seen["calls"][0])), (&Value::Null, id(&call)));
    screen.wait_for("table_called").await;
    house.waiter.post(&format!("/calls/{}/answer", id(&call)), &json!({})).await.ok();
    assert_eq!(screen.next().await["type"], "call_answered");
    reads(&guest, &placed).await;
    house.place().await;
    assert_eq!(screen.next().await["type"], "order_updated");
    reads_nothing(&former).await;
    assert_eq!(waiting(&house).await, 1);
}

/// A call that they take back themselves, or that ends with the money, is no word.
#[tokio::test]
async fn a_call_that_nobody_answers_shows_nothing() {
    let house = House::open().await;
    let guest = house.guest(0).await;
    house.place().await;
    let call = guest.post("/guest/calls", &json!({"kind": "waiter"})).await.created();
    guest.delete(&format!("/guest/calls/{}", id(&call))).await.ok();
    // The waiter is late: the call was taken back before.
    house.waiter.post(&format!("/calls/{}/answer", id(&call)), &json!({})).await.ok();
    reads_nothing(&guest).await;
}

/// What a phone orders that waits to see the bill waits for a waiter, in any house. It reads its own
/// lines meanwhile, and hears of them alone.
#[tokio::test]
async fn an_order_that_staff_take_on_shows_the_bill() {
    for mode in [GuestOrders::Direct, GuestOrders::ConfirmFirst, GuestOrders::ConfirmAlways] {
        let house = House::open_with(|settings| settings.guest_orders = Some(mode)).await;
        let guest = house.guest(0).await;
        let placed = house.place().await;
        let (mut screen, _) = Screen::greeted(&house.app, &guest, None).await;
        let own = order(&house, &guest, "phone-0001").await;
        assert_eq!((id(&own), own["items"].as_array().unwrap().len()), (id(&placed), 1));
        assert_eq!(
            (&own["items"][0]["status"], &own["total_price"]),
            (&json!("NEW"), &json!("450.00"))
        );
        // The same again is the same, and says no more.
        assert_eq!(order(&house, &guest, "phone-0001").await, own);
        assert_eq!(guest.get("/guest/order").await.ok()["order"], own);
        guest.get("/guest/bill").await.refused(400, "bill_waits");
        assert_eq!(screen.next().await["type"], "order_updated", "what it ordered itself");

        // Others' lines go their way unheard.
        house.place().await;
        let theirs = &house.order(id(&placed)).await["items"][0];
        house.move_item(&house.admin, id(theirs), "READY").await.ok();
        let second = order(&house, &guest, "phone-0002").await;
        assert_eq!(second["items"].as_array().unwrap().len(), 2);
        let heard = screen.next().await;
        assert_eq!(heard["type"], "order_updated");
        // One that is taken off is told, and is no word.
        let off = format!("/orders/{}/items/{}", id(&placed), id(&own["items"][0]));
        house.waiter.delete(&off).await.ok();
        assert_eq!(screen.next().await["type"], "order_updated");
        let seen = guest.get("/guest/order").await.ok();
        assert_eq!(
            (&seen["bill_waits"], &seen["order"]["total_price"]),
            (&json!(true), &json!("450.00"))
        );

        let send = format!("/kitchen/orders/{}/send-to-kitchen", id(&placed));
        house.waiter.post(&send, &json!([])).await.ok();
        assert_eq!(screen.next().await["type"], "table_changed");
        assert_eq!(screen.next().await["type"], "item_status_changed");
        reads(&guest, &placed).await;
        assert_eq!(waiting(&house).await, 0, "{mode:?}");
    }
}

/// The same phone again is the same phone: sitting down anew is no word from staff.
#[tokio::test]
async fn who_sits_down_again_goes_on_waiting() {
    let house = House::open().await;
    let again = async |guest: &Client, table: usize| {
        let earlier = guest.token.as_deref().unwrap();
        let body = json!({"qr_code": house.table_codes[table], "earlier": earlier});
        let session = house.app.anonymous().post("/guest/session", &body).await.created();
        Client::new(&house.app.base, session["token"].as_str())
    };
    let former = house.guest(0).await;
    let first = house.place().await;
    let (mut pad, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    let former = again(&former, 0).await;
    let told = pad.wait_for("table_changed").await;
    assert_eq!(told["data"]["table"]["phones_waiting"], 2);
    reads_nothing(&former).await;
    // At another table it is a guest like any other, and there the code is in its hand.
    house
        .waiter
        .post(
            "/orders/",
            &json!({"table_id": house.tables[1],
        "items": [{"dish_id": house.pizza, "quantity": 1}]}),
        )
        .await
        .created();
    assert!(again(&former, 1).await.get("/guest/order").await.ok()["order"].is_object());

    house.waiter.post(&show(&house), &json!({"order_id": id(&first)})).await.ok();
    reads(&again(&former, 0).await, &first).await;

    // The visit is over, and the next party's bill is open: who sat here before waits for a word.
    pay(&house, &first).await;
    let second = house.place().await;
    let former = again(&former, 0).await;
    reads_nothing(&former).await;
    house.waiter.post(&show(&house), &json!({"order_id": id(&second)})).await.ok();
    reads(&former, &second).await;
    // A word that nobody has given is not needed where no bill is open, nor a token that nobody knows.
    let nonsense = json!({"qr_code": house.table_codes[0], "earlier": "g_never"});
    house.app.anonymous().post("/guest/session", &nonsense).await.created();
}

/// A phone that waits hears that it does, and nothing else: not live, and not of what it missed.
#[tokio::test]
async fn the_feed_tells_a_phone_that_waits_nothing_of_the_bill() {
    let house = House::open().await;
    let former = house.guest(0).await;
    let (mut live, greeting) = Screen::greeted(&house.app, &former, None).await;
    let since = greeting["seq"].as_i64();
    let placed = house.place().await;
    let next = house.guest(0).await;
    next.post("/guest/calls", &json!({"kind": "bill"})).await.created();
    pay_half(&house, &placed).await;
    let (mut later, _) = Screen::greeted(&house.app, &former, since).await;
    // All guests are told of the menu: what came before it was not for them.
    let price = json!({"price": "351.00"});
    let path = format!("/dishes/{}/variations/{}", house.borscht, house.borscht_portion);
    house.admin.patch(&path, &price).await.ok();
    for screen in [&mut live, &mut later] {
        let word = screen.next().await;
        assert_eq!((&word["type"], &word["order_id"]), (&json!("table_changed"), &Value::Null));
        assert_eq!(word.get("data"), None);
        assert_eq!(screen.next().await["type"], "menu_changed");
    }
}

/// The line is served, and a part of the bill paid.
async fn pay_half(house: &House, order: &Value) {
    let item = id(&house.order(id(order)).await["items"][0]);
    for status in ["READY", "SERVED"] {
        house.move_item(&house.admin, item, status).await.ok();
    }
    let checks = house.waiter.get(&format!("/orders/{}/checks", id(order))).await.ok();
    let check = &checks["checks"][0];
    let payment =
        json!({"method_id": house.cash, "amount": "100.00", "expected_due": check["due"]});
    house.waiter.post(&format!("/checks/{}/payments", id(check)), &payment).await.created();
}

/// The party goes to another table, with its phones: those that wait go on waiting there.
#[tokio::test]
async fn who_waits_goes_along_and_waits() {
    let house = House::open().await;
    let (guest, there) = (house.guest(0).await, house.guest(1).await);
    let placed = house.place().await;
    let to = json!({"table_id": house.tables[1]});
    house.waiter.post(&format!("/orders/{}/move", id(&placed)), &to).await.ok();
    there.get("/guest/order").await.refused(401, "visit_over");
    reads_nothing(&guest).await;
    let path = format!("/tables/{}/phones/show", house.tables[1]);
    let shown = house.waiter.post(&path, &json!({"order_id": id(&placed)})).await.ok();
    assert_eq!(shown["data"]["shown"], 1);
    reads(&guest, &placed).await;
}
