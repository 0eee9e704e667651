//! What people do with checks in an evening: one step after another, drawn by lot.

mod desk;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Client, Reply, id};

/// A small generator, so that a failing evening can be repeated.
pub struct Dice(pub u64);

impl Dice {
    pub fn throw(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }
}

/// What the evening is played with.
pub struct Evening {
    /// Looks at what there is, and does what takes an admin.
    pub admin: Client,
    pub tables: [i64; 2],
    pub dishes: [i64; 2],
    /// A dish that is sold by weight.
    pub weighed: i64,
    /// What is chosen with the first dish.
    pub toppings: [i64; 3],
    pub lunch: Lunch,
    pub cash: i64,
    pub card: i64,
    /// The way to pay on account, and whose account it is.
    pub on_account: i64,
    pub account: i64,
    /// Whether there is a drawer, whose shifts are opened, counted and closed.
    pub has_desk: bool,
    /// Orders up to this one are of an earlier evening.
    pub since: i64,
    /// In how many of a hundred steps somebody wants to pay, whatever else there is to do.
    pub haste: usize,
}

/// A combo of two parts, and the choices of each.
#[derive(Clone, Copy)]
pub struct Lunch {
    pub dish: i64,
    pub choices: [[i64; 2]; 2],
}

/// What a tablet asks of the box, so that it can ask again when nobody answered.
pub struct Deed {
    method: Method,
    pub path: String,
    pub body: Value,
    /// A POST says under which key; it marks what is made, too.
    pub key: String,
    takes_admin: bool,
}

impl Deed {
    fn post(path: String, body: Value) -> Self {
        Self { method: Method::POST, path, body, key: String::new(), takes_admin: false }
    }

    fn delete(path: String) -> Self {
        Self { method: Method::DELETE, ..Self::post(path, Value::Null) }
    }

    fn patch(path: String, body: Value) -> Self {
        Self { method: Method::PATCH, ..Self::post(path, body) }
    }

    fn of_the_admin(self) -> Self {
        Self { takes_admin: true, ..self }
    }

    /// Whether the box answers a repeat as it has answered first.
    pub fn is_keyed(&self) -> bool {
        self.method == Method::POST
    }

    /// Asks for it; the answer, if one came.
    pub async fn ask(&self, evening: &Evening, who: &Client) -> reqwest::Result<Reply> {
        let who = if self.takes_admin { &evening.admin } else { who };
        let mut request = who.request(self.method.clone(), &self.path);
        if self.is_keyed() {
            request = request.header("Idempotency-Key", &self.key);
        }
        if !self.body.is_null() {
            request = request.json(&self.body);
        }
        who.attempt(request).await
    }
}

/// A line that bears the mark, so that it can be counted.
fn line(evening: &Evening, dice: &mut Dice, mark: &str) -> Value {
    if dice.throw(4) == 0 {
        let quantity = format!("{}.{:03}", dice.throw(2), 1 + dice.throw(999));
        return json!({"dish_id": evening.weighed, "quantity": quantity, "comment": mark});
    }
    let quantity = 1 + dice.throw(3);
    if dice.throw(5) == 0 {
        // The mark is of one part, so that a lunch counts as one.
        let [first, second] = evening.lunch.choices.map(|of| of[dice.throw(2)]);
        let combo = json!([{"choice_id": first, "comment": mark}, {"choice_id": second}]);
        return json!({"dish_id": evening.lunch.dish, "quantity": quantity, "combo": combo,
            "comment_of_part": mark});
    }
    let dish = dice.throw(2);
    let mut line = json!({"dish_id": evening.dishes[dish], "quantity": quantity, "comment": mark});
    if dish == 0 {
        line["modifiers"] = toppings(evening, dice);
    }
    line
}

/// Some of what can be chosen with the first dish; too many of it now and then.
fn toppings(evening: &Evening, dice: &mut Dice) -> Value {
    let all = evening.toppings.iter();
    let some = all.filter(|_| dice.throw(2) == 0).copied().collect::<Vec<_>>();
    let chosen = |id: i64| json!({"option_id": id, "quantity": 1 + dice.throw(2)});
    some.into_iter().map(chosen).collect()
}

/// A payment of what is due or less, here and there with change or a tip.
fn pay(dice: &mut Dice, evening: &Evening, check: &Value) -> Deed {
    let &Evening { cash, card, on_account, account, .. } = evening;
    let due = &check["due"];
    let is_whole = dice.throw(2) == 0;
    let amount = if is_whole { due.clone() } else { json!(format!("{}.07", dice.throw(300))) };
    let method = [cash, card, on_account][dice.throw(3)];
    let mut body = json!({"method_id": method, "amount": amount, "expected_due": due});
    if method == on_account {
        body["account_id"] = json!(account);
    }
    if dice.throw(3) == 0 {
        body["tip"] = json!(format!("{}.{:02}", dice.throw(90), dice.throw(100)));
        body["tip_confirmed"] = json!(true);
    }
    if method == cash && dice.throw(3) == 0 {
        body["tendered"] = json!("5000.00");
    }
    if dice.throw(8) == 0 {
        body["state"] = json!("PENDING");
    }
    Deed::post(format!("/checks/{}/payments", check["id"]), body)
}

/// All of a payment goes back, or a sum, or a dish.
fn refund(dice: &mut Dice, check: &Value, item: &Value, mark: &str) -> Deed {
    let paid = check["payments"].as_array().unwrap();
    let payment = paid.get(dice.throw(paid.len())).map_or(json!(0), |one| one["id"].clone());
    let mut body = json!({"reason": mark});
    match dice.throw(3) {
        0 => body["amount"] = json!(format!("{}.03", dice.throw(200))),
        1 => body["lines"] = json!([{"item_id": item, "quantity": 1}]),
        _ => {}
    }
    Deed::post(format!("/payments/{payment}/refunds"), body)
}

/// Something is taken off a check or a line, or put on.
fn adjust(dice: &mut Dice, check: &Value, item: Value, mark: &str) -> Deed {
    let kind = ["percent", "amount", "comp", "service_percent", "tax_exempt"][dice.throw(5)];
    let mut body = json!({"kind": kind, "reason": mark, "version": check["version"]});
    if kind != "comp" && kind != "tax_exempt" {
        body["value"] = json!(format!("{}.5", 1 + dice.throw(40)));
    }
    if kind != "service_percent" && kind != "tax_exempt" && dice.throw(2) == 0 {
        body["line_id"] = item;
    }
    Deed::post(format!("/checks/{}/adjustments", check["id"]), body)
}

/// Something that was taken off or put on is taken back; most checks have none.
fn undo(dice: &mut Dice, check: &Value) -> Deed {
    let agreed = check["adjustments"].as_array().unwrap();
    let one = agreed.get(dice.throw(agreed.len())).map_or(json!(0), |one| one["id"].clone());
    let path = format!("/checks/{}/adjustments/{one}", check["id"]);
    Deed::delete(format!("{path}?version={}&reason=x", check["version"]))
}

fn split(dice: &mut Dice, check: &Value, item: &Value) -> Deed {
    let how = [
        json!({"by": "parts", "parts": 2 + dice.throw(3)}),
        json!({"by": "amount", "amount": format!("{}.01", dice.throw(400))}),
        json!({"by": "lines", "checks": [[{"item_id": item, "quantity": 1}]]}),
    ];
    let mut body = how[dice.throw(3)].clone();
    (body["version"], body["check_id"]) = (check["version"].clone(), check["id"].clone());
    Deed::post(format!("/orders/{}/split", check["order_id"]), body)
}

/// A line, or a part of it, goes to a check that lies beside; of a single one to itself.
fn move_between(dice: &mut Dice, checks: &Value, check: &Value, item: &Value) -> Deed {
    let all = checks["checks"].as_array().unwrap();
    let to = &all[dice.throw(all.len())]["id"];
    let quantity = ["1", "0.5", "2", "0.333"][dice.throw(4)];
    let lines = json!([{"item_id": item, "quantity": quantity}]);
    let moves = json!([{"from": check["id"], "to": to, "lines": lines}]);
    let body = json!({"version": checks["version"], "moves": moves});
    Deed::post(format!("/orders/{}/checks/move", checks["order_id"]), body)
}

/// An order; most steps are about what is open.
fn one_of<'a>(orders: &'a [Value], dice: &mut Dice) -> &'a Value {
    let is_open =
        |order: &&Value| order["payment_status"] == "UNPAID" && order["status"] != "CANCELLED";
    let open: Vec<&Value> = orders.iter().filter(is_open).collect();
    if open.is_empty() || dice.throw(5) == 0 {
        &orders[dice.throw(orders.len())]
    } else {
        open[dice.throw(open.len())]
    }
}

/// What is under way turns out to be this or that.
fn clear(check: &Value, dice: &mut Dice) -> Option<Deed> {
    let payments = check["payments"].as_array()?.iter();
    let payment = payments.clone().find(|one| one["state"] == "PENDING")?;
    let state = ["TAKEN", "FAILED", "TAKEN"][dice.throw(3)];
    let body = json!({"state": state, "reason": "slip 12"});
    Some(Deed::post(format!("/payments/{}/clear", payment["id"]), body).of_the_admin())
}

impl Evening {
    async fn look(&self, path: &str) -> reqwest::Result<Reply> {
        self.admin.attempt(self.admin.request(Method::GET, path)).await
    }

    /// The orders of this evening, the newest first.
    async fn orders(&self) -> reqwest::Result<Vec<Value>> {
        let newest = self.look("/orders?limit=8").await?.ok();
        let mut orders = newest["orders"].as_array().unwrap().clone();
        orders.retain(|order| id(order) > self.since);
        Ok(orders)
    }

    /// A paid check of one of the orders is to be paid in another way.
    async fn reopen(&self, orders: &[Value], dice: &mut Dice) -> reqwest::Result<Option<Deed>> {
        let is_paid =
            |order: &&Value| order["payment_status"] == "PAID" && order["status"] != "CANCELLED";
        let paid: Vec<&Value> = orders.iter().filter(is_paid).collect();
        let Some(order) = paid.get(dice.throw(paid.len())) else { return Ok(None) };
        let checks = self.look(&format!("/orders/{}/checks", order["id"])).await?.ok();
        let is_settled = |check: &&Value| check["state"] == "PAID" || check["state"] == "CLOSED";
        let check = checks["checks"].as_array().unwrap().iter().find(is_settled);
        Ok(check.map(|check| {
            let body = json!({"version": check["version"], "reason": "the wrong way"});
            Deed::post(format!("/checks/{}/reopen", check["id"]), body).of_the_admin()
        }))
    }

    /// What somebody does next, marked with this key; many a deed will be refused, as it would be in
    /// a real evening.
    pub async fn next(&self, dice: &mut Dice, key: String) -> reqwest::Result<Deed> {
        let deed = self.choose(dice, &key).await?;
        Ok(Deed { key, ..deed })
    }

    async fn choose(&self, dice: &mut Dice, mark: &str) -> reqwest::Result<Deed> {
        let orders = self.orders().await?;
        let order =
            if orders.is_empty() { json!({"id": 0}) } else { one_of(&orders, dice).clone() };
        if dice.throw(25) == 0
            && let Some(deed) = self.reopen(&orders, dice).await?
        {
            return Ok(deed);
        }
        if self.has_desk && dice.throw(12) == 0 {
            return self.at_the_desk(dice).await;
        }
        if dice.throw(10) == 0 {
            return self.at_the_account(dice).await;
        }
        let mut line = line(self, dice, mark);
        if dice.throw(3) == 0 {
            line["course"] = json!(1 + dice.throw(3));
        }
        let table = self.tables[dice.throw(2)];
        let is_new = id(&order) == 0 || dice.throw(6) == 0;
        let reply = self.look(&format!("/orders/{}/checks", order["id"])).await?;
        if is_new || reply.status != 200 {
            return Ok(Deed::post("/orders".into(), json!({"table_id": table, "items": [line]})));
        }
        Ok(self.about(dice, &reply.ok(), &line, table))
    }

    /// A step about an order with these checks.
    fn about(&self, dice: &mut Dice, checks: &Value, line: &Value, table: i64) -> Deed {
        let mark = line["comment"].as_str().or(line["comment_of_part"].as_str()).unwrap();
        let all = checks["checks"].as_array().unwrap();
        let check = &all[dice.throw(all.len())];
        if let Some(deed) = clear(check, dice) {
            return deed;
        }
        let lines = check["lines"].as_array().unwrap();
        let item =
            lines.get(dice.throw(lines.len())).map_or(json!(0), |line| line["item_id"].clone());
        let order = format!("/orders/{}", checks["order_id"]);
        let path = format!("/checks/{}", check["id"]);
        let version = &check["version"];
        if dice.throw(100) < self.haste {
            return pay(dice, self, check);
        }
        if !check["adjustments"].as_array().unwrap().is_empty() && dice.throw(6) == 0 {
            return undo(dice, check);
        }
        match dice.throw(28) {
            // Most evenings are of few guests; here and there a party comes together.
            20 | 25 => Deed::patch(order, json!({"guests": 1 + dice.throw(9)})),
            21 => {
                let body = json!({"guests": dice.throw(9), "version": version});
                Deed::patch(path, body)
            }
            22 => {
                let body = json!({"modifiers": toppings(self, dice), "reason": mark});
                Deed::patch(format!("{order}/items/{item}"), body)
            }
            // What waits for a later course is split off, and called off or paid and given back.
            26 => {
                let mut line = line.clone();
                line["course"] = json!(4 + dice.throw(2));
                Deed::post(format!("{order}/items"), line)
            }
            27 => {
                let step = json!({"version": version, "reason": "left"});
                Deed::post(format!("{path}/void"), step)
            }
            23 => {
                let step = ["fire", "fire", "hold"][dice.throw(3)];
                Deed::post(format!("{order}/courses/{}/{step}", 1 + dice.throw(3)), json!({}))
            }
            24 => {
                let body = json!({"course": 1 + dice.throw(3)});
                Deed::patch(format!("{order}/items/{item}"), body)
            }
            0 => Deed::post(format!("{order}/items"), line.clone()),
            1 => Deed::delete(format!("{order}/items/{item}?reason=x")),
            2 | 17 => adjust(dice, check, item, mark),
            3 => undo(dice, check),
            4 | 5 | 16 => split(dice, check, &item),
            18 | 19 => move_between(dice, checks, check, &item),
            6 => Deed::post(format!("{order}/unsplit"), json!({"version": checks["version"]})),
            7 => Deed::post(format!("{path}/present"), json!({"version": version})),
            8 => {
                let step = ["take-back", "void"][dice.throw(2)];
                Deed::post(format!("{path}/{step}"), json!({"version": version, "reason": "x"}))
            }
            9..=10 => pay(dice, self, check),
            11 if dice.throw(2) == 0 => {
                let method = [self.cash, self.card][dice.throw(2)];
                let body = json!({"payment_method_id": method});
                Deed::post(format!("{order}/complete-payment"), body)
            }
            12 | 13 => refund(dice, check, &item, mark),
            14 => {
                let body = json!({"table_id": table, "items": [{"id": item, "quantity": 1}]});
                Deed::post(format!("{order}/items/move"), body)
            }
            15 if dice.throw(3) == 0 => Deed::delete(format!("{order}?reason=x")).of_the_admin(),
            _ if dice.throw(4) == 0 => {
                let body = json!({"payment_status": "REFUNDED"});
                Deed::patch(format!("{order}/payment"), body).of_the_admin()
            }
            _ => Deed::post(format!("{order}/move"), json!({"table_id": table})),
        }
    }
}

/// Whoever plays may do all of it: only the sums are looked at.
pub async fn allow_everything(admin: &Client) {
    let needs = [
        "ACCOUNT_CHARGE",
        "CHECK_REOPEN",
        "CHECK_TAX_EXEMPT",
        "CHECK_VOID",
        "COMP",
        "DISCOUNT_AMOUNT",
        "DISCOUNT_PERCENT",
        "LINE_REMOVE_BEGUN",
        "ORDER_CANCEL_OTHERS",
        "PAYMENT_REFUND",
        "SERVICE_CHARGE_OFF",
    ];
    let rules = needs.map(|one| json!({"permission": one, "decision": "ALLOW"}));
    admin.put("/roles/waiter/permissions", &json!({"rules": rules})).await.ok();
}

/// Lets a dish ask for toppings: one of them is free, one comes with it, one takes off.
pub async fn add_toppings(admin: &Client, dish: i64) -> [i64; 3] {
    let group = json!({"name": "Toppings", "max": 5, "free": 1, "prefixes": ["NO"], "options": [
        {"name": "Cheese", "price": "49.99", "max_quantity": 2},
        {"name": "Onion", "price": "20", "is_default": true, "max_quantity": 2},
        {"name": "Small", "price": "-33.33"}]});
    let group = admin.post("/modifier-groups", &group).await.created();
    let links = json!({"groups": [{"group_id": group["id"]}]});
    admin.put(&format!("/dishes/{dish}/modifier-groups"), &links).await.ok();
    [0, 1, 2].map(|at| id(&group["options"][at]))
}

/// Adds a lunch of one of two sizes twice, for 333.33.
pub async fn add_lunch(admin: &Client, category: &Value, sizes: [i64; 2]) -> Lunch {
    let dish = json!({"name": "Lunch", "category_id": category});
    let dish = id(&admin.post("/dishes", &dish).await.created());
    let size = json!({"name": "Usual", "price": "333.33"});
    admin.post(&format!("/dishes/{dish}/variations"), &size).await.created();
    let choices = json!([{"dish_variation_id": sizes[0]}, {"dish_variation_id": sizes[1], "surcharge": "7.77"}]);
    let parts = ["First", "Second"].map(|name| json!({"name": name, "choices": choices}));
    let combo = admin.put(&format!("/combos/{dish}"), &json!({"parts": parts})).await.ok();
    let choices = [0, 1].map(|part| [0, 1].map(|at| id(&combo["parts"][part]["choices"][at])));
    Lunch { dish, choices }
}

/// Adds shashlik at 180.00 for 100 g to a category: its dish and its variation.
pub async fn add_weighed(admin: &Client, category: &Value) -> (i64, i64) {
    let dish = json!({"name": "Shashlik", "category_id": category, "department": "grill"});
    let dish = id(&admin.post("/dishes", &dish).await.created());
    let size = json!({"name": "Lamb", "price": "180.00", "unit": "100g"});
    let size = admin.post(&format!("/dishes/{dish}/variations"), &size).await.created();
    (dish, id(&size))
}
