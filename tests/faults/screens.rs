//! Screens that read nothing of what they are told: five hundred of them take no memory to speak of,
//! however large an order is, and keep no other screen from its own.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::feed::{Screen, newest, slow_screen};
use crate::harness::{Qres, eventually, new_key};

/// What all screens together may take, in MiB. A debug build has larger tasks than a release.
const MOST: u64 = 32;

/// One order that grew line by line until it was as large as the stranger's: 400 lines with
/// wishes of 400 letters. Returns its number, and a line.
async fn large_order(qres: &Qres) -> (i64, serde_json::Value) {
    let line = json!({"dish_id": qres.menu.dishes[0], "quantity": 1, "comment": "x".repeat(400)});
    let body = json!({"table_id": qres.menu.tables[0], "items": vec![&line; 100]});
    let mut id = 0;
    for _ in 0..4 {
        let placed = qres.admin.place(&new_key(), &body).await.unwrap();
        assert_eq!(placed.status, 201, "{}", placed.body);
        id = placed.body["id"].as_i64().unwrap();
    }
    add_lines(qres, id, &line, 30).await;
    (id, line)
}

async fn add_lines(qres: &Qres, order: i64, line: &serde_json::Value, count: usize) {
    for _ in 0..count {
        let (status, reply) = qres.admin.post(&format!("/orders/{order}/items"), line).await;
        assert_eq!(status, 201, "{reply}");
    }
}

/// What it holds once the memory of signing in was given back.
async fn at_rest(qres: &Qres) -> u64 {
    eventually("it rests", || Some(qres.own_memory()).filter(|held| *held <= 20)).await
}

/// The most that it holds within some seconds.
async fn peak(qres: &Qres, seconds: u64) -> u64 {
    let (began, mut peak) = (Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(seconds) {
        peak = peak.max(qres.own_memory());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    peak
}

/// N1: fifty screens that came back for an order of 400 lines and read nothing took 500 MiB, and the
/// eighty-third killed the box.
#[tokio::test(flavor = "multi_thread")]
async fn screens_that_come_back_and_read_nothing_take_no_memory() {
    let mut qres = Qres::start().await;
    large_order(&qres).await;
    let before = at_rest(&qres).await;
    let mut asleep = Vec::new();
    for _ in 0..100 {
        asleep.push(slow_screen(&qres, Some(0)).await);
    }
    let most = peak(&qres, 4).await;
    eprintln!("a hundred screens that read nothing: {before} -> {most} MiB");
    assert!(most <= before + MOST, "{most} MiB, before {before}");
    // Those who read hear all, beside those who do not.
    let end = newest(&qres).await;
    let mut reading = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (admin, port) = (qres.admin.clone(), qres.port);
        reading.spawn(async move {
            let mut screen = Screen::connect(&admin, port, Some(0)).await;
            screen.events_to(end).await.len()
        });
    }
    let most = peak(&qres, 2).await;
    for told in reading.join_all().await {
        assert!(told > 30, "{told}");
    }
    eprintln!("and eight that read: {most} MiB");
    assert!(most <= before + MOST, "{most} MiB, before {before}");
    assert!(qres.runs());
}

/// N1: three hundred screens that were told of 400 more lines, and read nothing, took 243 MiB.
#[tokio::test(flavor = "multi_thread")]
async fn screens_that_are_told_and_read_nothing_take_no_memory() {
    let mut qres = Qres::start().await;
    let (order, line) = large_order(&qres).await;
    let before = at_rest(&qres).await;
    let mut asleep = Vec::new();
    for _ in 0..300 {
        asleep.push(slow_screen(&qres, None).await);
    }
    let mut good = Screen::connect(&qres.admin, qres.port, None).await;
    let adding = add_lines(&qres, order, &line, 60);
    let hearing = async {
        for _ in 0..60 {
            good.event().await;
        }
    };
    let ((), (), most) = tokio::join!(adding, hearing, peak(&qres, 10));
    eprintln!("three hundred screens that read nothing: {before} -> {most} MiB");
    assert!(most <= before + MOST, "{most} MiB, before {before}");
    assert!(qres.runs());
}
