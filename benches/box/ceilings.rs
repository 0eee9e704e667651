//! What the machine can do at most, by the same means and on the same core and disk.

use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::header;
use axum::routing::get;
use axum::serve::ListenerExt;
use bytes::Bytes;
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;

use crate::load::COUNTED;
use crate::server::ceiling;

/// A process of its own: axum answers `/dishes/menu` with a file's bytes from memory.
pub fn serve_from_memory(body: &str) {
    let body = Bytes::from(std::fs::read(body).unwrap());
    let answer = move || {
        let body = body.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], body) }
    };
    let routes = Router::new().route("/dishes/menu", get(answer));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = tokio::net::TcpListener::bind(any).await.unwrap();
        println!("{}", listener.local_addr().unwrap().port());
        let listener = listener.tap_io(|connection| connection.set_nodelay(true).unwrap());
        axum::serve(listener, routes).await.unwrap();
    });
}

/// The rows that the ceiling of the orders writes.
#[derive(Clone, Copy, PartialEq)]
pub enum Rows {
    /// All that the box writes: the order, 4 lines, the event with the whole order, the key.
    Same,
    /// Only the order and its lines.
    OrderAndLines,
}

/// Orders a second of rusqlite alone, so many in one transaction, in a copy of `database`.
pub fn orders_by_sqlite(database: &Path, group: usize, rows: Rows) -> f64 {
    let seconds = COUNTED.as_secs_f64().to_string();
    let rows = if rows == Rows::Same { "same" } else { "few" };
    let output = ceiling("ceiling-sqlite")
        .arg(database)
        .args([&group.to_string(), &seconds, rows])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// A process of its own: see [`orders_by_sqlite`]. The newest order of the database is the sample.
pub fn insert_orders(database: &str, group: &str, seconds: &str, rows: &str) {
    let mut db = Connection::open(database).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -4096;",
    )
    .unwrap();
    let group: usize = group.parse().unwrap();
    let seconds = Duration::from_secs_f64(seconds.parse().unwrap());
    let mut sample = Sample::read(&db);
    let began = Instant::now();
    let mut count = 0;
    while began.elapsed() < seconds {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        for _ in 0..group {
            count += 1;
            sample.insert(&transaction, count, rows == "same");
        }
        transaction.commit().unwrap();
    }
    println!("{}", count as f64 / began.elapsed().as_secs_f64());
}

/// An order as the box wrote it.
struct Sample {
    order: Row,
    lines: Vec<Row>,
    event: Row,
    key: Row,
}

/// A row with the statement that inserts it.
struct Row {
    insert: String,
    columns: Vec<String>,
    values: Vec<Value>,
}

impl Row {
    fn read(db: &Connection, table: &str, condition: &str) -> Vec<Self> {
        let mut select = db.prepare(&format!("SELECT * FROM {table} WHERE {condition}")).unwrap();
        let columns: Vec<_> = select.column_names().into_iter().map(str::to_owned).collect();
        let places = vec!["?"; columns.len()].join(", ");
        let insert = format!("INSERT INTO {table} VALUES ({places})");
        let rows = select.query_map([], |row| {
            let values = (0..columns.len()).map(|i| row.get(i)).collect::<Result<_, _>>()?;
            Ok(Self { insert: insert.clone(), columns: columns.clone(), values })
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    fn set(&mut self, column: &str, value: impl Into<Value>) {
        let place = self.columns.iter().position(|name| name == column).unwrap();
        self.values[place] = value.into();
    }

    fn insert(&self, db: &Connection) -> i64 {
        let mut insert = db.prepare_cached(&self.insert).unwrap();
        insert.execute(rusqlite::params_from_iter(&self.values)).unwrap();
        db.last_insert_rowid()
    }
}

impl Sample {
    fn read(db: &Connection) -> Self {
        let one = |table, condition| Row::read(db, table, condition).pop().unwrap();
        let mut sample = Self {
            order: one("orders", "id = (SELECT max(id) FROM orders)"),
            lines: Row::read(db, "order_items", "order_id = (SELECT max(id) FROM orders)"),
            event: one("events", "seq = (SELECT max(seq) FROM events)"),
            key: one("idempotency_keys", "event_seq = (SELECT max(seq) FROM events)"),
        };
        sample.order.set("id", Value::Null);
        sample.order.set("business_day", 1);
        sample.event.set("seq", Value::Null);
        sample.lines.iter_mut().for_each(|line| line.set("id", Value::Null));
        sample
    }

    /// The same rows once more, under new ids.
    fn insert(&mut self, db: &Connection, count: i64, with_all: bool) {
        self.order.set("number", count);
        let order = self.order.insert(db);
        for line in &mut self.lines {
            line.set("order_id", order);
            line.insert(db);
        }
        if with_all {
            self.event.set("order_id", order);
            let event = self.event.insert(db);
            self.key.set("key", Uuid::now_v7().into_bytes().to_vec());
            self.key.set("request", Uuid::new_v4().into_bytes().to_vec());
            self.key.set("event_seq", event);
            self.key.insert(db);
        }
    }
}

/// How long it takes to make 4 KiB more of a file durable: the median of many, in ms.
pub fn fdatasync(folder: &Path) -> f64 {
    let path = folder.join("fdatasync");
    let mut file = File::create(&path).unwrap();
    let mut times: Vec<f64> = (0..300)
        .map(|_| {
            file.write_all(&[7; 4096]).unwrap();
            let began = Instant::now();
            file.sync_data().unwrap();
            began.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    std::fs::remove_file(path).unwrap();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
