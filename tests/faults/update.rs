//! Orders that come in while a new version is tried and taken back.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::disk::SmallDisk;
use crate::harness::{Person, Qres, eventually, new_key, qres_command};

/// Brings the schema to one that no program of today can read.
const RAISES: &str = "python3 - <<'END'
import os, sqlite3
db = sqlite3.connect(os.environ['QRES_DATA_DIR'] + '/qres.db')
db.execute(\"INSERT INTO refinery_schema_history VALUES (9000, 'later', '2030', '1')\")
db.commit()
END";

/// A publisher, and the settings by which a box knows them.
struct Publisher {
    folder: PathBuf,
    public: String,
}

impl Publisher {
    fn beside(data: &Path) -> Self {
        let folder = data.parent().unwrap().to_owned();
        let public = folder.join("key.pub");
        let made = script("update-key.sh")
            .arg(folder.join("key"))
            .env("QRES_UPDATE_PUB", &public)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", said(&made));
        Self { folder, public: std::fs::read_to_string(public).unwrap() }
    }

    /// A bundle whose program is a shell script.
    fn bundle(&self, lines: &str) -> PathBuf {
        let (program, file) = (self.folder.join("program"), self.folder.join("7.0.0.qres"));
        std::fs::write(&program, format!("#!/bin/sh\n{lines}\n")).unwrap();
        let made = script("bundle.sh")
            .arg(program)
            .args(["7.0.0", std::env::consts::ARCH])
            .args([&self.folder.join("key"), &file])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", said(&made));
        file
    }

    /// A box that knows this publisher, started anew.
    async fn known_to(&self, qres: &mut Qres) {
        qres.terminate();
        qres.ended().await;
        qres.settings = vec![
            ("QRES_UPDATE_KEY", self.public.clone().leak()),
            ("QRES_UPDATE_TRIAL_SECONDS", "15"),
        ];
        qres.restart().await;
    }

    fn update(&self, data: &Path, bundle: &Path) -> Output {
        qres_command(data, "update")
            .args(["--now", "--json"])
            .arg(bundle)
            .env("QRES_UPDATE_KEY", &self.public)
            .stdout(Stdio::piped())
            .output()
            .unwrap()
    }
}

fn script(name: &str) -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("image-build").join(name))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn detail(output: &Output) -> String {
    let outcome: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no outcome: {}", said(output)));
    assert_eq!(outcome["is_well"], false, "{outcome}");
    outcome["detail"].as_str().unwrap().to_owned()
}

/// Waiters who go on ordering, whatever the box answers.
struct Waiters {
    accepted: Arc<AtomicUsize>,
    stop: CancellationToken,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Waiters {
    fn at_work(qres: &Qres) -> Self {
        let (accepted, stop) = (Arc::new(AtomicUsize::new(0)), CancellationToken::new());
        let tasks = (0..4).map(|_| {
            let (person, order) = (qres.admin.clone(), qres.order("meanwhile", 2));
            tokio::spawn(order_on(person, order, Arc::clone(&accepted), stop.clone()))
        });
        Self { tasks: tasks.collect(), accepted, stop }
    }

    fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    async fn go_home(self) -> i64 {
        self.stop.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
        i64::try_from(self.accepted.load(Ordering::SeqCst)).unwrap()
    }
}

async fn order_on(
    person: Person,
    order: Value,
    accepted: Arc<AtomicUsize>,
    stop: CancellationToken,
) {
    let mut key = new_key();
    while !stop.is_cancelled() {
        match person.place(&key, &order).await {
            Ok(placed) if placed.status == 201 => {
                accepted.fetch_add(1, Ordering::SeqCst);
                key = new_key();
            }
            // The same order again, as a tablet does.
            _ => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

/// Tries a bundle while waiters order. Returns what was told, how many orders were accepted, and how
/// many are there at the end.
async fn tried_in_a_rush(lines: &str) -> (String, i64, i64) {
    let mut qres = Qres::start().await;
    let publisher = Publisher::beside(&qres.data);
    publisher.known_to(&mut qres).await;
    let bundle = publisher.bundle(lines);
    let waiters = Waiters::at_work(&qres);
    eventually("orders come in", || (waiters.accepted() > 10).then_some(())).await;
    let data = qres.data.clone();
    let output = tokio::task::spawn_blocking(move || publisher.update(&data, &bundle));
    let told = detail(&output.await.unwrap());
    let then = waiters.accepted();
    eventually("orders come in again", || (waiters.accepted() > then + 10).then_some(())).await;
    let accepted = waiters.go_home().await;
    qres.assert_sound();
    (told, accepted, qres.marked("meanwhile").0)
}

/// B1: the database went back to a backup that was made while orders came in, and what was accepted
/// between the backup's start and the stop was gone without a word. Now it goes back to a copy that
/// was made when nothing could be written any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_raises_the_schema_and_ends_loses_no_order() {
    let (told, accepted, there) = tried_in_a_rush(&format!("{RAISES}\nexit 1")).await;
    assert!(told.contains("ended by itself"), "{told}");
    assert!(told.contains("data are as they were before"), "{told}");
    assert_eq!(there, accepted, "every order that was accepted is there");
}

/// B1: when the copy for the way back is spoilt too, the restaurant starts with the newest sound
/// backup, and is told how many orders are not in it.
#[tokio::test(flavor = "multi_thread")]
async fn when_the_way_back_is_spoilt_the_box_starts_and_tells_how_much_is_lost() {
    let spoils =
        format!("{RAISES}\necho spoilt > \"$QRES_DATA_DIR/versions/before/qres.db\"\nexit 1");
    let (told, accepted, there) = tried_in_a_rush(&spoils).await;
    let lost: i64 = told
        .split_once(" orders are not in it")
        .and_then(|(before, _)| before.rsplit(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("no number is told: {told}"));
    assert!(told.contains("before-update-"), "{told}");
    assert_eq!(lost, accepted - there);
}

/// B1: a version on trial accepts nothing before it is durable that it stays: it would be lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_version_on_trial_accepts_nothing_until_it_is_decided() {
    let mut qres = Qres::start().await;
    let placed = qres.admin.place(&new_key(), &qres.order("trial", 1)).await.unwrap();
    assert_eq!(placed.status, 201);
    qres.terminate();
    qres.ended().await;
    let well = qres.data.with_file_name("well");
    qres.settings = vec![("QRES_UPDATE_WELL", well.to_str().unwrap().to_owned().leak())];
    qres.restart().await;
    eventually("it says that it is well", || well.exists().then_some(())).await;
    let key = new_key();
    let refused = qres.admin.place(&key, &qres.order("trial", 1)).await.unwrap();
    assert_eq!((refused.status.as_u16(), &refused.body["retry_after"]), (503, &1.into()));
    assert_eq!(qres.marked("trial").0, 1);
    std::fs::remove_file(&well).unwrap();
    let began = Instant::now();
    let order = qres.order("trial", 1);
    while !qres.admin.place(&key, &order).await.is_ok_and(|placed| placed.status == 201) {
        assert!(began.elapsed() < crate::harness::PATIENCE, "it does not open: {}", qres.log());
    }
    assert_eq!(qres.marked("trial").0, 2);
}

/// B1: without space for the way back nothing is tried.
#[tokio::test(flavor = "multi_thread")]
async fn without_space_for_the_way_back_nothing_is_tried() {
    let disk = SmallDisk::mount(160);
    let mut qres = Qres::start_on(&disk.path().join("data")).await;
    let publisher = Publisher::beside(&qres.data);
    publisher.known_to(&mut qres).await;
    qres.terminate();
    qres.ended().await;
    let bundle = publisher.bundle(&format!("{RAISES}\nexit 1"));
    let waits = publisher.update(&qres.data, &bundle);
    assert_eq!(waits.status.code(), Some(0), "{}", said(&waits));
    let ballast = disk.fill();
    let file = std::fs::File::options().write(true).open(&ballast).unwrap();
    file.set_len(file.metadata().unwrap().len() - 16 * 1024 * 1024).unwrap();
    qres.restart().await;
    let state = std::fs::read(qres.data.join("versions/state.json")).unwrap();
    let state: Value = serde_json::from_slice(&state).unwrap();
    let told = state["last"]["detail"].as_str().unwrap();
    assert!(told.contains("not tried") && told.contains("MiB"), "{told}");
    assert!(!qres.data.join("versions/7.0.0").exists());
    let placed = qres.admin.place(&new_key(), &qres.order("after", 1)).await.unwrap();
    assert_eq!(placed.status, 201);
}
