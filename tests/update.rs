//! `qres update` with real processes: a good bundle, a broken, a tampered and an older one. The
//! bundles are made and signed by the publisher's own scripts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

#[path = "faults/port.rs"]
mod port;

/// The longest that any single thing may take; only a failure takes so long.
const PATIENCE: Duration = Duration::from_secs(40);

/// A publisher with a key, and a box that knows it.
struct House {
    folder: TempDir,
    port: u16,
    serving: Option<Child>,
}

impl House {
    fn new() -> Self {
        let port = port::free_port();
        let house = Self { folder: tempfile::tempdir().unwrap(), port, serving: None };
        house.make_key("key");
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.path("data")
    }

    fn make_key(&self, name: &str) {
        let output = script("update-key.sh")
            .arg(self.path(name))
            .env("QRES_UPDATE_PUB", self.path(&format!("{name}.pub")))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }

    /// A bundle with this program, said to be of this version.
    fn bundle_of(&self, program: &Path, version: &str, key: &str) -> PathBuf {
        let file = self.path(&format!("{version}.qres"));
        let output = script("bundle.sh")
            .arg(program)
            .args([version, std::env::consts::ARCH])
            .args([&self.path(key), &file])
            .env("QRES_BUNDLE_LEVEL", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
        file
    }

    fn bundle(&self, version: &str) -> PathBuf {
        self.bundle_of(&self.small_program(), version, "key")
    }

    /// This program without what only a debugger reads: it is packed and hashed many times.
    fn small_program(&self) -> PathBuf {
        let small = self.path("small");
        if !small.exists() {
            let mut strip = Command::new("strip");
            strip.arg("-o").arg(&small).arg(env!("CARGO_BIN_EXE_qres"));
            assert!(strip.status().unwrap().success());
        }
        small
    }

    /// A bundle whose program is a shell script.
    fn broken(&self, version: &str, script: &str) -> PathBuf {
        let program = self.path("broken");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        self.bundle_of(&program, version, "key")
    }

    fn qres(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qres"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("QRES_DATA_DIR", self.data())
            .env("QRES_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("QRES_MDNS", "false")
            .env("QRES_TLS_LISTEN", "off")
            .env("QRES_UPDATE_KEY", std::fs::read_to_string(self.path("key.pub")).unwrap())
            .env("QRES_UPDATE_TRIAL_SECONDS", "15")
            .current_dir(self.folder.path());
        command
    }

    fn start(&mut self) {
        let log =
            std::fs::File::options().create(true).append(true).open(self.path("log")).unwrap();
        self.serving = Some(self.qres(&["serve"]).stderr(log).spawn().unwrap());
        self.is_well();
    }

    fn is_well(&self) {
        let began = Instant::now();
        while !self.health().is_ok_and(|reply| reply.starts_with("HTTP/1.1 200 ")) {
            assert!(began.elapsed() < PATIENCE, "the box is not well: {}", self.log());
            sleep(Duration::from_millis(20));
        }
    }

    fn health(&self) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(
            b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        Ok(reply)
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    fn update(&self, bundle: &Path, more: &[&str]) -> Output {
        let bundle = bundle.to_str().unwrap();
        let mut arguments = vec!["update", "--json", bundle];
        arguments.extend(more);
        self.qres(&arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// The program that has the data folder.
    fn program(&self) -> PathBuf {
        let holder = std::fs::read_to_string(self.data().join("qres.lock")).unwrap();
        std::fs::read_link(format!("/proc/{}/exe", holder.trim())).unwrap()
    }

    fn stop(&mut self) {
        let Some(mut child) = self.serving.take() else { return };
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let began = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(began.elapsed() < PATIENCE, "it does not stop: {}", self.log());
            sleep(Duration::from_millis(10));
        }
    }

    /// What is in the database, as far as an update could hurt it.
    fn names(&self) -> Vec<String> {
        let db = rusqlite::Connection::open(self.data().join("qres.db")).unwrap();
        let mut names = db.prepare("SELECT name FROM payment_methods ORDER BY id").unwrap();
        names.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn write(&self, sql: &str) {
        let db = rusqlite::Connection::open(self.data().join("qres.db")).unwrap();
        db.execute_batch(sql).unwrap();
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(mut child) = self.serving.take() {
            // A version on trial is a child of it: it hears of the signal and ends first.
            let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            let began = Instant::now();
            while child.try_wait().is_ok_and(|status| status.is_none()) {
                if began.elapsed() > Duration::from_secs(10) {
                    let _ = child.kill();
                }
                sleep(Duration::from_millis(10));
            }
        }
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

fn script(name: &str) -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("image-build").join(name))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn ok(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn refused(output: &Output, says: &str) {
    assert_eq!(output.status.code(), Some(1), "{}", said(output));
    assert!(said(output).contains(says), "{}", said(output));
}

const CASH: &str =
    "INSERT INTO payment_methods (name, created_at, updated_at) VALUES ('Cash', 1, 1)";

#[test]
fn a_good_version_is_switched_to_and_stays() {
    let mut house = House::new();
    house.start();
    house.write(CASH);
    let outcome = ok(&house.update(&house.bundle("7.0.0"), &[]));
    assert_eq!((&outcome["version"], &outcome["is_well"]), (&"7.0.0".into(), &true.into()));
    house.is_well();
    let versions = house.data().canonicalize().unwrap().join("versions");
    assert_eq!(house.program(), versions.join("7.0.0/qres"));
    assert_eq!(house.names(), ["Cash"]);
    let made = std::fs::read_dir(house.data().join("backups")).unwrap().flatten();
    let names: Vec<_> = made.map(|file| file.file_name().into_string().unwrap()).collect();
    assert!(names.iter().any(|name| name.starts_with("before-update-")), "{names:?}");

    // The same again, and an older one, are refused.
    refused(&house.update(&house.bundle("7.0.0"), &[]), "had 7.0.0 already");
    refused(&house.update(&house.bundle("6.9.9"), &[]), "Only newer versions");
    // It stops through the one that tried it, and is started again alone.
    house.stop();
    house.start();
    assert_eq!(house.program(), versions.join("7.0.0/qres"));
    ok(&house.update(&house.bundle("7.0.1"), &[]));
    house.is_well();
    assert_eq!(house.program(), versions.join("7.0.1/qres"));
    let began = Instant::now();
    while versions.join("7.0.0").exists() {
        assert!(began.elapsed() < PATIENCE, "one version is enough");
        sleep(Duration::from_millis(10));
    }
    refused(&house.update(&house.bundle("7.0.0"), &[]), "Only newer versions");

    // What is run is what was signed, whoever can write the folder.
    house.stop();
    let program = versions.join("7.0.1/qres");
    let mut bytes = std::fs::read(&program).unwrap();
    bytes.push(0);
    std::fs::write(&program, bytes).unwrap();
    house.start();
    assert_eq!(house.program(), Path::new(env!("CARGO_BIN_EXE_qres")).canonicalize().unwrap());
    assert!(house.log().contains("not as it was signed"), "{}", house.log());
}

#[test]
fn a_broken_version_is_taken_back_with_what_it_did_to_the_data() {
    let mut house = House::new();
    house.start();
    house.write(CASH);
    let own = house.program();
    let wrecks = "rm -f \"$QRES_DATA_DIR\"/qres.db-*\n\
                  echo rubbish > \"$QRES_DATA_DIR/qres.db\"\n\
                  exit 1";
    let hangs = "trap '' TERM\nexec sleep 600";
    let cases = [("7.0.0", wrecks, "ended by itself"), ("7.0.1", hangs, "not well within 1 s")];
    for (version, script, why) in cases {
        let bundle = house.broken(version, script);
        house.stop();
        house.start();
        if script == hangs {
            house.stop();
            let log = std::fs::File::options().append(true).open(house.path("log")).unwrap();
            let mut command = house.qres(&["serve"]);
            command.env("QRES_UPDATE_TRIAL_SECONDS", "1").stderr(log);
            house.serving = Some(command.spawn().unwrap());
            house.is_well();
        }
        let output = house.update(&bundle, &[]);
        refused(&output, "taken back");
        let outcome: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(outcome["is_well"], false);
        let detail = outcome["detail"].as_str().unwrap();
        assert!(detail.contains(why) && detail.contains("as they were before"), "{detail}");
        house.is_well();
        assert_eq!(house.program(), own);
        assert_eq!(house.names(), ["Cash"]);
        assert!(!house.data().join("versions").join(version).exists());
    }
    house.stop();
    house.start();
    // It was never well, so a mended bundle of the same version may be tried.
    ok(&house.update(&house.bundle("7.0.1"), &[]));
}

#[test]
fn what_is_not_the_publishers_is_refused() {
    let mut house = House::new();
    house.start();
    let good = house.bundle("7.0.0");
    let bytes = std::fs::read(&good).unwrap();
    let bad = house.path("bad.qres");
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut plain).unwrap();
    let packed = |plain: &[u8]| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(plain).unwrap();
        // With the signature of what it was before.
        [gz.finish().unwrap(), bytes[bytes.len() - 72..].to_vec()].concat()
    };
    let flipped = |at: usize| {
        let mut plain = plain.clone();
        plain[at] ^= 1;
        packed(&plain)
    };
    let said = b"\"version\": \"7.0.0\"";
    let version = plain.windows(said.len()).position(|window| window == said).unwrap();
    let mut promoted = plain.clone();
    promoted[version..version + said.len()].copy_from_slice(b"\"version\": \"9.0.0\"");
    for tampered in [
        packed(&promoted),
        flipped(plain.len() / 2),
        bytes[..bytes.len() / 2].to_vec(),
        bytes[..bytes.len() - 72].to_vec(),
        [&bytes[..], b"more"].concat(),
        b"no bundle".to_vec(),
    ] {
        std::fs::write(&bad, tampered).unwrap();
        refused(&house.update(&bad, &[]), "not signed by the publisher");
    }
    house.make_key("other");
    let other = house.bundle_of(&house.small_program(), "7.0.0", "other");
    refused(&house.update(&other, &[]), "not signed by the publisher");
    refused(&house.update(&house.bundle("0.0.9"), &[]), "Only newer versions");
    let without = house.qres(&["update", "7.0.0.qres"]).env("QRES_UPDATE_KEY", "").output();
    refused(&without.unwrap(), "takes no updates");
    assert!(!house.data().join("versions/7.0.0").exists());
    house.is_well();
}

/// N5: a name of a gigabyte, small when packed, was read into memory before the signature was looked
/// at.
#[test]
fn nothing_is_unpacked_before_it_is_known_whose_it_is() {
    let house = House::new();
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_path("././@LongLink").unwrap();
    header.set_size(1 << 30);
    header.set_cksum();
    std::fs::write(house.path("header"), header.as_bytes()).unwrap();
    let bundle = house.path("crafted.qres");
    let make = "(cat header; head -c 1G /dev/zero) | gzip -1 > crafted.qres";
    let mut shell = Command::new("sh");
    assert!(shell.args(["-c", make]).current_dir(house.folder.path()).status().unwrap().success());
    // What a small board has; more cannot be had.
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -v 1000000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_qres")]);
    limited.args(["update", bundle.to_str().unwrap()]);
    limited.env("QRES_DATA_DIR", house.data());
    limited.env("QRES_UPDATE_KEY", std::fs::read_to_string(house.path("key.pub")).unwrap());
    refused(&limited.output().unwrap(), "not signed by the publisher");
}

#[test]
fn nobody_is_disturbed_in_a_rush() {
    let mut house = House::new();
    house.start();
    house.write(
        "INSERT INTO orders (business_day, number, order_type, status, payment_status, total,
            created_at, updated_at)
         VALUES (20260501, 1, 'TAKEAWAY', 'PENDING', 'UNPAID', 0, 1, 1)",
    );
    let bundle = house.bundle("7.0.0");
    refused(&house.update(&bundle, &[]), "1 orders are open");
    house.write("UPDATE orders SET closed_at = 2, status = 'CANCELLED'");
    // Hours that are not now, whatever the time is.
    let zone = jiff::tz::TimeZone::get("Europe/Moscow").unwrap();
    let hour = zone.to_datetime(jiff::Timestamp::now()).hour();
    let other = (hour + 12) % 24;
    let hours = format!("{other}-{}", (other + 1) % 24);
    let bundle = bundle.to_str().unwrap();
    let output = house.qres(&["update", bundle]).env("QRES_UPDATE_HOURS", hours).output().unwrap();
    refused(&output, "Updates are made from");
    assert!(!house.data().join("versions").exists());
    // From an address, on demand.
    let bytes = std::fs::read(bundle).unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/7.0.0.qres", server.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        let mut asked = [0; 1024];
        let _ = stream.read(&mut asked).unwrap();
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len()).unwrap();
        stream.write_all(&bytes).unwrap();
    });
    house.write("UPDATE orders SET closed_at = NULL, status = 'PENDING'");
    ok(&house.qres(&["update", "--json", "--now", &url]).output().unwrap());
    house.is_well();
}

/// B12: the version was unpacked before the backup, and stayed on the disk when that failed.
#[test]
fn without_a_backup_nothing_is_left_unpacked() {
    let mut house = House::new();
    house.start();
    let backups = house.data().join("backups");
    let _ = std::fs::remove_dir_all(&backups);
    std::fs::write(&backups, "no folder").unwrap();
    let output = house.update(&house.bundle("7.0.0"), &["--now"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let versions = house.data().join("versions");
    let left: Vec<_> =
        std::fs::read_dir(&versions).into_iter().flatten().map(|e| e.unwrap().path()).collect();
    assert!(!left.iter().any(|path| path.is_dir()), "{left:?}");
    // Once backups can be made again, the same bundle is taken.
    std::fs::remove_file(&backups).unwrap();
    ok(&house.update(&house.bundle("7.0.0"), &["--now"]));
}

/// B12: nor when the trial itself cannot be written down, after all was unpacked.
#[test]
fn what_is_not_going_to_be_tried_is_not_left_unpacked() {
    let mut house = House::new();
    house.start();
    let versions = house.data().join("versions");
    let in_the_way = versions.join("state.new");
    std::fs::create_dir_all(&in_the_way).unwrap();
    let output = house.update(&house.bundle("7.0.0"), &["--now"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("cannot be written"), "{}", said(&output));
    assert!(!versions.join("7.0.0").exists());
    std::fs::remove_dir(in_the_way).unwrap();
    ok(&house.update(&house.bundle("7.0.0"), &["--now"]));
}
