//! The box and the ceilings as processes on the server's core, and a restaurant to ask for.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::http::{Connection, request};
use crate::port::free_port;
use crate::{LOAD_CORE, SERVER_CORE};

const PASSWORD: &str = "correct horse battery";

/// Puts this process, which makes the load, on its core.
pub fn pin_this_process() {
    let pid = std::process::id().to_string();
    let output = Command::new("taskset").args(["-acp", LOAD_CORE, &pid]).output();
    let pinned = output.is_ok_and(|output| output.status.success());
    assert!(pinned, "the benchmarks need taskset (util-linux) and two cores");
}

/// A command on the server's core.
fn pinned(program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", SERVER_CORE]).arg(program);
    command
}

/// How many people work here beside the owner.
const SHIFT: usize = 16;

fn waiter(number: usize) -> String {
    format!("waiter{number}")
}

/// A process that ends with this value.
pub struct Server {
    child: Child,
    pub port: u16,
    /// From the start to the first answer of `/health`.
    pub started_in: Duration,
}

impl Server {
    /// The box on a data folder.
    pub async fn start(data: &Path) -> Self {
        let (port, tls_port) = (free_port(), free_port());
        // The log goes where a service manager would have it, as much of it as is shipped.
        let log = std::fs::File::create(data.with_extension("log")).unwrap();
        let began = Instant::now();
        let child = qres(data)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .env("QRES_TLS_LISTEN", format!("127.0.0.1:{tls_port}"))
            .stderr(log)
            .spawn()
            .unwrap();
        let health = request("GET", "/health", "", "", &Value::Null);
        loop {
            if let Ok(mut connection) = Connection::open(port).await
                && connection.exchange(&health).await.is_ok_and(|reply| reply.status == 200)
            {
                break;
            }
            assert!(began.elapsed() < Duration::from_mins(1), "the box does not start");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Self { child, port, started_in: began.elapsed() }
    }

    /// axum with the bytes of this file in memory.
    pub fn from_memory(body: &Path) -> Self {
        let mut child = ceiling("ceiling-http").arg(body).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap(), started_in: Duration::ZERO }
    }

    /// Resident memory in MiB.
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib / 1024.0
    }

    /// How long its threads have had a core since they began.
    pub fn processor_time(&self) -> Duration {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        // The first of three numbers is the time on a core, in nanoseconds.
        let time = |thread: std::fs::DirEntry| -> Option<u64> {
            let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse().ok()
        };
        Duration::from_nanos(threads.flatten().filter_map(time).sum())
    }

    /// Waits until it has done what a box does after its start: of an old one events are forgotten.
    pub async fn settle(&self) {
        const LOOK: Duration = Duration::from_millis(500);
        let began = Instant::now();
        loop {
            let before = self.processor_time();
            tokio::time::sleep(LOOK).await;
            if self.processor_time().saturating_sub(before) < LOOK / 50 {
                return;
            }
            assert!(began.elapsed() < Duration::from_mins(2), "the box does not come to rest");
        }
    }

    /// Holds it still, or lets it go on: `STOP` or `CONT`.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// Stops it as a service manager does.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program as one of its ceilings, on the server's core.
pub fn ceiling(name: &str) -> Command {
    let mut command = pinned(&std::env::current_exe().unwrap());
    command.arg(name);
    command
}

/// A command of the box on a data folder.
pub fn qres(data: &Path) -> Command {
    let mut command = pinned(Path::new(env!("CARGO_BIN_EXE_qres")));
    command.current_dir(data.parent().unwrap()).env("QRES_DATA_DIR", data);
    command
}

/// A dish and its variations, by id.
pub struct Dish {
    pub id: i64,
    pub variations: Vec<i64>,
}

/// What can be asked for.
pub struct Restaurant {
    pub token: String,
    pub dishes: Vec<Dish>,
    pub tables: Vec<i64>,
    pub payment_method: i64,
}

/// Makes a data folder with 200 dishes of 3 variations in 10 categories, 64 tables, and an admin.
pub async fn found(data: &Path) -> Restaurant {
    create_admin(data);
    let server = Server::start(data).await;
    let token = sign_in(server.port, "admin").await;
    let connection = Connection::open(server.port).await.unwrap();
    let mut owner = Owner { connection, token };
    let mut dishes = Vec::new();
    for number in 0..10 {
        let category = json!({"name": format!("Category {number}"), "sort_order": number});
        let category = owner.create("/categories/", &category).await;
        for place in 0..20 {
            dishes.push(owner.dish(category, number * 20 + place).await);
        }
    }
    let mut tables = Vec::new();
    for number in 1..=64 {
        tables.push(owner.create("/tables/", &json!({"number": number, "seats": 4})).await);
    }
    for number in 0..SHIFT {
        let name = waiter(number);
        let person = json!({"username": name, "full_name": name, "role": "waiter",
                            "password": PASSWORD});
        owner.create("/users/", &person).await;
    }
    let payment_method = owner.create("/payment-methods/", &json!({"name": "Cash"})).await;
    server.stop();
    Restaurant { token: owner.token, dishes, tables, payment_method }
}

async fn sign_in(port: u16, name: &str) -> String {
    let mut connection = Connection::open(port).await.unwrap();
    let sign_in = json!({"username": name, "password": PASSWORD});
    let signed_in = connection.call(&request("POST", "/auth/login", "", "", &sign_in)).await;
    signed_in["access_token"].as_str().unwrap().to_owned()
}

/// The evening's shift comes: sixteen people sign in at once.
pub async fn sixteen_sign_in(port: u16) {
    let names = (0..SHIFT).map(waiter).collect::<Vec<_>>();
    futures_util::future::join_all(names.iter().map(|name| sign_in(port, name))).await;
}

fn create_admin(data: &Path) {
    let mut child = qres(data)
        .args(["admin", "create", "--username", "admin", "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait().unwrap().success(), "qres admin create failed");
}

/// Who sets the restaurant up.
struct Owner {
    connection: Connection,
    token: String,
}

impl Owner {
    async fn create(&mut self, path: &str, body: &Value) -> i64 {
        let reply = self.connection.call(&request("POST", path, &self.token, "", body)).await;
        reply["id"].as_i64().unwrap()
    }

    async fn dish(&mut self, category: i64, number: usize) -> Dish {
        let departments = ["hot", "cold", "grill", "bar", "dessert", "bakery"];
        let dish = json!({
            "name": format!("Dish {number}"), "category_id": category,
            "description": "Slowly cooked with herbs of the season and served with bread",
            "cooking_time": 15, "department": departments[number % departments.len()],
        });
        let id = self.create("/dishes/", &dish).await;
        let mut variations = Vec::new();
        for (place, name) in ["Small", "Medium", "Large"].into_iter().enumerate() {
            let variation = json!({
                "name": name, "price": format!("{}.50", 200 + place * 100),
                "is_default": place == 1, "sort_order": place, "weight": 200 + place * 100,
            });
            let path = format!("/dishes/{id}/variations/");
            variations.push(self.create(&path, &variation).await);
        }
        Dish { id, variations }
    }
}
