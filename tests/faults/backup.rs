//! Backups of a box that serves, brought back on an empty machine, and what may go wrong with
//! them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use rusqlite::{Connection, types::Value};

use crate::harness::{Qres, new_key, qres_command};

fn run(data: &Path, arguments: &[&str]) -> Output {
    let mut command = qres_command(data, arguments[0]);
    command.args(&arguments[1..]).stdout(std::process::Stdio::piped()).output().unwrap()
}

#[track_caller]
fn ok(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn refused(output: &Output, code: i32, says: &str) {
    let text = said(output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(text.contains(says), "{text}");
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every row of every table.
fn everything(data: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    let db = Connection::open(data.join("qres.db")).unwrap();
    let mut names =
        db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let names: Vec<String> =
        names.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let rows = |name: &str| {
        let mut all = db.prepare(&format!("SELECT * FROM {name} ORDER BY 1, 2")).unwrap();
        let width = all.column_count();
        let rows = all.query_map([], |row| (0..width).map(|place| row.get(place)).collect());
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    };
    names.into_iter().map(|name| (name.clone(), rows(&name))).collect()
}

/// The same but for what a restore changes on purpose: sign-ins, and the event and the entry of the
/// audit trail that tell of it.
fn without_marks(data: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    let mut tables = everything(data);
    assert_eq!(tables.remove("sessions"), Some(Vec::new()), "nobody is signed in");
    let events = tables.get_mut("events").unwrap();
    let mark = events.pop().unwrap();
    assert!(mark.contains(&Value::Text("restored".into())), "{mark:?}");
    let entry = tables.get_mut("audit").unwrap().pop().unwrap();
    assert!(entry.contains(&Value::Text("restored".into())), "{entry:?}");
    tables
}

/// The backup with a manifest as a later version would write it.
fn of_a_later_version(backup: &[u8]) -> Vec<u8> {
    let plain = zstd::decode_all(backup).unwrap();
    let mut later = tar::Builder::new(Vec::new());
    for entry in tar::Archive::new(&plain[..]).entries().unwrap() {
        let mut entry = entry.unwrap();
        let mut header = entry.header().clone();
        let name = entry.path().unwrap().into_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        if name.to_str() == Some("manifest.json") {
            let mut manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            manifest["schema"] = 9000.into();
            bytes = serde_json::to_vec(&manifest).unwrap();
        }
        header.set_size(bytes.len() as u64);
        later.append_data(&mut header, name, &bytes[..]).unwrap();
    }
    zstd::encode_all(&later.into_inner().unwrap()[..], 1).unwrap()
}

async fn some_orders(qres: &Qres, count: usize) {
    for _ in 0..count {
        let placed = qres.admin.place(&new_key(), &qres.order("before", 3)).await.unwrap();
        assert_eq!(placed.status, 201, "{}", placed.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_serving_box_comes_back_whole_on_an_empty_machine() {
    let qres = Qres::start().await;
    some_orders(&qres, 20).await;
    std::fs::create_dir_all(qres.data.join("uploads/2026")).unwrap();
    std::fs::write(qres.data.join("uploads/2026/soup-96.jpg"), vec![9; 70_000]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("b.tar.zst.age");
    let file = file.to_str().unwrap();
    let secret = folder.path().join("passphrase");
    std::fs::write(&secret, "correct horse battery staple\n").unwrap();
    let secret = secret.to_str().unwrap();
    // What the door saw is written down a moment later: a backup that nothing was written beside.
    let mut before = everything(&qres.data);
    loop {
        ok(&run(&qres.data, &["backup", file, "--passphrase-file", secret]));
        let now = everything(&qres.data);
        if now == before {
            break;
        }
        before = now;
    }
    before.remove("sessions");
    let bytes = std::fs::read(file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"));

    let data = folder.path().join("data");
    refused(&run(&data, &["restore", file]), 1, "encrypted");
    let looked = ok(&run(&data, &["restore", file, "--passphrase-file", secret, "--dry-run"]));
    assert!(looked.contains("orders      20") && looked.contains("uploads     1"), "{looked}");
    assert!(!data.join("qres.db").exists());
    ok(&run(&data, &["restore", file, "--passphrase-file", secret]));
    assert_eq!(without_marks(&data), before);
    for file in ["uploads/2026/soup-96.jpg", "secrets/pin.key"] {
        assert_eq!(
            std::fs::read(data.join(file)).unwrap(),
            std::fs::read(qres.data.join(file)).unwrap()
        );
    }
    assert!(!data.join("secrets/token.key").exists());
    let checked = ok(&run(&data, &["doctor"]));
    assert!(!checked.contains("WRONG"), "{checked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_shows_one_moment() {
    let qres = Qres::start().await;
    let file = qres.data.with_file_name("b.tar.zst");
    let stop = tokio_util::sync::CancellationToken::new();
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (admin, stop, order) = (qres.admin.clone(), stop.clone(), qres.order("load", 4));
            tokio::spawn(async move {
                while !stop.is_cancelled() {
                    let placed = admin.place(&new_key(), &order).await.unwrap();
                    assert_eq!(placed.status, 201, "{}", placed.body);
                }
            })
        })
        .collect();
    let mut last = -1;
    for _ in 0..3 {
        let data = qres.data.clone();
        let name = file.to_str().unwrap().to_owned();
        let output = tokio::task::spawn_blocking(move || run(&data, &["backup", &name]));
        ok(&output.await.unwrap());
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        ok(&run(&data, &["restore", file.to_str().unwrap()]));
        let db = Connection::open(data.join("qres.db")).unwrap();
        let (orders, lines) = crate::harness::marked(&db, "load");
        assert_eq!(lines, orders * 4);
        assert!(orders > last, "each shows more than the one before");
        last = orders;
    }
    stop.cancel();
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_newer_or_in_use_is_refused_and_nothing_changes() {
    let mut qres = Qres::start().await;
    some_orders(&qres, 5).await;
    let file = qres.data.with_file_name("b.tar.zst");
    let name = file.to_str().unwrap();
    ok(&run(&qres.data, &["backup", name]));
    refused(&run(&qres.data, &["restore", name]), 3, "Another qres is running");
    qres.terminate();
    qres.ended().await;

    let before = everything(&qres.data);
    let bytes = std::fs::read(&file).unwrap();
    let bad = qres.data.with_file_name("bad.tar.zst");
    let length = bytes.len();
    let cuts = [0, 1, 3, 100, length / 3, length / 2, length - 700, length - 20, length - 1];
    let cut = cuts.iter().map(|&at| bytes[..at].to_vec());
    let flipped = (1..20).map(|n| {
        let mut bytes = bytes.clone();
        bytes[n * (length - 1) / 20] ^= 0x10;
        bytes
    });
    // A flipped bit may say the same: to copy from another page that is equal. That damages nothing.
    let content = zstd::decode_all(&bytes[..]).unwrap();
    let flipped =
        flipped.filter(|bytes| zstd::decode_all(&bytes[..]).ok().as_ref() != Some(&content));
    for bytes in cut.chain(flipped).chain([b"no backup at all".to_vec()]) {
        std::fs::write(&bad, bytes).unwrap();
        let output = run(&qres.data, &["restore", bad.to_str().unwrap()]);
        refused(&output, 1, "Nothing was changed");
        assert!(!qres.data.join("restore.new").exists());
    }
    refused(&run(&qres.data, &["restore", "/nowhere"]), 1, "cannot be read");
    assert_eq!(everything(&qres.data), before);

    let newer = qres.data.with_file_name("newer.tar.zst");
    std::fs::write(&newer, of_a_later_version(&bytes)).unwrap();
    refused(&run(&qres.data, &["restore", newer.to_str().unwrap()]), 1, "newer qres");
    assert_eq!(everything(&qres.data), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_killed_leaves_the_old_or_the_new_data() {
    let mut qres = Qres::start().await;
    some_orders(&qres, 3).await;
    std::fs::write(qres.data.join("uploads/old.jpg"), "old").unwrap();
    let file = qres.data.with_file_name("b.tar.zst");
    ok(&run(&qres.data, &["backup", file.to_str().unwrap()]));
    std::fs::remove_file(qres.data.join("uploads/old.jpg")).unwrap();
    some_orders(&qres, 4).await;
    qres.terminate();
    qres.ended().await;

    let whole = std::time::Instant::now();
    let copy = qres.data.with_file_name("copy");
    let renew = || {
        let _ = std::fs::remove_dir_all(&copy);
        let status = Command::new("cp").arg("-a").arg(&qres.data).arg(&copy).status().unwrap();
        assert!(status.success());
    };
    renew();
    ok(&run(&copy, &["restore", file.to_str().unwrap()]));
    let whole = whole.elapsed();
    let mut seen = [0, 0];
    for n in 0..24 {
        renew();
        let mut child = qres_command(&copy, "restore").arg(file.to_str().unwrap()).spawn().unwrap();
        // Where it is hit is left to luck; what is asserted holds everywhere.
        tokio::time::sleep(whole * n / 24).await;
        let _ = child.kill();
        child.wait().unwrap();
        ok(&run(&copy, &["migrate"]));
        let db = Connection::open(copy.join("qres.db")).unwrap();
        let (orders, lines) = crate::harness::marked(&db, "before");
        let has_picture = copy.join("uploads/old.jpg").exists();
        match (orders, lines, has_picture) {
            (7, 21, false) => seen[0] += 1,
            (3, 9, true) => seen[1] += 1,
            half => panic!("neither the old nor the new: {half:?}"),
        }
        let leftover = ["restore.new", "exchange.json"].iter().any(|name| copy.join(name).exists());
        assert!(!leftover);
    }
    assert!(seen[0] > 0, "none was hit in time: {seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timer_keeps_a_ladder_and_copies_it_to_sticks() {
    let qres = Qres::start().await;
    some_orders(&qres, 2).await;
    let stick = qres.data.with_file_name("stick");
    std::fs::create_dir(&stick).unwrap();
    let keep = || {
        let mut command = qres_command(&qres.data, "backup");
        command.args(["--keep", "--json"]).stdout(std::process::Stdio::piped());
        let folders = format!("[{:?}, {:?}]", stick.to_str().unwrap(), "/nowhere/at/all");
        command.env("QRES_BACKUP_FOLDERS", folders).output().unwrap()
    };
    let told =
        |output: &Output| -> serde_json::Value { serde_json::from_str(&ok(output)).unwrap() };
    let first = told(&keep());
    let name = first["made"].as_str().unwrap();
    assert_eq!(first["sticks"][0]["name"], name);
    let own = std::fs::read(qres.data.join("backups").join(name)).unwrap();
    assert_eq!(std::fs::read(stick.join("QRes").join(name)).unwrap(), own);

    let again = told(&keep());
    assert!(again["made"].is_null(), "nothing happened since: {again}");
    some_orders(&qres, 1).await;
    let third = told(&keep());
    assert!(third["made"].is_string(), "{third}");
    assert_eq!(third["sticks"][0]["name"], name, "the stick has its copy of this night");
    // Both are of one hour: the older one went, unless the hour turned between them.
    let kept = std::fs::read_dir(qres.data.join("backups")).unwrap().flatten();
    let kept = kept.filter(|file| file.file_name().to_string_lossy().starts_with("qres-")).count();
    assert!(kept <= 2, "{kept}");
}
