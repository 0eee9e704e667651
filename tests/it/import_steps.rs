//! A large file beside orders, and what stays of one that ends half-way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use qres::features::import::{self, Import};
use qres::platform::app::App;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::harness::{House, Reply, TestApp};

/// What an order may wait beside an import: 50 ms, and in a build that is not optimised, on a
/// machine with other work, some times that. One import in one piece is seconds.
const PATIENCE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1000 } else { 50 });

/// The sizes of each dish: in a release build as many lines as a file may have.
const SIZES: usize = if cfg!(debug_assertions) { 2 } else { 10 };

/// A menu that fills a box, one category: every dish with so many sizes.
fn sheet(dishes: usize, sizes: usize) -> String {
    let mut sheet = String::from("category,dish,variation,price,department\n");
    for dish in 0..dishes {
        (0..sizes)
            .for_each(|n| sheet.push_str(&format!("Full,Dish {dish},Size {n},{},hot\n", n + 1)));
    }
    sheet
}

/// Orders one by one until `done`; returns how long each took, in order of length.
async fn orders_until(house: &House, done: Arc<AtomicBool>) -> Vec<Duration> {
    let items = json!({"items": [{"dish_id": house.borscht, "quantity": 1}]});
    let mut took = Vec::new();
    while !done.load(Ordering::Relaxed) {
        let order = json!({"order_type": "TAKEAWAY", "items": items["items"]});
        let begun = Instant::now();
        house.waiter.post("/orders/", &order).await.created();
        took.push(begun.elapsed());
    }
    took.sort();
    took
}

/// F15, N4: beside the largest file, in a dry run and taken in, orders are taken as ever.
#[tokio::test(flavor = "multi_thread")]
async fn orders_do_not_wait_for_an_import() {
    let house = House::open().await;
    for dry_run in [true, false] {
        let done = Arc::new(AtomicBool::new(false));
        let path = format!("/import?dry_run={dry_run}");
        let request = house.admin.request(Method::POST, &path).body(sheet(1998, SIZES));
        let importing = async {
            let reply: Reply = house.admin.send(request).await;
            done.store(true, Ordering::Relaxed);
            reply.ok()
        };
        let (report, took) = tokio::join!(importing, orders_until(&house, Arc::clone(&done)));
        assert_eq!(report["counts"]["variations"]["created"], 1998 * SIZES);
        let p99 = took[(took.len() * 99 / 100).min(took.len() - 1)];
        // Some: how many depends on what else the machine does. One that waits for all of it is too late.
        assert!(took.len() >= 5, "only {} orders beside the import", took.len());
        assert!(p99 < PATIENCE, "dry run {dry_run}: of {} orders p99 {p99:?}", took.len());
    }
}

/// F15: what is too much is said from its count, at once.
#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_file_is_refused_before_work() {
    let house = House::open().await;
    for dry_run in [true, false] {
        let request = house.admin.request(Method::POST, &format!("/import?dry_run={dry_run}"));
        let begun = Instant::now();
        house.admin.send(request.body(sheet(200_000, 1))).await.refused(400, "menu_full");
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    }
}

fn import_of(sheet: &str) -> Import {
    Import::new(import::read_csv(sheet.as_bytes()).unwrap())
}

async fn count_of_dishes(app: &App) -> i64 {
    let sql = "SELECT count(*) FROM dishes WHERE deleted_at IS NULL";
    app.store.read(move |db| Ok(db.query_row(sql, [], |row| row.get(0))?)).await.unwrap()
}

/// An import that ends half-way says how much is in, in its answer and in the audit trail, and the
/// same file does the rest.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_stopped_says_what_is_in_and_goes_on() {
    let test = TestApp::start().await;
    let (app, sheet) = (test.app.clone(), sheet(1500, 5));
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (app, stop, import) = (app.clone(), stop.clone(), import_of(&sheet));
        async move { import.run(&app.store, &app.auth.hasher, stop).await }
    });
    while count_of_dishes(&app).await == 0 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    let stopped = running.await.unwrap().unwrap_err();
    let problem = stopped.problem();
    assert_eq!((stopped.status(), problem.code), (503, "import_stopped"));
    let (done, total) = (problem.params["done"].as_i64().unwrap(), problem.params["total"].clone());
    assert_eq!(total, 1501);
    // The category is one of the things.
    assert_eq!(count_of_dishes(&app).await, done - 1);
    assert!(done > 1 && done < 1501, "{done}");

    let admin = test.admin().await;
    let trail = admin.get("/audit?subject=import").await.ok();
    let last = &trail["entries"][0];
    assert_eq!(last["action"], "import_stopped", "{trail}");
    assert_eq!(last["after"]["done"], done);

    let hasher = &app.auth.hasher;
    let rest = import_of(&sheet).run(&app.store, hasher, CancellationToken::new()).await;
    let counts = &rest.unwrap().counts["dishes"];
    assert_eq!((counts.created as i64, counts.unchanged as i64), (1501 - done, done - 1));
    let trail = admin.get("/audit?subject=import").await.ok();
    let actions: Vec<&Value> =
        trail["entries"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, ["import_done", "import_begun", "import_stopped", "import_begun"]);
}

/// As an import leaves it that the plug cut off.
struct Begun;
impl qres::core::store::Command for Begun {
    type Output = ();
    fn apply(self, tx: &mut qres::core::store::Tx<'_>) -> qres::core::error::Result<()> {
        let said = (Value::Null, json!({"things": 9}));
        qres::platform::audit::note(tx, None, "import_begun", ("import", None), said)
    }
}

/// Power that fails within an import leaves a beginning without an end; the next start says so.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_cut_off_is_told_at_the_next_start() {
    let test = TestApp::start().await;
    let app = &test.app;
    import_of(&sheet(3, 1))
        .run(&app.store, &app.auth.hasher, app.hub.stopping.clone())
        .await
        .unwrap();
    let trail = async || test.admin().await.get("/audit?subject=import").await.ok();
    import::note_broken_off(&app.store).await.unwrap();
    assert_eq!(trail().await["entries"][0]["action"], "import_done");
    app.store.run(Begun).await.unwrap();
    import::note_broken_off(&app.store).await.unwrap();
    let last = trail().await["entries"][0].clone();
    assert_eq!(last["action"], "import_stopped");
    import::note_broken_off(&app.store).await.unwrap();
    assert_eq!(trail().await["entries"][0]["id"], last["id"]);
}
