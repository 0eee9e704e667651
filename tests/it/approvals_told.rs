//! Who approves reads just what is to be done, and approves of that alone.

use serde_json::{Value, json};

use crate::check_permissions::{Wish, manager_says_yes, user};
use crate::checks::{check_of, evening};
use crate::harness::{House, id};

#[tokio::test]
async fn who_says_that_money_arrived_does_not_say_that_it_failed() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let body = json!({"method_id": house.card, "amount": "500.00", "state": "PENDING",
                      "expected_due": check["due"]});
    let path = format!("/checks/{}/payments", check["id"]);
    let begun = house.waiter.post(&path, &body).await.created();
    let clear = |state: &str| {
        let body = json!({"state": state, "reason": "slip 4711"});
        Wish::post(format!("/payments/{}/clear", begun["id"]), body)
    };
    let refused = clear("TAKEN").send(&house, None).await;
    let needs = refused.json()["params"].clone();
    let says = refused.refused(403, "approval_needed");
    assert_eq!(
        (&needs["payment_state"], &needs["amount"], &needs["method_name"]),
        (&json!("TAKEN"), &json!("500.00"), &json!("Card"))
    );
    assert!(says.contains("it arrived") && says.contains("500.00"), "{says}");
    let approval = manager_says_yes(&house, &needs).await.created();
    assert_eq!(
        (&approval["payment_state"], &approval["check_number"]),
        (&json!("TAKEN"), &json!(1))
    );
    let failed = clear("FAILED").send(&house, Some(id(&approval))).await;
    failed.refused(403, "approval_other_deed");
    clear("TAKEN").send(&house, Some(id(&approval))).await.ok();
    let trail = house.admin.get("/audit?limit=20").await.ok().to_string();
    assert!(trail.contains("\"state\":\"TAKEN\""), "{trail}");
}

/// Waiters have to ask before they move anything.
async fn house_where_moving_is_asked_for() -> House {
    let house = House::open().await;
    let rule = json!({"permission": "ORDER_MOVE", "decision": "ASK"});
    house.admin.put("/roles/waiter/permissions", &json!({"rules": [rule]})).await.ok();
    house
}

#[tokio::test]
async fn a_move_is_approved_of_from_one_table_to_the_other() {
    let house = house_where_moving_is_asked_for().await;
    let terrace = json!({"number": 40, "name": "T4", "seats": 2});
    let terrace = id(&house.admin.post("/tables", &terrace).await.created());
    let order = id(&house.place().await);
    let to = |table: i64| Wish::post(format!("/orders/{order}/move"), json!({"table_id": table}));
    let refused = to(terrace).send(&house, None).await;
    let needs = refused.json()["params"].clone();
    let says = refused.refused(403, "approval_needed");
    assert_eq!(
        (&needs["table_name"], &needs["to_table_name"], &needs["to_table_id"]),
        (&json!("1"), &json!("T4"), &json!(terrace))
    );
    assert!(says.contains("to table T4"), "{says}");
    // Of two that were refused the one that is meant is asked for.
    to(house.tables[1]).send(&house, None).await.refused(403, "approval_needed");
    let wish = json!({"permission": "ORDER_MOVE", "subject": "order", "subject_id": order,
        "amount": needs["amount"], "to_table_id": terrace,
        "approver": {"user_id": user(&house, "manager").await, "pin_code": crate::harness::PIN}});
    let approval: Value = house.waiter.post("/approvals", &wish).await.created();
    assert_eq!(approval["to_table_name"], "T4");
    let elsewhere = to(house.tables[1]).send(&house, Some(id(&approval))).await;
    elsewhere.refused(403, "approval_other_deed");
    to(terrace).send(&house, Some(id(&approval))).await.ok();
}
