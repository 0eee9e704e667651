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

/// Orders a second of rusqlite alone, so many in one transaction, in a file beside `database`.
pub fn orders_by_sqlite(database: &Path, group: usize) -> f64 {
    let seconds = COUNTED.as_secs_f64().to_string();
    let output = ceiling("ceiling-sqlite")
        .arg(database)
        .args([&group.to_string(), &seconds])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// A process of its own: see [`orders_by_sqlite`]. The newest order of the database is the sample:
/// itself, its 4 lines and its event without the kept reply. They go into tables of the same
/// columns without index, check, trigger or foreign key: six rows an order, and nothing else.
pub fn insert_orders(database: &str, group: &str, seconds: &str) {
    let mut rows = sample(&Connection::open(database).unwrap());
    let plain = format!("{database}-plain");
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{plain}{ending}"));
    }
    let mut db = Connection::open(plain).unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;").unwrap();
    for row in &rows {
        db.execute_batch(&row.create).unwrap();
    }
    let group: usize = group.parse().unwrap();
    let seconds = Duration::from_secs_f64(seconds.parse().unwrap());
    let began = Instant::now();
    let mut count = 0;
    while began.elapsed() < seconds {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        for _ in 0..group {
            count += 1;
            // The order comes first, and tells the rest its number.
            let mut order = Value::Null;
            for row in &mut rows {
                if let Some(at) = row.order_id {
                    row.values[at] = order.clone();
                }
                let mut insert = transaction.prepare_cached(&row.insert).unwrap();
                insert.execute(rusqlite::params_from_iter(&row.values)).unwrap();
                if row.order_id.is_none() {
                    order = transaction.last_insert_rowid().into();
                }
            }
        }
        transaction.commit().unwrap();
    }
    println!("{}", f64::from(count) / began.elapsed().as_secs_f64());
}

/// A row as the box wrote it, and the statements that make its table and insert it.
struct Row {
    create: String,
    insert: String,
    values: Vec<Value>,
    /// Which value is the order's number; none in the order itself.
    order_id: Option<usize>,
}

fn sample(db: &Connection) -> Vec<Row> {
    let newest = "(SELECT max(id) FROM orders)";
    let mut rows = rows(db, "orders", &format!("id = {newest}"));
    rows.extend(self::rows(db, "order_items", &format!("order_id = {newest}")));
    let events = self::rows(db, "events", "seq = (SELECT max(seq) FROM events)");
    rows.extend(events);
    assert_eq!(rows.len(), 6);
    rows
}

fn rows(db: &Connection, table: &str, condition: &str) -> Vec<Row> {
    let mut info = db.prepare("SELECT name, type FROM pragma_table_info(?1)").unwrap();
    let columns = info.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let columns: Vec<(String, String)> = columns.map(Result::unwrap).collect();
    let names = columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    let types = columns.iter().skip(1).map(|(name, kind)| format!(", {name} {kind}"));
    let types = types.collect::<String>();
    let create = format!("CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY{types})");
    let places = vec!["?"; names.len()].join(", ");
    let insert = format!("INSERT INTO {table} VALUES ({places})");
    // A reply that is kept for a repeat is the box's own affair, and so is the row of its key.
    let read = |name: &&str| {
        if name.starts_with("order_") && table == "events" && *name != "order_id" {
            "NULL".to_owned()
        } else {
            (*name).to_owned()
        }
    };
    let read = names.iter().map(read).collect::<Vec<_>>().join(", ");
    let mut select = db.prepare(&format!("SELECT {read} FROM {table} WHERE {condition}")).unwrap();
    let found = select.query_map([], |row| {
        let mut values = (0..names.len()).map(|at| row.get(at)).collect::<Result<Vec<_>, _>>()?;
        values[0] = Value::Null;
        let order_id = names.iter().position(|name| *name == "order_id");
        Ok(Row { create: create.clone(), insert: insert.clone(), values, order_id })
    });
    found.unwrap().map(Result::unwrap).collect()
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
