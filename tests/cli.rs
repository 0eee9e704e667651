//! The program itself: its commands, its exit codes, and that it never hurts a data folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

const ENOUGH: Duration = Duration::from_mins(1);
const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/restaurant.json");

fn qres() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qres"));
    // Neither settings nor a journal of the machine that tests.
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("QRES_MDNS", "false").env("QRES_TLS_LISTEN", "off");
    command.current_dir(std::env::temp_dir());
    command
}

fn run(arguments: &[&str]) -> Output {
    qres().args(arguments).output().unwrap()
}

/// The stdout of a command that must succeed.
#[track_caller]
fn ok(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", errors(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What a command says that must end with `code`.
#[track_caller]
fn refused(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{}", errors(output));
    errors(output)
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// Runs with a text on stdin.
fn run_with(arguments: &[&str], input: &str) -> Output {
    let mut child = qres()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// A running demo, or another program that serves.
struct Demo {
    child: Ended,
    welcome: Value,
}

impl Demo {
    fn start(arguments: &[&str]) -> Self {
        Self::of("demo", arguments)
    }

    fn of(command: &str, arguments: &[&str]) -> Self {
        let mut child = qres()
            .args([command, "--json", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self {
            child: Ended(child),
            welcome: serde_json::from_str(&line).expect("one line of JSON"),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.welcome["url"].as_str().unwrap().replace("localhost", "127.0.0.1"))
    }

    fn signal(&self, name: &str) {
        let pid = self.child.0.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    fn wait(&mut self) -> ExitStatus {
        let started = Instant::now();
        while started.elapsed() < ENOUGH {
            if let Some(status) = self.child.0.try_wait().unwrap() {
                return status;
            }
            sleep(Duration::from_millis(10));
        }
        panic!("it does not end");
    }
}

/// A program that ends with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn get(url: &str) -> Value {
    let reply = reqwest::get(url).await.unwrap();
    assert_eq!(reply.status(), 200, "{url}");
    reply.json().await.unwrap()
}

#[tokio::test]
async fn the_demo_is_ready_to_try_and_leaves_nothing() {
    let mut demo = Demo::start(&["--tls-listen", "127.0.0.1:0"]);
    let folder = demo.welcome["data_dir"].as_str().unwrap().to_owned();
    assert!(Path::new(&folder).join("qres.db").is_file());
    let restaurant = get(&demo.url("/restaurant")).await;
    assert_eq!((&restaurant["is_demo"], &restaurant["currency"]), (&json!(true), &json!("RUB")));
    let menu = get(&demo.url("/dishes/menu")).await;
    assert_eq!(menu["categories"].as_array().unwrap().len(), 12);

    let client = reqwest::Client::new();
    for person in demo.welcome["sign_ins"].as_array().unwrap() {
        let name = &person["username"];
        for (path, body) in [
            ("/auth/login", json!({"username": name, "password": person["password"]})),
            ("/auth/login/pin", json!({"username": name, "pin_code": person["pin"]})),
        ] {
            let reply = client.post(demo.url(path)).json(&body).send().await.unwrap();
            assert_eq!(reply.status(), 200, "{name} {path}");
        }
    }
    let guest_url = demo.welcome["guest_url"].as_str().unwrap();
    let body = json!({"qr_code": guest_url.rsplit('/').next().unwrap()});
    let guest = client.post(demo.url("/guest/session")).json(&body).send().await.unwrap();
    assert_eq!(guest.status(), 201);
    assert_eq!(guest.json::<Value>().await.unwrap()["table_number"], 1);

    demo.signal("-HUP");
    get(&demo.url("/health")).await;
    demo.signal("-TERM");
    assert_eq!(demo.wait().code(), Some(0));
    assert!(!Path::new(&folder).exists(), "the throw-away folder is still there");
}

#[tokio::test]
async fn a_named_demo_is_kept_locked_and_exported_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = path(&folder, "data");
    let mut demo = Demo::start(&["--data-dir", &data]);
    let first = get(&demo.url("/dishes/menu")).await;

    let says = refused(&run(&["serve", "--data-dir", &data, "--listen", "127.0.0.1:0"]), 3);
    assert!(says.contains("Another qres is running"), "{says}");
    refused(&run(&["import", DEMO, "--data-dir", &data]), 3);
    let file = path(&folder, "menu.json");
    ok(&run(&["export", &file, "--data-dir", &data]));
    assert!(fs::read_to_string(&file).unwrap().contains("Маргарита"));
    let checked = ok(&run(&["doctor", "--json", "--data-dir", &data]));
    assert_eq!(serde_json::from_str::<Value>(&checked).unwrap()["ok"], true);

    demo.signal("-INT");
    assert_eq!(demo.wait().code(), Some(0));
    let again = Demo::start(&["--data-dir", &data]);
    assert_eq!(get(&again.url("/dishes/menu")).await, first);
}

#[tokio::test]
async fn a_box_without_a_screen_is_set_up_by_the_code_of_its_settings() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = qres();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data-dir", &path(&folder, "data")]);
    serve.env("QRES_SETUP_CODE", "Nonna-1987").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = Ended(serve.spawn().unwrap());
    let lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let url = lines.map(Result::unwrap).find(|line| line.contains("/setup")).unwrap();
    assert!(url.ends_with("/setup"), "{url}: whoever sees the console must not take the box");

    let restaurant = json!({"name": "Nonna", "currency": "EUR", "timezone": "Europe/Rome",
                            "languages": ["it"]});
    let admin = json!({"username": "nonna", "full_name": "Nonna R", "password": "a good secret"});
    for (code, status) in [("Nonna-1988", 403), ("nonna 1987", 201)] {
        let body = json!({"code": code, "restaurant": restaurant, "admin": admin});
        let reply = reqwest::Client::new().post(url.trim()).json(&body).send().await.unwrap();
        assert_eq!(reply.status(), status, "{code}");
    }
}

#[test]
fn the_demo_leaves_a_real_restaurant_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = path(&folder, "data");
    let create = ["admin", "create", "--username", "boss", "--password-stdin", "--data-dir", &data];
    ok(&run_with(&create, "correct horse\n"));
    let before = fs::read(path(&folder, "data/qres.db")).unwrap();
    let says = refused(&run(&["demo", "--data-dir", &data, "--listen", "127.0.0.1:0"]), 2);
    assert!(says.contains("holds a real restaurant, “QRes”"), "{says}");
    assert!(fs::read(path(&folder, "data/qres.db")).unwrap() == before);
}

#[test]
fn an_admin_is_made_without_showing_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let data = path(&folder, "data");
    let create = |name: &str, password: &str, more: &[&str]| {
        let mut arguments = vec!["admin", "create", "--username", name, "--data-dir", &data];
        arguments.extend(more);
        run_with(&arguments, password)
    };
    let made = ok(&create("boss", "correct horse\n", &["--password-stdin", "--json"]));
    let made: Value = serde_json::from_str(&made).unwrap();
    assert_eq!((&made["role"], &made["full_name"]), (&json!("admin"), &json!("boss")));
    let says = refused(&create("Boss", "correct horse", &["--password-stdin"]), 1);
    assert!(says.contains("already signs in as “Boss”"), "{says}");
    let says = refused(&create("boss2", "short", &["--password-stdin"]), 2);
    assert!(says.contains("at least 8 characters"), "{says}");
    refused(&create("b b", "correct horse", &["--password-stdin"]), 2);
    refused(&create("boss3", "correct horse", &[]), 2);
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = path(&folder, "data");
    fs::create_dir(&data).unwrap();
    let file = path(&folder, "data/qres.db");
    let rubbish = "This is somebody's letter, not a database. ".repeat(100);
    fs::write(&file, &rubbish).unwrap();
    for command in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["demo", "--listen", "127.0.0.1:0"],
        &["migrate"],
        &["import", DEMO],
        &["export", "/tmp/never.json"],
    ] {
        let mut arguments = command.to_vec();
        arguments.extend(["--data-dir", &data]);
        let says = refused(&run(&arguments), 3);
        assert!(says.contains("not a database"), "{command:?}: {says}");
        assert_eq!(fs::read_to_string(&file).unwrap(), rubbish, "{command:?}");
    }
    let found = run(&["doctor", "--json", "--data-dir", &data]);
    refused(&found, 1);
    let found: Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(found["ok"], false);
}

#[test]
fn wrong_settings_end_with_2_and_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let config = path(&folder, "qres.toml");
    fs::write(&config, "restaurant_nmae = \"X\"\n").unwrap();
    let says = refused(&run(&["serve", "--config", &config]), 2);
    assert!(says.contains("Did you mean “restaurant_name”?"), "{says}");
    refused(&run(&["serve", "--config", &path(&folder, "none.toml")]), 2);
    refused(&run(&["serve", "--listen", "here"]), 2);
    refused(&run(&["dance"]), 2);
    refused(&run(&[]), 2);
}

#[test]
fn a_file_moves_in_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let data = path(&folder, "data");
    let import = |file: &str, more: &[&str]| {
        let mut arguments = vec!["import", file, "--json", "--data-dir", &data];
        arguments.extend(more);
        run(&arguments)
    };
    let menu = path(&folder, "menu.csv");
    fs::write(&menu, "category,dish,price,department\nSoups,Borscht,250,hot\n").unwrap();
    let count = |output: &Output| -> Value {
        let report: Value = serde_json::from_str(&ok(output)).unwrap();
        report["counts"]["dishes"].clone()
    };
    assert_eq!(count(&import(&menu, &["--dry-run"]))["created"], 1);
    assert_eq!(count(&import(&menu, &[]))["created"], 1);
    assert_eq!(count(&import(&menu, &[])), json!({"created": 0, "updated": 0, "unchanged": 1}));

    let bad = path(&folder, "bad.csv");
    fs::write(&bad, "category,dish,price,department\nSoups,Shchi,1,hot\nSoups,Okroshka,0,cold\n")
        .unwrap();
    let says = refused(&import(&bad, &[]), 1);
    assert!(says.contains("“line 3, price” must be more than 0"), "{says}");
    // The demo's passwords are too short for a real restaurant.
    let says = refused(&import(DEMO, &[]), 1);
    assert!(says.contains("staff[0].password: A password needs at least 8 characters"), "{says}");
    refused(&import(&path(&folder, "none.json"), &[]), 1);
    refused(&import(&path(&folder, "menu.xls"), &[]), 2);

    let out = path(&folder, "out.csv");
    ok(&run(&["export", &out, "--data-dir", &data]));
    let sheet = fs::read_to_string(&out).unwrap();
    assert_eq!(sheet.lines().count(), 2, "{sheet}");
    assert!(sheet.contains("Soups,Borscht,,Borscht,250.00,piece,hot"), "{sheet}");
}

#[test]
fn an_empty_folder_becomes_a_database_and_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let data = path(&folder, "data");
    let says = refused(&run(&["export", &path(&folder, "x.json"), "--data-dir", &data]), 3);
    assert!(says.contains("no database in it"), "{says}");
    refused(&run(&["doctor", "--data-dir", &data]), 1);
    assert!(!Path::new(&data).exists(), "looking made a folder");

    ok(&run(&["migrate", "--data-dir", &data]));
    let checked = ok(&run(&["doctor", "--data-dir", &data]));
    let (seen, unseen) = checked.split_once("\n\n").unwrap();
    assert!(seen.lines().all(|line| line.starts_with("ok") || line.starts_with("note")), "{seen}");
    for name in ["modes", "tls", "settings", "publisher", "cloud", "ports", "backup", "clock"] {
        assert!(seen.lines().any(|line| line.contains(name)), "{name}: {seen}");
    }
    assert!(unseen.contains("no program can see"), "{unseen}");
    // A door left open is wrong.
    let mut command = qres();
    let open = command.env("QRES_HTTP_STAFF", "true").args(["doctor", "--data-dir", &data]);
    let open = open.output().unwrap();
    refused(&open, 1);
    assert!(String::from_utf8(open.stdout).unwrap().contains("WRONG  settings"));
    let db = rusqlite::Connection::open(path(&folder, "data/qres.db")).unwrap();
    db.execute_batch("UPDATE refinery_schema_history SET version = 9000 + version").unwrap();
    let says = refused(&run(&["serve", "--data-dir", &data, "--listen", "127.0.0.1:0"]), 3);
    assert!(says.contains("newer qres"), "{says}");
    let says = refused(&run(&["export", &path(&folder, "x.json"), "--data-dir", &data]), 3);
    assert!(says.contains("newer qres"), "{says}");
}

#[test]
fn it_says_what_it_is() {
    let version = ok(&run(&["--version"]));
    assert!(version.contains(env!("CARGO_PKG_VERSION")) && version.contains("SQLite 3."));
    let document: Value = serde_json::from_str(&ok(&run(&["openapi"]))).unwrap();
    assert!(document["paths"]["/users/{id}"]["patch"].is_object());
    let key = ok(&run(&["secret", "generate"]));
    assert!(key.trim().len() >= 32);
}

#[tokio::test]
async fn a_register_is_played_on_this_machine_alone() {
    let open = ["fiscal-simulator", "--listen", "0.0.0.0:0"];
    assert!(refused(&run(&open), 2).contains("--lan"));
    assert!(refused(&run(&["fiscal-simulator", "--fault", "flood"]), 2).contains("flood"));
    let folder = tempfile::tempdir().unwrap();
    let data = path(&folder, "register");
    let arguments = ["--data-dir", &data, "--fault", "reply-lost-after=once", "--ffd", "1.05"];
    let mut register = Demo::of("fiscal-simulator", &arguments);
    let state = get(&register.url("/simulator")).await;
    assert_eq!((&state["ffd"], &state["documents"]), (&json!("1.05"), &json!(0)));
    assert_eq!(state["faults"][0]["fault"], "reply-lost-after");
    let second = ["fiscal-simulator", "--data-dir", &data, "--listen", "127.0.0.1:0"];
    assert!(refused(&run(&second), 3).contains("another simulator"));
    register.signal("-TERM");
    assert_eq!(register.wait().code(), Some(0));
}
