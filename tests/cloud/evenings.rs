//! A thousand random evenings: two tablets do to checks whatever can be done to them, the plug is
//! pulled in between, what nobody answered is asked again; and at the end all sums are the same, here
//! and in the cloud. `EVENINGS=50 EVENINGS_SEED=7` plays others.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::harness::books::{assert_agrees, assert_paid, assert_paid_for, assert_whole};
use crate::harness::evening::{
    Deed, Dice, Evening, Lunch, add_lunch, add_toppings, add_weighed, allow_everything,
};
use crate::harness::{Client, Reply, id};
use crate::killed::{database, enrol};
use crate::postgres::Postgres;
use crate::process::Qres;
use crate::same::{sums_of_the_cloud, until_same};
use crate::stocked::{add_recipes, assert_taken};

/// What one tablet does in an evening.
const STEPS: usize = 9;
/// The plug is pulled in one evening of so many.
const KILLED: u64 = 25;
/// On a machine that others keep busy no new evening begins after this.
const LONGEST: Duration = Duration::from_mins(6);

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().expect("a number"))
}

/// Somebody at work.
struct Tablet {
    name: &'static str,
    who: Client,
    dice: Dice,
    asked: usize,
    /// What the box has not answered.
    unanswered: Option<Deed>,
    /// What was done.
    done: Done,
}

/// What the box has said that it did, by the mark that it bears.
#[derive(Default)]
struct Done {
    /// How many pieces were ordered.
    pieces: BTreeMap<String, i64>,
    refunds: BTreeSet<String>,
    adjustments: BTreeSet<String>,
    /// Payments by id, and orders that were paid as a whole.
    payments: BTreeSet<i64>,
    /// What moved the account, by id.
    moves: BTreeSet<i64>,
    completed: BTreeSet<String>,
    replayed: usize,
}

/// How many a line is that was ordered; what is weighed is one.
fn pieces(line: &Value) -> i64 {
    line["quantity"].as_i64().unwrap_or(1)
}

impl Done {
    fn note(&mut self, deed: Deed, reply: &Reply) {
        assert!(reply.status.as_u16() < 500, "{}: {}", reply.what, reply.text());
        if !reply.status.is_success() || !deed.is_keyed() {
            return;
        }
        let parts: Vec<&str> = deed.path.trim_matches('/').split('/').collect();
        match parts[..] {
            ["orders"] => {
                self.pieces.insert(deed.key, pieces(&deed.body["items"][0]));
            }
            ["orders", _, "items"] => {
                self.pieces.insert(deed.key, pieces(&deed.body));
            }
            ["orders", order, "complete-payment"] => {
                self.completed.insert(order.to_owned());
            }
            ["checks", _, "payments"] => {
                self.payments.insert(id(&reply.json()));
            }
            ["checks", _, "adjustments"] => {
                self.adjustments.insert(deed.key);
            }
            ["house-accounts", _, "pay-in" | "give-back"] => {
                let moves = reply.json()["moves"].as_array().unwrap().clone();
                self.moves.extend(moves.iter().map(id));
            }
            ["payments", _, "refunds"] => {
                self.refunds.insert(deed.key);
            }
            _ => {}
        }
    }
}

impl Tablet {
    fn new(name: &'static str, who: Client) -> Self {
        let (dice, done) = (Dice(0), Done::default());
        Self { name, who, dice, asked: 0, unanswered: None, done }
    }

    /// One step. No answer is an error, and what was asked for is kept then.
    async fn step(&mut self, evening: &Evening, asks: &Notify) -> reqwest::Result<()> {
        self.asked += 1;
        let key = format!("{}-{:06}", self.name, self.asked);
        let deed = evening.next(&mut self.dice, key).await?;
        asks.notify_one();
        match deed.ask(evening, &self.who).await {
            Ok(reply) => self.hear(evening, deed, reply).await,
            Err(error) => {
                self.unanswered = Some(deed);
                Err(error)
            }
        }
    }

    /// Here and there an answer is lost, and the tablet asks again.
    async fn hear(&mut self, evening: &Evening, deed: Deed, reply: Reply) -> reqwest::Result<()> {
        let is_lost = self.dice.throw(8) == 0;
        if is_lost && deed.is_keyed() && reply.status.is_success() {
            match deed.ask(evening, &self.who).await {
                Ok(again) => assert_eq!(again.json(), reply.json(), "{}", reply.what),
                Err(error) => {
                    self.unanswered = Some(deed);
                    return Err(error);
                }
            }
        }
        self.done.note(deed, &reply);
        Ok(())
    }

    /// Asks again for what was not answered, twice.
    async fn ask_again(&mut self, evening: &Evening) {
        let Some(deed) = self.unanswered.take() else { return };
        let reply = deed.ask(evening, &self.who).await.unwrap();
        if reply.headers.contains_key("idempotent-replayed") {
            self.done.replayed += 1;
        }
        if deed.is_keyed() && reply.status.is_success() {
            assert_eq!(deed.ask(evening, &self.who).await.unwrap().json(), reply.json());
        }
        self.done.note(deed, &reply);
    }
}

/// What the house puts on by itself and takes off, beside all that people agree on.
async fn house_rules(admin: &Client) {
    for rule in [
        json!({"kind": "SERVICE", "name": "Service", "percent": "10",
            "conditions": {"least_guests": 6}}),
        json!({"kind": "FEE", "name": "Cover", "amount": "10.01", "per_guest": true}),
        json!({"kind": "DISCOUNT", "name": "Happy", "percent": "7.5",
            "conditions": {"least_guests": 3, "date_from": "2020-01-01"}}),
    ] {
        admin.post("/adjustment-rules", &rule).await.created();
    }
}

/// The restaurant in which they play.
struct House {
    qres: Qres,
    admin: Client,
    dishes: [i64; 2],
    weighed: i64,
    toppings: [i64; 3],
    lunch: Lunch,
    methods: [i64; 2],
    on_account: i64,
    account: i64,
    tablets: [Tablet; 2],
}

impl House {
    async fn open(qres: Qres) -> Self {
        let base = format!("http://127.0.0.1:{}", qres.port);
        let admin = Client::new(&base, qres.admin.token.as_deref());
        let waiter = Client::new(&base, qres.waiter("anna").await.token.as_deref());
        allow_everything(&admin).await;
        admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
        house_rules(&admin).await;
        let of_first = format!("/dishes/{}", qres.menu.dishes[0]);
        let category = admin.get(&of_first).await.ok()["category_id"].clone();
        let pizza = json!({"name": "Pizza", "description": "Thin", "category_id": category});
        let pizza = id(&admin.post("/dishes", &pizza).await.created());
        // The first dish has its tax in the price, the pizza beside it, and service its own.
        let class = async |name: &str, kind: &str, percent: &str| {
            let rates = json!([{"valid_from": null, "percent": percent}]);
            let class = json!({"name": name, "kind": kind, "rates": rates});
            id(&admin.post("/tax-classes", &class).await.created())
        };
        let own = json!({"tax_class_id": class("Sales", "ADDED", "8.25").await});
        admin.patch(&format!("/dishes/{pizza}"), &own).await.ok();
        let own = json!({"service_tax_class_id": class("Service", "INCLUDED", "7").await});
        admin.patch("/restaurant", &own).await.ok();
        let size = json!({"name": "30 cm", "price": "451.37"});
        let size = admin.post(&format!("/dishes/{pizza}/variations"), &size).await.created();
        let first = admin.get(&format!("/dishes/{}/variations", qres.menu.dishes[0])).await.ok();
        let sizes = [id(&first["variations"][0]), id(&size)];
        let lunch = add_lunch(&admin, &category, sizes).await;
        let toppings = add_toppings(&admin, qres.menu.dishes[0]).await;
        let (weighed, by_weight) = add_weighed(&admin, &category).await;
        add_recipes(&admin, [sizes[0], sizes[1], by_weight], toppings).await;
        let of = |dish: i64, percent: &str| {
            json!({"scope": "DISH", "target_id": dish,
            "kind": "PERCENT", "percent": percent})
        };
        let list = json!({"name": "Week", "round_to": "0.05",
            "prices": [of(pizza, "-3.33"), of(weighed, "12.5")]});
        admin.post("/price-lists", &list).await.created();
        let mut methods = [0; 2];
        for (method, name) in methods.iter_mut().zip(["Cash", "Card"]) {
            *method = id(&admin.post("/payment-methods", &json!({"name": name})).await.created());
        }
        let on_account = json!({"name": "On account", "kind": "ACCOUNT"});
        let on_account = id(&admin.post("/payment-methods", &on_account).await.created());
        let account = json!({"name": "Dacha Ltd", "credit_limit": "3000.00"});
        let account = id(&admin.post("/house-accounts", &account).await.created());
        admin.post("/cash/drawers", &json!({"name": "Till"})).await.created();
        let tablets = [Tablet::new("admin", admin.clone()), Tablet::new("anna", waiter)];
        let dishes = [qres.menu.dishes[0], pizza];
        Self {
            qres,
            admin,
            dishes,
            weighed,
            toppings,
            lunch,
            methods,
            on_account,
            account,
            tablets,
        }
    }

    /// An evening of its own at two tables. The plug is pulled in one of its steps, or in none.
    async fn play(&mut self, number: u64, seed: u64, killed_at: Option<usize>) {
        let db = self.qres.database();
        let newest = "SELECT coalesce(max(id), 0) FROM orders";
        let since: i64 = db.query_row(newest, [], |row| row.get(0)).unwrap();
        let tables = &self.qres.menu.tables;
        let table = usize::try_from(number).unwrap() * 2 % tables.len();
        let mut evening = Evening {
            admin: self.admin.clone(),
            tables: [tables[table], tables[table + 1]],
            dishes: self.dishes,
            weighed: self.weighed,
            toppings: self.toppings,
            lunch: self.lunch,
            cash: self.methods[0],
            card: self.methods[1],
            on_account: self.on_account,
            account: self.account,
            has_desk: true,
            since,
            haste: 0,
        };
        for (tablet, which) in self.tablets.iter_mut().zip(0..) {
            tablet.dice = Dice((seed << 32) + number * 2 + which);
        }
        for step in 0..STEPS {
            // Late in the evening people want to pay.
            evening.haste = 100 * step / STEPS;
            let is_killed = killed_at == Some(step);
            let [one, other] = &mut self.tablets;
            let (pause, asks) =
                (Duration::from_micros(100 * one.dice.throw(60) as u64), Notify::new());
            let qres = &mut self.qres;
            let plug = async {
                if is_killed {
                    asks.notified().await;
                    tokio::time::sleep(pause).await;
                    qres.kill();
                }
            };
            let (one, other, ()) =
                tokio::join!(one.step(&evening, &asks), other.step(&evening, &asks), plug);
            if is_killed {
                self.qres.restart().await;
                for tablet in &mut self.tablets {
                    tablet.ask_again(&evening).await;
                }
            } else {
                one.and(other).unwrap();
            }
        }
        assert_paid(&self.admin, &db, since).await;
        assert_paid_for(&db);
        self.close(since).await;
        assert_paid(&self.admin, &db, since).await;
    }

    /// The end of an evening: what is under way is found out, and whoever has not paid pays, or has
    /// left. The tables are free then.
    async fn close(&mut self, since: i64) {
        let open = self.admin.get("/orders?limit=100&payment_status=UNPAID").await.ok();
        let open = open["orders"].as_array().unwrap().iter();
        for order in open.filter(|order| id(order) > since && order["status"] != "CANCELLED") {
            let path = format!("/orders/{}", id(order));
            let checks = self.admin.get(&format!("{path}/checks")).await.ok();
            let payments = checks["checks"].as_array().unwrap().iter();
            let payments = payments.flat_map(|check| check["payments"].as_array().unwrap());
            for payment in payments.filter(|payment| payment["state"] == "PENDING") {
                let taken = json!({"state": "TAKEN", "reason": "slip 3"});
                let path = format!("/payments/{}/clear", payment["id"]);
                self.admin.post(&path, &taken).await.ok();
            }
            let body = json!({"payment_method_id": self.methods[1]});
            let paid = self.admin.post(&format!("{path}/complete-payment"), &body).await;
            if paid.status == 200 {
                self.tablets[0].done.completed.insert(id(order).to_string());
            } else {
                let left = self.admin.delete(&format!("{path}?reason=left")).await;
                assert!(
                    left.status.is_success(),
                    "{} {} {order} {checks}",
                    paid.text(),
                    left.text()
                );
            }
        }
    }
}

/// What the box said that it did is there once, and nothing else is.
fn assert_once(db: &Connection, tablets: &[Tablet; 2]) {
    let marks = |sql: &str| -> BTreeMap<String, i64> {
        let mut rows = db.prepare(sql).unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let done = || tablets.iter().map(|tablet| &tablet.done);
    let once = |set: fn(&Done) -> &BTreeSet<String>| -> BTreeMap<String, i64> {
        done().flat_map(set).map(|mark| (mark.clone(), 1)).collect()
    };
    let pieces: BTreeMap<_, _> = done().flat_map(|done| done.pieces.clone()).collect();
    let of = "SELECT comment, sum(iif(unit IS NULL, quantity / 1000, 1)) FROM order_items WHERE comment IS NOT NULL GROUP BY comment";
    let mut there = marks(of);
    // Of what is held, pieces that are on no check any more are not made.
    let of =
        "SELECT DISTINCT i.comment, 1 FROM order_items i JOIN check_lines l ON l.item_id = i.id
              JOIN checks c ON c.id = l.check_id WHERE c.state = 'VOID' AND i.comment IS NOT NULL";
    for mark in marks(of).keys() {
        if let (Some(there), Some(&ordered)) = (there.get_mut(mark), pieces.get(mark)) {
            *there = if *there > 0 { ordered.max(*there) } else { *there };
        }
    }
    assert_eq!(there, pieces, "pieces");
    let of = "SELECT reason, count(*) FROM payments
              WHERE kind = 'REFUND' AND (reason LIKE 'admin-%' OR reason LIKE 'anna-%')
              GROUP BY reason";
    assert_eq!(marks(of), once(|done| &done.refunds), "refunds");
    let of = "SELECT reason, count(*) FROM adjustments
              WHERE undoes IS NULL AND rule_id IS NULL GROUP BY reason";
    assert_eq!(marks(of), once(|done| &done.adjustments), "adjustments");
    let moves = marks("SELECT id || '', 1 FROM account_moves WHERE method_id IS NOT NULL");
    let told = done().flat_map(|done| &done.moves).map(|id| (id.to_string(), 1)).collect();
    assert_eq!(moves, told, "what moved the account");
    let paid = marks("SELECT id || '', order_id FROM payments WHERE kind = 'PAYMENT'");
    let mut ids: BTreeSet<i64> = done().flat_map(|done| done.payments.clone()).collect();
    for (payment, order) in paid {
        let is_whole = done().any(|done| done.completed.contains(&order.to_string()));
        let is_known = ids.remove(&payment.parse().unwrap());
        assert!(is_known || is_whole, "payment {payment} of order {order} is twice there");
    }
    assert!(ids.is_empty(), "payments that were answered and are not there: {ids:?}");
}

/// Evenings in which all is refused would agree too.
fn assert_much_happened(db: &Connection, evenings: i64) {
    let counts = [
        "orders WHERE payment_status = 'PAID'",
        "payments WHERE kind = 'PAYMENT' AND tip > 0",
        "payments WHERE kind = 'PAYMENT' AND change > 0",
        "payments WHERE kind = 'REFUND'",
        "payments WHERE cleared_at IS NOT NULL",
        "checks WHERE number > 1",
        "checks WHERE replaces IS NOT NULL",
        "check_lines WHERE kept IS NOT NULL",
        "check_lines l JOIN order_items i ON i.id = l.item_id WHERE i.status = 'CANCELLED'",
        "account_moves WHERE kind = 'CHARGE'",
        "account_moves WHERE kind = 'RETURNED'",
        "account_moves WHERE kind = 'GIVEN_BACK'",
        "cash_shifts WHERE closed_at IS NOT NULL",
        "cash_moves WHERE undoes IS NOT NULL",
        "payments WHERE method_kind = 'CASH' AND shift_id IS NOT NULL",
        "adjustments WHERE undoes IS NOT NULL",
        "adjustments WHERE kind = 'tax_exempt'",
        "entries WHERE tax_kind = 'ADDED'",
        "entries WHERE price_off > 0",
        "entries WHERE price_off < 0",
        "adjustments WHERE rule_id IS NOT NULL",
        "adjustments WHERE rule_id IS NOT NULL AND undoes IS NOT NULL AND user_id IS NULL",
    ]
    .map(|what| {
        let sql = format!("SELECT count(*) FROM {what}");
        (what, db.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap())
    });
    println!("{counts:?}");
    for (what, count) in counts {
        assert!(count >= evenings / 100, "{what}: {count} in {evenings} evenings");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_evenings_and_every_sum_is_the_same() {
    let (evenings, seed) = (setting("EVENINGS", 1000), setting("EVENINGS_SEED", 1));
    println!("{evenings} evenings of the seed {seed}");
    let postgres = Postgres::start().await;
    let site = postgres.site("Evenings").await;
    let mut qres = Qres::start().await;
    enrol(&qres, &site);
    qres.kill();
    qres.restart().await;
    let mut house = House::open(qres).await;
    let mut plug = Dice(seed);
    let (began, mut played) = (Instant::now(), 0);
    while played < evenings && began.elapsed() < LONGEST {
        let killed_at = (played % KILLED == KILLED / 2).then(|| plug.throw(STEPS));
        house.play(played, seed, killed_at).await;
        played += 1;
    }
    println!("{played} evenings in {:?}", began.elapsed());
    let db = house.qres.database();
    assert_taken(&db).await;
    assert_whole(&db);
    assert_paid_for(&db);
    assert_once(&db, &house.tablets);
    assert_much_happened(&db, i64::try_from(played).unwrap());
    let sums = assert_agrees(&house.admin, &db).await;
    let wanted = |status: &Value| status["waiting_rows"] == 0;
    crate::status::until_at(&house.admin, "/cloud", wanted).await;
    until_same(&database(&house.qres), &postgres, site.site_id).await;
    assert_eq!(sums_of_the_cloud(&postgres).await, sums);
    let replayed: usize = house.tablets.iter().map(|tablet| tablet.done.replayed).sum();
    println!("{sums:?}; {replayed} deeds had been done when the plug was pulled");
}
