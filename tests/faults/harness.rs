//! A `qres serve` of its own on a temporary folder, the people who use it, and a look into its
//! database from outside.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::cell::Cell;
use crate::port::free_port;

/// The longest that any single thing may take; only a failure takes so long.
pub const PATIENCE: Duration = Duration::from_mins(1);

pub const PASSWORD: &str = "correct horse battery";

/// A data folder with a small restaurant in it, and the process that serves it.
pub struct Qres {
    process: Option<Child>,
    pub port: u16,
    pub data: PathBuf,
    pub admin: Person,
    pub menu: Menu,
    /// Settings beside the usual ones.
    pub settings: Vec<(&'static str, &'static str)>,
    /// What bounds its memory.
    cell: Option<Cell>,
    _folder: Option<TempDir>,
}

/// What can be ordered, and where.
#[derive(Clone, Default)]
pub struct Menu {
    pub dishes: Vec<i64>,
    pub tables: Vec<i64>,
}

impl Qres {
    /// A fresh restaurant on a temporary folder.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        Self::found(&data, Some(folder), None).await
    }

    /// A fresh restaurant whose box has no more memory than this.
    pub async fn start_in(cell: Cell) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        Self::found(&data, Some(folder), Some(cell)).await
    }

    /// A fresh restaurant on this folder.
    pub async fn start_on(data: &Path) -> Self {
        Self::found(data, None, None).await
    }

    async fn found(data: &Path, folder: Option<TempDir>, cell: Option<Cell>) -> Self {
        let port = free_port();
        create_admin(data);
        let mut qres = Self {
            process: None,
            port,
            data: data.to_owned(),
            admin: Person::new(port, None),
            menu: Menu::default(),
            settings: Vec::new(),
            cell,
            _folder: folder,
        };
        qres.restart().await;
        qres.admin = qres.sign_in("admin").await;
        qres.menu = furnish(&qres.admin).await;
        qres
    }

    /// Starts the process (again) on the same folder and port, and waits until it is well.
    pub async fn restart(&mut self) {
        assert!(self.process.is_none(), "it runs already");
        let listen = format!("127.0.0.1:{}", self.port);
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.data.with_extension("log"))
            .unwrap();
        let mut child = qres_command(&self.data, "serve")
            .args(["--listen", &listen])
            .envs(self.settings.iter().copied())
            .stderr(log)
            .spawn()
            .unwrap();
        if let Some(cell) = &self.cell {
            cell.take_in(child.id());
        }
        let began = Instant::now();
        // One for all: each new one reads the machine's authorities anew.
        let anybody = Person::new(self.port, None);
        while anybody.status("/health").await != Some(StatusCode::OK) {
            let ended = child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended with {ended:?}: {}", self.log());
            assert!(began.elapsed() < PATIENCE, "it does not become well: {}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.process = Some(child);
    }

    /// What it said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data.with_extension("log")).unwrap_or_default()
    }

    /// As if the plug were pulled.
    pub fn kill(&mut self) {
        let mut child = self.process.take().expect("it runs");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        let pid = self.process.as_ref().expect("it runs").id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let mut child = self.process.take().expect("it runs");
        eventually("the process ends", || child.try_wait().unwrap()).await
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.process.as_ref().expect("it runs").id()
    }

    /// The memory that it holds, in MiB.
    pub fn memory(&self) -> u64 {
        self.memory_of("VmRSS:")
    }

    /// The same without its program, which a debug build has ten times as large.
    pub fn own_memory(&self) -> u64 {
        self.memory_of("RssAnon:")
    }

    fn memory_of(&self, kind: &str) -> u64 {
        let pid = self.process.as_ref().expect("it runs").id();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let line = status.lines().find(|line| line.starts_with(kind)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    /// The same process still runs.
    pub fn runs(&mut self) -> bool {
        self.process.as_mut().is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    pub async fn sign_in(&self, username: &str) -> Person {
        let person = Person::new(self.port, None);
        let body = json!({"username": username, "password": PASSWORD});
        let (status, reply) = person.post("/auth/login", &body).await;
        assert_eq!(status, 200, "{reply}");
        Person::new(self.port, reply["access_token"].as_str())
    }

    /// A new waiter, signed in.
    pub async fn waiter(&self, username: &str) -> Person {
        let body = json!({
            "username": username, "full_name": "Waiter", "role": "waiter", "password": PASSWORD,
        });
        let (status, reply) = self.admin.post("/users/", &body).await;
        assert_eq!(status, 201, "{reply}");
        self.sign_in(username).await
    }

    /// The body of an order to take away: one line for each of `lines`, `mark` in its notes.
    pub fn order(&self, mark: &str, lines: usize) -> Value {
        let dishes = self.menu.dishes.iter().cycle().take(lines);
        let items: Vec<_> = dishes.map(|id| json!({"dish_id": id, "quantity": 2})).collect();
        json!({
            "order_type": "TAKEAWAY", "customer_name": "Guest", "notes": mark, "items": items,
        })
    }

    /// The database, read from outside.
    pub fn database(&self) -> Connection {
        let path = self.data.join("qres.db");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).unwrap();
        connection.busy_timeout(PATIENCE).unwrap();
        connection
    }

    /// How many orders bear this mark, and how many lines they have in all.
    pub fn marked(&self, mark: &str) -> (i64, i64) {
        marked(&self.database(), mark)
    }

    /// Nothing in the database is broken, and no total is wrong.
    pub fn assert_sound(&self) {
        let db = self.database();
        let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
        let wrong: i64 = db
            .query_row(
                "SELECT (SELECT count(*) FROM pragma_foreign_key_check)
                      + (SELECT count(*) FROM orders WHERE total <> (
                            SELECT coalesce(sum(gross), -1) FROM order_items
                            WHERE order_id = orders.id AND order_items.status <> 'CANCELLED'))",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(wrong, 0, "rows that point nowhere, or totals that are not their lines'");
    }
}

impl Drop for Qres {
    fn drop(&mut self) {
        if let Some(mut child) = self.process.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

/// How many orders bear this mark, and how many lines they have in all.
pub fn marked(db: &Connection, mark: &str) -> (i64, i64) {
    db.prepare_cached(
        "SELECT count(DISTINCT orders.id), count(order_items.id)
         FROM orders LEFT JOIN order_items ON order_id = orders.id WHERE orders.notes = ?1",
    )
    .unwrap()
    .query_row([mark], |row| Ok((row.get(0)?, row.get(1)?)))
    .unwrap()
}

/// `qres …` on this data folder, deaf to the settings of whoever runs the tests.
pub fn qres_command(data: &Path, subcommand: &str) -> Command {
    // Another program, such as a board's under an emulator: words parted by spaces.
    let program = std::env::var("QRES_PROGRAM");
    let mut words = program.as_deref().unwrap_or(env!("CARGO_BIN_EXE_qres")).split(' ');
    let mut command = Command::new(words.next().unwrap());
    command.env_clear();
    if program.is_ok() {
        // As its unit sets them. What starts itself again under an emulator is another machine's
        // program to the kernel, and does not come up.
        command.env("MIMALLOC_PURGE_DELAY", "0").env("MALLOC_ARENA_MAX", "2");
    }
    command
        .args(words)
        .arg(subcommand)
        .current_dir(data.parent().unwrap())
        .env("QRES_MDNS", "false")
        .env("QRES_TLS_LISTEN", "off")
        .env("RATE_LIMIT_REQUESTS", "0")
        .env("QRES_DATA_DIR", data)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

fn create_admin(data: &Path) {
    let mut child = qres_command(data, "admin")
        .args(["create", "--username", "admin", "--password-stdin"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A menu of four dishes and a room of ten tables.
async fn furnish(admin: &Person) -> Menu {
    let mut menu = Menu::default();
    let category = admin.create("/categories/", &json!({"name": "Kitchen"})).await;
    for name in ["Borscht", "Pelmeni", "Solyanka", "Blini"] {
        let dish = json!({"name": name, "description": "As at home", "category_id": category});
        let dish = admin.create("/dishes/", &dish).await;
        let variation = json!({"name": "Plate", "price": "350.00", "is_default": true});
        admin.create(&format!("/dishes/{dish}/variations/"), &variation).await;
        menu.dishes.push(dish);
    }
    for number in 1..=10 {
        let table = json!({"number": number, "seats": 4});
        menu.tables.push(admin.create("/tables/", &table).await);
    }
    menu
}

/// Somebody with a device. Cheap to clone; a clone uses the same connections.
#[derive(Clone)]
pub struct Person {
    http: reqwest::Client,
    port: u16,
    pub token: Option<String>,
}

impl Person {
    pub fn new(port: u16, token: Option<&str>) -> Self {
        let http = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        Self { http, port, token: token.map(str::to_owned) }
    }

    fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("http://127.0.0.1:{}{path}", self.port));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        let reply = self.request(reqwest::Method::GET, path).send().await.unwrap();
        (reply.status(), reply.json().await.unwrap())
    }

    /// With which status a path answers; none when no reply came.
    pub async fn status(&self, path: &str) -> Option<StatusCode> {
        let reply = self.request(reqwest::Method::GET, path).send().await;
        reply.ok().map(|reply| reply.status())
    }

    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.request(reqwest::Method::POST, path).json(body);
        let reply = request.send().await.unwrap();
        (reply.status(), reply.json().await.unwrap())
    }

    pub async fn patch(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.request(reqwest::Method::PATCH, path).json(body);
        let reply = request.send().await.unwrap();
        (reply.status(), reply.json().await.unwrap())
    }

    pub async fn delete(&self, path: &str) -> StatusCode {
        self.request(reqwest::Method::DELETE, path).send().await.unwrap().status()
    }

    /// Sends a file as the body. What comes in goes behind all else: on a busy machine it takes long.
    pub async fn upload(&self, path: &str, file: &[u8]) -> (StatusCode, Value) {
        let request = self.request(reqwest::Method::POST, path).timeout(5 * PATIENCE);
        let reply = request.body(file.to_vec()).send().await.unwrap();
        let status = reply.status();
        (status, reply.json().await.unwrap_or(Value::Null))
    }

    /// An order under a key; an error when no reply came.
    pub async fn place(&self, key: &str, order: &Value) -> reqwest::Result<Placed> {
        let request = self.request(reqwest::Method::POST, "/orders/");
        let reply = request.header("Idempotency-Key", key).json(order).send().await?;
        let replayed = reply.headers().get("Idempotent-Replayed").is_some_and(|v| v == "true");
        let status = reply.status();
        Ok(Placed { status, replayed, body: reply.json().await? })
    }

    /// Creates something that must succeed; returns its id.
    pub async fn create(&self, path: &str, body: &Value) -> i64 {
        let (status, reply) = self.post(path, body).await;
        assert_eq!(status, 201, "POST {path}: {reply}");
        reply["id"].as_i64().unwrap()
    }

    /// The bytes of a request up to its body, for those who speak HTTP by hand.
    pub fn head(&self, path: &str, key: &str, length: usize) -> String {
        let mut head = format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", self.port);
        let token = self.token.as_deref().unwrap_or_default();
        write!(
            head,
            "Authorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        )
        .unwrap();
        head
    }
}

/// The reply to an order.
#[derive(Debug)]
pub struct Placed {
    pub status: StatusCode,
    pub replayed: bool,
    pub body: Value,
}

/// A new key, as our own clients make them.
pub fn new_key() -> String {
    Uuid::now_v7().to_string()
}

/// Waits until `probe` finds something.
pub async fn eventually<T>(what: &str, probe: impl FnMut() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, probe).await
}

/// Waits so long until `probe` finds something.
pub async fn eventually_within<T>(
    patience: Duration,
    what: &str,
    mut probe: impl FnMut() -> Option<T>,
) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(began.elapsed() < patience, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
