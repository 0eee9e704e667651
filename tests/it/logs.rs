//! The log of the real program: every request has its line, with its fields, wherever the log
//! goes; and no secret ever stands in it.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::Method;
use rusqlite::types::ValueRef;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Client, eventually, id};

// Marked, so that they are found wherever they turn up.
const PASSWORD: &str = "marked-password-7351";
const WRONG: &str = "marked-guess-9042";
const PIN: &str = "718293";
const PHONE: &str = "+7 900 555-31-27";
const SCRAPE: &str = "marked-scrape-token-6120";

/// The program on a folder of its own, with an admin called Anna.
struct Box {
    folder: TempDir,
    child: Child,
    base: String,
    client: Client,
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qres"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("QRES_MDNS", "false").env("QRES_TLS_LISTEN", "off");
    command.env("QRES_LISTEN", "127.0.0.1:0").env("QRES_DATA_DIR", folder.join("data"));
    command.env("QRES_PIN_NEEDS_DEVICE", "false").env("QRES_METRICS_TOKEN", SCRAPE);
    command.current_dir(folder);
    command
}

/// How the program is started: directly, or inside something else.
type Wrap = fn(&Path, Command) -> Command;

impl Box {
    async fn start(settings: &[(&str, &str)], wrap: Wrap) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut create = program(folder.path());
        create.args(["admin", "create", "--username", "anna", "--password-stdin"]);
        let mut create = create.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        create.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(create.wait().unwrap().success());

        let mut serve = program(folder.path());
        serve.arg("serve").envs(settings.iter().copied());
        let mut serve = wrap(folder.path(), serve);
        let stderr = fs::File::create(folder.path().join("stderr")).unwrap();
        let child = serve.stdout(Stdio::null()).stderr(stderr).spawn().unwrap();
        let port = port_of(child.id()).await;
        let base = format!("http://127.0.0.1:{port}");
        let client = Client::new(&base, None);
        Self { folder, child, base, client }
    }

    fn with_token(&self, token: &str) -> Client {
        Client::new(&self.base, Some(token))
    }

    fn stderr(&self) -> String {
        fs::read_to_string(self.folder.path().join("stderr")).unwrap()
    }

    /// Ends as a service manager ends it.
    async fn stop(&mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let child = &mut self.child;
        eventually("the end of the program", async || child.try_wait().unwrap().is_some()).await;
    }
}

impl Drop for Box {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The port on which a process, or the one that it became, listens.
async fn port_of(pid: u32) -> u16 {
    let mut port = None;
    eventually("an open port", async || {
        port = listening(pid);
        port.is_some()
    })
    .await;
    port.unwrap()
}

fn listening(pid: u32) -> Option<u16> {
    let sockets: Vec<String> = fs::read_dir(format!("/proc/{pid}/fd"))
        .ok()?
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()?.to_str().map(str::to_owned))
        .collect();
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let is_ours = sockets.contains(&format!("socket:[{}]", fields[9]));
        let port = fields[1].rsplit_once(':')?.1;
        (fields[3] == "0A" && is_ours).then(|| u16::from_str_radix(port, 16).ok())?
    })
}

/// Does everything that brings a secret along; returns those that the box itself made.
async fn bring_every_secret(running: &Box) -> Vec<String> {
    let nobody = &running.client;
    let anna = json!({"username": "anna", "password": PASSWORD});
    let token = nobody.post("/auth/login", &anna).await.ok()["access_token"].clone();
    let token = token.as_str().unwrap().to_owned();
    let admin = running.with_token(&token);
    let wrong = json!({"username": "anna", "password": WRONG});
    nobody.post("/auth/login", &wrong).await.refused(401, "wrong_credentials");
    let olga = json!({"username": "olga", "full_name": "Olga", "role": "waiter",
                      "password": PASSWORD, "pin_code": PIN});
    let olga = id(&admin.post("/users", &olga).await.created());
    admin.patch(&format!("/users/{olga}"), &json!({"pin_code": PIN})).await.ok();
    let by_pin = json!({"username": "olga", "pin_code": PIN});
    let waiter = nobody.post("/auth/login/pin", &by_pin).await.ok()["access_token"].clone();
    let waiter = waiter.as_str().unwrap().to_owned();
    let change = json!({"current_password": PASSWORD, "new_password": WRONG});
    admin.patch(&format!("/users/{olga}/password"), &change).await.ok();

    let code = admin.post("/devices/pairing", &json!(null)).await.created()["code"].clone();
    let pair = json!({"code": code, "name": "Bar"});
    let device = nobody.post("/devices/pair", &pair).await.created()["device_token"].clone();
    let request = nobody.request(Method::POST, "/auth/login").header("X-Device", "d_marked");
    nobody.send(request.json(&anna)).await.ok();

    let table = admin.post("/tables", &json!({"number": 1, "seats": 4})).await.created();
    let qr = table["qr_code"].as_str().unwrap().to_owned();
    let guest = nobody.post("/guest/session", &json!({"qr_code": qr})).await.created();
    let guest = guest["token"].as_str().unwrap().to_owned();
    let seated = running.with_token(&guest);
    seated.get("/guest/order").await.ok();
    nobody.get(&format!("/menu/{qr}")).await;
    let dish = json!({"order_type": "TAKEAWAY", "customer_name": "Ivan",
                      "customer_phone": PHONE, "items": [{"dish_id": 1, "quantity": 1}]});
    admin.post("/orders/", &dish).await;
    // A token in a query, one that is broken, and one where a path should be.
    let socket = nobody.request(Method::GET, &format!("/ws/orders?token={token}"));
    socket.send().await.unwrap();
    nobody.get(&format!("/auth/me?token={token}")).await;
    nobody.get(&format!("/uploads/{token}")).await;
    running.with_token(&format!("{token}x")).get("/auth/me").await;
    let broken =
        nobody.request(Method::POST, "/auth/login").header("content-type", "application/json");
    nobody.send(broken.body(format!("{{\"username\":\"anna\",\"password\":\"{PASSWORD}"))).await;
    assert_eq!(running.with_token(SCRAPE).get("/metrics").await.status, 200);
    vec![token, waiter, guest, qr, code.as_str().unwrap().into(), device.as_str().unwrap().into()]
}

/// Everything below a folder as text, packed files too.
fn everything_in(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything_in(&path));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let mut text = String::new();
        if flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).is_err() {
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
        found.push((path, text));
    }
    found
}

/// What the box keeps of what happened, as text.
fn kept_in_database(folder: &Path) -> String {
    let db = rusqlite::Connection::open(folder.join("data/qres.db")).unwrap();
    let mut text = String::new();
    for table in ["security_events", "audit", "events"] {
        let mut all = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = all.column_count();
        let mut rows = all.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                if let ValueRef::Text(value) = row.get_ref(column).unwrap() {
                    text.push_str(&String::from_utf8_lossy(value));
                    text.push('\n');
                }
            }
        }
    }
    text
}

/// The digits alone too: however a number is written, it must not stand there.
fn assert_none_of(secrets: &[String], name: &str, text: &str) {
    let fixed = [PASSWORD, WRONG, PIN, PHONE, "79005553127", "9005553127", SCRAPE, "d_marked"];
    for secret in fixed.into_iter().chain(secrets.iter().map(String::as_str)) {
        if let Some(at) = text.find(secret) {
            let around: String = text[..at + secret.len()].chars().rev().take(300).collect();
            let around: String = around.chars().rev().collect();
            panic!("{secret} stands in {name}: {around}");
        }
    }
}

fn direct(_: &Path, command: Command) -> Command {
    command
}

fn lines_of(text: &str) -> impl Iterator<Item = Value> {
    text.lines().filter_map(|line| serde_json::from_str(line).ok())
}

#[tokio::test]
async fn files_hold_every_request_and_no_secret() {
    let settings = [("QRES_LOG_TO", "files"), ("QRES_LOG_LEVEL", "debug")];
    let mut running = Box::start(&settings, direct).await;
    let secrets = bring_every_secret(&running).await;
    eventually("the security events in the database", async || {
        kept_in_database(running.folder.path()).contains("sign_in_failed")
    })
    .await;
    running.stop().await;

    let logs = running.folder.path().join("data/logs");
    let files = everything_in(&logs);
    for (path, text) in &files {
        assert_none_of(&secrets, &path.display().to_string(), text);
    }
    assert_none_of(&secrets, "stderr", &running.stderr());
    assert_none_of(&secrets, "the database", &kept_in_database(running.folder.path()));

    let find = |name: &str| {
        let found = files.iter().find(|(path, _)| path.to_string_lossy().contains(name));
        &found.unwrap_or_else(|| panic!("no file {name}")).1
    };
    let requests: Vec<_> = lines_of(find("logs/api_requests_20")).collect();
    let line = |method: &str, route: &str, status: u16| {
        requests
            .iter()
            .find(|line| {
                line["method"] == method && line["route"] == route && line["status"] == status
            })
            .unwrap_or_else(|| panic!("no line of {method} {route} {status}"))
    };
    let hired = line("POST", "/users", 201);
    assert_eq!(
        (&hired["user_id"], &hired["user"], &hired["role"]),
        (&json!(1), &json!("anna"), &json!("admin"))
    );
    assert_eq!(hired["address"], "127.0.0.1");
    assert!(hired["ms"].as_f64().unwrap() > 0.0);
    assert!(hired["request_id"].as_str().unwrap().contains('-'));
    assert!(hired["timestamp"].is_string());
    assert_eq!(line("GET", "/guest/order", 200)["role"], "guest");
    assert!(line("POST", "/auth/login", 401)["user"].is_null());
    line("GET", "/menu/{qr_code}", 200);
    let security = find("security/security_events.json");
    assert!(
        lines_of(security)
            .any(|line| line["kind"] == "sign_in_failed" && line["username"] == "anna")
    );
    assert!(find("logs/errors.log").contains("sign_in_failed"));
    let modes = |path: &Path| {
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions())
    };
    assert_eq!(modes(&logs) & 0o077, 0, "strangers may look into the logs");
    assert!(!running.stderr().contains("qres::request"), "requests belong in their file");
}

#[tokio::test]
async fn the_console_holds_them_as_text_or_as_json() {
    let mut running = Box::start(&[], direct).await;
    let request =
        running.client.request(Method::GET, "/health").header("user-agent", "test-agent/1");
    running.client.send(request.header("x-request-id", "tablet-7")).await.ok();
    running.stop().await;
    let text = running.stderr();
    let line = text.lines().find(|line| line.contains("GET /health 200")).unwrap();
    for field in [
        "INFO",
        "status=200",
        "agent=\"test-agent/1\"",
        "request_id=\"tablet-7\"",
        "address=\"127.0.0.1\"",
    ] {
        assert!(line.contains(field), "{field} in {line}");
    }

    let mut running = Box::start(&[("QRES_JSON_LOGS", "true")], direct).await;
    running.client.get("/health").await.ok();
    running.stop().await;
    let health = lines_of(&running.stderr()).find(|line| line["route"] == "/health").unwrap();
    assert_eq!((&health["status"], &health["level"]), (&json!(200), &json!("INFO")));

    let mut quiet = Box::start(&[("QRES_LOG_LEVEL", "warn")], direct).await;
    quiet.client.get("/health").await.ok();
    quiet.stop().await;
    assert!(!quiet.stderr().contains("/health"), "{}", quiet.stderr());
}

/// The fields of one message in the journal's own form, as `NAME=value`: a value stands after `=`, or
/// after a line break and its length.
fn fields_of(mut packet: &[u8]) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut fields = Vec::new();
    while let Some(end) = packet.iter().position(|byte| *byte == b'\n') {
        let (line, rest) = (&packet[..end], &packet[end + 1..]);
        if line.contains(&b'=') {
            fields.push(text(line));
            packet = rest;
            continue;
        }
        let length = u64::from_le_bytes(rest[..8].try_into().unwrap());
        let length = usize::try_from(length).unwrap();
        fields.push(format!("{}={}", text(line), text(&rest[8..8 + length])));
        packet = &rest[8 + length + 1..];
    }
    fields
}

/// In a mount namespace in which a folder of ours is where the journal's socket stands.
#[expect(clippy::needless_pass_by_value, reason = "as every way to start takes it")]
fn with_our_journal(folder: &Path, command: Command) -> Command {
    let mut wrapped = Command::new("unshare");
    let script = "mount -t tmpfs none /run && mkdir -p /run/systemd/journal \
                  && mount --bind \"$0/journal\" /run/systemd/journal && exec \"$@\"";
    wrapped.args(["--mount", "--map-root-user", "sh", "-c", script]).arg(folder);
    wrapped.arg(command.get_program()).args(command.get_args());
    wrapped.env_clear();
    wrapped.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    wrapped.env("JOURNAL_STREAM", "1:1").current_dir(folder);
    let journal = folder.join("journal");
    fs::create_dir(&journal).unwrap();
    let socket = UnixDatagram::bind(journal.join("socket")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let heard = fs::File::create(folder.join("heard")).unwrap();
    // Lives as long as the test's process; ends by itself when nobody writes any more.
    std::thread::spawn(move || {
        let (mut heard, mut packet) = (heard, vec![0; 256 * 1024]);
        while let Ok(length) = socket.recv(&mut packet) {
            let entry = fields_of(&packet[..length]).join("\n");
            write!(heard, "{entry}\n\n").unwrap();
        }
    });
    wrapped
}

#[tokio::test]
async fn under_systemd_the_journal_gets_them_with_their_fields() {
    let mut running = Box::start(&[], with_our_journal).await;
    let secrets = bring_every_secret(&running).await;
    running.stop().await;
    let heard = running.folder.path().join("heard");
    let mut text = String::new();
    eventually("the last words in the journal", async || {
        text = fs::read_to_string(&heard).unwrap();
        text.contains("MESSAGE=stopped")
    })
    .await;
    assert_none_of(&secrets, "the journal", &text);
    let entries: Vec<&str> = text.split("\n\n").collect();
    let hired = entries.iter().find(|entry| entry.contains("MESSAGE=POST /users 201\n"));
    let hired = hired.unwrap_or_else(|| panic!("no entry of the request in {text}"));
    for field in [
        "PRIORITY=",
        "QRES_METHOD=POST",
        "QRES_ROUTE=/users",
        "QRES_STATUS=201",
        "QRES_USER=anna",
        "QRES_ROLE=admin",
        "QRES_ADDRESS=127.0.0.1",
        "QRES_REQUEST_ID=",
        "QRES_MS=",
    ] {
        assert!(hired.lines().any(|line| line.starts_with(field)), "{field} in {hired}");
    }
    assert!(text.contains("QRES_KIND=sign_in_failed"), "{text}");
    assert!(!running.stderr().contains("GET /"), "the console stays quiet");
    let files = everything_in(&running.folder.path().join("data/logs"));
    assert!(files.is_empty(), "files on the card: {files:?}");
}
