//! A normal evening: what an order, a payment and an event take with 20 tablets and 100 guests'
//! phones, twenty requests a second in all; and what an order waits for while the box makes a
//! backup, a year's report, takes in photos or a whole menu, or the shift signs in.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::task::spawn_local;
use tokio_tungstenite::connect_async;
use uuid::Uuid;

use crate::ceilings;
use crate::figures::{Place, get};
use crate::http::{Connection, digits, find, request};
use crate::load;
use crate::report::{Report, Wanted};
use crate::server::{Restaurant, Server, sixteen_sign_in};

const TABLETS: usize = 20;
const PHONES: usize = 100;
/// A request comes so often.
const EVERY: Duration = Duration::from_millis(50);
/// How long it is quiet, and how long each disturbance goes on, again and again.
const QUIET: Duration = Duration::from_mins(1);
const DISTURBED: Duration = Duration::from_mins(1);
/// Nothing that is no order may make an order wait longer.
const LONGEST_WAIT: f64 = 50.0;

/// What is sent in turn: of twenty requests four order, three pay, three move a line on, one reads
/// the open orders of a table, five read the menu and four read a guest's bill.
const TURNS: &[u8; 20] = b"ogpmtogmpbomgtopmgmb";

/// The evening.
pub async fn evening(place: &Place, report: &mut Report) {
    let old = place.copy("evening/data");
    crate::history::write(&old.join("qres.db"), 365);
    let (from, to) = crate::history::days(&old.join("qres.db"));
    let sync = ceilings::fdatasync(old.parent().unwrap());
    // Made before: the load must not wait for it.
    let photo = photo();
    let server = Server::start(&old).await;
    let evening = Rc::new(Evening::open(server.port, place.restaurant()).await);

    let done = Rc::new(Cell::new(false));
    let load = spawn_local(Rc::clone(&evening).go_on(Rc::clone(&done)));
    tokio::time::sleep(QUIET).await;
    for (what, times) in evening.take() {
        for percent in [50, 95, 99] {
            let wanted = match (what, percent) {
                ("event", 99) => Wanted::AtMost { most: 25.0 + sync, aim: 10.0 + sync },
                (_, 99) => Wanted::AtMost { most: LONGEST_WAIT, aim: 10.0 + sync },
                _ => Wanted::Nothing,
            };
            let what = format!("an evening: {what}, p{percent}");
            report.add(&what, &[at(&times, percent)], &[], "ms", &wanted);
        }
    }

    let token = place.token();
    let work = Work { port: server.port, token, from, to, photo, sent: Cell::new(0) };
    let mut all = Vec::new();
    for what in ["a backup", "a report of a year", "a photo", "sixteen sign-ins", "an import"] {
        let began = Instant::now();
        let mut count = 0;
        while began.elapsed() < DISTURBED {
            work.run(what).await;
            count += 1;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let times = evening.take().into_iter().find(|(what, _)| *what == "order").unwrap().1;
        let name = format!("an order beside {what} ({count} times), p99");
        let wanted = Wanted::AtMost { most: LONGEST_WAIT, aim: 10.0 + sync };
        report.add(&name, &[at(&times, 99)], &[], "ms", &wanted);
        all.extend(times);
    }
    done.set(true);
    load.await.unwrap();
    let worst = all.iter().copied().fold(0.0, f64::max);
    let name = format!("the worst of {} orders in those five minutes", all.len());
    report.add(&name, &[worst], &[], "ms", &Wanted::Nothing);
    server.stop();
}

fn at(sorted: &[f64], percent: usize) -> f64 {
    sorted.get(sorted.len() * percent / 100).copied().unwrap_or(f64::NAN)
}

/// Times in ms, by what was done.
#[derive(Default)]
struct Times {
    order: Vec<f64>,
    payment: Vec<f64>,
    event: Vec<f64>,
}

struct Evening {
    port: u16,
    token: String,
    tables: Vec<i64>,
    method: i64,
    order: Value,
    /// Connections that wait for their next request.
    tablets: RefCell<Vec<Connection>>,
    phones: RefCell<VecDeque<(Connection, String)>>,
    /// When each order was due, by the number that its customer's name is.
    due: RefCell<Vec<Instant>>,
    /// Orders that were placed and not paid, and lines that are not ready.
    unpaid: RefCell<VecDeque<usize>>,
    unready: RefCell<VecDeque<usize>>,
    times: RefCell<Times>,
}

impl Evening {
    /// Tablets and phones come, and listen.
    async fn open(port: u16, restaurant: &Restaurant) -> Self {
        let mut tablets = Vec::new();
        for _ in 0..TABLETS {
            tablets.push(Connection::open(port).await.unwrap());
        }
        let mut phones = VecDeque::new();
        for phone in 0..PHONES {
            let table = restaurant.tables[phone % restaurant.tables.len()];
            let mut connection = Connection::open(port).await.unwrap();
            let code = get(&format!("/tables/{table}"), &restaurant.token);
            let code = connection.call(&code).await["qr_code"].clone();
            let body = json!({"qr_code": code});
            let seated = connection.call(&request("POST", "/guest/session", "", "", &body)).await;
            let token = seated["token"].as_str().unwrap().to_owned();
            listen(port, &token, |_| ()).await;
            phones.push_back((connection, token));
        }
        Self {
            port,
            token: restaurant.token.clone(),
            tables: restaurant.tables.clone(),
            method: restaurant.payment_method,
            order: load::order(restaurant, 1),
            tablets: RefCell::new(tablets),
            phones: RefCell::new(phones),
            due: RefCell::default(),
            unpaid: RefCell::default(),
            unready: RefCell::default(),
            times: RefCell::default(),
        }
    }

    /// Sends a request when it is due, whether or not those before it were answered.
    async fn go_on(self: Rc<Self>, done: Rc<Cell<bool>>) {
        for _ in 0..TABLETS {
            let evening = Rc::clone(&self);
            listen(self.port, &self.token, move |message| evening.hear(message)).await;
        }
        let mut tick = tokio::time::interval(EVERY);
        for turn in 0.. {
            let due = tick.tick().await.into_std();
            if done.get() {
                break;
            }
            spawn_local(Rc::clone(&self).send(TURNS[turn % TURNS.len()], due));
        }
    }

    async fn send(self: Rc<Self>, turn: u8, due: Instant) {
        if matches!(turn, b'm' | b'g') {
            let Some((mut connection, token)) = self.phones.borrow_mut().pop_front() else {
                return;
            };
            // Packed, as a phone asks for it, and not looked into: a large menu would hold this one thread
            // longer than any order waits.
            let request =
                if turn == b'm' { packed("/dishes/menu") } else { get("/guest/order", &token) };
            let reply = connection.exchange(&request).await.unwrap();
            assert_eq!(reply.status, 200);
            self.phones.borrow_mut().push_back((connection, token));
            return;
        }
        let kept = self.tablets.borrow_mut().pop();
        let mut connection = match kept {
            Some(connection) => connection,
            // All twenty wait: somebody's second tap.
            None => Connection::open(self.port).await.unwrap(),
        };
        let took = |due: Instant| due.elapsed().as_secs_f64() * 1000.0;
        match turn {
            b'o' => {
                let placed = connection.call(&self.next_order(due)).await;
                self.times.borrow_mut().order.push(took(due));
                let number =
                    |value: &Value| usize::try_from(value["id"].as_u64().unwrap()).unwrap();
                self.unpaid.borrow_mut().push_back(number(&placed));
                let items = placed["items"].as_array().unwrap();
                self.unready.borrow_mut().extend(items.iter().map(number));
            }
            b'p' => {
                let order = self.unpaid.borrow_mut().pop_front();
                if let Some(order) = order {
                    let path = format!("/orders/{order}/complete-payment");
                    let body = json!({"payment_method_id": self.method});
                    connection.call(&self.staff("POST", &path, &body)).await;
                    self.times.borrow_mut().payment.push(took(due));
                }
            }
            b't' => {
                let table = self.tables[self.due.borrow().len() % self.tables.len()];
                let path = format!("/orders/active/table/{table}");
                connection.call(&self.staff("GET", &path, &Value::Null)).await;
            }
            _ => {
                let item = self.unready.borrow_mut().pop_front();
                if let Some(item) = item {
                    let path = format!("/kitchen/items/{item}/status");
                    let ready = json!({"status": "READY"});
                    let request = self.staff("PATCH", &path, &ready);
                    connection.exchange(&request).await.unwrap();
                }
            }
        }
        self.tablets.borrow_mut().push(connection);
    }

    fn staff(&self, method: &str, path: &str, body: &Value) -> Vec<u8> {
        request(method, path, &self.token, &Uuid::now_v7().to_string(), body)
    }

    /// An order by whose customer its event is known again.
    fn next_order(&self, due: Instant) -> Vec<u8> {
        let mut order = self.order.clone();
        let mut all = self.due.borrow_mut();
        order["customer_name"] = format!("Number {}.", all.len()).into();
        all.push(due);
        self.staff("POST", "/orders/", &order)
    }

    fn hear(&self, message: &[u8]) {
        const NAME: &[u8] = b"\"customer_name\":\"Number ";
        if find(&message[..message.len().min(64)], b"\"order_created\"").is_none() {
            return;
        }
        if let Some(place) = find(message, NAME) {
            let due = self.due.borrow()[digits(&message[place + NAME.len()..])];
            self.times.borrow_mut().event.push(due.elapsed().as_secs_f64() * 1000.0);
        }
    }

    /// What was measured since it was taken last, sorted.
    fn take(&self) -> [(&'static str, Vec<f64>); 3] {
        let Times { order, payment, event } = self.times.take();
        [("order", order), ("payment", payment), ("event", event)].map(|(what, mut times)| {
            times.sort_by(f64::total_cmp);
            (what, times)
        })
    }
}

/// A screen that hears whatever comes, until the box stops.
async fn listen(port: u16, token: &str, hear: impl Fn(&[u8]) + 'static) {
    let address = format!("ws://127.0.0.1:{port}/ws/orders?token={token}");
    let (mut socket, _) = connect_async(address).await.unwrap();
    socket.next().await.unwrap().unwrap();
    spawn_local(async move {
        while let Some(Ok(message)) = socket.next().await {
            hear(&message.into_data());
        }
    });
}

/// Reads what is public, as a browser does.
fn packed(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n").into_bytes()
}

/// What the box does beside.
struct Work<'a> {
    port: u16,
    token: &'a str,
    from: String,
    to: String,
    photo: Vec<u8>,
    sent: Cell<u32>,
}

impl Work<'_> {
    async fn run(&self, what: &str) {
        let mut connection = Connection::open(self.port).await.unwrap();
        match what {
            "a backup" => {
                let make = request("POST", "/box/backups", self.token, "", &Value::Null);
                assert_eq!(connection.exchange(&make).await.unwrap().status, 202);
                let look = get("/box/job", self.token);
                while connection.call(&look).await["job"]["state"] == "running" {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            "a report of a year" => {
                let path =
                    format!("/reports/variations?date_from={}&date_to={}", self.from, self.to);
                connection.call(&get(&path, self.token)).await;
            }
            "a photo" => {
                self.sent.set(self.sent.get() + 1);
                // What stands behind a picture's end makes it another file.
                let photo = [self.photo.as_slice(), &self.sent.get().to_be_bytes()].concat();
                connection.call(&self.file("/uploads", "image/jpeg", &photo)).await;
            }
            "an import" => {
                self.sent.set(self.sent.get() + 1);
                let menu = menu(self.sent.get());
                connection.call(&self.file("/import", "text/csv", menu.as_bytes())).await;
            }
            _ => sixteen_sign_in(self.port).await,
        }
    }

    /// A request that brings a file.
    fn file(&self, path: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.token,
            bytes.len()
        );
        [head.as_bytes(), bytes].concat()
    }
}

/// A menu as large as a file may have it beside the one that is there; its prices differ each time.
fn menu(more: u32) -> String {
    let mut menu = String::from("category,dish,variation,price,department\n");
    for dish in 0..1700 {
        for size in 1..=10 {
            let price = size + more;
            menu.push_str(&format!("Full,Dish {dish},Size {size},{price},hot\n"));
        }
    }
    menu
}

/// Twelve million pixels: a telephone's.
fn photo() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(4000, 3000, |x, y| {
        let tone = |by: u32| u8::try_from((x / by + y / 16) % 256).unwrap_or(0);
        image::Rgb([tone(16), tone(32), tone(64)])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, image::ImageFormat::Jpeg).unwrap();
    file.into_inner()
}
