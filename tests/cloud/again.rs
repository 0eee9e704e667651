//! What a box has said once is said again: twice, late, out of order, and cut off anywhere.

use qres::platform::config::{Enrolment, WireTls};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::copy::{database, do_something, enrolled};
use crate::harness::House;
use crate::postgres::Postgres;
use crate::same::{difference, until_same};
use crate::wire::{Dice, Wire};

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_come_twice_late_or_cut_off_change_nothing() {
    let postgres = Postgres::start_trusting().await;
    let owner = postgres.owner_in_the_clear().await;
    let site = postgres.site("Again").await;
    let (wire, said) = Wire::recording(postgres.port).await;
    let site = Enrolment { port: wire.port, tls: WireTls::Off, ..site };
    let house = House::open_with(enrolled(&site)).await;
    house.place().await;
    let path = database(&house);
    until_same(&path, &postgres, site.site_id).await;
    let hang_up =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'qres_site%'";
    let mut dice = Dice::new(5);
    for round in 0..4 {
        owner.client().execute(hang_up, &[]).await.unwrap();
        // The same row, in every connection another.
        let name = json!({"name": format!("Pizza {round}")});
        house.admin.patch(&format!("/dishes/{}", house.pizza), &name).await.ok();
        for _ in 0..4 {
            do_something(&house, &mut dice).await;
        }
        until_same(&path, &postgres, site.site_id).await;
    }
    // In the first one the box joined: that is no batch.
    let said: Vec<Vec<u8>> = said.lock().unwrap().iter().skip(1).cloned().collect();
    assert!(said.len() >= 4, "the box came {} times", said.len());
    let batches = "SELECT batch, epoch, through FROM qres.sites";
    let state = || async {
        let row = owner.client().query_one(batches, &[]).await.unwrap();
        (row.get::<_, i64>(0), row.get::<_, i64>(1), row.get::<_, Option<i64>>(2))
    };
    let before = state().await;
    for words in said.iter().rev().chain(&said) {
        say(postgres.port, words).await;
        let cut = usize::try_from(dice.roll(words.len() as u64)).unwrap();
        say(postgres.port, &words[..cut]).await;
    }
    assert_eq!(state().await, before);
    assert_eq!(difference(&path, &postgres, site.site_id).await, None);
    house.place().await;
    until_same(&path, &postgres, site.site_id).await;
}

/// Says all of it and hears the answer out.
async fn say(port: u16, words: &[u8]) {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let (mut hears, mut says) = socket.split();
    let mut answer = Vec::new();
    let speak = async {
        let _ = says.write_all(words).await;
        let _ = says.shutdown().await;
    };
    let ((), _) = tokio::join!(speak, hears.read_to_end(&mut answer));
}
