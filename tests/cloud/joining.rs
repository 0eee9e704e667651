//! A box that comes to its cloud, and what goes wrong on the way in.

use std::process::Command;
use std::time::{Duration, Instant};

use qres::features::cloud::Scope;
use qres::platform::config::Enrolment;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::copy::{database, enrolled};
use crate::harness::House;
use crate::postgres::Postgres;
use crate::same::until_same;
use crate::status;

/// Wakes the copy: it tries again at once.
async fn wake(house: &House) {
    house.admin.post("/cloud/menu/apply", &json!({})).await.ok();
}

/// B6: trouble was kept beside what the box knows of its cloud, so a box that never joined kept none:
/// the app and doctor said that all was well, and the log said it at every try.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_enrolment_is_told_of_on_a_box_that_never_joined() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Wrong").await;
    let wrong = Enrolment { password: "not this one".into(), ..site };
    let text = wrong.to_text();
    let house = House::open_with(enrolled(&wrong)).await;
    let told = status::until(&house, |status| status["trouble"] == "cloud_refused").await;
    assert!(told["trouble_text"].as_str().unwrap().contains("does not let this box in"), "{told}");

    let doctor = Command::new(env!("CARGO_BIN_EXE_qres"))
        .args(["doctor", "--json"])
        .env("QRES_DATA_DIR", database(&house).parent().unwrap())
        .env("QRES_CLOUD", text)
        .output()
        .unwrap();
    let doctor: Value = serde_json::from_slice(&doctor.stdout).unwrap();
    let checks = doctor["checks"].as_array().unwrap();
    let cloud = checks.iter().find(|check| check["name"] == "cloud").unwrap();
    assert_eq!(cloud["ok"], false, "{cloud}");

    // It is said once: what is known already is not written anew.
    let since = || -> i64 {
        let db = Connection::open(database(&house)).unwrap();
        db.query_row("SELECT since FROM cloud_trouble", [], |row| row.get(0)).unwrap()
    };
    let first = since();
    for _ in 0..3 {
        let before = postgres.refusals();
        wake(&house).await;
        let began = Instant::now();
        while postgres.refusals() == before {
            assert!(began.elapsed() < Duration::from_mins(1), "it does not try again");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    assert_eq!(since(), first);
}

/// B12: the cloud had taken a box in before the box had written it down. Cut off in between, the box
/// was refused for good as if it were another.
#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_did_not_hear_that_it_was_taken_in_is_still_the_same_box() {
    let mut postgres = Postgres::start().await;
    let site = postgres.site("Cut off").await;
    postgres.kill();
    let house = House::open_with(enrolled(&site)).await;
    let box_says =
        |sql: &str| Connection::open(database(&house)).unwrap().execute_batch(sql).unwrap();
    box_says(
        "CREATE TRIGGER cut_off BEFORE INSERT ON cloud_state
         BEGIN SELECT RAISE(ABORT, 'the plug is pulled'); END",
    );
    postgres.run().await;
    wake(&house).await;
    status::until(&house, |status| status["trouble"] == "box_busy").await;
    let owner = postgres.owner().await;
    let taken = "SELECT epoch FROM qres.sites WHERE name = 'Cut off'";
    assert_eq!(owner.client().query_one(taken, &[]).await.unwrap().get::<_, i64>(0), 1);
    box_says("DROP TRIGGER cut_off");
    wake(&house).await;
    until_same(&database(&house), &postgres, site.site_id).await;
    status::until(&house, |status| status["trouble"] == Value::Null).await;
}

/// B7: a version was taken, the wire broke before the cloud was told so, and it was never told.
#[tokio::test(flavor = "multi_thread")]
async fn a_menu_that_was_taken_is_reported_when_the_cloud_can_hear_it() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Deaf").await;
    let house = House::open_with(enrolled(&site)).await;
    until_same(&database(&house), &postgres, site.site_id).await;
    let owner = postgres.owner().await;
    let deaf = "REVOKE EXECUTE ON FUNCTION qres.report_menu(bigint, text) FROM qres_box";
    owner.client().batch_execute(deaf).await.unwrap();
    let menu = json!({"categories": [{"name": "Food", "dishes": [
        {"name": "Borscht", "department": "hot",
         "variations": [{"name": "Portion", "price": "399.00"}]}]}]});
    let version = owner.publish(&menu, &Scope::All, false).await.unwrap();
    wake(&house).await;
    status::until(&house, |status| {
        status["running_menu"] == version && status["trouble"] == "cloud_error"
    })
    .await;
    let hears = "GRANT EXECUTE ON FUNCTION qres.report_menu(bigint, text) TO qres_box";
    owner.client().batch_execute(hears).await.unwrap();
    wake(&house).await;
    let told = "SELECT menu_version FROM qres.sites";
    let began = Instant::now();
    while owner.client().query_one(told, &[]).await.unwrap().get::<_, i64>(0) != version {
        assert!(began.elapsed() < Duration::from_mins(1), "the cloud never heard of it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
