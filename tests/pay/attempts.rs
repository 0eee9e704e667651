//! Payments over the wire, with providers that answer as their documents say, late, or not at all.

use rusqlite::params;
use serde_json::{Value, json};

use crate::checks::{evening, pay};
use crate::harness::{Screen, id};
use crate::pay_desk::{Desk, until};
use crate::pay_fake::{Call, Decision, Dialect, Fault, State, Trouble};

const ALL: [Dialect; 3] = [Dialect::Yookassa, Dialect::Raiffeisen, Dialect::Stripe];

/// A driver that reads the documents has none.
#[track_caller]
fn no_complaints(desk: &Desk) {
    assert_eq!(desk.provider.ledger().complaints, Vec::<String>::new());
}

#[tokio::test]
async fn a_guest_pays_by_a_link_and_the_check_is_paid() {
    for dialect in ALL {
        let desk = Desk::open(dialect).await;
        let check = desk.check().await;
        let begun = desk.begin(&check, "1250.00").await.created();
        assert_eq!(begun["state"], "AWAITING", "{dialect:?} {begun}");
        assert!(begun["link"].as_str().unwrap().starts_with("http"), "{begun}");
        assert!(begun["qr"].as_str().unwrap().starts_with("<svg"), "{begun}");
        let now = desk.check_now(&check).await;
        assert_eq!((&now["due"], &now["state"]), (&json!("0.00"), &json!("OPEN")), "{now}");
        desk.provider.guest_pays(begun["reference"].as_str().unwrap()).unwrap();
        let paid = desk.until(&begun, "PAID").await;
        assert_eq!((&paid["link"], &paid["qr"]), (&Value::Null, &Value::Null), "{paid}");
        let now = desk.check_now(&check).await;
        assert_eq!((&now["state"], &now["paid"]), (&json!("PAID"), &json!("1250.00")), "{now}");
        assert_eq!(now["payments"][0]["method"], "Online");
        // What has ended is not asked about any more.
        let sent = desk.at_provider(&begun);
        let said = String::from_utf8(sent.body).unwrap();
        assert!(said.contains(begun["uuid"].as_str().unwrap()), "{said}");
        no_complaints(&desk);
    }
}

#[tokio::test]
async fn a_lost_reply_is_asked_for_again_byte_for_byte() {
    let faults = [
        Fault::After(Trouble::Lost),
        Fault::After(Trouble::Half),
        Fault::Before(Trouble::Lost),
        Fault::Before(Trouble::Gateway),
        Fault::After(Trouble::Portal),
        Fault::Before(Trouble::Status(500)),
        Fault::Before(Trouble::Status(429)),
    ];
    for dialect in ALL {
        let desk = Desk::open(dialect).await;
        let check = desk.check().await;
        desk.provider.script(Call::Create, faults.map(Some));
        let begun = desk.begin(&check, "1250.00").await.created();
        let begun = desk.until(&begun, "AWAITING").await;
        let ledger = desk.provider.ledger();
        let sent: Vec<_> =
            ledger.heard.iter().filter(|one| one.call == Some(Call::Create)).collect();
        // Stripe's list is looked into at once, as its keys keep what went wrong.
        let is_found = dialect == Dialect::Stripe;
        assert!(is_found || sent.len() == faults.len() + 1, "{dialect:?}: {}", sent.len());
        for one in &sent {
            assert_eq!((&one.body, &one.key), (&sent[0].body, &sent[0].key), "{dialect:?}");
        }
        desk.provider.guest_pays(begun["reference"].as_str().unwrap()).unwrap();
        desk.until(&begun, "PAID").await;
        no_complaints(&desk);
    }
}

#[tokio::test]
async fn a_provider_that_refuses_leaves_the_check_as_it_was() {
    let desk = Desk::open(Dialect::Yookassa).await;
    let check = desk.check().await;
    desk.provider.script(Call::Create, [Some(Fault::Before(Trouble::Status(400)))]);
    let begun = desk.begin(&check, "1250.00").await.created();
    assert_eq!(begun["state"], "FAILED", "{begun}");
    assert!(begun["reason"].is_string(), "{begun}");
    let now = desk.check_now(&check).await;
    assert_eq!((&now["due"], &now["payments"][0]["state"]), (&json!("1250.00"), &json!("FAILED")));
    pay(&desk.house.waiter, &now, desk.house.cash, "1250.00").await.created();
    // One that the bank declines ends by itself.
    let check = desk.check().await;
    let begun = desk.begin(&check, "1250.00").await.created();
    desk.provider.guest_is_declined(begun["reference"].as_str().unwrap()).unwrap();
    desk.until(&begun, "FAILED").await;
    assert_eq!(desk.check_now(&check).await["due"], "1250.00");
    no_complaints(&desk);
}

#[tokio::test]
async fn nothing_ends_while_an_answer_is_waited_for_and_nobody_says_it_for_the_provider() {
    let desk = Desk::open(Dialect::Raiffeisen).await;
    let house = &desk.house;
    let order_id = evening(house).await;
    let check = house.admin.get(&format!("/checks/{}", order_id * 100 + 1)).await.ok();
    let begun = desk.begin(&check, "500.00").await.created();
    let cancel = house.admin.delete(&format!("/orders/{order_id}?reason=x")).await;
    cancel.refused(409, "payment_pending");
    let clear = json!({"state": "FAILED", "reason": "he left"});
    let path = format!("/payments/{}/clear", begun["payment_id"]);
    let says = house.admin.post(&path, &clear).await.refused(409, "payment_asked");
    assert!(says.contains("500.00"), "{says}");
    // The strip above the room is for what somebody has to find out.
    let unclear = house.waiter.get("/payments/unclear").await.ok();
    assert_eq!(unclear["payments"], json!([]));
    // Two guests pay equal parts at once, and a third in cash: together never more than the check.
    let now = desk.check_now(&check).await;
    desk.begin(&now, "500.00").await.created();
    let now = desk.check_now(&check).await;
    desk.begin(&now, "300.00").await.refused(400, "above_due");
    pay(&house.waiter, &now, house.cash, "250.00").await.created();
    let now = desk.check_now(&check).await;
    desk.begin(&now, "1.00").await.refused(409, "payment_pending");
    desk.provider.guest_pays(begun["reference"].as_str().unwrap()).unwrap();
    desk.until(&begun, "PAID").await;
    no_complaints(&desk);
}

#[tokio::test]
async fn money_that_comes_after_its_time_stands_on_the_board_and_goes_back_with_one_tap() {
    for dialect in ALL {
        let desk = Desk::open(dialect).await;
        let house = &desk.house;
        let check = desk.check().await;
        let begun = desk.begin(&check, "1250.00").await.created();
        let taken_back = format!("/pay/attempts/{}/withdraw", begun["id"]);
        let over = house.waiter.post(&taken_back, &json!({})).await.ok();
        assert_eq!(over["state"], "EXPIRED", "{dialect:?} {over}");
        let now = desk.check_now(&check).await;
        pay(&house.waiter, &now, house.cash, "1250.00").await.created();
        let reference = begun["reference"].as_str().unwrap();
        if dialect != Dialect::Yookassa {
            // These can withdraw: nobody can pay it any more.
            assert_eq!(desk.at_provider(&begun).state, State::Withdrawn, "{dialect:?}");
            assert!(desk.provider.guest_pays(reference).is_err());
            continue;
        }
        desk.provider.guest_pays(reference).unwrap();
        let late = desk.until(&begun, "LATE").await;
        assert_eq!(desk.check_now(&check).await["paid"], "1250.00", "the check has its money once");
        let troubles = house.admin.get("/pay/troubles").await.ok();
        assert_eq!(troubles["late"][0]["id"], late["id"]);
        house.waiter.get("/pay/troubles").await.refused(403, "wrong_role");
        let path = format!("/pay/attempts/{}/give-back", begun["id"]);
        house.waiter.post(&path, &json!({})).await.refused(403, "wrong_role");
        let manager = house.app.manager().await;
        manager.post(&path, &json!({})).await.ok();
        // On its way, or back already: the provider may be quick.
        let again = house.admin.post(&path, &json!({})).await;
        assert_eq!(again.status, 409, "{}", again.text());
        assert!(["goes_back", "nothing_late"].map(Value::from).contains(&again.json()["code"]));
        until(&house.admin, "/pay/troubles", |seen| seen["late"] == json!([])).await;
        assert_eq!(desk.provider.ledger().refunded(reference), 125_000);
        house.admin.post(&path, &json!({})).await.refused(409, "nothing_late");
        no_complaints(&desk);
    }
}

#[tokio::test]
async fn a_refund_goes_back_the_way_the_money_came() {
    for dialect in ALL {
        let desk = Desk::open(dialect).await;
        let house = &desk.house;
        let check = desk.check().await;
        let begun = desk.begin(&check, "1250.00").await.created();
        let reference = begun["reference"].as_str().unwrap();
        desk.provider.guest_pays(reference).unwrap();
        let paid = desk.until(&begun, "PAID").await;
        let path = format!("/payments/{}/refunds", paid["payment_id"]);
        desk.provider.script(Call::Refund, [Some(Fault::After(Trouble::Lost))]);
        let part = json!({"amount": "450.00", "reason": "cold"});
        house.admin.post(&path, &part).await.created();
        let gone = |sum| move |desk: &Desk| desk.provider.ledger().refunded(reference) == sum;
        let (part_gone, all_gone) = (gone(45_000), gone(125_000));
        until(&house.admin, "/pay/troubles", |_| part_gone(&desk)).await;
        house.admin.post(&path, &json!({"reason": "all of it"})).await.created();
        until(&house.admin, "/pay/troubles", |_| all_gone(&desk)).await;
        let ledger = desk.provider.ledger();
        assert_eq!((ledger.refunds.len(), ledger.balance()), (2, 0), "{dialect:?}");
        no_complaints(&desk);
    }
}

#[tokio::test]
async fn what_the_provider_refuses_to_give_back_waits_for_somebody() {
    let desk = Desk::open(Dialect::Yookassa).await;
    let house = &desk.house;
    let check = desk.check().await;
    let begun = desk.begin(&check, "1250.00").await.created();
    desk.provider.guest_pays(begun["reference"].as_str().unwrap()).unwrap();
    let paid = desk.until(&begun, "PAID").await;
    desk.provider.decide(Decision::PartialRefundRefused);
    let path = format!("/payments/{}/refunds", paid["payment_id"]);
    let part = json!({"amount": "450.00", "reason": "cold"});
    house.admin.post(&path, &part).await.created();
    let is_refused = |seen: &Value| seen["refused"] != json!([]);
    let refused = until(&house.admin, "/pay/troubles", is_refused).await["refused"][0].clone();
    assert_eq!((&refused["amount"], &refused["state"]), (&json!("450.00"), &json!("FAILED")));
    let again = format!("/pay/refunds/{}/again", refused["id"]);
    house.waiter.post(&again, &json!({})).await.refused(403, "wrong_role");
    house.admin.post(&again, &json!({})).await.ok();
    until(&house.admin, "/pay/troubles", |seen| seen["refused"] == json!([])).await;
    until(&house.admin, "/pay/troubles", |_| desk.provider.ledger().balance() == 80_000).await;
    house.admin.post(&again, &json!({})).await.refused(409, "refund_not_refused");
    // Or it goes back from the drawer, and somebody says so.
    desk.provider.decide(Decision::RefundFails);
    house.admin.post(&path, &part).await.created();
    let refused = until(&house.admin, "/pay/troubles", is_refused).await["refused"][0].clone();
    let again = format!("/pay/refunds/{}/again", refused["id"]);
    house.admin.post(&again, &json!({"otherwise": "in cash"})).await.ok();
    assert_eq!(house.admin.get("/pay/troubles").await.ok()["refused"], json!([]));
    assert_eq!(desk.provider.ledger().balance(), 80_000);
    no_complaints(&desk);
}

#[tokio::test]
async fn what_nobody_answered_in_time_a_person_finds_out_and_late_news_fit() {
    let desk = Desk::open(Dialect::Yookassa).await;
    let house = &desk.house;
    let check = desk.check().await;
    let begun = desk.begin(&check, "1250.00").await.created();
    // From now on nobody answers, and its time goes by.
    let shop = format!("/pay/providers/{}", desk.provider_id);
    house.admin.patch(&shop, &json!({"address": "http://127.0.0.1:9/v3"})).await.ok();
    let past = "UPDATE pay_attempts SET expires_at = ?2 WHERE id = ?1";
    house.app.database().execute(past, params![id(&begun), 1_767_225_600_000_i64]).unwrap();
    let is_unknown = |seen: &Value| seen["payments"][0]["state"] == "UNKNOWN";
    let unclear = until(&house.waiter, "/payments/unclear", is_unknown).await;
    let payment = &unclear["payments"][0]["id"];
    let path = format!("/payments/{payment}/clear");
    let failed = json!({"state": "FAILED", "reason": "the guest's bank shows nothing"});
    house.admin.post(&path, &failed).await.ok();
    assert_eq!(desk.check_now(&check).await["due"], "1250.00");
    desk.provider.guest_pays(begun["reference"].as_str().unwrap()).unwrap();
    house.admin.patch(&shop, &json!({"address": desk.provider.url()})).await.ok();
    desk.until(&begun, "LATE").await;
    no_complaints(&desk);
}

#[tokio::test]
async fn the_providers_list_finds_what_a_lost_reply_hid() {
    let desk = Desk::open(Dialect::Yookassa).await;
    let house = &desk.house;
    let check = desk.check().await;
    let begun = desk.begin(&check, "1250.00").await.created();
    // The box forgot its number, and holds it for over.
    let lost =
        "UPDATE pay_attempts SET reference = NULL, state = 'EXPIRED', is_open = 0 WHERE id = ?1";
    house.app.database().execute(lost, [id(&begun)]).unwrap();
    desk.provider.guest_pays(begun["reference"].as_str().unwrap()).unwrap();
    let path = format!("/pay/providers/{}/compare", desk.provider_id);
    house.waiter.post(&path, &json!({})).await.refused(403, "wrong_role");
    let seen = house.admin.post(&path, &json!({})).await.ok();
    assert_eq!((&seen["listed"], &seen["found"]), (&json!(1), &json!(1)), "{seen}");
    // Its payment still waited: the check has the money.
    assert_eq!(desk.attempt(&begun).await["state"], "PAID");
    assert_eq!(desk.check_now(&check).await["state"], "PAID");
    let seen = house.admin.post(&path, &json!({})).await.ok();
    assert_eq!((&seen["listed"], &seen["found"]), (&json!(1), &json!(0)), "{seen}");
    desk.provider.script(Call::List, [Some(Fault::Before(Trouble::Gateway))]);
    house.admin.post(&path, &json!({})).await.refused(409, "provider_silent");
    no_complaints(&desk);
}

#[tokio::test]
async fn a_receipt_of_the_provider_comes_to_what_is_paid() {
    let more =
        json!({"receipts": true, "taxation": "USN_INCOME", "receipt_to": "till@example.org"});
    let desk = Desk::open_with(Dialect::Yookassa, more).await;
    desk.provider.wants_receipts();
    let house = &desk.house;
    let check = desk.check().await;
    for amount in ["333.33", "416.67", "500.00"] {
        let now = desk.check_now(&check).await;
        let begun = desk.begin(&now, amount).await.created();
        assert_eq!(begun["state"], "AWAITING", "{begun}");
        let asked = desk.at_provider(&begun).asked;
        assert_eq!(asked["receipt"]["customer"]["email"], "till@example.org", "{asked}");
        desk.provider.guest_pays(begun["reference"].as_str().unwrap()).unwrap();
        desk.until(&begun, "PAID").await;
    }
    let now = desk.check_now(&check).await;
    assert_eq!(now["state"], "PAID");
    // A part that goes back has its receipt, too.
    let path = format!("/payments/{}/refunds", now["payments"][2]["id"]);
    house.admin.post(&path, &json!({"amount": "100.00", "reason": "cold"})).await.created();
    until(&house.admin, "/pay/troubles", |_| desk.provider.ledger().balance() == 115_000).await;
    // A tip for the staff cannot stand on it.
    let check = desk.check().await;
    let body = json!({"check_id": check["id"], "provider_id": desk.provider_id, "tip": "50.00",
                      "expected_due": "1250.00"});
    house.waiter.post("/pay/attempts", &body).await.refused(400, "tip_not_by_wire");
    no_complaints(&desk);
}

#[tokio::test]
async fn a_guest_pays_a_part_while_others_pay_and_everybody_sees_it() {
    let desk = Desk::open(Dialect::Yookassa).await;
    let house = &desk.house;
    let check = desk.check().await;
    let (anna, boris) = (house.guest(0).await, house.guest(0).await);
    let mut screen = Screen::open(&house.app, &house.waiter, None).await;
    let ways = anna.get("/guest/pay").await.ok();
    assert_eq!((&ways["ways"][0]["is_up"], &ways["attempt"]), (&json!(true), &Value::Null));
    let path = format!("/guest/checks/{}/pay", check["id"]);
    let half = json!({"provider_id": desk.provider_id, "parts": 2, "tip": "62.50",
                      "expected_due": "1250.00"});
    anna.post(&path, &half).await.invalid("Idempotency-Key");
    let first = anna.post_once(&path, "anna-half-1", &half).await.created();
    assert_eq!(
        (&first["amount"], &first["tip"], &first["state"]),
        (&json!("625.00"), &json!("62.50"), &json!("AWAITING"))
    );
    let again = anna.post_once(&path, "anna-half-1", &half).await.created();
    assert_eq!(again["id"], first["id"], "a repeat is the same");
    anna.post_once(&path, "anna-half-2", &half).await.refused(409, "pay_under_way");
    let told = screen.wait_for("pay_changed").await;
    assert_eq!(told["data"]["amount"], "625.00", "{told}");
    // The other phone sees what is left, pays a dish of its own, and cannot pay more than that.
    let bill = boris.get("/guest/bill").await.ok();
    assert_eq!(bill["due"], "625.00", "{bill}");
    let old = json!({"provider_id": desk.provider_id, "parts": 2, "expected_due": "1250.00"});
    boris.post_once(&path, "boris-old-1", &old).await.refused(409, "bill_changed");
    let line = &check["lines"][0]["item_id"];
    let own = json!({"provider_id": desk.provider_id, "expected_due": "625.00",
                     "lines": [{"item_id": line, "quantity": 1}]});
    let second = boris.post_once(&path, "boris-own-1", &own).await.created();
    assert_eq!(second["amount"], "350.00", "{second}");
    // A phone sees its own link alone.
    assert_eq!(boris.get("/guest/pay").await.ok()["attempt"]["id"], second["id"]);
    let stranger = house.guest(1).await;
    stranger.post_once(&path, "stranger-1", &own).await.refused(400, "nothing_to_pay");
    // The waiter takes the rest in cash, the guests pay, and the check is paid.
    let now = desk.check_now(&check).await;
    pay(&house.waiter, &now, house.cash, now["due"].as_str().unwrap()).await.created();
    for attempt in [&first, &second] {
        let reference = desk.attempt(attempt).await["reference"].as_str().unwrap().to_owned();
        desk.provider.guest_pays(&reference).unwrap();
    }
    until(&house.admin, &format!("/checks/{}", check["id"]), |seen| seen["state"] == "PAID").await;
    let now = desk.check_now(&check).await;
    assert_eq!((&now["paid"], &now["tips"]), (&json!("1250.00"), &json!("62.50")), "{now}");
    assert_eq!(anna.get("/guest/pay").await.ok()["attempt"]["state"], "PAID");
    no_complaints(&desk);
}

#[tokio::test]
async fn a_guest_takes_back_what_he_began() {
    let desk = Desk::open(Dialect::Stripe).await;
    let house = &desk.house;
    let check = desk.check().await;
    let anna = house.guest(0).await;
    anna.post("/guest/pay/withdraw", &json!({})).await.refused(400, "nothing_paid");
    let path = format!("/guest/checks/{}/pay", check["id"]);
    let all = json!({"provider_id": desk.provider_id, "expected_due": "1250.00"});
    let begun = anna.post_once(&path, "anna-all-1", &all).await.created();
    assert_eq!(begun["amount"], "1250.00");
    let both = json!({"provider_id": desk.provider_id, "parts": 2, "amount": "5.00",
                      "expected_due": "0.00"});
    anna.post_once(&path, "anna-both-1", &both).await.invalid("amount");
    assert_eq!(anna.post("/guest/pay/withdraw", &json!({})).await.ok()["state"], "EXPIRED");
    assert_eq!(anna.get("/guest/bill").await.ok()["due"], "1250.00");
    anna.post_once(&path, "anna-all-2", &all).await.created();
    no_complaints(&desk);
}

#[tokio::test]
async fn an_answer_that_is_the_old_one_writes_nothing() {
    let desk = Desk::open(Dialect::Yookassa).await;
    let check = desk.check().await;
    let begun = desk.begin(&check, "1250.00").await.created();
    let rows = || {
        let db = desk.house.app.database();
        let sql = "SELECT (SELECT updated_at FROM pay_attempts WHERE id = ?1),
                          (SELECT max(seq) FROM events)";
        let row = db
            .query_row(sql, [id(&begun)], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
        row.unwrap()
    };
    let asked = desk.provider.ledger().calls(Call::Ask);
    let before = rows();
    let path = format!("/pay/attempts/{}", begun["id"]);
    until(&desk.house.admin, &path, |_| desk.provider.ledger().calls(Call::Ask) >= asked + 15)
        .await;
    assert_eq!(rows(), before);
}
