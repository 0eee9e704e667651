//! Durable readers of the event log: each event's effect is there exactly once, and what they have
//! not read stays, within reason.

use qres::appliance::tables;
use qres::core::error::{Error, Result};
use qres::core::event::{NewEvent, Thing};
use qres::core::kernel::Timestamp;
use qres::core::store::{
    Command, EventTrim, Store, Taken, Tx, oldest_and_newest, subscriptions, take_events, trim,
};
use qres::features::feed::Broadcast;

/// Tells some events.
struct Tell(usize);

impl Command for Tell {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        for _ in 0..self.0 {
            let said = Broadcast { message: "x".repeat(985), from: 1 };
            tx.emit(NewEvent::new(Thing::Restaurant.any(), None, &said)?)?;
        }
        Ok(())
    }
}

/// Counts events as a stock would: what it makes of them stands in a table of its own.
struct Count {
    most: usize,
    breaks_off: bool,
}

impl Command for Count {
    /// How many came; none when it was cut off.
    type Output = Option<usize>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Option<usize>> {
        let Taken::Events(events) = take_events(tx, "stock", self.most)? else { return Ok(None) };
        for event in &events {
            let name = format!("event {}", event.seq);
            tx.execute(
                "INSERT INTO payment_methods (name, created_at, updated_at) VALUES (?1, 0, 0)",
                [name],
            )?;
        }
        if self.breaks_off { Err(Error::rule("no", "No.")) } else { Ok(Some(events.len())) }
    }
}

/// Forgets all that may go of a log that is to have so many bytes.
struct Trim {
    room: i64,
    /// Whether all of it is old.
    is_old: bool,
}

impl Command for Trim {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let before = Timestamp(if self.is_old { i64::MAX } else { i64::MIN });
        let old = EventTrim::look(tx, before, self.room)?;
        while trim(tx, &old, 7)? > 0 {}
        Ok(())
    }
}

struct Bench {
    store: Store,
    folder: tempfile::TempDir,
}

impl Bench {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { store: Store::open(folder.path(), tables(), Vec::new()).unwrap(), folder }
    }

    async fn tell(&self, events: usize) {
        self.store.run(Tell(events)).await.unwrap();
    }

    async fn count(&self, most: usize) -> Option<usize> {
        self.store.run(Count { most, breaks_off: false }).await.unwrap()
    }

    async fn counted(&self) -> Vec<String> {
        let read = self.store.read(|db| {
            let mut names = db.prepare("SELECT name FROM payment_methods ORDER BY id")?;
            let names = names.query_map([], |row| row.get(0))?;
            Ok(names.collect::<rusqlite::Result<_>>()?)
        });
        read.await.unwrap()
    }

    async fn trim_old(&self) {
        self.store.run(Trim { room: 1_000_000, is_old: true }).await.unwrap();
    }

    async fn oldest(&self) -> i64 {
        self.store.read(oldest_and_newest).await.unwrap().0
    }
}

#[tokio::test]
async fn each_event_has_its_effect_once_whatever_breaks_off() {
    let mut bench = Bench::open();
    bench.tell(3).await;
    assert_eq!(bench.count(10).await, Some(0), "it begins with what happens from now on");
    bench.tell(5).await;
    bench.store.run(Count { most: 2, breaks_off: true }).await.unwrap_err();
    assert_eq!(bench.count(2).await, Some(2));
    bench.store.close().await;
    bench.store = Store::open(bench.folder.path(), tables(), Vec::new()).unwrap();
    assert_eq!(bench.count(2).await, Some(2));
    assert_eq!(bench.count(10).await, Some(1));
    assert_eq!(bench.count(10).await, Some(0));
    assert_eq!(bench.counted().await, ["event 4", "event 5", "event 6", "event 7", "event 8"]);
}

#[tokio::test]
async fn what_a_reader_has_not_read_is_not_trimmed() {
    let bench = Bench::open();
    bench.tell(20).await;
    bench.trim_old().await;
    assert_eq!(bench.oldest().await, 20, "nobody reads: all that is old goes");
    bench.count(10).await;
    bench.tell(20).await;
    assert_eq!(bench.count(8).await, Some(8));
    bench.trim_old().await;
    assert_eq!(bench.oldest().await, 28, "from where the reader is");
    assert_eq!(bench.count(100).await, Some(12));
    bench.trim_old().await;
    assert_eq!(bench.oldest().await, 40);
    assert_eq!(bench.count(100).await, Some(0));
}

#[tokio::test]
async fn a_reader_that_does_not_come_is_cut_off_told_so_and_goes_on() {
    let bench = Bench::open();
    bench.count(10).await;
    // The log has room for ten of them; for the reader it may become twice as large.
    let trim = async || bench.store.run(Trim { room: 11_000, is_old: false }).await.unwrap();
    bench.tell(15).await;
    trim().await;
    assert_eq!(bench.oldest().await, 1, "all of it is held for the reader");
    bench.tell(15).await;
    trim().await;
    assert_eq!(bench.oldest().await, 21, "nothing is held for it any more");
    let known = bench.store.read(subscriptions).await.unwrap();
    assert!(known[0].is_cut_off && known[0].behind == 30, "{known:?}");
    assert_eq!(bench.count(10).await, None, "it must begin anew");
    bench.tell(1).await;
    assert_eq!(bench.count(10).await, Some(1));
    assert!(!bench.store.read(subscriptions).await.unwrap()[0].is_cut_off);
}
