//! Who may what: rules of roles and people, and approvals that are good once, for one deed.

use qres::core::clock;
use qres::platform::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, House, PIN, Reply, id};

/// A house with an order whose first line the kitchen has begun.
struct Begun {
    house: House,
    order: i64,
    line: i64,
}

impl Begun {
    async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    async fn open_with(change: impl FnOnce(&mut qres::platform::config::Settings)) -> Self {
        let house = House::open_with(change).await;
        let order = house.place().await;
        let (order, line) = (id(&order), id(&order["items"][0]));
        house.move_item(&house.kitchen, line, "IN_PREPARATION").await.ok();
        Self { house, order, line }
    }

    fn path(&self) -> String {
        format!("/orders/{}/items/{}?reason=cold", self.order, self.line)
    }

    /// Takes the line off as `who`, with an approval or without.
    async fn take_off(&self, who: &Client, approval: Option<i64>) -> Reply {
        let mut request = who.request(Method::DELETE, &self.path());
        if let Some(approval) = approval {
            request = request.header("X-Approval", approval.to_string());
        }
        who.send(request).await
    }

    /// What is asked for: what the box's refusal names.
    async fn wish(&self) -> Value {
        let refusal = self.take_off(&self.house.waiter, None).await;
        let params = refusal.json()["params"].clone();
        refusal.refused(403, "approval_needed");
        assert_eq!(params["permission"], "LINE_REMOVE_BEGUN");
        json!({"permission": params["permission"], "subject": params["subject"],
            "subject_id": params["subject_id"], "amount": params["amount"], "reason": "cold"})
    }

    /// The waiter asks, and somebody enters a PIN there.
    async fn by_pin(&self, username: &str, pin: &str) -> Reply {
        let mut wish = self.wish().await;
        let approver = self.user(username).await;
        wish["approver"] = json!({"user_id": approver, "pin_code": pin});
        self.house.waiter.post("/approvals", &wish).await
    }

    async fn user(&self, username: &str) -> i64 {
        let users = self.house.admin.get("/users").await.ok();
        let users = users["users"].as_array().unwrap();
        id(users.iter().find(|user| user["username"] == username).unwrap())
    }

    async fn is_on_the_bill(&self) -> bool {
        self.house.order(self.order).await["items"][0]["status"] != "CANCELLED"
    }
}

#[tokio::test]
async fn a_pin_approves_of_one_deed_once_and_both_names_stand_in_the_trail() {
    let begun = Begun::open().await;
    let approval = begun.by_pin("manager", PIN).await.created();
    assert_eq!((&approval["state"], &approval["amount"]), (&json!("APPROVED"), &json!("350.00")));
    assert_eq!(approval["approver_name"], "Test manager");
    assert!((55..=60).contains(&approval["seconds_left"].as_i64().unwrap()));
    assert!(begun.is_on_the_bill().await);
    begun.take_off(&begun.house.waiter, Some(id(&approval))).await.ok();
    assert!(!begun.is_on_the_bill().await);

    let trail = begun.house.admin.get("/audit").await.ok();
    let used = trail["entries"].as_array().unwrap().iter();
    let used = used.clone().find(|entry| entry["action"] == "approval_used").unwrap();
    assert_eq!((&used["username"], &used["subject_id"]), (&json!("waiter"), &json!(begun.line)));
    let names = (&used["after"]["asked_by"], &used["after"]["approved_by"]);
    assert_eq!(names, (&json!("Test waiter"), &json!("Test manager")));
    assert_eq!(used["after"]["reason"], "cold");

    // The same word is not good for another line that looks the same.
    let order = begun.house.place().await;
    let line = id(&order["items"][0]);
    begun.house.move_item(&begun.house.kitchen, line, "IN_PREPARATION").await.ok();
    let next = Begun { order: id(&order), line, ..begun };
    next.take_off(&next.house.waiter, Some(id(&approval)))
        .await
        .refused(403, "approval_other_deed");
    let db = next.house.app.database();
    db.execute("UPDATE approvals SET subject_id = ?1", [line]).unwrap();
    next.take_off(&next.house.waiter, Some(id(&approval))).await.refused(403, "approval_used");
    assert!(next.is_on_the_bill().await);
}

#[tokio::test]
async fn a_wrong_pin_counts_as_a_wrong_sign_in() {
    let begun = Begun::open_with(|settings| settings.rate_limit_requests = 1_000_000).await;
    for _ in 0..5 {
        begun.by_pin("manager", "9999").await.refused(403, "wrong_pin");
    }
    begun.by_pin("manager", PIN).await.refused(429, "sign_in_shut");
    let sign_in = json!({"username": "manager", "pin_code": PIN});
    let nobody = begun.house.app.anonymous();
    nobody.post("/auth/login/pin", &sign_in).await.refused(429, "sign_in_shut");
    // Another's word still counts.
    begun.by_pin("admin", PIN).await.created();
}

#[tokio::test]
async fn a_pin_counts_only_where_it_would_sign_in() {
    let begun = Begun::open_with(|settings| settings.pin_needs_device = Some(true)).await;
    begun.by_pin("manager", PIN).await.refused(403, "device_unknown");
}

#[tokio::test]
async fn only_who_may_do_it_can_approve_of_it() {
    let begun = Begun::open().await;
    begun.by_pin("waiter", PIN).await.refused(403, "approver_not_entitled");
    begun.by_pin("kitchen", PIN).await.refused(403, "approver_not_entitled");
    let names = "/approvals/approvers?permission=LINE_REMOVE_BEGUN&amount=350.00&order_id=";
    let names = begun.house.waiter.get(&format!("{names}{}", begun.order)).await.ok();
    let names: Vec<_> = names.as_array().unwrap().iter().map(|one| &one["full_name"]).collect();
    assert_eq!(names, ["Test admin", "Test manager"]);

    // Who loses the right between the word and the deed has given none.
    let approval = begun.by_pin("manager", PIN).await.created();
    let deny = json!({"rules": [{"permission": "LINE_REMOVE_BEGUN", "decision": "DENY"}]});
    begun.house.admin.put("/roles/manager/permissions", &deny).await.ok();
    let late = begun.take_off(&begun.house.waiter, Some(id(&approval))).await;
    late.refused(403, "approver_not_entitled");
    assert!(begun.is_on_the_bill().await);
}

#[tokio::test]
async fn an_approval_is_good_for_a_minute_whatever_the_wall_clock_says() {
    let begun = Begun::open().await;
    let approval = begun.by_pin("manager", PIN).await.created();
    clock::set_for_tests(50_000);
    let db = begun.house.app.database();
    db.execute("UPDATE approvals SET until = until - 59000", []).unwrap();
    begun.take_off(&begun.house.waiter, Some(id(&approval))).await.ok();

    let begun = Begun::open().await;
    let approval = begun.by_pin("manager", PIN).await.created();
    let db = begun.house.app.database();
    db.execute("UPDATE approvals SET until = until - 60001", []).unwrap();
    let late = begun.take_off(&begun.house.waiter, Some(id(&approval))).await;
    late.refused(403, "approval_expired");
    // Of another run of the program nobody knows how long ago it was.
    let db = begun.house.app.database();
    db.execute("UPDATE approvals SET until = until + 60001, run = run + 1", []).unwrap();
    let after_start = begun.take_off(&begun.house.waiter, Some(id(&approval))).await;
    after_start.refused(403, "approval_expired");
    assert!(begun.is_on_the_bill().await);
}

#[tokio::test]
async fn an_approval_is_of_one_sum_and_one_device() {
    let begun = Begun::open().await;
    let approval = begun.by_pin("manager", PIN).await.created();
    let elsewhere = begun.house.app.waiter().await;
    begun.take_off(&elsewhere, Some(id(&approval))).await.refused(403, "approval_elsewhere");
    let colleague = begun.house.app.hired(Role::Cashier).await;
    begun.take_off(&colleague, Some(id(&approval))).await.refused(403, "approval_unknown");
    begun.take_off(&begun.house.waiter, Some(999)).await.refused(403, "approval_unknown");
    // The admin makes two of it meanwhile.
    let path = format!("/orders/{}/items/{}", begun.order, begun.line);
    let twice = json!({"quantity": 2, "reason": "one more"});
    begun.house.admin.patch(&path, &twice).await.ok();
    let other = begun.take_off(&begun.house.waiter, Some(id(&approval))).await;
    other.refused(403, "approval_other_deed");
    // A deed that fails for another reason leaves the word as it is.
    let approval = begun.by_pin("manager", PIN).await.created();
    let request = begun
        .house
        .waiter
        .request(Method::DELETE, &format!("{path}?reason=cold&expected_total=1.00"));
    let request = request.header("X-Approval", id(&approval).to_string());
    begun.house.waiter.send(request).await.refused(409, "bill_changed");
    begun.take_off(&begun.house.waiter, Some(id(&approval))).await.ok();
}

#[tokio::test]
async fn somebody_answers_on_their_own_phone_and_of_two_the_first_one_counts() {
    let begun = Begun::open().await;
    let manager = begun.house.app.manager().await;
    let asked = begun.house.waiter.post("/approvals", &begun.wish().await).await.created();
    let asked = id(&asked);
    begun.take_off(&begun.house.waiter, Some(asked)).await.refused(403, "approval_open");
    let open = manager.get("/approvals").await.ok();
    assert_eq!((id(&open[0]), &open[0]["asker_name"]), (asked, &json!("Test waiter")));
    assert_eq!((&open[0]["table_name"], &open[0]["reason"]), (&json!("1"), &json!("cold")));
    assert_eq!(begun.house.waiter.get("/approvals").await.ok(), json!([]), "not one's own");
    begun.house.kitchen.get(&format!("/approvals/{asked}")).await.refused(404, "not_found");
    let path = |what: &str| format!("/approvals/{asked}/{what}");
    let own = begun.house.waiter.post(&path("approve"), &json!({})).await;
    own.refused(403, "approver_not_entitled");
    let (yes, no) = (path("approve"), path("refuse"));
    let nothing = json!({});
    let (first, second) =
        tokio::join!(manager.post(&yes, &nothing), begun.house.admin.post(&no, &nothing));
    let (won, lost) = if first.status == 200 { (first, second) } else { (second, first) };
    lost.refused(409, "approval_answered");
    let state = won.ok()["state"].clone();
    assert_eq!(begun.house.waiter.get(&format!("/approvals/{asked}")).await.ok()["state"], state);
    let deed = begun.take_off(&begun.house.waiter, Some(asked)).await;
    if state == "APPROVED" {
        deed.ok();
    } else {
        deed.refused(403, "approval_refused");
    }
    assert_eq!(manager.get("/approvals").await.ok(), json!([]));
}

#[tokio::test]
async fn whoever_asks_anew_or_gives_up_waits_for_nobody() {
    let begun = Begun::open().await;
    let wish = begun.wish().await;
    let first = id(&begun.house.waiter.post("/approvals", &wish).await.created());
    let second = id(&begun.house.waiter.post("/approvals", &wish).await.created());
    let open = begun.house.admin.get("/approvals").await.ok();
    assert_eq!((open.as_array().unwrap().len(), id(&open[0])), (1, second));
    let late = begun.house.admin.post(&format!("/approvals/{first}/approve"), &json!({})).await;
    late.refused(409, "approval_answered");
    begun.house.waiter.delete(&format!("/approvals/{second}")).await.ok();
    assert_eq!(begun.house.admin.get("/approvals").await.ok(), json!([]));
    let other = begun.house.kitchen.delete(&format!("/approvals/{second}")).await;
    other.refused(404, "not_found");
}

#[tokio::test]
async fn what_a_waiter_may_not_do_alone_can_be_asked_for() {
    let house = House::open().await;
    let ask = async |order: i64, refusal: Reply| {
        let params = refusal.json()["params"].clone();
        refusal.refused(403, "approval_needed");
        assert_eq!(params["subject_id"], order);
        let wish = json!({"permission": params["permission"], "subject": params["subject"],
            "subject_id": order, "amount": params["amount"]});
        let asked = id(&house.waiter.post("/approvals", &wish).await.created());
        house.admin.post(&format!("/approvals/{asked}/approve"), &json!({})).await.ok();
        (params["permission"].clone(), asked)
    };
    let with = async |method: Method, path: &str, body: &Value, approval: i64| {
        let request = house.waiter.request(method, path).json(body);
        house.waiter.send(request.header("X-Approval", approval.to_string())).await
    };
    // Another's order, that the kitchen has begun: the heavier need names it.
    let order = house.admin.post("/orders", &house.borscht_order()).await.created();
    house.move_item(&house.kitchen, id(&order["items"][0]), "IN_PREPARATION").await.ok();
    let order = id(&order);
    let path = format!("/orders/{order}?reason=fire");
    let (what, approval) = ask(order, house.waiter.delete(&path).await).await;
    assert_eq!(what, "ORDER_CANCEL_BEGUN");
    with(Method::DELETE, &path, &json!(null), approval).await.ok();
    // A paid one: first cancelled, then the money goes back.
    let order = id(&house.place().await);
    let pay = json!({"payment_method_id": house.cash});
    house.waiter.post(&format!("/orders/{order}/complete-payment"), &pay).await.ok();
    let path = format!("/orders/{order}");
    let (what, approval) = ask(order, house.waiter.delete(&path).await).await;
    assert_eq!(what, "ORDER_CANCEL_PAID");
    with(Method::DELETE, &path, &json!(null), approval).await.ok();
    let path = format!("/orders/{order}/payment");
    let back = json!({"payment_status": "REFUNDED"});
    let (what, approval) = ask(order, house.waiter.patch(&path, &back).await).await;
    assert_eq!(what, "PAYMENT_REFUND");
    with(Method::PATCH, &path, &back, approval).await.ok();
    assert_eq!(house.order(order).await["payment_status"], "REFUNDED");
}

#[tokio::test]
async fn a_persons_own_rule_goes_before_their_roles_and_limits_hold() {
    let begun = Begun::open().await;
    let waiter = begun.user("waiter").await;
    let own = format!("/users/{waiter}/permissions");
    let rule = |decision: &str, at_most: Option<&str>| {
        json!({"rules": [{"permission": "LINE_REMOVE_BEGUN", "decision": decision,
            "at_most": at_most}]})
    };
    let admin = &begun.house.admin;
    admin.put("/roles/waiter/permissions", &rule("DENY", None)).await.ok();
    begun.take_off(&begun.house.waiter, None).await.refused(403, "permission_denied");
    admin.put(&own, &rule("ASK", Some("349.99"))).await.ok();
    begun.take_off(&begun.house.waiter, None).await.refused(403, "permission_denied");
    admin.put(&own, &rule("ALLOW", Some("349.99"))).await.ok();
    begun.take_off(&begun.house.waiter, None).await.refused(403, "approval_needed");
    let set = admin.put(&own, &rule("ALLOW", Some("350"))).await.ok();
    assert_eq!(set["rules"][0]["at_most"], "350.00");
    let mine = begun.house.waiter.get("/permissions").await.ok();
    let mine = mine.as_array().unwrap().iter();
    let mine = mine.clone().find(|one| one["permission"] == "LINE_REMOVE_BEGUN").unwrap();
    assert_eq!((&mine["mine"]["decision"], &mine["in_use"]), (&json!("ALLOW"), &json!(true)));
    begun.take_off(&begun.house.waiter, None).await.ok();
    // Left out, it is the role's again; and the trail knows.
    let cleared = admin.put(&own, &json!({"rules": []})).await.ok();
    assert_eq!(cleared["rules"], json!([]));
    let trail = admin.get("/audit").await.ok();
    let changes = trail["entries"].as_array().unwrap().iter();
    let changes = changes.filter(|entry| entry["action"] == "permissions_changed").count();
    assert_eq!(changes, 5);
}

#[tokio::test]
async fn rules_that_make_no_sense_are_refused() {
    let house = House::open().await;
    let put = async |role: &str, rule: Value| {
        let body = json!({"rules": [rule.clone(), rule]});
        let one = json!({"rules": [body["rules"][0]]});
        house.admin.put(&format!("/roles/{role}/permissions"), &one).await
    };
    let allow = json!({"permission": "ORDER_CANCEL", "decision": "ALLOW"});
    for role in ["admin", "kitchen", "host"] {
        put(role, allow.clone()).await.refused(400, "permission_not_of_role");
    }
    put("boss", allow.clone()).await.refused(404, "not_found");
    for at_most in ["-1", "1.234", "much"] {
        let rule = json!({"permission": "ORDER_CANCEL", "decision": "ALLOW", "at_most": at_most});
        put("waiter", rule).await.invalid("rules[0].at_most");
    }
    let percent = json!({"permission": "DISCOUNT_PERCENT", "decision": "ASK", "at_most": "100.01"});
    put("waiter", percent).await.invalid("rules[0].at_most");
    let useless = json!({"permission": "ORDER_MOVE", "decision": "ASK", "at_most": "5"});
    put("waiter", useless).await.invalid("rules[0].at_most");
    let twice = json!({"rules": [allow, allow]});
    house.admin.put("/roles/waiter/permissions", &twice).await.invalid("rules[1].permission");
    house
        .admin
        .put("/users/999/permissions", &json!({"rules": []}))
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn cashiers_and_hosts_have_their_place() {
    let house = House::open().await;
    let cashier = house.app.hired(Role::Cashier).await;
    let host = house.app.hired(Role::Host).await;
    let order = id(&house.place().await);
    let pay = json!({"payment_method_id": house.cash});
    let path = format!("/orders/{order}/complete-payment");
    host.post(&path, &pay).await.refused(403, "wrong_role");
    host.get("/tables").await.ok();
    host.get("/orders").await.ok();
    let taken = json!({"is_occupied": true});
    host.patch(&format!("/tables/{}/status", house.tables[1]), &taken).await.ok();
    host.post("/orders", &house.borscht_order()).await.refused(403, "wrong_role");
    host.patch(&format!("/orders/{order}"), &json!({"guests": 3})).await.ok();
    cashier.post(&path, &pay).await.ok();
    cashier.post("/orders", &house.borscht_order()).await.created();
    cashier.get("/reports/today").await.refused(403, "wrong_role");
    let names = house.app.anonymous().get("/users/waiters").await.ok();
    assert_eq!(names["total"], 3, "all who work with the waiters' screen");
}

#[tokio::test]
async fn reasons_are_the_restaurants_own_words() {
    let house = House::open().await;
    let all = house.waiter.get("/reasons").await.ok();
    assert!(all.as_array().unwrap().len() > 10, "a box begins with some");
    let cancel = house.waiter.get("/reasons?kind=CANCEL").await.ok();
    assert_eq!(cancel[0]["name"], "Гости ушли");
    assert_eq!(cancel[0]["translations"]["en"]["name"], "Guests left");
    let burnt = json!({"kind": "VOID", "name": "Пригорело", "is_waste": true,
        "translations": {"en": {"name": "Burnt"}}});
    house.waiter.post("/reasons", &burnt).await.refused(403, "wrong_role");
    let added = house.admin.post("/reasons", &burnt).await.created();
    house.admin.post("/reasons", &burnt).await.refused(400, "name_taken");
    let path = format!("/reasons/{}", id(&added));
    let changed = house.admin.patch(&path, &json!({"is_waste": false})).await.ok();
    assert_eq!((&changed["is_waste"], &changed["name"]), (&json!(false), &json!("Пригорело")));
    house.admin.patch(&path, &json!({"name": "Ошибка в заказе"})).await.refused(400, "name_taken");
    house.admin.delete(&path).await.ok();
    house.admin.delete(&path).await.refused(404, "not_found");
    for n in 0.. {
        let one = json!({"kind": "DISCOUNT", "name": format!("Reason {n}")});
        let reply = house.admin.post("/reasons", &one).await;
        if reply.status != 201 {
            reply.refused(400, "too_many_reasons");
            break;
        }
        assert!(n < 30);
    }
}
