//! The store: what shares a commit does not share its mishaps.

use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use qres::appliance::tables;
use qres::core::error::{Error, Result};
use qres::core::event::{Audience, Event, Kind, NewEvent, Payload, Thing};
use qres::core::store::{Command, Commit, OpenError, Store, Tx};
use serde::Serialize;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

#[derive(Serialize)]
struct Said {
    name: String,
}

impl Payload for Said {
    const KIND: Kind = Kind::Broadcast;
    const AUDIENCE: Audience = Audience::STAFF;
}

/// Writes a payment method and tells of it, then ends as told.
struct Write {
    name: String,
    end: End,
}

enum End {
    Well,
    Refused,
    Panic,
}

impl Command for Write {
    type Output = i64;

    fn apply(self, tx: &mut Tx<'_>) -> Result<i64> {
        let now = tx.now().0;
        tx.execute(
            "INSERT INTO payment_methods (name, created_at, updated_at) VALUES (?1, ?2, ?2)",
            rusqlite::params![self.name, now],
        )?;
        let said = Said { name: self.name };
        let seq = tx.emit(NewEvent::new(Thing::Restaurant.any(), None, &said)?)?;
        match self.end {
            End::Well => Ok(seq),
            End::Refused => Err(Error::rule("no", "No.")),
            End::Panic => panic!("as asked"),
        }
    }
}

/// Holds the writer until told to go on; says when it has begun.
struct Hold {
    begun: oneshot::Sender<()>,
    go_on: mpsc::Receiver<()>,
}

impl Command for Hold {
    type Output = ();

    fn apply(self, _: &mut Tx<'_>) -> Result<()> {
        let _ = self.begun.send(());
        let _ = self.go_on.recv();
        Ok(())
    }
}

fn write(name: impl Into<String>, end: End) -> Write {
    Write { name: name.into(), end }
}

struct Opened {
    store: Store,
    told: Arc<Mutex<Vec<Arc<Event>>>>,
    folder: tempfile::TempDir,
}

fn open() -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&told);
    let observer = Box::new(move |commit: &Commit<'_>| {
        hears.lock().unwrap().extend(commit.events.iter().cloned());
    });
    let store = Store::open(folder.path(), tables(), vec![observer]).unwrap();
    Opened { store, told, folder }
}

impl Opened {
    /// Holds the writer; it goes on when the sender is used.
    async fn hold(&self) -> (JoinHandle<Result<()>>, mpsc::Sender<()>) {
        let (release, go_on) = mpsc::channel();
        let (begun, has_begun) = oneshot::channel();
        let store = self.store.clone();
        let hold = tokio::spawn(async move { store.run(Hold { begun, go_on }).await });
        has_begun.await.unwrap();
        (hold, release)
    }

    async fn names(&self) -> Vec<String> {
        let read = self.store.read(|db| {
            let mut names = db.prepare("SELECT name FROM payment_methods ORDER BY id")?;
            let names = names.query_map([], |row| row.get(0))?;
            Ok(names.collect::<rusqlite::Result<_>>()?)
        });
        read.await.unwrap()
    }
}

#[tokio::test]
async fn a_refusal_a_panic_and_a_caller_who_left_leave_their_neighbours_intact() {
    let opened = open();
    let store = &opened.store;
    let (hold, go_on) = opened.hold().await;
    // These five wait together and share one commit.
    let run = |name: &'static str, end| {
        let store = store.clone();
        tokio::spawn(async move { store.run(write(name, end)).await })
    };
    let first = run("first", End::Well);
    let refused = run("refused", End::Refused);
    let panics = run("panics", End::Panic);
    let leaves = run("leaves", End::Well);
    let last = run("last", End::Well);
    while store.queue_length() < 5 {
        tokio::task::yield_now().await;
    }
    leaves.abort();
    go_on.send(()).unwrap();
    hold.await.unwrap().unwrap();
    assert_eq!(first.await.unwrap().unwrap(), 1);
    assert_eq!(refused.await.unwrap().unwrap_err().status(), 400);
    assert_eq!(panics.await.unwrap().unwrap_err().status(), 500);
    assert_eq!(last.await.unwrap().unwrap(), 3);
    assert_eq!(opened.names().await, ["first", "leaves", "last"]);
    let told: Vec<i64> = opened.told.lock().unwrap().iter().map(|event| event.seq).collect();
    assert_eq!(told, [1, 2, 3], "what was rolled back is told to nobody");
    assert_eq!(store.last_seq(), 3);
}

/// Says that it checks first, and keeps its word or not.
struct Checked(Write);

impl Command for Checked {
    type Output = i64;

    fn checks_first(&self) -> bool {
        true
    }

    fn apply(self, tx: &mut Tx<'_>) -> Result<i64> {
        match self.0.end {
            End::Refused => Err(Error::rule("no", "No.")),
            End::Well | End::Panic => self.0.apply(tx),
        }
    }
}

/// A command without a savepoint: its refusal costs nobody anything; one that writes and fails all
/// the same leaves nothing behind, and takes its neighbours along only once.
#[tokio::test]
async fn who_breaks_off_half_way_without_a_savepoint_leaves_nothing_and_is_not_believed_again() {
    let opened = open();
    let store = &opened.store;
    let mut sequence = Vec::new();
    for (round, end) in [End::Refused, End::Panic, End::Panic].into_iter().enumerate() {
        let (hold, go_on) = opened.hold().await;
        let run = |what: &str, end| {
            let (store, name) = (store.clone(), format!("{what} {round}"));
            tokio::spawn(async move { store.run(Checked(write(name, end))).await })
        };
        let (before, breaks, after) =
            (run("before", End::Well), run("breaks", end), run("after", End::Well));
        while store.queue_length() < 3 {
            tokio::task::yield_now().await;
        }
        go_on.send(()).unwrap();
        let _ = hold.await.unwrap();
        assert!(breaks.await.unwrap().is_err());
        for one in [before, after] {
            sequence.push(one.await.unwrap().map_err(|error| error.status()));
        }
    }
    // What came after it had not begun: it shares the next commit.
    let names = opened.names().await;
    assert!(names.iter().all(|name| !name.starts_with("breaks")), "{names:?}");
    assert_eq!((sequence[0], sequence[1]), (Ok(1), Ok(2)), "{sequence:?}");
    assert_eq!(sequence[2], Err(503), "{sequence:?}");
    assert!(sequence[4].is_ok() && sequence[5].is_ok(), "{sequence:?}");
    assert_eq!(store.last_seq(), i64::try_from(names.len()).unwrap());
}

#[tokio::test]
async fn a_full_queue_says_so_at_once() {
    let opened = open();
    let (hold, go_on) = opened.hold().await;
    let mut waiting = Vec::new();
    for n in 0..1024 {
        let store = opened.store.clone();
        waiting
            .push(tokio::spawn(async move { store.run(write(format!("{n}"), End::Well)).await }));
        tokio::task::yield_now().await;
    }
    while opened.store.queue_length() < 1024 {
        tokio::task::yield_now().await;
    }
    let refused = opened.store.run(write("one too many", End::Well)).await.unwrap_err();
    assert_eq!((refused.status(), refused.problem().code), (503, "queue_full"));
    go_on.send(()).unwrap();
    hold.await.unwrap().unwrap();
    for one in waiting {
        one.await.unwrap().unwrap();
    }
    assert_eq!(opened.names().await.len(), 1024);
}

#[tokio::test]
async fn counting_goes_on_after_a_restart() {
    let opened = open();
    opened.store.run(write("one", End::Well)).await.unwrap();
    opened.store.close().await;
    let after = opened.store.run(write("late", End::Well)).await.unwrap_err();
    assert_eq!(after.status(), 503, "a closed store takes nothing in");
    let again = Store::open(opened.folder.path(), tables(), Vec::new()).unwrap();
    assert_eq!(again.last_seq(), 1);
    assert_eq!(again.run(write("two", End::Well)).await.unwrap(), 2);
    again.close().await;
}

fn refusal(folder: &Path) -> OpenError {
    Store::open(folder, tables(), Vec::new()).map(drop).unwrap_err()
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("qres.db");
    let rubbish = "this is no database ".repeat(500);
    std::fs::write(&path, &rubbish).unwrap();
    assert!(matches!(refusal(folder.path()), OpenError::Damaged(..)));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), rubbish);

    let opened = open();
    opened.store.close().await;
    let db = rusqlite::Connection::open(opened.folder.path().join("qres.db")).unwrap();
    db.execute(
        "INSERT INTO refinery_schema_history VALUES (99, 'of_the_future', '2030-01-01T00:00:00Z', '1')",
        [],
    )
    .unwrap();
    assert!(matches!(refusal(opened.folder.path()), OpenError::Newer(_)));
}

// B2: an order's reply had lines of one moment and a total of another.
#[tokio::test]
async fn all_that_one_read_asks_is_of_one_moment() {
    let opened = open();
    let (read_once, has_read) = oneshot::channel();
    let (written, go_on) = mpsc::channel::<()>();
    let store = opened.store.clone();
    let read = tokio::spawn(async move {
        store
            .read(move |db| {
                let mut count = db.prepare("SELECT count(*) FROM payment_methods")?;
                let before: i64 = count.query_row([], |row| row.get(0))?;
                let _ = read_once.send(());
                let _ = go_on.recv();
                let after: i64 = count.query_row([], |row| row.get(0))?;
                Ok((before, after))
            })
            .await
    });
    has_read.await.unwrap();
    opened.store.run(write("meanwhile", End::Well)).await.unwrap();
    written.send(()).unwrap();
    assert_eq!(read.await.unwrap().unwrap(), (0, 0));
    assert_eq!(opened.names().await, ["meanwhile"], "the next read sees it");
}

/// Writes much.
struct Much;

impl Command for Much {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute_batch(
            "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
             INSERT INTO idempotency_keys (key, actor, request, reply, created_at)
                 SELECT randomblob(16), 1, randomblob(16), hex(randomblob(2048)), 1 FROM n;",
        )?;
        let said = Said { name: String::new() };
        tx.emit(NewEvent::new(Thing::Restaurant.any(), None, &said)?).map(drop)
    }
}

/// The pages in the log, and how many of them are written back.
fn log(db: &qres::core::store::Connection) -> (i64, i64) {
    db.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| Ok((row.get(1)?, row.get(2)?))).unwrap()
}

/// SQLite wrote its log back inside the commit that came after a thousand pages: whatever order that
/// was, it waited for it.
#[tokio::test]
async fn the_log_is_written_back_beside_the_commits() {
    let folder = tempfile::tempdir().unwrap();
    let after_commit = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&after_commit);
    let observer = Box::new(move |commit: &Commit<'_>| seen.lock().unwrap().push(log(commit.db)));
    let store = Store::open(folder.path(), tables(), vec![observer]).unwrap();
    store.run(Much).await.unwrap();
    let (pages, written) = after_commit.lock().unwrap()[0];
    assert!(pages > 1500 && written < 1000, "{written} of {pages} pages in the commit itself");
    let db = rusqlite::Connection::open(folder.path().join("qres.db")).unwrap();
    crate::harness::eventually("what writes the log back", async || {
        let (pages, written) = log(&db);
        pages == written
    })
    .await;
    store.close().await;
    assert_eq!(std::fs::metadata(folder.path().join("qres.db-wal")).map_or(0, |wal| wal.len()), 0);
}
