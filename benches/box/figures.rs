//! The figures, one function each.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::ceilings;
use crate::feed as screens;
use crate::http::{Connection, request};
use crate::load::{self, Orders, Rush, Script, Visits};
use crate::report::{Report, Wanted};
use crate::server::{self, Restaurant, Server};

/// Each figure and its ceiling are taken so often, in turns.
pub const ROUNDS: usize = 5;

/// A data folder with a restaurant, copied for each figure.
pub struct Place {
    folder: TempDir,
    restaurant: Restaurant,
}

impl Place {
    /// On the disk that `QRES_BENCH_DIR` names, else on that of the build, since the temporary
    /// folder may be memory.
    pub async fn prepare() -> Self {
        let disk = std::env::var("QRES_BENCH_DIR");
        let disk = disk.as_deref().unwrap_or(env!("CARGO_TARGET_TMPDIR"));
        let folder = tempfile::tempdir_in(disk).unwrap();
        let data = folder.path().join("restaurant");
        let restaurant = server::found(&data).await;
        // One order, so that the ceilings have a sample.
        let server = Server::start(&data).await;
        let mut connection = Connection::open(server.port).await.unwrap();
        let placed = connection.exchange(Orders::new(&restaurant, 0).next()).await.unwrap();
        assert_eq!(placed.status, 201, "{}", String::from_utf8_lossy(placed.body));
        server.stop();
        Self { folder, restaurant }
    }

    /// The token of an admin.
    pub fn token(&self) -> &str {
        &self.restaurant.token
    }

    /// What can be ordered.
    pub fn restaurant(&self) -> &Restaurant {
        &self.restaurant
    }

    /// A copy of the data folder.
    pub fn copy(&self, name: &str) -> PathBuf {
        let to = self.folder.path().join(name);
        let _ = std::fs::remove_dir_all(&to);
        copy_folder(&self.folder.path().join("restaurant"), &to);
        to
    }

    /// The ceiling of the reads: the menu of this box, from memory.
    async fn menu_from_memory(&self, server: &Server) -> Server {
        let mut connection = Connection::open(server.port).await.unwrap();
        let menu = connection.exchange(&get("/dishes/menu", "")).await.unwrap();
        let file = self.folder.path().join("menu.json");
        std::fs::write(&file, menu.body).unwrap();
        Server::from_memory(&file)
    }

    /// A copy of the database alone, for one run of the ceiling.
    pub fn database(&self) -> PathBuf {
        let to = self.folder.path().join("ceiling.db");
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", to.display()));
        }
        std::fs::copy(self.folder.path().join("restaurant/qres.db"), &to).unwrap();
        to
    }
}

/// Copies a folder with all in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A GET as the wire has it.
pub fn get(path: &str, token: &str) -> Vec<u8> {
    request("GET", path, token, "", &Value::Null)
}

/// One script for each connection.
pub fn scripts<S: Script>(count: usize, make: impl Fn(usize) -> S) -> Vec<S> {
    (0..count).map(make).collect()
}

/// `GET /dishes/menu`, 16 connections.
pub async fn menu(place: &Place, report: &mut Report) {
    let server = Server::start(&place.copy("menu")).await;
    let memory = place.menu_from_memory(&server).await;
    let menu = get("/dishes/menu", "");
    let (mut figures, mut ceilings) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ceilings.push(load::run(memory.port, load::same(16, menu.clone())).await);
        figures.push(load::run(server.port, load::same(16, menu.clone())).await);
    }
    let wanted = Wanted::Ratio { least: 0.80, aim: 0.95 };
    report.add("GET /dishes/menu, 16 connections", &figures, &ceilings, "/s", &wanted);
    server.stop();
}

/// Durable orders of 4 lines, 64 connections and 1.
pub async fn orders(place: &Place, report: &mut Report) {
    let restaurant = &place.restaurant;
    let (mut many, mut one, mut visits) = (Vec::new(), Vec::new(), Vec::new());
    let (mut by_32, mut by_1) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let server = Server::start(&place.copy("orders")).await;
        by_32.push(ceilings::orders_by_sqlite(&place.database(), 32));
        many.push(load::run(server.port, scripts(64, |i| Orders::new(restaurant, i))).await);
        by_1.push(ceilings::orders_by_sqlite(&place.database(), 1));
        one.push(load::run(server.port, scripts(1, |i| Orders::new(restaurant, i))).await);
        let requests = load::run(server.port, scripts(64, |i| Visits::new(restaurant, i))).await;
        visits.push(requests / Visits::REQUESTS);
        server.stop();
    }
    let wanted = Wanted::Ratio { least: 0.20, aim: 0.30 };
    report.add("durable orders, 64 connections", &many, &by_32, "/s", &wanted);
    let wanted = Wanted::Ratio { least: 0.40, aim: 0.50 };
    report.add("durable orders, 1 connection", &one, &by_1, "/s", &wanted);
    let what = "whole visits at own tables (ordered, ready, served, paid), 64 connections";
    let wanted = Wanted::Ratio { least: 0.06, aim: 0.12 };
    report.add(what, &visits, &by_32, "/s", &wanted);
}

/// The mixed rush, 32 connections, and the memory before it and after it and sixteen sign-ins.
pub async fn rush(place: &Place, report: &mut Report) {
    let restaurant = &place.restaurant;
    let menu = get("/dishes/menu", "");
    let (mut figures, mut ceilings) = (Vec::new(), Vec::new());
    let (mut idle, mut after) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let server = Server::start(&place.copy("rush")).await;
        idle.push(server.memory());
        let mut connection = Connection::open(server.port).await.unwrap();
        for &table in &restaurant.tables[..32] {
            connection.call(&order_at(restaurant, table)).await;
        }
        server::sixteen_sign_in(server.port).await;
        let memory = place.menu_from_memory(&server).await;
        let reads = load::run(memory.port, load::same(16, menu.clone())).await;
        figures.push(load::run(server.port, scripts(32, |i| Rush::new(restaurant, i))).await);
        let writes = ceilings::orders_by_sqlite(&place.database(), 32);
        // 75 of 100 requests read, 25 write.
        ceilings.push(1.0 / (0.75 / reads + 0.25 / writes));
        after.push(server.memory());
        server.stop();
    }
    let wanted = Wanted::Ratio { least: 0.50, aim: 0.70 };
    report.add("mixed rush, 32 connections", &figures, &ceilings, "/s", &wanted);
    let wanted = Wanted::AtMost { most: 25.0, aim: 15.0 };
    report.add("memory, idle", &idle, &[], "MiB", &wanted);
    let wanted = Wanted::AtMost { most: 48.0, aim: 32.0 };
    report.add("memory, after the rush", &after, &[], "MiB", &wanted);
}

/// An order that stands at a table.
pub fn order_at(restaurant: &Restaurant, table: i64) -> Vec<u8> {
    let mut body = load::order(restaurant, 1);
    body["order_type"] = "DINE_IN".into();
    body["table_id"] = json!(table);
    request("POST", "/orders/", &restaurant.token, "", &body)
}

/// From the POST to the event on 50 screens.
pub async fn feed(place: &Place, report: &mut Report) {
    let server = Server::start(&place.copy("feed")).await;
    let sync = ceilings::fdatasync(place.folder.path());
    let delays = screens::delays(server.port, &place.restaurant).await;
    server.stop();
    let p = |percent: usize| delays[delays.len() * percent / 100];
    let wanted = Wanted::AtMost { most: 25.0 + sync, aim: 10.0 + sync };
    report.add("POST to event on 50 screens, p99", &[p(99)], &[sync], "ms", &wanted);
    report.add("the same, median", &[p(50)], &[sync], "ms", &Wanted::Nothing);
}

/// The start and the cost of a year of orders.
pub async fn history(place: &Place, report: &mut Report) {
    let restaurant = &place.restaurant;
    let old = place.copy("old");
    crate::history::write(&old.join("qres.db"), 365);
    let mut starts = Vec::new();
    for _ in 0..5 {
        let server = Server::start(&old).await;
        starts.push(server.started_in.as_secs_f64());
        server.stop();
    }
    let wanted = Wanted::AtMost { most: 0.25, aim: 0.1 };
    report.add("start to /health, a year of orders", &starts, &[], "s", &wanted);

    let (old, new) = (Server::start(&old).await, Server::start(&place.copy("new")).await);
    for server in [&old, &new] {
        let mut connection = Connection::open(server.port).await.unwrap();
        connection.call(&order_at(restaurant, restaurant.tables[0])).await;
    }
    let table = format!("/orders/active/table/{}", restaurant.tables[0]);
    let token = &restaurant.token;
    for (what, path) in [
        ("menu", get("/dishes/menu", "")),
        ("active orders of a table", get(&table, token)),
        ("kitchen list", get("/kitchen/dishes", token)),
        ("orders placed", Vec::new()),
    ] {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            for (server, figures) in [(&old, &mut with), (&new, &mut without)] {
                figures.push(if path.is_empty() {
                    load::run(server.port, scripts(64, |i| Orders::new(restaurant, i))).await
                } else {
                    load::run(server.port, load::same(16, path.clone())).await
                });
            }
        }
        let what = format!("a year of orders against none: {what}");
        let wanted = Wanted::Ratio { least: 0.95, aim: 1.0 };
        report.add(&what, &with, &without, "/s", &wanted);
    }
    old.stop();
    new.stop();
}

/// What has to fit on the card. Cargo leaves the names of functions in what it builds for a benchmark.
pub fn size(report: &mut Report) {
    let folder = tempfile::tempdir().unwrap();
    let stripped = folder.path().join("qres");
    let strip =
        Command::new("strip").arg("-o").arg(&stripped).arg(env!("CARGO_BIN_EXE_qres")).status();
    assert!(strip.unwrap().success());
    let bytes = std::fs::metadata(&stripped).unwrap().len();
    let what = format!("binary, stripped ({})", std::env::consts::ARCH);
    let wanted = Wanted::AtMost { most: 24.0, aim: 18.0 };
    report.add(&what, &[bytes as f64 / 1_000_000.0], &[], "MB", &wanted);
}
