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
use rusqlite::{Connection, params};
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

/// A process of its own: see [`orders_by_sqlite`]. The database holds one order, the sample.
pub fn insert_orders(database: &str, group: &str, seconds: &str, rows: &str) {
    let mut db = Connection::open(database).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -4096;",
    )
    .unwrap();
    let group: usize = group.parse().unwrap();
    let seconds = Duration::from_secs_f64(seconds.parse().unwrap());
    let sample = Sample::read(&db);
    let began = Instant::now();
    let mut count: i64 = 0;
    while began.elapsed() < seconds {
        let transaction =
            db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
        for _ in 0..group {
            count += 1;
            sample.insert(&transaction, count, rows == "same");
        }
        transaction.commit().unwrap();
    }
    println!("{}", count as f64 / began.elapsed().as_secs_f64());
}

/// What an order of the box looks like, taken from one that it wrote.
struct Sample {
    order: i64,
    event: i64,
}

impl Sample {
    fn read(db: &Connection) -> Self {
        let newest = "SELECT max(id), (SELECT max(seq) FROM events) FROM orders";
        let (order, event) =
            db.query_row(newest, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        Self { order, event }
    }

    /// The same rows once more, under new ids. The values are copied by SQLite itself.
    fn insert(&self, db: &Connection, count: i64, with_all: bool) {
        let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
            db.prepare_cached(sql).unwrap().execute(values).unwrap();
        };
        run(
            "INSERT INTO orders (business_day, number, order_type, table_id, waiter_id, status,
                 payment_status, total, customer_name, confirmed_at, created_at, updated_at)
             SELECT 1, ?2, order_type, table_id, waiter_id, status, payment_status, total,
                 customer_name, confirmed_at, created_at, updated_at FROM orders WHERE id = ?1",
            params![self.order, count],
        );
        let order = db.last_insert_rowid();
        run(
            "INSERT INTO order_items (order_id, dish_id, dish_variation_id, dish_name,
                 variation_name, department, quantity, price, status, estimated_preparation_time,
                 added_by_id, sent_to_kitchen_at, preparation_started_at, created_at, updated_at)
             SELECT ?2, dish_id, dish_variation_id, dish_name, variation_name, department,
                 quantity, price, status, estimated_preparation_time, added_by_id,
                 sent_to_kitchen_at, preparation_started_at, created_at, updated_at
             FROM order_items WHERE order_id = ?1",
            params![self.order, order],
        );
        if !with_all {
            return;
        }
        run(
            "INSERT INTO events (at, kind, audience, order_id, table_id, waiter_id, actor_id,
                 status, data, order_json)
             SELECT at, kind, audience, ?2, table_id, waiter_id, actor_id, status, data, order_json
             FROM events WHERE seq = ?1",
            params![self.event, order],
        );
        run(
            "INSERT INTO idempotency_keys (key, actor, request, event_seq, created_at)
             VALUES (?1, 1, ?2, ?3, 0)",
            params![
                Uuid::now_v7().into_bytes(),
                Uuid::new_v4().into_bytes(),
                db.last_insert_rowid()
            ],
        );
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
