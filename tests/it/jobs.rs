//! Jobs: none without its deed, each in its turn, again when that must be, and what nobody knows is
//! never guessed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use qres::core::error::{Error, Result};
use qres::core::jobs::{
    Begin, Finish, Job, JobKind, KeptJob, NewJob, Next, Outcome, Resolution, State, WhenUnknown,
    enqueue, forget_ended, heads, open_and_failed, resolve, summaries,
};
use qres::core::store::{Command, Tx, begin_anew};
use qres::platform::app::App;
use qres::platform::feature::Feature;
use qres::platform::jobs::Runner;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use utoipa_axum::router::OpenApiRouter;

use crate::harness::{OpenBox, TestApp, eventually, id};

const SOON: Duration = Duration::from_millis(20);

const fn kind(name: &'static str, when_unknown: WhenUnknown) -> JobKind {
    let limit = Duration::from_mins(1);
    JobKind { name, pauses: &[SOON, SOON], limit, when_unknown, most_waiting: 5 }
}

static REPEATED: JobKind = kind("repeated", WhenUnknown::Repeat);
static ASKED: JobKind = kind("asked", WhenUnknown::Ask);
static RESOLVED: JobKind = kind("resolved", WhenUnknown::Person);
static HURRIED: JobKind =
    JobKind { limit: Duration::from_secs(2), ..kind("hurried", WhenUnknown::Repeat) };

/// A deed with a job; refused at the end when told to.
struct Deed {
    kind: &'static JobKind,
    lane: &'static str,
    key: String,
    refuse: bool,
}

impl Command for Deed {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let payload = json!({"says": self.key});
        enqueue(tx, &NewJob { kind: self.kind, lane: self.lane, key: &self.key, payload })?;
        if self.refuse { Err(Error::rule("no", "No.")) } else { Ok(()) }
    }
}

struct Say(i64, Resolution);

impl Command for Say {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        resolve(tx, self.0, self.1)
    }
}

struct Forget;

impl Command for Forget {
    type Output = usize;

    fn apply(self, tx: &mut Tx<'_>) -> Result<usize> {
        forget_ended(tx, 100)
    }
}

/// What a worker does with the next attempt.
enum Act {
    Answer(Outcome),
    Panic,
    Hang,
}

/// A device that does what the test says, and notes what came.
#[derive(Clone, Default)]
struct Device(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    acts: VecDeque<Act>,
    came: Vec<Job>,
}

impl Device {
    fn acts(&self, acts: impl IntoIterator<Item = Act>) {
        self.0.lock().unwrap().acts.extend(acts);
    }

    fn came(&self) -> Vec<Job> {
        self.0.lock().unwrap().came.clone()
    }

    fn keys(&self) -> Vec<String> {
        self.came().into_iter().map(|job| job.key).collect()
    }

    /// Waits until so many attempts came.
    async fn has_seen(&self, attempts: usize) {
        eventually("an attempt", async || self.came().len() == attempts).await;
    }

    async fn work(self, app: App, job: Job) -> Outcome {
        // On the disk before anything is sent.
        let id = job.id;
        let kept = app.store.read(move |db| qres::core::jobs::find(db, id)).await.unwrap();
        assert_eq!((kept.state, kept.attempts), (State::Running, job.attempt));
        assert_eq!(job.read::<Value>().unwrap(), json!({"says": job.key}));
        let act = {
            let mut inside = self.0.lock().unwrap();
            inside.came.push(job);
            inside.acts.pop_front()
        };
        match act {
            None => Outcome::Done,
            Some(Act::Answer(outcome)) => outcome,
            Some(Act::Panic) => panic!("as asked"),
            Some(Act::Hang) => std::future::pending().await,
        }
    }
}

/// A box whose jobs go to a device.
struct Bench {
    open: OpenBox,
    device: Device,
    running: Option<JoinHandle<()>>,
}

impl Bench {
    async fn new() -> Self {
        let open = OpenBox::new(|_| {}).await;
        let mut bench = Self { open, device: Device::default(), running: None };
        bench.start();
        bench
    }

    fn start(&mut self) {
        let mut feature = Feature::<App>::of(OpenApiRouter::new);
        for kind in [&REPEATED, &ASKED, &RESOLVED, &HURRIED] {
            let device = self.device.clone();
            feature = feature.works(kind, move |app, job| device.clone().work(app, job));
        }
        let runner = Runner::new(feature.workers);
        self.open.app.store.observe(runner.observer());
        let app = App::clone(&self.open.app);
        self.running = Some(tokio::spawn(async move { runner.run(app).await }));
    }

    /// As if the plug were pulled: what is under way ends without a word.
    async fn kill(&mut self) {
        let running = self.running.take().unwrap();
        running.abort();
        let _ = running.await;
    }

    async fn add(&self, kind: &'static JobKind, lane: &'static str, key: &str) {
        let deed = Deed { kind, lane, key: key.into(), refuse: false };
        self.open.app.store.run(deed).await.unwrap();
    }

    async fn not_done(&self) -> Vec<KeptJob> {
        self.open.app.store.read(|db| open_and_failed(db, (0, 100))).await.unwrap().0
    }

    /// The state of the job with a key; those that are done are not among them.
    async fn state(&self, key: &str) -> Option<(State, bool)> {
        let jobs = self.not_done().await;
        let job = jobs.into_iter().find(|job| job.key == key);
        job.map(|job| (job.state, job.next_at.is_some()))
    }

    async fn is_done(&self, key: &str) {
        eventually(key, async || self.state(key).await.is_none()).await;
    }

    async fn becomes(&self, key: &str, state: State) -> KeptJob {
        eventually(key, async || self.state(key).await.is_some_and(|(now, _)| now == state)).await;
        self.not_done().await.into_iter().find(|job| job.key == key).unwrap()
    }

    async fn say(&self, id: i64, is: Resolution) -> Result<()> {
        self.open.app.store.run(Say(id, is)).await
    }
}

fn not_yet() -> Act {
    Act::Answer(Outcome::NotYet("it is out of paper".into()))
}

fn unknown() -> Act {
    Act::Answer(Outcome::Unknown("the line was cut".into()))
}

#[tokio::test]
async fn there_is_no_job_of_a_deed_that_was_rolled_back_and_one_of_a_key() {
    let bench = Bench::new().await;
    let refused = Deed { kind: &REPEATED, lane: "bar", key: "never".into(), refuse: true };
    bench.open.app.store.run(refused).await.unwrap_err();
    bench.add(&REPEATED, "bar", "once").await;
    bench.add(&REPEATED, "bar", "once").await;
    bench.is_done("once").await;
    // Also when it is done by then; of another kind it is another one.
    bench.add(&REPEATED, "bar", "once").await;
    bench.add(&ASKED, "bar", "once").await;
    bench.add(&REPEATED, "bar", "last").await;
    eventually("the last", async || bench.device.keys().contains(&"last".to_owned())).await;
    assert_eq!(bench.device.keys(), ["once", "once", "last"]);
    let kinds: Vec<_> = bench.device.came().into_iter().map(|job| job.kind).collect();
    assert_eq!(kinds, ["repeated", "asked", "repeated"]);
}

#[tokio::test]
async fn a_lane_goes_one_after_another_and_holds_up_no_other() {
    let mut bench = Bench::new().await;
    bench.device.acts([Act::Hang]);
    bench.add(&REPEATED, "bar", "first").await;
    bench.device.has_seen(1).await;
    bench.add(&REPEATED, "bar", "second").await;
    bench.add(&REPEATED, "kitchen", "other").await;
    bench.is_done("other").await;
    assert_eq!(bench.device.keys(), ["first", "other"]);
    assert_eq!(bench.state("second").await, Some((State::Waiting, true)));
    bench.kill().await;
    bench.start();
    bench.is_done("second").await;
    assert_eq!(bench.device.keys(), ["first", "other", "first", "second"]);
}

#[tokio::test]
async fn what_is_not_done_yet_is_tried_again_and_given_up_after_its_last_pause() {
    let bench = Bench::new().await;
    bench.device.acts([not_yet(), not_yet(), not_yet()]);
    bench.add(&RESOLVED, "bar", "ticket").await;
    let failed = bench.becomes("ticket", State::Failed).await;
    assert_eq!((failed.attempts, failed.last_error.as_deref()), (3, Some("it is out of paper")));
    assert_eq!(bench.device.came().len(), 3);
    // What has failed holds up nobody, and is done when somebody says so.
    bench.add(&RESOLVED, "bar", "next").await;
    bench.is_done("next").await;
    bench.say(failed.id, Resolution::Again).await.unwrap();
    bench.is_done("ticket").await;
    let again = bench.say(failed.id, Resolution::Again).await.unwrap_err();
    assert_eq!((again.status(), again.problem().code), (409, "job_moved_on"));
}

#[tokio::test]
async fn a_panic_and_a_device_that_hangs_are_errors_of_their_job_alone() {
    let bench = Bench::new().await;
    bench.device.acts([Act::Panic, Act::Hang]);
    bench.add(&HURRIED, "bar", "ticket").await;
    bench.is_done("ticket").await;
    let came = bench.device.came();
    let seen: Vec<_> = came.iter().map(|job| (job.attempt, job.is_unknown)).collect();
    assert_eq!(seen, [(1, false), (2, true), (3, true)]);
}

/// The heart of it: what was under way when the plug was pulled may have been done. Each kind does
/// what is right then, under the same key.
#[tokio::test]
async fn after_a_pulled_plug_each_kind_does_what_is_right() {
    let mut bench = Bench::new().await;
    bench.device.acts([Act::Hang, Act::Hang, Act::Hang]);
    for (kind, lane) in [(&REPEATED, "web"), (&ASKED, "register"), (&RESOLVED, "terminal")] {
        bench.add(kind, lane, lane).await;
    }
    bench.device.has_seen(3).await;
    bench.kill().await;
    bench.add(&RESOLVED, "terminal", "after it").await;
    bench.start();
    bench.is_done("web").await;
    bench.is_done("register").await;
    let waits = bench.becomes("terminal", State::Unknown).await;
    eventually("a person", async || bench.state("terminal").await == Some((State::Unknown, false)))
        .await;
    let came: Vec<_> = bench.device.came().into_iter().skip(3).collect();
    assert_eq!(came.len(), 2, "the terminal is left alone");
    assert!(came.iter().all(|job| job.is_unknown && job.attempt == 2));
    assert_eq!(waits.last_error.as_deref(), Some("the box stopped while it was under way"));
    // Its lane stands still until somebody says how it ended.
    assert_eq!(bench.state("after it").await, Some((State::Waiting, true)));
    let summary = bench.open.app.store.read(summaries).await.unwrap();
    let unknown = summary.iter().find(|of| of.state == State::Unknown).unwrap();
    assert_eq!((unknown.kind.as_str(), unknown.jobs, unknown.for_person), ("resolved", 1, 1));
    bench.say(waits.id, Resolution::Done).await.unwrap();
    bench.is_done("after it").await;
    assert_eq!(bench.device.came().len(), 6);
}

#[tokio::test]
async fn what_may_have_been_done_is_never_guessed() {
    let bench = Bench::new().await;
    bench.device.acts([unknown(), unknown(), unknown()]);
    bench.add(&ASKED, "register", "receipt").await;
    eventually("a person", async || bench.state("receipt").await == Some((State::Unknown, false)))
        .await;
    assert_eq!(bench.device.came().len(), 3);
    // Asked, the register says that it has not done it: it is done now.
    bench.device.acts([unknown(), not_yet()]);
    bench.add(&ASKED, "other register", "other").await;
    bench.is_done("other").await;
    let came = bench.device.came();
    let seen: Vec<_> = came[3..].iter().map(|job| job.is_unknown).collect();
    assert_eq!(seen, [false, true, false]);
}

#[tokio::test]
async fn what_waits_is_bounded_and_the_oldest_is_given_up() {
    let mut bench = Bench::new().await;
    bench.kill().await;
    for n in 0..8 {
        bench.add(&REPEATED, "bar", &n.to_string()).await;
    }
    bench.add(&REPEATED, "kitchen", "other lane").await;
    let given_up: Vec<_> = bench
        .not_done()
        .await
        .into_iter()
        .filter(|job| job.state == State::Failed)
        .map(|job| job.key)
        .collect();
    assert_eq!(given_up, ["2", "1", "0"]);
    bench.start();
    bench.is_done("7").await;
    assert_eq!(bench.device.keys().iter().filter(|key| *key != "other lane").count(), 5);
}

#[tokio::test]
async fn only_the_newest_attempt_says_how_it_ended() {
    let mut bench = Bench::new().await;
    bench.kill().await;
    bench.add(&REPEATED, "bar", "ticket").await;
    let store = &bench.open.app.store;
    let head = &store.read(|db| heads(db, 9)).await.unwrap()[0];
    let finish =
        |attempt, state| Finish { id: head.id, attempt, next: Next::stays(state), error: None };
    let first = store.run(Begin(vec![(head.id, 0)])).await.unwrap();
    assert_eq!(first[0].attempt, 1);
    assert!(store.run(Begin(vec![(head.id, 0), (head.id, 1)])).await.unwrap().is_empty());
    store.run(finish(1, State::Unknown)).await.unwrap();
    bench.say(head.id, Resolution::Again).await.unwrap();
    store.run(Begin(vec![(head.id, 0)])).await.unwrap();
    store.run(finish(7, State::Failed)).await.unwrap();
    assert_eq!(bench.state("ticket").await.unwrap().0, State::Running);
    store.run(finish(1, State::Done)).await.unwrap();
    assert_eq!(bench.state("ticket").await, None);
}

#[tokio::test]
async fn what_this_version_does_not_know_is_given_up_and_seen() {
    static OF_THE_FUTURE: JobKind = kind("future", WhenUnknown::Repeat);
    let bench = Bench::new().await;
    bench.add(&OF_THE_FUTURE, "bar", "strange").await;
    bench.add(&REPEATED, "bar", "known").await;
    bench.is_done("known").await;
    assert_eq!(bench.state("strange").await, Some((State::Failed, false)));
}

#[tokio::test]
async fn a_restored_copy_does_not_know_what_was_done_since() {
    let mut bench = Bench::new().await;
    bench.kill().await;
    bench.add(&REPEATED, "web", "message").await;
    bench.add(&RESOLVED, "terminal", "payment").await;
    begin_anew(&bench.open.folder.path().join("data/qres.db")).unwrap();
    bench.start();
    bench.is_done("message").await;
    eventually("a person", async || bench.state("payment").await == Some((State::Unknown, false)))
        .await;
    assert_eq!(bench.device.keys(), ["message"]);
}

#[tokio::test]
async fn what_has_ended_is_forgotten_in_its_time() {
    let bench = Bench::new().await;
    bench.device.acts([Act::Answer(Outcome::Failed("no such printer".into()))]);
    for key in ["failed", "done"] {
        bench.add(&REPEATED, "bar", key).await;
    }
    bench.is_done("done").await;
    let store = &bench.open.app.store;
    let count = async || {
        let sql = "SELECT count(*) FROM jobs";
        let count = store.read(|db| Ok(db.query_row::<i64, _, _>(sql, [], |row| row.get(0))?));
        count.await.unwrap()
    };
    assert_eq!(store.run(Forget).await.unwrap(), 0);
    assert_eq!(count().await, 2);
    for (days, left) in [(4_i64, 1), (31, 0)] {
        let db = rusqlite::Connection::open(bench.open.folder.path().join("data/qres.db")).unwrap();
        db.execute("UPDATE jobs SET updated_at = updated_at - ?1", [days * 86_400_000]).unwrap();
        store.run(Forget).await.unwrap();
        assert_eq!(count().await, left, "after {days} days");
    }
}

#[tokio::test]
async fn admins_see_what_is_not_done_and_say_what_becomes_of_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    app.database()
        .execute_batch(
            "INSERT INTO jobs (kind, lane, key, payload, state, attempts, last_error, created_at,
                               updated_at)
             VALUES ('webhook', 'a', 'k1', '{}', 'UNKNOWN', 2, 'the line was cut', 1000, 1000),
                    ('webhook', 'b', 'k2', '{}', 'FAILED', 9, 'it answered 404', 1000, 1000),
                    ('webhook', 'c', 'k3', '{}', 'DONE', 1, NULL, 1000, 1000);",
        )
        .unwrap();
    let list = admin.get("/jobs").await.ok();
    assert_eq!(list["total"], 2);
    let unknown = &list["jobs"][1];
    assert_eq!(
        (&unknown["state"], &unknown["last_error"]),
        (&json!("UNKNOWN"), &json!("the line was cut"))
    );
    let metrics = admin.get("/metrics").await.text();
    for line in [
        "qres_jobs{kind=\"webhook\",state=\"UNKNOWN\"} 1",
        "qres_jobs{kind=\"webhook\",state=\"FAILED\"} 1",
        "qres_jobs_oldest_seconds{kind=\"webhook\",state=\"FAILED\"} ",
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    let say = async |job: &Value, resolution: &str| {
        let path = format!("/jobs/{}/resolve", id(job));
        admin.post(&path, &json!({"resolution": resolution})).await
    };
    assert_eq!(say(unknown, "DONE").await.ok()["state"], "DONE");
    assert_eq!(say(unknown, "AGAIN").await.status, 409);
    // Done again, it finds that the settings name no address.
    assert_eq!(say(&list["jobs"][0], "AGAIN").await.ok()["state"], "WAITING");
    eventually("it is given up again", async || {
        let list = admin.get("/jobs").await.ok();
        list["total"] == 1 && list["jobs"][0]["state"] == "FAILED"
    })
    .await;
    let trail = admin.get("/audit").await.ok();
    assert_eq!(trail["entries"][0]["subject"], "job");
    assert_eq!(trail["entries"][1]["after"]["state"], "DONE");
}
