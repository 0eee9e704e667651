//! What of a bill a waiter does alone, and what with somebody's word: asked for, given, used once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::{adjust, check_of, checks_of, evening, pay, step};
use crate::harness::{Client, House, PIN, Reply, id};

/// What the waiter asks the box for.
pub struct Wish {
    pub method: Method,
    pub path: String,
    pub body: Value,
}

impl Wish {
    pub fn post(path: String, body: Value) -> Self {
        Self { method: Method::POST, path, body }
    }

    pub async fn send(&self, house: &House, approval: Option<i64>) -> Reply {
        let request = house.waiter.request(self.method.clone(), &self.path).json(&self.body);
        let request = match approval {
            Some(approval) => request.header("X-Approval", approval.to_string()),
            None => request,
        };
        house.waiter.send(request).await
    }

    /// It is refused, the manager says yes by their PIN, and it is done. What was at stake.
    pub async fn with_a_word(&self, house: &House, permission: &str) -> String {
        let params = self.send(house, None).await;
        let needs = params.json()["params"].clone();
        params.refused(403, "approval_needed");
        assert_eq!(needs["permission"], permission, "{}", self.path);
        let approval = approved(house, &needs).await;
        let done = self.send(house, Some(approval)).await;
        assert!(done.status.is_success(), "{}", done.text());
        needs["amount"].as_str().unwrap().to_owned()
    }
}

pub async fn user(house: &House, username: &str) -> i64 {
    let users = house.admin.get("/users").await.ok();
    let users = users["users"].as_array().unwrap();
    id(users.iter().find(|user| user["username"] == username).unwrap())
}

/// The manager enters their PIN at the waiter's tablet.
pub async fn manager_says_yes(house: &House, needs: &Value) -> Reply {
    manager_says_yes_to(&house.waiter, house, needs).await
}

/// The same at another's.
pub async fn manager_says_yes_to(who: &Client, house: &House, needs: &Value) -> Reply {
    let manager = user(house, "manager").await;
    let wish = json!({"permission": needs["permission"], "subject": needs["subject"],
        "subject_id": needs["subject_id"], "amount": needs["amount"], "reason": "cold",
        "approver": {"user_id": manager, "pin_code": PIN}});
    who.post("/approvals", &wish).await
}

async fn approved(house: &House, needs: &Value) -> i64 {
    id(&manager_says_yes(house, needs).await.created())
}

pub fn adjustment(check: &Value, what: &Value) -> Wish {
    let mut body = json!({"version": check["version"], "reason": "cold"});
    body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    Wish::post(format!("/checks/{}/adjustments", check["id"]), body)
}

pub fn stepping(check: &Value, step: &str) -> Wish {
    let body = json!({"version": check["version"], "reason": "mistake"});
    Wish::post(format!("/checks/{}/{step}", check["id"]), body)
}

#[tokio::test]
async fn a_waiter_gives_a_small_discount_alone_and_what_is_more_with_a_word() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let borscht = check["lines"][0]["item_id"].clone();
    let small = json!({"kind": "percent", "value": "6"});
    let check = adjust(&house.waiter, &check, small).await.created();
    // Two small ones are a large one, on the whole check and on a line of it.
    for (what, permission, stake) in [
        (json!({"kind": "percent", "value": "5"}), "DISCOUNT_PERCENT", "11.00"),
        (json!({"kind": "percent", "value": "5", "line_id": borscht}), "DISCOUNT_PERCENT", "11.00"),
        (json!({"kind": "amount", "value": "0.01"}), "DISCOUNT_AMOUNT", "0.01"),
        (json!({"kind": "comp"}), "COMP", "1175.00"),
        (json!({"kind": "comp", "line_id": borscht}), "COMP", "329.00"),
    ] {
        let refused = adjustment(&check, &what).send(&house, None).await;
        let params = refused.json()["params"].clone();
        refused.refused(403, "approval_needed");
        assert_eq!((&params["permission"], &params["amount"]), (&json!(permission), &json!(stake)));
    }
    assert_eq!(check_of(&house, order_id).await, check, "nothing changed");
    let comp = adjustment(&check, &json!({"kind": "comp", "line_id": borscht}));
    comp.with_a_word(&house, "COMP").await;
    let check = check_of(&house, order_id).await;
    assert_eq!(check["total"], "846.00");
    let given = check["adjustments"].as_array().unwrap();
    let given = given.iter().find(|one| one["kind"] == "comp").unwrap();
    assert_ne!(given["approved_by_id"], Value::Null);
    assert_ne!(given["approved_by_id"], given["user_id"]);
    let trail = house.admin.get("/audit").await.ok();
    let used = trail["entries"].as_array().unwrap().iter();
    let used = used.clone().find(|entry| entry["action"] == "approval_used").unwrap();
    let names = (&used["after"]["asked_by"], &used["after"]["approved_by"]);
    assert_eq!(names, (&json!("Test waiter"), &json!("Test manager")));
    assert_eq!(used["after"]["amount"], "329.00");
    let twenty = adjustment(&check, &json!({"kind": "percent", "value": "20"}));
    assert_eq!(twenty.with_a_word(&house, "DISCOUNT_PERCENT").await, "26.00");
    let trail = house.admin.get("/audit").await.ok();
    let of = |action: &str| {
        let mut entries = trail["entries"].as_array().unwrap().iter();
        entries.find(|entry| entry["action"] == action).unwrap()["after"].clone()
    };
    assert_eq!(
        (&of("approved")["percent"], &of("approved")["amount"]),
        (&json!("26.00"), &json!("169.20"))
    );
    assert_eq!(of("approval_used")["percent"], "26.00");
    assert_eq!(of("approval_used")["amount"], "169.20", "what it came to");
}

#[tokio::test]
async fn the_owner_sets_what_is_small() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let rule = json!({"permission": "DISCOUNT_AMOUNT", "decision": "ALLOW", "at_most": "100"});
    let never = json!({"permission": "COMP", "decision": "DENY"});
    let rules = json!({"rules": [rule, never]});
    house.admin.put("/roles/waiter/permissions", &rules).await.ok();
    let hundred = json!({"kind": "amount", "value": "100"});
    let check = adjust(&house.waiter, &check, hundred).await.created();
    let one_more = json!({"kind": "amount", "value": "1"});
    adjustment(&check, &one_more).with_a_word(&house, "DISCOUNT_AMOUNT").await;
    let check = check_of(&house, order_id).await;
    adjust(&house.waiter, &check, json!({"kind": "comp"})).await.refused(403, "permission_denied");
}

#[tokio::test]
async fn service_is_taken_off_and_a_check_taken_back_with_a_word() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let service = json!({"kind": "service_percent", "value": "10"});
    let check = adjust(&house.waiter, &check, service).await.created();
    assert_eq!(check["total"], "1375.00");
    let charge = &check["adjustments"][0]["id"];
    let path = format!("/checks/{}/adjustments/{charge}?version={}", check["id"], check["version"]);
    let off = Wish { method: Method::DELETE, path, body: Value::Null };
    assert_eq!(off.with_a_word(&house, "SERVICE_CHARGE_OFF").await, "125.00");
    // What was taken off comes back without a word: nobody loses by it.
    let check = check_of(&house, order_id).await;
    let five = json!({"kind": "percent", "value": "5"});
    let check = adjust(&house.waiter, &check, five).await.created();
    let discount = &check["adjustments"][0]["id"];
    let path =
        format!("/checks/{}/adjustments/{discount}?version={}", check["id"], check["version"]);
    house.waiter.delete(&path).await.ok();

    let check = check_of(&house, order_id).await;
    let shown = step(&house.waiter, &check, "present").await.ok();
    let back = stepping(&shown, "take-back");
    assert_eq!(back.with_a_word(&house, "CHECK_REOPEN").await, "1250.00");
    assert_eq!(check_of(&house, order_id).await["state"], "OPEN");
    // It is another check since: the word was for that one time.
    let shown = step(&house.waiter, &check_of(&house, order_id).await, "present").await.ok();
    stepping(&shown, "take-back").send(&house, None).await.refused(403, "approval_needed");
}

#[tokio::test]
async fn of_several_checks_one_is_called_off_with_a_word() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let version = checks_of(&house, order_id).await["version"].clone();
    let seats = json!({"by": "seats", "version": version});
    let path = format!("/orders/{order_id}/split");
    let checks = house.waiter.post(&path, &seats).await.ok();
    let void = stepping(&checks["checks"][0], "void");
    assert_eq!(void.with_a_word(&house, "CHECK_VOID").await, "350.00");
    assert_eq!(checks_of(&house, order_id).await["total"], "900.00");
}

#[tokio::test]
async fn money_goes_back_with_a_word_for_that_sum_alone() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let paid = pay(&house.waiter, &check, house.card, "1250.00").await.created();
    let path = format!("/payments/{}/refunds", paid["id"]);
    let part =
        |amount: &str| Wish::post(path.clone(), json!({"amount": amount, "reason": "salty"}));
    let refused = part("100.00").send(&house, None).await;
    let needs = refused.json()["params"].clone();
    refused.refused(403, "approval_needed");
    assert_eq!(
        (&needs["permission"], &needs["subject"]),
        (&json!("PAYMENT_REFUND"), &json!("payment"))
    );
    let approval = approved(&house, &needs).await;
    part("200.00").send(&house, Some(approval)).await.refused(403, "approval_other_deed");
    // What the rules refuse is refused before anybody is asked, and uses no word up.
    part("2000.00").send(&house, Some(approval)).await.refused(400, "above_sold");
    part("100.00").send(&house, Some(approval)).await.created();
    part("100.00").send(&house, Some(approval)).await.refused(403, "approval_used");
    assert_eq!(check_of(&house, order_id).await["refunded"], "100.00");

    // Whoever asks on a phone says which order it is about; what nobody was refused, nobody asks for.
    let wish = json!({"permission": "PAYMENT_REFUND", "subject": "payment",
        "subject_id": paid["id"], "amount": "50.00"});
    house.waiter.post("/approvals", &wish).await.refused(409, "approval_not_asked_for");
    part("50.00").send(&house, None).await.refused(403, "approval_needed");
    house.waiter.post("/approvals", &wish).await.created();
    let open = house.admin.get("/approvals").await.ok();
    assert_eq!(open[0]["order_number"], house.order(order_id).await["number"]);
}

/// What is at stake is what goes over the counter, whichever way the money goes back: with the tip, and
/// without what went back before.
#[tokio::test]
async fn the_tip_is_at_stake_too_whichever_way_money_goes_back() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let body = json!({"method_id": house.card, "amount": "1250.00", "tip": "500.00",
                      "expected_due": "1250.00"});
    let path = format!("/checks/{}/payments", check["id"]);
    let paid = house.waiter.post(&path, &body).await.created();
    let part = json!({"amount": "50.00", "reason": "x"});
    let path = format!("/payments/{}/refunds", paid["id"]);
    house.admin.post(&path, &part).await.created();
    let check = check_of(&house, order_id).await;
    let whole = Wish {
        method: Method::PATCH,
        path: format!("/orders/{order_id}/payment"),
        body: json!({"payment_status": "REFUNDED", "reason": "x"}),
    };
    for wish in [stepping(&check, "reopen"), whole] {
        let refused = wish.send(&house, None).await;
        assert_eq!(refused.json()["params"]["amount"], "1700.00", "{}", wish.path);
        refused.refused(403, "approval_needed");
    }
}
