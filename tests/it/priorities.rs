//! The writer: who goes first, and how long work is done with orders in between.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use qres::appliance::tables;
use qres::core::error::Result;
use qres::core::store::{Command, Priority, Steps, Store, Tx};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::harness::House;

type Notes = Arc<Mutex<Vec<&'static str>>>;

/// Notes that it was done. `P` is its place in `Priority::ALL`.
struct Note<const P: usize>(Notes, &'static str);

impl<const P: usize> Command for Note<P> {
    type Output = ();
    const PRIORITY: Priority = Priority::ALL[P];

    fn apply(self, _: &mut Tx<'_>) -> Result<()> {
        self.0.lock().unwrap().push(self.1);
        Ok(())
    }
}

type Order = Note<0>;
type Staff = Note<1>;
type Upkeep = Note<2>;

/// Holds the writer until told to go on; says when it has begun.
struct Hold(oneshot::Sender<()>, mpsc::Receiver<()>);

impl Command for Hold {
    type Output = ();
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, _: &mut Tx<'_>) -> Result<()> {
        let _ = self.0.send(());
        let _ = self.1.recv();
        Ok(())
    }
}

struct Opened {
    store: Store,
    notes: Notes,
    _folder: tempfile::TempDir,
}

impl Opened {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), tables(), Vec::new()).unwrap();
        Self { store, notes: Notes::default(), _folder: folder }
    }

    async fn hold(&self) -> (JoinHandle<Result<()>>, mpsc::Sender<()>) {
        let (release, go_on) = mpsc::channel();
        let (begun, has_begun) = oneshot::channel();
        let store = self.store.clone();
        let hold = tokio::spawn(async move { store.run(Hold(begun, go_on)).await });
        has_begun.await.unwrap();
        (hold, release)
    }

    /// Lets a command wait; returns when it stands in its line.
    async fn line_up<C: Command>(&self, command: C) -> JoinHandle<Result<C::Output>> {
        let before = self.store.queue_length();
        let store = self.store.clone();
        let waits = tokio::spawn(async move { store.run(command).await });
        while self.store.queue_length() == before {
            tokio::task::yield_now().await;
        }
        waits
    }

    fn note<const P: usize>(&self, name: &'static str) -> Note<P> {
        Note(Arc::clone(&self.notes), name)
    }
}

// F15: orders waited behind whatever had come before them.
#[tokio::test]
async fn orders_go_before_staff_and_staff_before_upkeep() {
    let it = Opened::open();
    let (hold, go_on) = it.hold().await;
    let upkeep = it.line_up::<Upkeep>(it.note("upkeep")).await;
    let staff = it.line_up::<Staff>(it.note("staff")).await;
    let order = it.line_up::<Order>(it.note("order")).await;
    go_on.send(()).unwrap();
    hold.await.unwrap().unwrap();
    for done in [upkeep, staff, order] {
        done.await.unwrap().unwrap();
    }
    assert_eq!(*it.notes.lock().unwrap(), ["order", "staff", "upkeep"]);
    for priority in Priority::ALL {
        assert!(it.store.metrics().of(priority).longest().1.contains("priorities::"));
    }
}

#[tokio::test]
async fn a_full_line_of_upkeep_turns_no_order_away() {
    let it = Opened::open();
    let (hold, go_on) = it.hold().await;
    let mut waiting = Vec::new();
    for _ in 0..128 {
        waiting.push(it.line_up::<Upkeep>(it.note("upkeep")).await);
    }
    let refused = it.store.run::<Upkeep>(it.note("one too many")).await.unwrap_err();
    assert_eq!((refused.status(), refused.problem().code), (503, "queue_full"));
    waiting.push(it.line_up::<Order>(it.note("order")).await);
    go_on.send(()).unwrap();
    hold.await.unwrap().unwrap();
    for done in waiting {
        done.await.unwrap().unwrap();
    }
    assert_eq!(it.notes.lock().unwrap()[0], "order");
}

/// Does a step for each word; after the first it waits until it is told to go on.
struct Words(Notes, Vec<&'static str>, Option<(oneshot::Sender<()>, mpsc::Receiver<()>)>);

impl Steps for Words {
    type Output = usize;

    fn step(&mut self, _: &mut Tx<'_>) -> Result<ControlFlow<usize>> {
        if let Some((begun, go_on)) = self.2.take() {
            let _ = begun.send(());
            let _ = go_on.recv();
        }
        let mut notes = self.0.lock().unwrap();
        match self.1.pop() {
            Some(word) => notes.push(word),
            None => return Ok(ControlFlow::Break(notes.len())),
        }
        Ok(ControlFlow::Continue(()))
    }
}

#[tokio::test]
async fn long_work_is_done_in_steps_with_orders_in_between_and_whole_when_its_caller_leaves() {
    let it = Opened::open();
    let (release, go_on) = mpsc::channel();
    let (begun, has_begun) = oneshot::channel();
    let words =
        Words(Arc::clone(&it.notes), vec!["third", "second", "first"], Some((begun, go_on)));
    let store = it.store.clone();
    let work = tokio::spawn(async move { store.run_in_steps(words).await });
    has_begun.await.unwrap();
    let order = it.line_up::<Order>(it.note("order")).await;
    work.abort();
    release.send(()).unwrap();
    order.await.unwrap().unwrap();
    while it.notes.lock().unwrap().len() < 4 {
        tokio::task::yield_now().await;
    }
    assert_eq!(*it.notes.lock().unwrap(), ["first", "order", "second", "third"]);
}

// F15: health said well while nothing was committed.
#[tokio::test]
async fn who_asks_is_told_that_the_writer_is_held() {
    let it = Opened::open();
    it.store.probe(Duration::from_mins(1)).await.unwrap();
    let (hold, go_on) = it.hold().await;
    let refused = it.store.probe(Duration::from_millis(20)).await.unwrap_err();
    assert_eq!(refused.status(), 503);
    assert!(it.store.held_for() >= Duration::from_millis(20));
    go_on.send(()).unwrap();
    hold.await.unwrap().unwrap();
    it.store.probe(Duration::from_mins(1)).await.unwrap();
    while it.store.held_for() > Duration::ZERO {
        tokio::task::yield_now().await;
    }
}

/// A room full of tables.
struct Tables;

impl Command for Tables {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute_batch(
            "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200)
             INSERT INTO tables (number, seats, location_id, qr_code, created_at, updated_at)
                 SELECT 100 + i, 4, (SELECT id FROM locations), 'c' || i, 1, 1 FROM n;",
        )?;
        Ok(())
    }
}

/// Years of what upkeep deletes.
struct Fill;

impl Command for Fill {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let many = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ";
        tx.execute_batch(&format!(
            "UPDATE events SET at = unixepoch() * 1000 - 4 * 86400000
                 WHERE seq = (SELECT min(seq) FROM events WHERE seq > 0);
             INSERT INTO events (seq, at, kind, audience, data)
                 {many} 10000)
                 SELECT (SELECT min(0, min(seq)) FROM events) - i, 1, 'broadcast', 0, '{{}}' FROM n;
             INSERT INTO idempotency_keys (key, actor, request, reply, created_at)
                 {many} 10000) SELECT randomblob(16), 1, randomblob(16), '{{}}', 1 FROM n;
             INSERT INTO visits (table_id, began_at, since_seq) SELECT min(id), 1, 0 FROM tables;
             INSERT INTO guest_sessions (token_hash, visit_id, created_at, expires_at, seen_at, net)
                 {many} 10000) SELECT randomblob(32), (SELECT max(id) FROM visits), 1, 1, 1, '' FROM n;"
        ))?;
        Ok(())
    }
}

/// Places orders one after the other; returns how long the slowest but two took.
async fn rush(house: &House) -> Duration {
    let mut took = Vec::new();
    for _ in 0..200 {
        let begun = Instant::now();
        let order = house.waiter.post("/orders/", &house.borscht_order()).await.created();
        took.push(begun.elapsed());
        let path = format!("/orders/{}", order["id"]);
        house.admin.delete(&path).await.ok();
    }
    took.sort();
    took[197]
}

/// Says where all tables stand, again and again, and lets upkeep run, until told to stop.
async fn work_beside(house: &House, stop: &AtomicBool) -> usize {
    let tables: Value = house.admin.get("/tables?limit=100&is_occupied=false").await.ok();
    let tables = tables["tables"].as_array().unwrap().clone();
    let path = format!("/locations/{}/plan", tables[0]["location_id"]);
    let mut rounds = 0;
    while !stop.load(Ordering::Relaxed) {
        let place = |(at, table): (usize, &Value)| {
            let (x, y) = (at % 20 * 40, (at / 20 + rounds % 7) * 40);
            json!({"id": table["id"], "x": x, "y": y})
        };
        let plan: Vec<Value> = tables.iter().enumerate().map(place).collect();
        house.admin.put(&path, &json!(plan)).await.ok();
        house.app.app.forget_what_is_old().await.unwrap();
        rounds += 1;
    }
    rounds
}

// F15: a trim, a plan or an import held the writer while orders waited.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_no_order_makes_an_order_wait_for_long() {
    let house = House::open().await;
    house.app.app.store.run(Tables).await.unwrap();
    // Others may be busy on this machine: they only ever add, so the best of some rounds counts.
    let mut rounds = Vec::new();
    for _ in 0..5 {
        let alone = rush(&house).await;
        let beside = rush_beside_upkeep(&house).await;
        if beside <= alone + Duration::from_millis(50) {
            return;
        }
        rounds.push((beside, alone));
    }
    panic!("orders waited for what is no order (beside it, and without it): {rounds:?}");
}

/// As [`rush`], while old things are deleted and rooms are drawn anew.
async fn rush_beside_upkeep(house: &House) -> Duration {
    let store = &house.app.app.store;
    store.run(Fill).await.unwrap();
    let stop = AtomicBool::new(false);
    let rushed = async {
        let took = rush(house).await;
        stop.store(true, Ordering::Relaxed);
        took
    };
    let (took, rounds) = tokio::join!(rushed, work_beside(house, &stop));
    assert!(rounds > 0, "there was work beside");
    let left = |db: &qres::core::store::Connection| {
        Ok(db.query_row("SELECT count(*) FROM guest_sessions", [], |row| row.get::<_, i64>(0))?)
    };
    assert_eq!(store.read(left).await.unwrap(), 0, "what was old went");
    took
}
