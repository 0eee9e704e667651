//! The cash desk on paper, and the drawer that a printer opens.

use serde_json::{Value, json};

use crate::cash::Till;
use crate::checks::{check_of, evening, pay};
use crate::harness::id;
use crate::printer::FakePrinter;
use crate::printing::{add, jobs, until_printed};

async fn print(till: &Till, shift: i64, what: &str) -> Value {
    let path = format!("/cash/shifts/{shift}/print");
    till.cashier.post(&path, &json!({"what": what})).await.created()
}

/// What a job is to print.
fn paper(till: &Till, job: &Value) -> Value {
    let db = till.house.app.database();
    let sql = "SELECT payload FROM jobs WHERE id = ?1";
    let payload: String = db.query_row(sql, [id(job)], |row| row.get(0)).unwrap();
    serde_json::from_str::<Value>(&payload).unwrap()["document"].clone()
}

#[tokio::test]
async fn x_count_and_z_are_printed_and_say_no_more_than_who_prints_them_may_read() {
    let till = Till::set_up().await;
    let shift = till.open("1000").await;
    let path = format!("/cash/shifts/{shift}/print");
    let x = json!({"what": "X"});
    till.cashier.post(&path, &x).await.refused(409, "no_printer");
    let printer = FakePrinter::open().await;
    let documents = json!({"documents": ["receipt", "cash_report"]});
    add(&till.house.admin, "Till", &printer, documents).await;
    till.sells(till.house.cash).await;
    till.sells(till.house.card).await;
    till.cashier.post(&path, &json!({"what": "COUNT"})).await.refused(409, "not_counted");
    till.cashier.post(&path, &json!({"what": "Z"})).await.refused(409, "shift_is_open");
    let blind = print(&till, shift, "X").await;
    assert_eq!(blind["document"], "cash_report");
    let blind = paper(&till, &blind);
    assert_eq!((&blind["expected"], &blind["sums"]), (&Value::Null, &json!([])));
    assert_eq!(blind["ways"].as_array().unwrap().len(), 1, "the card's");
    let known = till.manager.post(&path, &x).await.created();
    assert_eq!(paper(&till, &known)["expected"], "2250.00");
    // Nor does the preview of somebody else's paper tell it.
    let preview = format!("/print-jobs/{}/preview.png", known["id"]);
    till.cashier.get(&preview).await.refused(403, "wrong_role");
    till.house.kitchen.get(&preview).await.refused(403, "wrong_role");
    let again = format!("/print-jobs/{}/again", known["id"]);
    till.cashier.post(&again, &json!({})).await.refused(403, "wrong_role");
    assert_eq!(till.manager.get(&preview).await.status, 200);
    let pieces = json!({"denominations": [{"value": "1000.00", "count": 2},
                                          {"value": "50.00", "count": 5}]});
    till.cashier.post(&format!("/cash/shifts/{shift}/count"), &pieces).await.created();
    let count = paper(&till, &print(&till, shift, "COUNT").await);
    assert_eq!(
        (&count["counted"], &count["pieces"], &count["expected"]),
        (&json!("2250.00"), &json!([["1000.00", 2], ["50.00", 5]]), &Value::Null)
    );
    // The Z comes by itself.
    let before = jobs(&till.manager).await.len();
    till.close(&till.cashier, shift, json!({"counted": "2250"})).await.ok();
    let all = until_printed(&till.manager, before + 1).await;
    let z = paper(&till, &all[0]);
    assert_eq!(
        (&z["what"], &z["number"], &z["expected"], &z["difference"]),
        (&json!("Z"), &json!(1), &json!("2250.00"), &json!("0.00"))
    );
    // Later too, as it was written.
    let later = paper(&till, &print(&till, shift, "Z").await);
    assert_eq!((&later["sums"], &later["opened"]), (&z["sums"], &z["opened"]));
    until_printed(&till.manager, before + 2).await;
}

#[tokio::test]
async fn the_drawer_opens_when_cash_moves_and_no_other_does() {
    let till = Till::set_up().await;
    let house = &till.house;
    let (at_till, elsewhere) = (FakePrinter::open().await, FakePrinter::open().await);
    let has_drawer = json!({"documents": ["receipt"], "drawer_pin": 2});
    // By name it comes first, and is another's.
    add(&house.admin, "Bar", &elsewhere, has_drawer.clone()).await;
    let printer =
        add(&house.admin, "Till", &at_till, json!({"documents": [], "drawer_pin": 5})).await;
    let path = format!("/cash/drawers/{}", till.drawer);
    house.admin.patch(&path, &json!({"printer_id": 999})).await.refused(404, "not_found");
    let drawer = house.admin.patch(&path, &json!({"printer_id": printer})).await.ok();
    assert_eq!(drawer["printer_id"], printer);
    let shift = till.open("1000").await;
    let pulses = || (at_till.inside().pulses, elsewhere.inside().pulses);
    let paid = till.sells(house.cash).await;
    until_printed(&house.admin, 2).await;
    assert_eq!(pulses(), (1, 0), "the receipt comes from the bar");
    till.sells(house.card).await;
    until_printed(&house.admin, 3).await;
    assert_eq!(pulses(), (1, 0));
    let back = json!({"reason": "cold"});
    till.manager.post(&format!("/payments/{}/refunds", paid["id"]), &back).await.created();
    let opened = json!({"kind": "NO_SALE", "reason": "a guest's change"});
    till.moves(&till.cashier, shift, opened).await.created();
    let put = json!({"kind": "PAY_IN", "amount": "500", "reason": "change"});
    let put = till.moves(&till.cashier, shift, put).await.created();
    until_printed(&house.admin, 6).await;
    assert_eq!(pulses(), (4, 0));
    // What a slip of the pen takes back moves nothing.
    let undo = json!({"undoes": put["move"]["id"], "reason": "a slip"});
    till.moves(&till.manager, shift, undo).await.created();
    // Nor does cash that a waiter puts into their own pocket.
    let me = id(&house.waiter.get("/auth/me").await.ok());
    let purse = json!({"name": "Anna's purse", "user_id": me});
    let purse = id(&house.admin.post("/cash/drawers", &purse).await.created());
    till.opened(&house.waiter, purse, "0").await.created();
    let check = check_of(house, evening(house).await).await;
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    until_printed(&house.admin, 7).await;
    assert_eq!(pulses(), (4, 0));
}
