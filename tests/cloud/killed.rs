//! The real program, killed in the storm, and restored from a backup file.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use qres::platform::config::Enrolment;
use serde_json::{Value, json};

use crate::postgres::{Postgres, by_way_of};
use crate::process::{Person, Qres, qres_command};
use crate::same::until_same;
use crate::wire::Wire;

/// The settings file that the program finds beside its data.
pub fn enrol(qres: &Qres, site: &Enrolment) {
    let text = format!("[cloud]\nenrolment = \"{}\"\nhardware = \"the box\"\n", site.to_text());
    std::fs::write(qres.data.with_file_name("qres.toml"), text).unwrap();
}

pub fn database(qres: &Qres) -> std::path::PathBuf {
    qres.data.join("qres.db")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_is_killed_in_the_storm_loses_and_doubles_nothing() {
    let mut postgres = Postgres::start().await;
    let site = postgres.site("Killed").await;
    let wire = Wire::breaking(postgres.port, 60_000, 11).await;
    let mut qres = Qres::start().await;
    enrol(&qres, &by_way_of(&site, wire.port));
    qres.kill();
    qres.restart().await;
    let mut accepted = 0;
    for round in 0..12 {
        accepted += rush_and_kill(&mut qres, 3 + round * 5 % 17).await;
        match round {
            4 => postgres.kill(),
            7 => postgres.run().await,
            _ => {}
        }
        qres.restart().await;
    }
    qres.assert_sound();
    until_same(&database(&qres), &postgres, site.site_id).await;
    let owner = postgres.owner().await;
    let count = "SELECT count(*) FROM qres.orders";
    let there: i64 = owner.client().query_one(count, &[]).await.unwrap().get(0);
    assert!(there >= i64::try_from(accepted).unwrap(), "{there} of {accepted} orders are there");
    assert!(wire.cuts.load(Ordering::Relaxed) > 3, "the wire did break");
}

/// Three clients order until nobody answers; after so many orders the process is killed.
async fn rush_and_kill(qres: &mut Qres, orders: usize) -> usize {
    let accepted = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..3)
        .map(|_| {
            let person = Person::new(qres.port, qres.admin.token.as_deref());
            let (order, accepted) = (qres.order("storm", 3), Arc::clone(&accepted));
            tokio::spawn(async move {
                let mut key = 0;
                while let Ok(placed) = {
                    key += 1;
                    person.place(&format!("{}-{key}", uuid::Uuid::new_v4()), &order).await
                } {
                    assert_eq!(placed.status, 201, "{}", placed.body);
                    accepted.fetch_add(1, Ordering::AcqRel);
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            })
        })
        .collect();
    while accepted.load(Ordering::Acquire) < orders {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    qres.kill();
    for client in clients {
        client.await.unwrap();
    }
    accepted.load(Ordering::Acquire)
}

async fn until(admin: &Person, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let (_, status) = admin.get("/cloud").await;
        if wanted(&status) {
            return status;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "the status stays {status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn run(data: &Path, subcommand: &str, argument: &Path) {
    let output = qres_command(data, subcommand).arg(argument).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_restored_here_goes_on_when_the_admin_says_so() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Yesterday").await;
    let mut qres = Qres::start().await;
    enrol(&qres, &site);
    qres.kill();
    qres.restart().await;
    let order = qres.order("before", 2);
    qres.admin.place("before-the-backup", &order).await.unwrap();
    until_same(&database(&qres), &postgres, site.site_id).await;
    let file = qres.data.with_file_name("yesterday.tar.zst");
    run(&qres.data, "backup", &file);
    for number in 0..5 {
        qres.admin.place(&format!("after-the-backup-{number}"), &order).await.unwrap();
    }
    until_same(&database(&qres), &postgres, site.site_id).await;
    qres.terminate();
    assert!(qres.ended().await.success());
    run(&qres.data, "restore", &file);
    qres.restart().await;
    let admin = qres.sign_in("admin").await;
    let status = until(&admin, |status| status["trouble"] == "cloud_behind").await;
    assert_ne!(status["cloud_reaches"], Value::Null, "how far the cloud reaches is told");
    // The five orders are in the cloud and nowhere else; nothing is removed before somebody says so.
    let owner = postgres.owner().await;
    let orders = || async {
        let row = owner.client().query_one("SELECT count(*) FROM qres.orders", &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    assert_eq!(orders().await, 6);
    assert_eq!(admin.post("/cloud/take-over", &json!({})).await.0, 200);
    until(&admin, |status| status["trouble"] == Value::Null && status["connected"] == true).await;
    until_same(&database(&qres), &postgres, site.site_id).await;
    assert_eq!(orders().await, 1);
    admin.place("after-the-restore", &order).await.unwrap();
    until_same(&database(&qres), &postgres, site.site_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_says_how_the_copy_is() {
    let mut postgres = Postgres::start().await;
    let site = postgres.site("Asked").await;
    let mut qres = Qres::start().await;
    enrol(&qres, &site);
    qres.kill();
    qres.restart().await;
    until_same(&database(&qres), &postgres, site.site_id).await;
    let ask = || {
        let mut command = qres_command(&qres.data, "cloud");
        let output = command.arg("status").stdout(std::process::Stdio::piped()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let said = ask();
    for line in ["127.0.0.1, it answers", "Complete up to:     20", "Rows that wait:     0"] {
        assert!(said.contains(line), "{said}");
    }
    assert!(said.contains("version none published, none running"), "{said}");
    postgres.kill();
    qres.admin.place("while-it-is-away", &qres.order("away", 2)).await.unwrap();
    let said = ask();
    assert!(said.contains("it does not answer"), "{said}");
    assert!(said.contains("Rows that wait:     3") && said.contains("nothing moves now"), "{said}");
    assert!(said.contains("cannot be reached"), "{said}");
}
