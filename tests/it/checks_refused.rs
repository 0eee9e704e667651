//! What may not be done with a check: a clear problem, and nothing changed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::{check_of, checks_of, evening, pay, step};
use crate::harness::{House, id};

/// Every row of every table but those that change by themselves.
fn rows_of(house: &House) -> Vec<(String, Vec<String>)> {
    let db = house.app.database();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
               AND name NOT IN ('sessions', 'security_events') ORDER BY name";
    let mut names = db.prepare(sql).unwrap();
    let names = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap);
    let rows = |name: &String| {
        let mut rows = db.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = rows.column_count();
        let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
            (0..columns).map(|column| Ok(format!("{:?} ", row.get_ref(column)?))).collect()
        };
        rows.query_map([], read).unwrap().map(Result::unwrap).collect()
    };
    names.collect::<Vec<String>>().iter().map(|name| (name.clone(), rows(name))).collect()
}

/// Evenings in all the states in which something could be tried.
struct Evening {
    house: House,
    /// An order of 1250.00 of which 100.00 are paid; of which half is paid; all; none.
    part: Value,
    half: [Value; 2],
    whole: Value,
    open: Value,
    /// Their payments.
    payment: Value,
    sold: Value,
}

impl Evening {
    async fn open() -> Self {
        let house = House::open().await;
        let part = check_of(&house, evening(&house).await).await;
        let payment = pay(&house.waiter, &part, house.cash, "100.00").await.created();
        let part = payment["check"].clone();
        let order = |table: i64| {
            json!({"order_type": "TAKEAWAY", "items": [
                {"dish_id": house.borscht, "quantity": 1}, {"dish_id": house.pizza, "quantity": table}]})
        };
        let place = async || id(&house.waiter.post("/orders", &order(2)).await.created());
        let halved = place().await;
        let version = checks_of(&house, halved).await["version"].clone();
        let split = json!({"by": "parts", "parts": 2, "version": version});
        house.waiter.post(&format!("/orders/{halved}/split"), &split).await.ok();
        let first = check_of(&house, halved).await;
        pay(&house.waiter, &first, house.card, "625.00").await.created();
        let half = checks_of(&house, halved).await["checks"].clone();
        let whole = check_of(&house, place().await).await;
        let sold = pay(&house.waiter, &whole, house.card, "1250.00").await.created();
        let open = check_of(&house, place().await).await;
        let half = [half[0].clone(), half[1].clone()];
        Self {
            half,
            part,
            whole: sold["check"].clone(),
            open,
            payment: payment["id"].clone(),
            sold: sold["id"].clone(),
            house,
        }
    }
}

#[expect(clippy::too_many_lines, reason = "one table of what is tried")]
#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let evening = Evening::open().await;
    let Evening { house, part, half, whole, open, payment, sold } = &evening;
    let (cash, card) = (house.cash, house.card);
    let adjust = |check: &Value, mut body: Value| {
        (body["version"], body["reason"]) = (check["version"].clone(), json!("x"));
        (Method::POST, format!("/checks/{}/adjustments", check["id"]), body)
    };
    let offer = |check: &Value, change: Value| {
        let mut body =
            json!({"method_id": card, "amount": check["due"], "expected_due": check["due"]});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        (Method::POST, format!("/checks/{}/payments", check["id"]), body)
    };
    let split = |check: &Value, mut body: Value| {
        (body["version"], body["check_id"]) = (check["version"].clone(), check["id"].clone());
        (Method::POST, format!("/orders/{}/split", check["order_id"]), body)
    };
    let back = |payment: &Value, mut body: Value| {
        body["reason"] = json!("x");
        (Method::POST, format!("/payments/{payment}/refunds"), body)
    };
    let step = |check: &Value, step: &str| {
        let body = json!({"version": check["version"], "reason": "x"});
        (Method::POST, format!("/checks/{}/{step}", check["id"]), body)
    };
    let line = &open["lines"][0]["item_id"];
    let foreign = &whole["lines"][0]["item_id"];
    let of_line = |item: &Value, quantity: Value| json!({"by": "lines", "checks": [[{"item_id": item, "quantity": quantity}]]});
    let stale = json!({"kind": "comp", "reason": "x", "version": 1});
    let twice = json!({"by": "lines", "checks": [[{"item_id": line, "quantity": 1}], [{"item_id": line, "quantity": 1}]]});
    let foreign_join =
        json!({"version": open["version"], "check_ids": [open["id"], half[1]["id"]]});
    let huge = "90071992547409.92";
    let cases = [
        // A discount above the price.
        (adjust(open, json!({"kind": "amount", "value": "1250.01"})), 400, "discount_above_price"),
        (
            adjust(open, json!({"kind": "amount", "value": "350.01", "line_id": line})),
            400,
            "discount_above_price",
        ),
        (adjust(open, json!({"kind": "percent", "value": "100.01"})), 422, "invalid"),
        (adjust(open, json!({"kind": "percent", "value": "1e2"})), 422, "invalid"),
        // Negative quantities and sums, and none.
        (adjust(open, json!({"kind": "amount", "value": "-5"})), 422, "invalid"),
        (split(open, of_line(line, json!(-1))), 422, "invalid"),
        (split(open, of_line(line, json!(0))), 400, "no_quantity"),
        (split(open, of_line(line, json!("0.0001"))), 422, "invalid"),
        (split(open, of_line(line, json!(2))), 400, "more_than_there_is"),
        (split(open, twice), 400, "more_than_there_is"),
        (split(open, json!({"by": "amount", "amount": "-1"})), 400, "amount_out_of_range"),
        (offer(open, json!({"amount": "-1"})), 400, "amount_below_zero"),
        (offer(open, json!({"amount": "0"})), 400, "amount_below_zero"),
        (offer(open, json!({"tip": "-1"})), 400, "amount_below_zero"),
        (offer(open, json!({"tendered": "-1"})), 400, "tendered_too_little"),
        (back(sold, json!({"amount": "-1"})), 400, "amount_below_zero"),
        (back(sold, json!({"tip": "-1"})), 400, "amount_below_zero"),
        (back(sold, json!({"amount": "0"})), 400, "amount_below_zero"),
        // Checks and lines of another order.
        (adjust(open, json!({"kind": "comp", "line_id": foreign})), 400, "line_not_on_check"),
        (split(open, of_line(foreign, json!(1))), 400, "line_not_on_check"),
        (
            (
                Method::POST,
                format!("/orders/{}/split", open["order_id"]),
                json!({"by": "parts", "parts": 2, "check_id": half[1]["id"], "version": half[1]["version"]}),
            ),
            404,
            "not_found",
        ),
        (
            (Method::POST, format!("/orders/{}/unsplit", open["order_id"]), foreign_join),
            404,
            "not_found",
        ),
        (
            back(sold, json!({"lines": [{"item_id": line, "quantity": 1}]})),
            400,
            "line_not_on_check",
        ),
        (offer(open, json!({"method_id": 777})), 404, "not_found"),
        (back(&json!(777), json!({})), 404, "not_found"),
        ((Method::POST, "/checks/77701/present".into(), json!({"version": 1})), 404, "not_found"),
        // A split, a join and a change of what is paid.
        (split(whole, json!({"by": "parts", "parts": 2})), 409, "check_state"),
        (split(&half[0], json!({"by": "parts", "parts": 2})), 409, "check_state"),
        (split(part, json!({"by": "parts", "parts": 2})), 409, "money_taken"),
        (adjust(part, json!({"kind": "comp"})), 409, "money_taken"),
        (adjust(whole, json!({"kind": "comp"})), 409, "check_state"),
        (step(part, "void"), 409, "money_taken"),
        (step(whole, "void"), 409, "check_state"),
        (step(whole, "take-back"), 409, "check_state"),
        (step(whole, "present"), 409, "check_state"),
        (step(open, "take-back"), 409, "check_state"),
        (step(open, "reopen"), 409, "check_state"),
        (step(open, "void"), 409, "last_check"),
        // Two payments of one sum, and stale sums.
        (offer(whole, json!({"amount": "1250.00", "expected_due": "1250.00"})), 409, "check_state"),
        (offer(part, json!({"expected_due": "1250.00"})), 409, "bill_changed"),
        ((Method::POST, format!("/checks/{}/adjustments", open["id"]), stale), 409, "bill_changed"),
        // More than is due, or was taken.
        (offer(part, json!({"amount": "1150.01"})), 400, "above_due"),
        (offer(open, json!({"tendered": "1300.00"})), 400, "no_change"),
        (offer(open, json!({"tip": "1250.01"})), 400, "tip_above_check"),
        (offer(open, json!({"tip": "12500.01", "tip_confirmed": true})), 400, "tip_too_large"),
        (back(sold, json!({"amount": "1250.01"})), 400, "above_sold"),
        (back(sold, json!({"tip": "0.01"})), 400, "above_taken"),
        (back(payment, json!({"amount": "100.01"})), 409, "check_not_paid"),
        (back(payment, json!({"amount": "99.99"})), 409, "check_not_paid"),
        (
            back(sold, json!({"lines": [{"item_id": foreign, "quantity": 2}]})),
            400,
            "more_than_there_is",
        ),
        // Beyond the currency's digits, and what a sum can be.
        (offer(open, json!({"amount": "0.001"})), 422, "invalid"),
        (offer(open, json!({"amount": "0.0001"})), 422, "invalid"),
        (offer(open, json!({"amount": huge})), 400, "above_due"),
        (offer(open, json!({"tip": huge})), 400, "amount_too_large"),
        (offer(open, json!({"tip": "92233720368547758.07"})), 400, "amount_too_large"),
        (offer(open, json!({"tip": "92233720368547758.08"})), 422, "invalid"),
        (offer(open, json!({"amount": "NaN"})), 422, "invalid"),
        (offer(open, json!({"amount": 1e300})), 422, "invalid"),
        (
            offer(open, json!({"method_id": cash, "tendered": "92233720368547758.07"})),
            400,
            "amount_too_large",
        ),
        (adjust(open, json!({"kind": "amount", "value": "0.001"})), 422, "invalid"),
        (
            adjust(open, json!({"kind": "amount", "value": "92233720368547758.07"})),
            400,
            "discount_above_price",
        ),
        (
            split(open, json!({"by": "amount", "amount": "92233720368547758.07"})),
            400,
            "amount_out_of_range",
        ),
        (
            split(open, json!({"by": "parts", "parts": 9_999_999_999_i64})),
            400,
            "parts_out_of_range",
        ),
        (back(sold, json!({"amount": "92233720368547758.07"})), 400, "above_sold"),
        (back(sold, json!({"amount": "0.001"})), 422, "invalid"),
    ];
    let before = rows_of(house);
    for ((method, path, body), status, code) in cases {
        let reply = house.admin.send(house.admin.request(method, &path).json(&body)).await;
        let what = format!("{path} {body}: {}", reply.text());
        assert_eq!(
            (reply.status.as_u16(), reply.json()["code"].as_str().unwrap()),
            (status, code),
            "{what}"
        );
        let says = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(says.len() > 10 && says.ends_with('.'), "{what}");
        for (now, then) in rows_of(house).iter().zip(&before) {
            assert_eq!(now, then, "{what}");
        }
    }
}

/// A sum has the digits that the currency has: dinars have three.
#[tokio::test]
async fn sums_have_the_digits_of_the_currency() {
    for (currency, good, wrong) in
        [("USD", "0.05", "0.0051"), ("KWD", "0.005", "0.0005"), ("EUR", "0.05", "0.005")]
    {
        let house = House::open_with(|settings| settings.currency = currency.into()).await;
        let lines =
            json!({"order_type": "TAKEAWAY", "items": [{"dish_id": house.borscht, "quantity": 1}]});
        let order_id = id(&house.waiter.post("/orders", &lines).await.created());
        let check = check_of(&house, order_id).await;
        let before = rows_of(&house);
        pay(&house.waiter, &check, house.card, wrong).await.invalid("amount");
        assert_eq!(rows_of(&house), before, "{currency}");
        let paid = pay(&house.waiter, &check, house.card, good).await.created();
        assert_eq!(paid["amount"], good, "{currency}");
        step(&house.waiter, &paid["check"], "present").await.ok();
    }
}

/// Two tablets take the same sum at the same moment: one of them is told.
#[tokio::test]
async fn of_two_at_once_the_second_changes_nothing() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let (one, other) = tokio::join!(
        pay(&house.waiter, &check, house.card, "625.00"),
        pay(&house.admin, &check, house.card, "625.00")
    );
    let (taken, refused) = if one.status == 201 { (one, other) } else { (other, one) };
    taken.created();
    refused.refused(409, "bill_changed");
    let payment = check_of(&house, order_id).await["payments"][0].clone();
    let check = check_of(&house, order_id).await;
    let check = pay(&house.waiter, &check, house.card, "625.00").await.created()["check"].clone();
    let path = format!("/payments/{}/refunds", payment["id"]);
    let body = json!({"amount": "400.00", "reason": "x"});
    let (one, other) = tokio::join!(house.admin.post(&path, &body), house.admin.post(&path, &body));
    let (back, refused) = if one.status == 201 { (one, other) } else { (other, one) };
    back.created();
    refused.refused(400, "above_taken");
    let check = house.admin.get(&format!("/checks/{}", check["id"])).await.ok();
    assert_eq!(check["refunded"], "400.00");
}
