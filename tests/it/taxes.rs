//! Taxes: classes with rates from a day on, in the price and beside it, several on one check, and checks
//! that are freed of them.

use qres::core::clock;
use qres::core::kernel::{Day, Zone};
use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::{adjust, check_of, checks_of, evening, pay, step};
use crate::checks_refund::refund;
use crate::harness::{Client, House, id};

/// Two zones whose days are never the same: in the second it is always a later day.
const EARLY: &str = "Etc/GMT+12";
const LATE: &str = "Etc/GMT-14";

fn today(zone: &str) -> Day {
    Zone::named(zone).unwrap().day_of(clock::now())
}

pub async fn class(house: &House, name: &str, kind: &str, percent: &str) -> i64 {
    let rates = json!([{"valid_from": null, "percent": percent}]);
    let class = json!({"name": name, "kind": kind, "rates": rates});
    id(&house.admin.post("/tax-classes", &class).await.created())
}

async fn usual(house: &House) -> Value {
    house.admin.get("/tax-classes").await.ok()[0].clone()
}

async fn give(house: &House, dish: i64, class: i64) {
    let path = format!("/dishes/{dish}");
    let told = house.admin.patch(&path, &json!({"tax_class_id": class})).await.ok();
    assert_eq!(told["tax_class_id"], class);
}

/// Rate, whether it is beside the price, its base and its tax.
fn taxes(check: &Value) -> Vec<(String, bool, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |tax: &Value| {
        let is_added = tax["is_added"].as_bool().unwrap();
        (text(&tax["percent"]), is_added, text(&tax["base"]), text(&tax["amount"]))
    };
    check["taxes"].as_array().unwrap().iter().map(of).collect()
}

fn tax(percent: &str, is_added: bool, base: &str, amount: &str) -> (String, bool, String, String) {
    (percent.into(), is_added, base.into(), amount.into())
}

/// The rows of the report by rate: key, revenue, without tax, tax, what was not charged.
async fn by_rate(house: &House, period: &str) -> Vec<Vec<String>> {
    let report = house.admin.get(&format!("/reports/taxes{period}")).await.ok();
    let row = |row: &Value| {
        let values = row["values"].as_array().unwrap().iter();
        let values = values.map(|value| value.as_str().unwrap().to_owned());
        [row["key"].as_str().unwrap().to_owned()].into_iter().chain(values).collect()
    };
    report["rows"].as_array().unwrap().iter().map(row).collect()
}

async fn complete(house: &House, order_id: i64) {
    let paid = json!({"payment_method_id": house.card});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &paid).await.ok();
}

#[tokio::test]
async fn a_rate_holds_from_its_day_on_for_what_is_ordered_then() {
    let house = House::open().await;
    house.admin.patch("/restaurant", &json!({"timezone": EARLY, "tax_percent": "20"})).await.ok();
    let usual = usual(&house).await;
    let rates = json!([{"valid_from": null, "percent": "20"},
                       {"valid_from": today(LATE), "percent": "22"}]);
    let path = format!("/tax-classes/{}", usual["id"]);
    house.admin.patch(&path, &json!({"rates": rates})).await.ok();
    let order = house.place().await;
    assert_eq!((&order["tax_percent"], &order["tax_included"]), (&json!("20"), &json!("58.33")));
    let from = today(EARLY);
    house.admin.patch("/restaurant", &json!({"timezone": LATE})).await.ok();
    assert_eq!(house.admin.get("/restaurant").await.ok()["tax_percent"], "22");
    // What was ordered keeps its rate; what comes after has the new one; both stand on one check.
    let items = json!([{"dish_id": house.pizza, "quantity": 1}]);
    let more = json!({"table_id": house.tables[0], "items": items});
    let order = house.waiter.post("/orders/", &more).await.created();
    assert_eq!((&order["tax_percent"], &order["tax_included"]), (&json!("20"), &json!("139.48")));
    let check = check_of(&house, id(&order)).await;
    let both = [tax("20", false, "350.00", "58.33"), tax("22", false, "450.00", "81.15")];
    assert_eq!(taxes(&check), both);
    // Nor does a class that changes touch it.
    let other = json!({"kind": "ADDED", "rates": [{"valid_from": null, "percent": "7"}]});
    house.admin.patch(&path, &other).await.ok();
    assert_eq!(taxes(&check_of(&house, id(&order)).await), both);
    complete(&house, id(&order)).await;
    let period = format!("?date_from={from}&date_to={}", today(LATE));
    assert_eq!(
        by_rate(&house, &period).await,
        [
            ["included 22", "450.00", "368.85", "81.15", "0.00"],
            ["included 20", "350.00", "291.67", "58.33", "0.00"],
        ]
    );
}

#[tokio::test]
async fn joined_tables_have_two_rates_one_in_the_price_and_one_beside_it() {
    let house = House::open().await;
    house.admin.patch("/restaurant", &json!({"tax_percent": "10"})).await.ok();
    give(&house, house.pizza, class(&house, "Sales", "ADDED", "5").await).await;
    let soup = house.place().await;
    let pizzas = json!({"table_id": house.tables[1],
        "items": [{"dish_id": house.pizza, "quantity": 2}]});
    let pizzas = house.waiter.post("/orders/", &pizzas).await.created();
    assert_eq!(
        (&pizzas["total_price"], &pizzas["tax_included"]),
        (&json!("945.00"), &json!("45.00")),
        "the guests pay the tax on top"
    );
    let to = json!({"table_id": house.tables[0]});
    house.waiter.post(&format!("/orders/{}/move", id(&pizzas)), &to).await.ok();
    let order = house.order(id(&soup)).await;
    assert_eq!(order["total_price"], "1295.00");
    let check = check_of(&house, id(&soup)).await;
    let both = [tax("10", false, "350.00", "31.82"), tax("5", true, "900.00", "45.00")];
    assert_eq!(taxes(&check), both);
    assert_eq!((&check["subtotal"], &check["total"]), (&json!("1250.00"), &json!("1295.00")));
    // A pizza that is taken off takes its tax along.
    let line = id(&order["items"][1]);
    let fewer = json!({"quantity": 1, "reason": "mistake"});
    house.admin.patch(&format!("/orders/{}/items/{line}", id(&soup)), &fewer).await.ok();
    assert_eq!(house.order(id(&soup)).await["total_price"], "822.50");
    // Three equal parts are all of it, and joined again it is what it was.
    let checks = checks_of(&house, id(&soup)).await;
    let split = json!({"version": checks["version"], "by": "parts", "parts": 3});
    let parts = house.waiter.post(&format!("/orders/{}/split", id(&soup)), &split).await.ok();
    let totals = parts["checks"].as_array().unwrap().iter().map(|check| check["total"].clone());
    assert_eq!(totals.collect::<Vec<_>>(), ["274.17", "274.17", "274.16"]);
    let join = json!({"version": parts["version"]});
    let whole = house.waiter.post(&format!("/orders/{}/unsplit", id(&soup)), &join).await.ok();
    assert_eq!(whole["total"], "822.50");
    complete(&house, id(&soup)).await;
    // The pizza goes back with its tax.
    let check = check_of(&house, id(&soup)).await;
    let one = json!({"lines": [{"item_id": line, "quantity": 1}]});
    let back = refund(&house, &check["payments"][0]["id"], one).await.created();
    assert_eq!(back["amount"], "472.50");
    assert_eq!(
        by_rate(&house, "").await,
        [["included 10", "350.00", "318.18", "31.82", "0.00"]],
        "what went back is in no figure"
    );
}

#[tokio::test]
async fn a_dish_goes_before_its_category_and_that_before_the_restaurant() {
    let house = House::open().await;
    house.admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
    let category = house.admin.get("/categories").await.ok()["categories"][0].clone();
    let food = json!({"name": "Food", "kind": "INCLUDED", "rates": [
        {"valid_from": null, "percent": "19", "takeaway_percent": "7"}]});
    let food = id(&house.admin.post("/tax-classes", &food).await.created());
    let percents = async |order_type: &str| {
        let items = json!([{"dish_id": house.borscht, "quantity": 1},
            {"dish_id": house.pizza, "quantity": 1}]);
        let order = json!({"order_type": order_type, "table_id": house.tables[1], "items": items});
        let order = id(&house.waiter.post("/orders/", &order).await.created());
        let check = check_of(&house, order).await;
        house.admin.delete(&format!("/orders/{order}?reason=test")).await.ok();
        taxes(&check).into_iter().map(|(percent, ..)| percent).collect::<Vec<_>>()
    };
    assert_eq!(percents("DINE_IN").await, ["20"]);
    let path = format!("/categories/{}", category["id"]);
    let told = house.admin.patch(&path, &json!({"tax_class_id": food})).await.ok();
    assert_eq!(told["tax_class_id"], food);
    assert_eq!(percents("DINE_IN").await, ["19"]);
    assert_eq!(percents("TAKEAWAY").await, ["7"], "what is taken away has a rate of its own");
    give(&house, house.pizza, class(&house, "Alcohol", "INCLUDED", "25").await).await;
    assert_eq!(percents("DINE_IN").await, ["19", "25"]);
    for path in [format!("/dishes/{}", house.pizza), path] {
        let told = house.admin.patch(&path, &json!({"tax_class_id": null})).await.ok();
        assert_eq!(told["tax_class_id"], Value::Null);
    }
    assert_eq!(percents("TAKEAWAY").await, ["20"]);
}

#[tokio::test]
async fn a_check_is_freed_of_its_tax_with_a_reason_and_a_word() {
    let house = House::open().await;
    house.admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let exempt = json!({"kind": "tax_exempt", "reason": "diplomatic card 17"});
    adjust(&house.waiter, &check, exempt.clone()).await.refused(403, "approval_needed");
    let why = json!({"kind": "tax_exempt", "reason": null});
    adjust(&house.admin, &check, why).await.refused(400, "reason_needed");
    let line = json!({"kind": "tax_exempt", "line_id": check["lines"][0]["id"]});
    adjust(&house.admin, &check, line).await.invalid("line_id");
    let value = json!({"kind": "tax_exempt", "value": "20"});
    adjust(&house.admin, &check, value).await.invalid("value");
    let freed = adjust(&house.admin, &check, exempt.clone()).await.created();
    assert_eq!(
        (&freed["total"], &freed["tax"], &freed["taxes"]),
        (&json!("1041.67"), &json!("0.00"), &json!([]))
    );
    let agreed = &freed["adjustments"][0];
    assert_eq!((&agreed["kind"], &agreed["amount"]), (&json!("tax_exempt"), &json!("208.33")));
    assert_eq!(agreed["reason"], "diplomatic card 17");
    assert_eq!(house.order(order_id).await["tax_included"], "0.00");
    adjust(&house.admin, &freed, exempt.clone()).await.refused(400, "no_tax");
    // It can be taken back while the check is open.
    let path = format!("/checks/{}/adjustments/{}", check["id"], agreed["id"]);
    let back = house.admin.delete(&format!("{path}?version={}", freed["version"])).await.ok();
    assert_eq!((&back["total"], &back["tax"]), (&json!("1250.00"), &json!("208.33")));
    // What is ordered later, taken off and put on is without tax too.
    let freed = adjust(&house.admin, &back, exempt).await.created();
    let tenth = json!({"kind": "percent", "value": "10"});
    let check = adjust(&house.admin, &freed, tenth).await.created();
    let service = json!({"kind": "service_percent", "value": "10"});
    let check = adjust(&house.admin, &check, service).await.created();
    assert_eq!((&check["total"], &check["tax"]), (&json!("1031.25"), &json!("0.00")));
    let check = step(&house.waiter, &check, "present").await.ok();
    pay(&house.waiter, &check, house.card, "1031.25").await.created();
    assert_eq!(
        by_rate(&house, "").await,
        [["exempt 0", "1031.25", "1031.25", "0.00", "187.50"]],
        "of 1125.00"
    );
    let days = house.admin.get("/reports/days").await.ok();
    let at = |key: &str| {
        let columns = days["columns"].as_array().unwrap();
        let place = columns.iter().position(|column| column["key"] == key).unwrap();
        days["total"]["values"][place].clone()
    };
    assert_eq!((at("revenue"), at("discounts")), (json!("1031.25"), json!("125.00")));
    let csv = house.admin.get("/reports/taxes?format=csv&lang=ru&compare=none").await.text();
    assert!(csv.contains("Освобождённые счета;1031,25;1031,25;0,00;187,50"), "{csv}");
}

/// Freed up to a limit, or with a word, a check is freed for what is on it; for more it is asked again.
#[tokio::test]
async fn an_exemption_does_not_grow() {
    let house = House::open().await;
    house.admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
    let limit = json!({"permission": "CHECK_TAX_EXEMPT", "decision": "ALLOW", "at_most": "100"});
    house.admin.put("/roles/waiter/permissions", &json!({"rules": [limit]})).await.ok();
    let exempt = json!({"kind": "tax_exempt", "reason": "diplomatic card 17"});
    let freed = async |who: &Client| {
        let order = house.place().await;
        let order_id = id(&order);
        let check = check_of(&house, order_id).await;
        let check = adjust(who, &check, exempt.clone()).await.created();
        assert_eq!((&check["total"], &check["tax"]), (&json!("291.67"), &json!("0.00")));
        (order_id, check)
    };
    let add = async |order_id: i64| {
        let more = json!({"dish_id": house.borscht, "quantity": 2});
        let path = format!("/orders/{order_id}/items");
        house.waiter.post(&path, &more).await.created();
        check_of(&house, order_id).await
    };
    let (order_id, freed_check) = freed(&house.waiter).await;
    // A charge is nothing that was ordered.
    let service = json!({"kind": "service_percent", "value": "10"});
    let check = adjust(&house.waiter, &freed_check, service).await.created();
    assert_eq!((&check["total"], &check["tax"]), (&json!("320.84"), &json!("0.00")));
    let check = add(order_id).await;
    assert_eq!((&check["total"], &check["tax"]), (&json!("1155.00"), &json!("192.50")));
    assert_eq!(house.order(order_id).await["total_price"], "1155.00");
    adjust(&house.waiter, &check, exempt.clone()).await.refused(403, "approval_needed");
    let check = adjust(&house.admin, &check, exempt.clone()).await.created();
    assert_eq!(check["tax"], "0.00", "asked again");
    let check = add(order_id).await;
    assert_eq!(check["tax"], "0.00", "whoever has no limit frees what comes later, too");
    let check = step(&house.waiter, &check, "present").await.ok();
    pay(&house.waiter, &check, house.card, check["due"].as_str().unwrap()).await.created();
    // A line that grows is more, too; when it is as it was, so is the check.
    let (order_id, _) = freed(&house.waiter).await;
    let line = id(&house.order(order_id).await["items"][0]);
    let path = format!("/orders/{order_id}/items/{line}");
    for (quantity, total) in [(9, "3150.00"), (1, "291.67")] {
        house.waiter.patch(&path, &json!({"quantity": quantity})).await.ok();
        assert_eq!(check_of(&house, order_id).await["total"], total);
    }
}

/// What was agreed before more was ordered counts towards a limit already.
#[tokio::test]
async fn an_exemption_that_is_asked_anew_counts_by_what_is_more() {
    let house = House::open().await;
    house.admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
    let limit = json!({"permission": "CHECK_TAX_EXEMPT", "decision": "ALLOW", "at_most": "120"});
    house.admin.put("/roles/waiter/permissions", &json!({"rules": [limit]})).await.ok();
    let exempt = json!({"kind": "tax_exempt", "reason": "diplomatic card 17"});
    let order = id(&house.place().await);
    let check = check_of(&house, order).await;
    // 58.33 of tax, then 116.67: below the limit as long as nothing of it counts twice.
    adjust(&house.waiter, &check, exempt.clone()).await.created();
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order}/items"), &more).await.created();
    let check = check_of(&house, order).await;
    assert_eq!(check["tax"], "116.67");
    let check = adjust(&house.waiter, &check, exempt.clone()).await.created();
    assert_eq!((&check["tax"], &check["total"]), (&json!("0.00"), &json!("583.33")));
    // A third is more than the limit.
    house.waiter.post(&format!("/orders/{order}/items"), &more).await.created();
    let check = check_of(&house, order).await;
    let refused = adjust(&house.waiter, &check, exempt).await;
    assert_eq!(refused.json()["params"]["amount"], "58.33");
    refused.refused(403, "approval_needed");
}

#[tokio::test]
async fn a_part_of_a_check_is_freed_and_is_not_joined_to_the_rest() {
    let house = House::open().await;
    house.admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
    let order_id = evening(&house).await;
    let checks = checks_of(&house, order_id).await;
    let split = json!({"version": checks["version"], "by": "seats"});
    let path = format!("/orders/{order_id}");
    let checks = house.waiter.post(&format!("{path}/split"), &split).await.ok();
    let freed = json!({"kind": "tax_exempt", "reason": "charity"});
    let freed = adjust(&house.admin, &checks["checks"][0], freed).await.created();
    assert_eq!(freed["total"], "291.67");
    let now = checks_of(&house, order_id).await;
    let join = json!({"version": now["version"]});
    let joined = house.waiter.post(&format!("{path}/unsplit"), &join).await;
    joined.refused(409, "otherwise_exempt");
    // Split once more, each part is without tax, and together they are what it was.
    let split =
        json!({"version": freed["version"], "check_id": freed["id"], "by": "parts", "parts": 2});
    let parts = house.waiter.post(&format!("{path}/split"), &split).await.ok();
    assert_eq!(parts["total"], "1191.67");
    let part = parts["checks"].as_array().unwrap().iter().find(|check| check["number"] == 1);
    let part = part.unwrap();
    assert_eq!((&part["tax"], &part["total"]), (&json!("0.00"), &json!("145.84")));
    // Taken back on a part, its tax is in it again.
    let one = format!("/checks/{}/adjustments/{}", part["id"], part["adjustments"][0]["id"]);
    let back = house.admin.delete(&format!("{one}?version={}", part["version"])).await.ok();
    assert_eq!((&back["total"], &back["tax"]), (&json!("175.01"), &json!("29.17")));
}

#[tokio::test]
async fn tax_that_comes_beside_is_not_added_to_a_freed_check() {
    let house = House::open().await;
    give(&house, house.borscht, class(&house, "Sales", "ADDED", "8.25").await).await;
    let order = house.place().await;
    assert_eq!(order["total_price"], "378.88");
    let check = check_of(&house, id(&order)).await;
    let freed = json!({"kind": "tax_exempt", "reason": "charity"});
    let freed = adjust(&house.admin, &check, freed).await.created();
    assert_eq!(
        (&freed["total"], &freed["adjustments"][0]["amount"]),
        (&json!("350.00"), &json!("0.00"))
    );
    pay(&house.waiter, &freed, house.cash, "350.00").await.created();
    assert_eq!(by_rate(&house, "").await, [["exempt 0", "350.00", "350.00", "0.00", "0.00"]]);
}

#[tokio::test]
async fn a_service_charge_has_the_tax_of_its_own_class_or_of_what_it_is_on() {
    let house = House::open().await;
    house.admin.patch("/restaurant", &json!({"tax_percent": "10"})).await.ok();
    let charged = async |percent: &str| {
        let order = house.place().await;
        let check = check_of(&house, id(&order)).await;
        let service = json!({"kind": "service_percent", "value": percent});
        let check = adjust(&house.admin, &check, service).await.created();
        complete(&house, id(&order)).await;
        taxes(&check)
    };
    assert_eq!(charged("10").await, [tax("10", false, "385.00", "35.00")]);
    let service = class(&house, "Service", "INCLUDED", "22").await;
    let own = json!({"service_tax_class_id": service});
    let told = house.admin.patch("/restaurant", &own).await.ok();
    assert_eq!(told["service_tax_class_id"], service);
    let both = [tax("10", false, "350.00", "31.82"), tax("22", false, "35.00", "6.31")];
    assert_eq!(charged("10").await, both);
    assert_eq!(
        by_rate(&house, "").await,
        [
            ["included 10", "735.00", "668.18", "66.82", "0.00"],
            ["included 22", "35.00", "28.69", "6.31", "0.00"],
        ]
    );
    house.admin.patch("/restaurant", &json!({"service_tax_class_id": null})).await.ok();
    assert_eq!(charged("20").await, [tax("10", false, "420.00", "38.18")]);
}

#[tokio::test]
async fn classes_are_kept_by_admins_and_not_removed_while_they_are_used() {
    let house = House::open().await;
    let usual = usual(&house).await;
    assert_eq!((&usual["kind"], &usual["rates"][0]["percent"]), (&json!("INCLUDED"), &json!("0")));
    let path = format!("/tax-classes/{}", usual["id"]);
    house.admin.delete(&path).await.refused(409, "tax_class_in_use");
    let off = json!({"is_active": false});
    house.admin.patch(&path, &off).await.refused(409, "tax_class_in_use");
    let wine = class(&house, "Wine", "INCLUDED", "25").await;
    let rates = json!([{"valid_from": null, "percent": "1"}]);
    let again = json!({"name": "Wine", "kind": "ADDED", "rates": rates});
    house.admin.post("/tax-classes", &again).await.refused(400, "name_taken");
    house.waiter.post("/tax-classes", &again).await.refused(403, "wrong_role");
    for (rates, field) in [
        (json!([]), "rates"),
        (json!([{"valid_from": "2027-01-01", "percent": "5"}]), "rates"),
        (
            json!([{"valid_from": null, "percent": "5"}, {"valid_from": null, "percent": "6"}]),
            "rates[1].valid_from",
        ),
        (json!([{"valid_from": null, "percent": "101"}]), "rates[0].percent"),
    ] {
        let path = format!("/tax-classes/{wine}");
        house.admin.patch(&path, &json!({"rates": rates})).await.invalid(field);
    }
    give(&house, house.pizza, wine).await;
    let path = format!("/tax-classes/{wine}");
    house.admin.delete(&path).await.refused(409, "tax_class_in_use");
    house.admin.patch(&path, &off).await.ok();
    // What has it keeps it; nothing else gets it.
    let popular = json!({"is_popular": true, "tax_class_id": wine});
    house.admin.patch(&format!("/dishes/{}", house.pizza), &popular).await.ok();
    let soup = format!("/dishes/{}", house.borscht);
    let to_wine = json!({"tax_class_id": wine});
    house.admin.patch(&soup, &to_wine).await.refused(400, "tax_class_inactive");
    house.admin.patch("/restaurant", &to_wine).await.refused(400, "tax_class_inactive");
    house.admin.patch(&soup, &json!({"tax_class_id": 99})).await.refused(404, "not_found");
    let none = json!({"tax_class_id": null});
    house.admin.patch(&format!("/dishes/{}", house.pizza), &none).await.ok();
    house.admin.delete(&path).await.ok();
    let trail = house.admin.get("/audit?limit=3").await.ok();
    assert_eq!(trail["entries"][0]["action"], "tax_class_removed");
}

#[tokio::test]
async fn a_file_names_classes_and_an_export_is_taken_in_again() {
    let house = House::open().await;
    let wine = class(&house, "Wine", "ADDED", "25").await;
    let csv = |class: &str| format!("Раздел;Блюдо;Цена;Цех;Налог\nВино;Кьянти;900;бар;{class}\n");
    let take_in = async |file: String, query: &str| {
        let request = house.admin.request(Method::POST, &format!("/import{query}"));
        house.admin.send(request.body(file)).await
    };
    let wrong = take_in(csv("Пиво"), "").await.text();
    assert!(wrong.contains("no tax class of this name"), "{wrong}");
    take_in(csv("wine"), "").await.ok();
    let dishes = house.admin.get("/dishes?search=Кьянти").await.ok();
    assert_eq!(dishes["dishes"][0]["tax_class_id"], wine);
    let menu = house.admin.get("/export?format=csv").await.text();
    assert!(menu.contains("allergens,tax_class") && menu.contains(",Wine"), "{menu}");
    let all = house.admin.get("/export?format=json").await.text();
    let again = take_in(all, "?dry_run=true").await.ok();
    assert_eq!(again["changes_count"], 0, "{again}");
    assert_eq!(again["counts"]["tax_classes"]["unchanged"], 2);
}
