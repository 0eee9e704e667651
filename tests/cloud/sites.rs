//! Whose data are whose: one site sees nothing of another, a clone and an old copy are refused, a
//! new box takes the place of a dead one.

use qres::appliance::tables;
use qres::features::cloud::{Connection, restore};
use qres::platform::config::Enrolment;
use serde_json::json;

use crate::copy::{database, enrolled};
use crate::harness::{Client, House};
use crate::postgres::Postgres;
use crate::running::{Running, settings};
use crate::same::{difference, until_same};
use crate::status;

#[tokio::test(flavor = "multi_thread")]
async fn a_box_sees_and_writes_nothing_of_another_site() {
    let postgres = Postgres::start().await;
    let mine = postgres.site("Mine").await;
    let theirs = postgres.owner().await.add_site("Theirs", None).await.unwrap();
    let house = House::open_with(enrolled(&theirs)).await;
    house.place().await;
    until_same(&database(&house), &postgres, theirs.site_id).await;
    let thief = Connection::enrolled(&mine).await.unwrap();
    let relations =
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                  WHERE n.nspname = 'qres' AND c.relkind IN ('r', 'v')";
    let relations = thief.client.query(relations, &[]).await.unwrap();
    assert!(relations.len() > tables().copied().len());
    for row in relations {
        let table: String = row.get(0);
        let read = thief.client.query(&format!("SELECT * FROM qres.{table}"), &[]).await;
        assert!(read.map_or(true, |rows| rows.is_empty()), "{table} can be read");
        if tables().copied().iter().any(|copied| copied.name == table) {
            let write = format!("INSERT INTO qres.{table} (site_id, id) VALUES ($1, 999999)");
            assert!(thief.client.execute(&write, &[&theirs.site_id]).await.is_err(), "{table}");
            let change = format!("UPDATE qres.{table} SET site_id = $1");
            let changed = thief.client.execute(&change, &[&mine.site_id]).await;
            assert!(changed.map_or(true, |rows| rows == 0), "{table} can be changed");
            let removed = thief.client.execute(&format!("DELETE FROM qres.{table}"), &[]).await;
            assert!(removed.map_or(true, |rows| rows == 0), "{table} can be emptied");
        } else {
            let emptied = thief.client.execute(&format!("DELETE FROM qres.{table}"), &[]).await;
            assert!(emptied.is_err(), "{table} can be emptied");
        }
    }
    assert_eq!(difference(&database(&house), &postgres, theirs.site_id).await, None);
    // Cut off, it does not even get in.
    postgres.owner().await.revoke("Mine").await.unwrap();
    let refused = Connection::enrolled(&mine).await.err().unwrap();
    assert_eq!(refused.code, "cloud_refused", "{refused}");
    // And back again under a new string.
    let again = postgres.owner().await.add_site("Mine", None).await.unwrap();
    assert_eq!(again.site_id, mine.site_id);
    Connection::enrolled(&again).await.unwrap();
}

fn copy_of(house: &House) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let db = rusqlite::Connection::open(database(house)).unwrap();
    let into = folder.path().join("qres.db");
    db.execute("VACUUM INTO ?1", [into.to_str().unwrap()]).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_and_an_old_copy_are_refused_and_the_right_box_goes_on() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Cloned").await;
    let house = House::open_with(enrolled(&site)).await;
    house.place().await;
    until_same(&database(&house), &postgres, site.site_id).await;
    let card = copy_of(&house);
    house.place().await;
    until_same(&database(&house), &postgres, site.site_id).await;
    {
        let clone = Running::on(card.path(), &site, "another machine").await;
        let words = clone.until_trouble("cloud_cloned").await;
        assert!(words.contains("copy of this card"), "{words}");
    }
    let owner = postgres.owner().await;
    let alarm = "SELECT alarm FROM qres.sites";
    let alarm = owner.client().query_one(alarm, &[]).await.unwrap();
    assert_eq!(alarm.get::<_, Option<&str>>(0), Some("cloned"));
    {
        let old = Running::on(card.path(), &site, "the box").await;
        old.until_trouble("cloud_behind").await;
    }
    house.place().await;
    until_same(&database(&house), &postgres, site.site_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_box_from_the_cloud_goes_on_and_the_old_one_is_fenced() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Reborn").await;
    let house = House::open_with(enrolled(&site)).await;
    for _ in 0..3 {
        house.place().await;
    }
    let takeaway =
        json!({"order_type": "TAKEAWAY", "items": [{"dish_id": house.pizza, "quantity": 2}]});
    let last = house.waiter.post("/orders/", &takeaway).await.created();
    until_same(&database(&house), &postgres, site.site_id).await;

    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new");
    let new = settings(&data, &site, "a new board");
    let mut told = 0;
    let restored = restore(&new, &site, tables(), |progress| told = progress.rows).await.unwrap();
    assert_eq!((told, restored.complete_until.is_some()), (restored.rows, true));
    let again = restore(&new, &site, tables(), |_| ()).await.unwrap_err();
    assert_eq!(again.code, "folder_in_use");

    // What came back is what was there, and one order that keeps the numbers apart.
    let there = difference(&data.join("qres.db"), &postgres, site.site_id).await.unwrap();
    assert!(there.starts_with("orders: 3 rows here, 2 there"), "{there}");
    let db = rusqlite::Connection::open(data.join("qres.db")).unwrap();
    let highest: (i64, i64) = db
        .query_row("SELECT max(id), max(number) FROM orders", [], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap();
    let number = last["number"].as_i64().unwrap();
    assert!(highest.0 > last["id"].as_i64().unwrap() + 500 && highest.1 > number + 500);
    let secrets =
        "SELECT count(*) FROM users WHERE password_hash LIKE '$%' OR pin_hash IS NOT NULL";
    assert_eq!(db.query_row(secrets, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    drop(db);

    let running = Running::on(&data, &site, "a new board").await;
    until_same(&data.join("qres.db"), &postgres, site.site_id).await;
    let admin = running.set_up_again().await;
    let takeaway =
        json!({"order_type": "TAKEAWAY", "items": [{"dish_id": house.pizza, "quantity": 1}]});
    let next = admin.post("/orders/", &takeaway).await.created();
    assert!(next["number"].as_i64().unwrap() > number + 500, "{next}");
    until_same(&data.join("qres.db"), &postgres, site.site_id).await;
    house.place().await;
    status::until(&house, |status| status["trouble"] == "cloud_fenced").await;
    drop(running);
}

/// A box of before the restaurant's day had an hour: its copy has no value for it. A new box is made
/// of it all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_an_older_box_has_made_comes_back() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Old").await;
    let house = House::open_with(enrolled(&site)).await;
    let placed = house.place().await;
    until_same(&database(&house), &postgres, site.site_id).await;
    let owner = postgres.owner().await;
    let unknown = "UPDATE qres.site SET day_begins_hour = NULL";
    owner.client().batch_execute(unknown).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new");
    let new = settings(&data, &site, "a new board");
    restore(&new, &site, tables(), |_| ()).await.unwrap();
    let running = Running::on(&data, &site, "a new board").await;
    let anybody = Client::new(&running.base, None);
    assert_eq!(anybody.get("/setup/state").await.ok()["restored"], true);
    let db = rusqlite::Connection::open(data.join("qres.db")).unwrap();
    let known = "SELECT (SELECT day_begins_hour FROM site), count(*) FROM orders WHERE number = ?1";
    let known: (i64, i64) = db
        .query_row(known, [placed["number"].as_i64().unwrap()], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap();
    assert_eq!(known, (0, 1));
}

/// What is wrong with the cloud is said in plain words, and the restaurant notices nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_that_is_wrong_is_told_of_and_orders_go_on() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Wrong").await;
    let house = House::open_with(enrolled(&site)).await;
    until_same(&database(&house), &postgres, site.site_id).await;
    let card = copy_of(&house);
    let wire = crate::wire::Wire::silent().await;
    let wrong_word = Enrolment { password: "guessed".into(), ..site.clone() };
    let foreign = Enrolment { tls: crate::postgres::foreign_authority(), ..site.clone() };
    let nobody = Enrolment { port: 9, ..site.clone() };
    let silent = Enrolment { port: wire.port, ..site.clone() };
    for (enrolment, code) in [
        (wrong_word, "cloud_refused"),
        (foreign, "cloud_tls"),
        (nobody, "cloud_unreachable"),
        (silent, "cloud_silent"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(card.path().join("qres.db"), folder.path().join("qres.db")).unwrap();
        let running = Running::on(folder.path(), &enrolment, "the box").await;
        let words = running.until_trouble(code).await;
        assert!(words.ends_with('.') && !words.contains("guessed"), "{words}");
    }
    house.place().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_certificate_is_not_trusted() {
    let mut postgres = Postgres::start().await;
    let site = postgres.site("Expired").await;
    let house = House::open_with(enrolled(&site)).await;
    until_same(&database(&house), &postgres, site.site_id).await;
    let card = copy_of(&house);
    postgres.kill();
    postgres.certify(2021);
    postgres.run_for_nobody();
    let running = Running::on(card.path(), &site, "the box").await;
    let words = running.until_trouble("cloud_tls").await;
    assert!(words.contains("nothing was sent"), "{words}");
}
