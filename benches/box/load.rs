//! Closed-loop load: every connection sends its next request when the last is answered.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::http::{self, Connection, Reply};
use crate::server::Restaurant;

/// Before anything is counted.
const WARM_UP: Duration = Duration::from_millis(500);
/// How long one measurement counts.
pub const COUNTED: Duration = Duration::from_secs(3);

/// What one connection sends.
pub trait Script {
    fn next(&mut self) -> &[u8];

    /// Looks at the reply before the next request is made.
    fn hear(&mut self, _reply: &Reply<'_>) {}
}

/// Replies a second that all connections together got.
pub async fn run<S: Script + 'static>(port: u16, scripts: Vec<S>) -> f64 {
    let began = Instant::now();
    let (replies, took) = watched(port, scripts, || began.elapsed()).await;
    replies / took.as_secs_f64()
}

/// How many replies all connections together got while it was counted, and by how much grew
/// meanwhile what is watched; every reply must be a success.
pub async fn watched<S: Script + 'static>(
    port: u16,
    scripts: Vec<S>,
    watch: impl Fn() -> Duration,
) -> (f64, Duration) {
    let counted = Rc::new(Cell::new(0_u64));
    let counting = Rc::new(Cell::new(false));
    let done = Rc::new(Cell::new(false));
    let mut clients = Vec::new();
    for mut script in scripts {
        let mut connection = Connection::open(port).await.unwrap();
        let (counted, counting, done) = (counted.clone(), counting.clone(), done.clone());
        clients.push(tokio::task::spawn_local(async move {
            while !done.get() {
                let reply = connection.exchange(script.next()).await.unwrap();
                let text = || String::from_utf8_lossy(reply.body);
                assert!(matches!(reply.status, 200 | 201), "{}: {}", reply.status, text());
                script.hear(&reply);
                if counting.get() {
                    counted.set(counted.get() + 1);
                }
            }
        }));
    }
    tokio::time::sleep(WARM_UP).await;
    counting.set(true);
    let before = watch();
    tokio::time::sleep(COUNTED).await;
    counting.set(false);
    let grown = watch().saturating_sub(before);
    done.set(true);
    for client in clients {
        client.await.unwrap();
    }
    (counted.get() as f64, grown)
}

/// Places so many orders over 32 connections, as fast as they are taken.
pub async fn place_many(port: u16, restaurant: &Restaurant, orders: usize) {
    const CONNECTIONS: usize = 32;
    let mut clients = Vec::new();
    for seed in 0..CONNECTIONS {
        let mut connection = Connection::open(port).await.unwrap();
        let mut script = Orders::new(restaurant, seed);
        clients.push(tokio::task::spawn_local(async move {
            for _ in 0..orders.div_ceil(CONNECTIONS) {
                assert_eq!(connection.exchange(script.next()).await.unwrap().status, 201);
            }
        }));
    }
    for client in clients {
        client.await.unwrap();
    }
}

/// The same request again and again.
pub struct Same(pub Rc<[u8]>);

impl Script for Same {
    fn next(&mut self) -> &[u8] {
        &self.0
    }
}

/// As many connections with the same request.
pub fn same(connections: usize, request: Vec<u8>) -> Vec<Same> {
    let request: Rc<[u8]> = request.into();
    (0..connections).map(|_| Same(Rc::clone(&request))).collect()
}

/// A new order each time, under a new key; all have the same length.
pub struct Orders {
    request: Vec<u8>,
    key_at: usize,
}

impl Orders {
    /// To take away, so that each is an order of its own and no bill grows; 4 lines.
    pub fn new(restaurant: &Restaurant, seed: usize) -> Self {
        Self::of(restaurant, &order(restaurant, seed))
    }

    /// The same, another order.
    pub fn of(restaurant: &Restaurant, body: &Value) -> Self {
        let key = Uuid::nil().to_string();
        let request = http::request("POST", "/orders/", &restaurant.token, &key, body);
        let key_at = http::find(&request, key.as_bytes()).unwrap();
        Self { request, key_at }
    }
}

/// An order of 4 lines to take away.
pub fn order(restaurant: &Restaurant, seed: usize) -> Value {
    let items: Vec<_> = (0..4)
        .map(|line| {
            let dish = &restaurant.dishes[(seed * 7 + line * 53) % restaurant.dishes.len()];
            json!({
                "dish_id": dish.id, "dish_variation_id": dish.variations[line % 3],
                "quantity": 1 + line % 2,
            })
        })
        .collect();
    json!({"order_type": "TAKEAWAY", "customer_name": "Guest", "items": items})
}

impl Script for Orders {
    fn next(&mut self) -> &[u8] {
        let key = &mut self.request[self.key_at..self.key_at + 36];
        Uuid::now_v7().hyphenated().encode_lower(key);
        &self.request
    }
}

/// Whole visits at a table of its own: ordered, ready, served, paid; then the next guests come.
pub struct Visits {
    order: Orders,
    token: String,
    method: i64,
    /// What is still to be sent for this visit's order, the last first.
    rest: Vec<Vec<u8>>,
    now: Vec<u8>,
}

impl Visits {
    /// How many requests one visit takes.
    pub const REQUESTS: f64 = 4.0;

    pub fn new(restaurant: &Restaurant, seed: usize) -> Self {
        let mut body = order(restaurant, seed);
        body["order_type"] = "DINE_IN".into();
        body["table_id"] = restaurant.tables[seed].into();
        Self {
            order: Orders::of(restaurant, &body),
            token: restaurant.token.clone(),
            method: restaurant.payment_method,
            rest: Vec::new(),
            now: Vec::new(),
        }
    }
}

impl Script for Visits {
    fn next(&mut self) -> &[u8] {
        match self.rest.pop() {
            None => self.order.next(),
            Some(request) => {
                self.now = request;
                &self.now
            }
        }
    }

    fn hear(&mut self, reply: &Reply<'_>) {
        if reply.status == 201 {
            let order = order_id(reply.body);
            let request = |method, path: &str, body| {
                let path = format!("/orders/{order}/{path}");
                http::request(method, &path, &self.token, "", &body)
            };
            self.rest = vec![
                request("POST", "complete-payment", json!({"payment_method_id": self.method})),
                request("PATCH", "status", json!({"status": "SERVED"})),
                request("PATCH", "status", json!({"status": "READY"})),
            ];
        }
    }
}

/// The id of an order in its JSON: its first number named so.
fn order_id(body: &[u8]) -> usize {
    let name = b"\"id\":";
    http::find(body, name).map_or(0, |at| http::digits(&body[at + name.len()..]))
}

/// An order, and then each of its lines made ready.
pub struct Lines {
    order: Orders,
    token: String,
    items: Vec<usize>,
    moved: Vec<u8>,
}

impl Lines {
    pub fn new(restaurant: &Restaurant, seed: usize) -> Self {
        let (order, token) = (Orders::new(restaurant, seed), restaurant.token.clone());
        Self { order, token, items: Vec::new(), moved: Vec::new() }
    }
}

impl Script for Lines {
    fn next(&mut self) -> &[u8] {
        let Some(item) = self.items.pop() else { return self.order.next() };
        self.moved = line_ready(item, &self.token);
        &self.moved
    }

    fn hear(&mut self, reply: &Reply<'_>) {
        if reply.status == 201 {
            self.items = item_ids(reply.body);
        }
    }
}

fn line_ready(item: usize, token: &str) -> Vec<u8> {
    let path = format!("/kitchen/items/{item}/status");
    http::request("PATCH", &path, token, "", &json!({"status": "READY"}))
}

/// The ids of an order's lines in its JSON.
fn item_ids(body: &[u8]) -> Vec<usize> {
    let order: Value = serde_json::from_slice(body).unwrap();
    let items = order["items"].as_array().unwrap().iter();
    items.map(|item| usize::try_from(item["id"].as_u64().unwrap()).unwrap()).collect()
}

/// One screen of the rush: of 20 requests 14 read the menu, 2 order, 3 move a line on, 1 reads
/// the open orders of its table.
pub struct Rush {
    menu: Vec<u8>,
    active: Vec<u8>,
    orders: Orders,
    token: String,
    items: Vec<usize>,
    moved: Vec<u8>,
    turn: usize,
}

#[derive(PartialEq)]
enum Turn {
    Menu,
    Order,
    Move,
    Active,
}

impl Rush {
    /// The order that stands at the table all along must have been placed.
    pub fn new(restaurant: &Restaurant, seed: usize) -> Self {
        Self::of(restaurant, seed, &order(restaurant, seed))
    }

    /// The same with an order of its own.
    pub fn of(restaurant: &Restaurant, seed: usize, body: &Value) -> Self {
        let table = restaurant.tables[seed];
        let active = format!("/orders/active/table/{table}");
        Self {
            menu: http::request("GET", "/dishes/menu", "", "", &Value::Null),
            active: http::request("GET", &active, &restaurant.token, "", &Value::Null),
            orders: Orders::of(restaurant, body),
            token: restaurant.token.clone(),
            items: Vec::new(),
            moved: Vec::new(),
            // They don't all order in the same moment.
            turn: seed * 3,
        }
    }

    fn turn(&self) -> Turn {
        match self.turn % 20 {
            1 | 11 => Turn::Order,
            4 | 8 | 14 if !self.items.is_empty() => Turn::Move,
            17 => Turn::Active,
            _ => Turn::Menu,
        }
    }
}

impl Script for Rush {
    fn next(&mut self) -> &[u8] {
        self.turn += 1;
        match self.turn() {
            Turn::Menu => &self.menu,
            Turn::Order => self.orders.next(),
            Turn::Active => &self.active,
            Turn::Move => {
                let item = self.items.pop().unwrap_or_default();
                self.moved = line_ready(item, &self.token);
                &self.moved
            }
        }
    }

    fn hear(&mut self, reply: &Reply<'_>) {
        if self.turn() == Turn::Order {
            self.items = item_ids(reply.body);
        }
    }
}
