//! The memory of the unit, really enforced: the box lives in a control group as small as the one
//! that systemd gives it, and everything that takes memory comes at once.

use std::fs;
use std::path::Path;
use std::time::Duration;

use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;

use crate::cell::Cell;
use crate::harness::{Qres, eventually, new_key};
use crate::readers::{ask_and_sleep, goes_on};

const MIB: u64 = 1024 * 1024;

/// What systemd/qres.service grants.
fn of_the_unit() -> u64 {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd/qres.service");
    let unit = fs::read_to_string(unit).unwrap();
    let granted = unit.lines().find_map(|line| line.strip_prefix("MemoryMax=")?.strip_suffix('M'));
    granted.unwrap().parse::<u64>().unwrap() * MIB
}

/// As telephones make it.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let pixels = RgbImage::from_fn(width, height, |x, y| {
        let byte = |n: u32| n.to_le_bytes()[0];
        Rgb([byte(x / 7), byte(y / 5), byte(x ^ y)])
    });
    pixels.write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    jpeg.into_inner()
}

/// Sixteen people sign in at once.
async fn all_sign_in(qres: &Qres) {
    let mut people = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let person = crate::harness::Person::new(qres.port, None);
        people.spawn(async move {
            let body = json!({"username": "admin", "password": crate::harness::PASSWORD});
            person.post("/auth/login", &body).await.0
        });
    }
    while let Some(status) = people.join_next().await {
        assert_eq!(status.unwrap(), 200);
    }
}

/// F13: a kernel that gives huge pages to who asks for them, or to all, kept 24 MiB in them while
/// nobody had come yet.
#[tokio::test]
async fn a_box_takes_no_huge_pages_however_it_is_started() {
    let qres = Qres::start().await;
    all_sign_in(&qres).await;
    let of_process =
        |file: &str| fs::read_to_string(format!("/proc/{}/{file}", qres.pid())).unwrap();
    let status = of_process("status");
    if status.contains("THP_enabled:") {
        assert!(status.lines().any(|line| line == "THP_enabled:\t0"), "{status}");
    }
    let pages = of_process("smaps_rollup");
    let huge = pages.lines().find(|line| line.starts_with("AnonHugePages:"));
    assert!(huge.is_none_or(|line| line.ends_with(" 0 kB")), "{pages}");
}

/// F13: after sixteen people signed in at once and a rush, the box holds what is promised; and all of it at
/// once, with photos, a backup and three hundred readers asleep, fits into the unit's memory.
#[tokio::test(flavor = "multi_thread")]
async fn everything_at_once_fits_into_the_memory_of_the_unit() {
    let Some(cell) = Cell::new(of_the_unit()) else {
        eprintln!("SKIPPED, NOT PROVEN: no control group of memory can be made here (needs root)");
        return;
    };
    let mut qres = Qres::start_in(cell).await;
    all_sign_in(&qres).await;
    for _ in 0..200 {
        let key = new_key();
        assert_eq!(qres.admin.place(&key, &qres.order(&key, 4)).await.unwrap().status, 201);
    }
    let held = || Some(qres.own_memory()).filter(|held| *held <= 48);
    let held = eventually("the memory is given back", held).await;
    eprintln!("after sixteen sign-ins and a rush: {held} MiB");
    let mut asleep = Vec::new();
    for _ in 0..300 {
        asleep.push(ask_and_sleep(&qres).await);
    }
    let picture = photo(4000, 3000);
    let admin = qres.admin.clone();
    let upload = tokio::spawn(async move { admin.upload("/uploads", &picture).await.0 });
    assert_eq!(qres.admin.post("/box/backups", &json!({})).await.0, 202);
    all_sign_in(&qres).await;
    assert_eq!(upload.await.unwrap(), 201);
    goes_on(&qres).await;
    assert!(qres.runs());
    drop(asleep);
    tokio::time::timeout(Duration::from_secs(20), async {
        while qres.admin.get("/box/job").await.1["job"]["state"] == "running" {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    let held = || Some(qres.own_memory()).filter(|held| *held <= 48);
    let held = eventually("the memory is given back", held).await;
    eprintln!("after all of it: {held} MiB");
}
