//! What drawers hang on goes: printers, tablets, people. No cash goes with them, and sums of cash are
//! such as coins make.

use qres::platform::auth::Role;
use serde_json::{Value, json};

use crate::cash::Till;
use crate::checks::{check_of, evening};
use crate::devices::paired;
use crate::harness::{House, id};
use crate::printer::FakePrinter;
use crate::printing::{add, until_printed};

#[tokio::test]
async fn a_drawer_whose_printer_or_tablet_is_gone_opens_by_another_and_is_saved() {
    let till = Till::set_up().await;
    let house = &till.house;
    let (first, own) = (FakePrinter::open().await, FakePrinter::open().await);
    let has_drawer = json!({"documents": [], "drawer_pin": 2});
    add(&house.admin, "Bar", &first, has_drawer.clone()).await;
    let printer = add(&house.admin, "Till", &own, has_drawer).await;
    let (tablet, _) = paired(&house.app, &house.admin, "Till").await;
    let path = format!("/cash/drawers/{}", till.drawer);
    let hangs = json!({"printer_id": printer, "device_ids": [tablet]});
    house.admin.patch(&path, &hangs).await.ok();
    till.open("0").await;
    till.sells(house.cash).await;
    until_printed(&house.admin, 1).await;
    assert_eq!((first.inside().pulses, own.inside().pulses), (0, 1));
    house.admin.delete(&format!("/printers/{printer}")).await.ok();
    house.admin.delete(&format!("/devices/{tablet}")).await.ok();
    let drawer = house.admin.get("/cash/drawers").await.ok()["drawers"][0].clone();
    assert_eq!((&drawer["printer_id"], &drawer["device_ids"]), (&Value::Null, &json!([])));
    // As its form sends it.
    let same = json!({"name": "Till", "user_id": null, "tolerance": drawer["tolerance"],
                      "device_ids": drawer["device_ids"], "printer_id": drawer["printer_id"]});
    house.admin.patch(&path, &same).await.ok();
    till.sells(house.cash).await;
    until_printed(&house.admin, 2).await;
    assert_eq!((first.inside().pulses, own.inside().pulses), (1, 1));
}

#[tokio::test]
async fn who_carries_cash_that_is_not_counted_neither_goes_nor_gives_it_away() {
    let till = Till::set_up().await;
    let house = &till.house;
    let me = id(&house.waiter.get("/auth/me").await.ok());
    let purse = json!({"name": "Anna's purse", "user_id": me});
    let purse = id(&house.admin.post("/cash/drawers", &purse).await.created());
    let drawer = format!("/cash/drawers/{purse}");
    let other = id(&till.cashier.get("/auth/me").await.ok());
    // Cash without a shift lies in it, and no Z shows it yet.
    let check = check_of(house, evening(house).await).await;
    let body = json!({"method_id": house.cash, "amount": "1250.00", "expected_due": "1250.00",
                      "without_shift": true});
    house.waiter.post(&format!("/checks/{}/payments", check["id"]), &body).await.created();
    let person = format!("/users/{me}");
    let goes = async |code: &str| {
        for given in [json!({"user_id": other}), json!({"user_id": null})] {
            house.admin.patch(&drawer, &given).await.refused(409, code);
        }
        let refused = house.admin.delete(&person).await;
        assert_eq!(refused.json()["params"]["name"], "Anna's purse");
        refused.refused(409, "carries_cash");
        for changed in [json!({"is_active": false}), json!({"role": "kitchen"})] {
            house.admin.patch(&person, &changed).await.refused(409, "carries_cash");
        }
    };
    goes("cash_waits").await;
    let shift = id(&till.opened(&house.waiter, purse, "1250").await.created());
    goes("shift_is_open").await;
    // Who goes on taking cash stays who they are.
    house.admin.patch(&person, &json!({"full_name": "Anna B."})).await.ok();
    till.close(&house.waiter, shift, json!({"counted": "1250"})).await.ok();
    house.admin.delete(&person).await.ok();
    // What is left of them is no reason to keep a change back.
    house.admin.patch(&drawer, &json!({"name": "Purse 1", "user_id": me})).await.ok();
    let given = house.admin.patch(&drawer, &json!({"user_id": other})).await.ok();
    assert_eq!(given["user_id"], other);
}

#[tokio::test]
async fn a_count_is_of_coins_that_there_are() {
    let house = House::open_with(|settings| settings.currency = "CHF".into()).await;
    let cashier = house.app.hired(Role::Cashier).await;
    let till = Till::with(house, cashier, "5").await;
    let shift = till.open("1.00").await;
    till.count(shift, "1.04").await.refused(400, "not_in_coins");
    let pieces =
        json!({"denominations": [{"value": "1.00", "count": 1}, {"value": "0.04", "count": 1}]});
    till.close(&till.cashier, shift, pieces).await.refused(400, "not_in_coins");
    assert_eq!(till.x(shift).await["counts"], json!([]));
    let out = json!({"kind": "DROP", "amount": "0.04"});
    till.moves(&till.manager, shift, out).await.refused(400, "not_in_coins");
    // What was counted so before anybody looked is closed, left, and begun with.
    let sql = "UPDATE cash_shifts SET opening = 104";
    till.house.app.database().execute(sql, []).unwrap();
    till.close(&till.cashier, shift, json!({"counted": "1.04"})).await.ok();
    till.opened(&till.cashier, till.drawer, "1.03").await.refused(400, "not_in_coins");
    let next = till.open("1.04").await;
    let closed = till.close(&till.cashier, next, json!({"counted": "1.05"})).await.ok();
    assert_eq!((&closed["state"], &closed["difference"]), (&json!("CLOSED"), &json!("0.01")));
    till.assert_right();
}
