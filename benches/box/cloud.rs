//! The copy in the cloud, against a PostgreSQL of its own on the load's core: a month caught up
//! beside `COPY` of the same rows, what orders feel of it, and a year that comes back.

use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::SinkExt;
use qres::appliance::tables;
use qres::features::cloud::restore;
use qres::platform::config::Enrolment;
use qres::platform::config::Settings;
use serde_json::Value;

use crate::figures::{Place, copy_folder, get};
use crate::http::Connection;
use crate::load;
use crate::postgres::Postgres;
use crate::report::{Report, Wanted};
use crate::server::Server;

/// Orders of a month, and how many are at work at once while it is made.
const MONTH: usize = 15_000;
/// Latency is taken so often, in turns, from so many orders each.
const TURNS: usize = 7;
const ORDERS: usize = 150;
/// An order comes so often: a very busy evening.
const EVERY: Duration = Duration::from_millis(25);
/// Longer than any wait here.
const PATIENCE: Duration = Duration::from_mins(10);

/// All three.
pub async fn cloud(place: &Place, report: &mut Report) {
    let mut postgres = Postgres::start().await;
    month(place, &mut postgres, report).await;
    let old = place.copy("old-year/data");
    crate::history::write(&old.join("qres.db"), 365);
    latency(place, &old, &postgres, report).await;
    year(place, &old, &postgres, report).await;
}

fn enrol(data: &Path, site: &Enrolment) {
    // The settings file that the box finds in the folder where it is started.
    let text = format!("cloud = \"{}\"\n", site.to_text());
    std::fs::write(data.with_file_name("qres.toml"), text).unwrap();
}

async fn status(server: &Server, place: &Place) -> Value {
    let mut connection = Connection::open(server.port).await.unwrap();
    connection.call(&get("/cloud", place.token())).await
}

async fn until(server: &Server, place: &Place, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let now = status(server, place).await;
        if wanted(&now) {
            return now;
        }
        assert!(began.elapsed() < PATIENCE, "the copy stays {now}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn is_complete(status: &Value) -> bool {
    status["connected"] == true && status["waiting_rows"] == 0
}

/// A month of orders while the cloud is away, over HTTP; then the catch-up.
async fn month(place: &Place, postgres: &mut Postgres, report: &mut Report) {
    let site = postgres.site("Month").await;
    let data = place.copy("month/data");
    enrol(&data, &site);
    let server = Server::start(&data).await;
    until(&server, place, is_complete).await;
    postgres.kill();
    load::place_many(server.port, place.restaurant(), MONTH).await;
    let waiting = status(&server, place).await["waiting_rows"].clone();
    // A box that has been away for long knocks every five minutes. Started anew it knocks at once,
    // so that the catch-up is measured and not the pause.
    server.stop();
    postgres.run().await;
    let owner = postgres.owner().await;
    let known = "SELECT batch, through, tag FROM qres.sites WHERE name = 'Month'";
    let known = owner.client().query_one(known, &[]).await.unwrap();
    let known: (i64, Option<i64>, Option<i64>) = (known.get(0), known.get(1), known.get(2));
    let (mut rates, mut copies) = (Vec::new(), Vec::new());
    for turn in 0..3 {
        let copy = data.with_file_name(format!("turn-{turn}"));
        copy_folder(&data, &copy);
        copies.push(copy_rate(postgres, &copy).await);
        let before =
            "UPDATE qres.sites SET batch = $1, through = $2, tag = $3 WHERE name = 'Month'";
        owner.client().execute(before, &[&known.0, &known.1, &known.2]).await.unwrap();
        owner.client().batch_execute("TRUNCATE qres.orders, qres.order_items").await.unwrap();
        let server = Server::start(&copy).await;
        let began = Instant::now();
        let first = pushed(&server, place).await;
        let done = until(&server, place, is_complete).await;
        let took = began.elapsed().as_secs_f64();
        let rows = done["pushed_rows"].as_i64().unwrap() - first;
        rates.push(rows as f64 / took);
        println!("a month: {rows} rows ({waiting} waited) in {took:.2} s");
        server.stop();
    }
    let wanted = Wanted::Ratio { least: 1.0 / 3.0, aim: 0.5 };
    report.add("a month offline caught up, against COPY", &rates, &copies, "rows/s", &wanted);
}

async fn pushed(server: &Server, place: &Place) -> i64 {
    status(server, place).await["pushed_rows"].as_i64().unwrap()
}

/// The orders and their lines by `COPY` into tables of the same columns and keys, over the same
/// wire. The text is made before: only the sending counts.
async fn copy_rate(postgres: &Postgres, data: &Path) -> f64 {
    let owner = postgres.owner().await;
    let client = owner.client();
    let db = rusqlite::Connection::open(data.join("qres.db")).unwrap();
    let (mut rows, mut spent) = (0, Duration::ZERO);
    for table in
        tables().copied().iter().filter(|table| ["orders", "order_items"].contains(&table.name))
    {
        let mut info = db.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        let names = info.query_map([table.name], |row| row.get::<_, String>(0)).unwrap();
        let columns = names.map(Result::unwrap).collect::<Vec<_>>();
        let copied = format!("copied_{}", table.name);
        let make = format!("CREATE TABLE {copied} (LIKE qres.{} INCLUDING ALL)", table.name);
        client.batch_execute(&make).await.unwrap();
        let mut pieces = vec![String::new()];
        let select = format!("SELECT {} FROM {}", columns.join(", "), table.name);
        let mut statement = db.prepare(&select).unwrap();
        let mut cursor = statement.query([]).unwrap();
        while let Some(row) = cursor.next().unwrap() {
            if pieces.last().is_some_and(|piece| piece.len() > 256 * 1024) {
                pieces.push(String::new());
            }
            line(pieces.last_mut().unwrap(), row, columns.len());
            rows += 1;
        }
        let sql = format!("COPY {copied} (site_id, {}) FROM STDIN", columns.join(", "));
        let began = Instant::now();
        let sink = client.copy_in::<_, bytes::Bytes>(&sql).await.unwrap();
        let mut sink = std::pin::pin!(sink);
        for piece in pieces {
            sink.send(piece.into()).await.unwrap();
        }
        sink.finish().await.unwrap();
        spent += began.elapsed();
        client.batch_execute(&format!("DROP TABLE {copied}")).await.unwrap();
    }
    f64::from(rows) / spent.as_secs_f64()
}

/// One row as `COPY` takes it.
fn line(text: &mut String, row: &rusqlite::Row<'_>, columns: usize) {
    use std::fmt::Write;

    use rusqlite::types::ValueRef;
    text.push_str("00000000-0000-0000-0000-000000000001");
    for at in 0..columns {
        text.push('\t');
        match row.get_ref(at).unwrap() {
            ValueRef::Null => text.push_str("\\N"),
            ValueRef::Integer(value) => write!(text, "{value}").unwrap(),
            ValueRef::Real(value) => write!(text, "{value}").unwrap(),
            ValueRef::Text(value) => {
                let value = std::str::from_utf8(value).unwrap();
                let value = value.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n");
                text.push_str(&value);
            }
            ValueRef::Blob(_) => panic!("no table has bytes"),
        }
    }
    text.push('\n');
}

/// What an order takes on the LAN with a full backlog draining, and without: the same box, in turns.
async fn latency(place: &Place, old: &Path, postgres: &Postgres, report: &mut Report) {
    let site = postgres.site("Latency").await;
    let (data, quiet) = (place.copy("latency/data"), place.copy("quiet"));
    for folder in [&data, &quiet] {
        copy_folder(old, folder);
    }
    let without = Server::start(&quiet).await;
    enrol(&data, &site);
    let with = Server::start(&data).await;
    until(&with, place, |status| status["pushed_rows"].as_i64() > Some(0)).await;
    let [mut medians, mut medians_quiet, mut means, mut means_quiet] = [const { Vec::new() }; 4];
    let before = pushed(&with, place).await;
    for _ in 0..TURNS {
        // Held still, it takes nothing from the other.
        with.signal("STOP");
        let times = order_times(&without, place).await;
        with.signal("CONT");
        medians_quiet.push(times[times.len() / 2]);
        means_quiet.push(times.iter().sum::<f64>() / times.len() as f64);
        let times = order_times(&with, place).await;
        medians.push(times[times.len() / 2]);
        means.push(times.iter().sum::<f64>() / times.len() as f64);
    }
    let drained = pushed(&with, place).await - before;
    let left = status(&with, place).await;
    assert!(left["waiting_rows"].as_i64() > Some(0), "the backlog ended too early: {left}");
    println!("meanwhile {drained} rows were copied");
    let wanted = Wanted::RatioAtMost { most: 1.10, aim: 1.05 };
    report.add("an order while a backlog drains, median", &medians, &medians_quiet, "ms", &wanted);
    report.add("the same, mean", &means, &means_quiet, "ms", &wanted);
    let memory = [with.memory() - without.memory()];
    let wanted = Wanted::AtMost { most: 24.0, aim: 12.0 };
    report.add("memory of the copy while it drains", &memory, &[], "MiB", &wanted);
    with.stop();
    without.stop();
}

/// The times of orders that come one after another, in ms, sorted.
async fn order_times(server: &Server, place: &Place) -> Vec<f64> {
    let mut connection = Connection::open(server.port).await.unwrap();
    let mut orders = load::Orders::new(place.restaurant(), 7);
    let mut times = Vec::with_capacity(ORDERS);
    for _ in 0..ORDERS {
        let next = Instant::now() + EVERY;
        let began = Instant::now();
        let reply = connection.exchange(load::Script::next(&mut orders)).await.unwrap();
        assert_eq!(reply.status, 201);
        times.push(began.elapsed().as_secs_f64() * 1000.0);
        tokio::time::sleep_until(next.into()).await;
    }
    times.sort_by(f64::total_cmp);
    times
}

/// A year of 493 orders a day goes to the cloud and comes back.
async fn year(place: &Place, old: &Path, postgres: &Postgres, report: &mut Report) {
    let site = postgres.site("Year").await;
    let data = place.copy("year/data");
    copy_folder(old, &data);
    enrol(&data, &site);
    let server = Server::start(&data).await;
    let began = Instant::now();
    let done = until(&server, place, is_complete).await;
    let rows = done["pushed_rows"].as_i64().unwrap();
    println!("a year: {rows} rows to the cloud in {:.0} s", began.elapsed().as_secs_f64());
    server.stop();
    let back = data.with_file_name("back");
    let settings = Settings { data_dir: back.clone(), ..Settings::default() };
    let began = Instant::now();
    let restored = restore(&settings, &site, tables(), |_| ()).await.unwrap();
    let took = began.elapsed().as_secs_f64();
    println!("a year: {} rows back in {took:.0} s", restored.rows);
    let wanted = Wanted::AtMost { most: 600.0, aim: 300.0 };
    report.add("a year restored from the cloud", &[took], &[], "s", &wanted);
    let started = Server::start(&back).await;
    started.stop();
}
