//! The machine's clock is set while the box runs, and is wrong when it starts. One test, for the
//! process has one clock.

#![allow(clippy::unwrap_used, missing_docs)]

use qres::appliance::tables;
use qres::core::clock;
use qres::core::error::Result;
use qres::core::event::{NewEvent, Thing};
use qres::core::kernel::Timestamp;
use qres::core::store::{Command, Store, Tx};
use qres::features::feed::Broadcast;

const DAY: i64 = 24 * 3_600_000;

/// Tells of something; `after` is what it must not precede. Returns the event's place and what the
/// command took for now.
struct Note(Timestamp);

impl Command for Note {
    type Output = (i64, Timestamp);

    fn apply(self, tx: &mut Tx<'_>) -> Result<(i64, Timestamp)> {
        tx.not_before(self.0);
        let said = Broadcast { message: String::new(), from: 1 };
        let event = NewEvent::new(Thing::Restaurant.any(), None, &said)?;
        Ok((tx.emit(event)?, tx.now()))
    }
}

async fn at(store: &Store) -> Timestamp {
    store.run(Note(Timestamp(0))).await.unwrap().1
}

fn is_about(moment: Timestamp, day: Timestamp) -> bool {
    (moment.0 - day.0).abs() < DAY / 2
}

// B9, F10: orders preceded their past after a restart, and stayed in 2036 after a jump and back.
#[tokio::test]
async fn the_stored_past_stays_the_past_and_a_jump_ends_when_it_is_set_right() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), tables(), Vec::new()).unwrap();
    let today = at(&store).await;

    clock::set_for_tests(3650 * DAY);
    let far = at(&store).await;
    assert!(is_about(far, Timestamp(today.0 + 3650 * DAY)));
    clock::set_for_tests(0);
    let back = at(&store).await;
    assert!(is_about(back, today), "the clock was set right: {back}");
    assert!(clock::take_news().is_some());
    // What was written meanwhile has its past all the same, and the log goes on with today.
    let (seq, paid) = store.run(Note(far)).await.unwrap();
    assert_eq!(paid, far);
    let logged = store.read(move |db| {
        let sql = "SELECT at FROM events WHERE seq = ?1";
        Ok(Timestamp(db.query_row(sql, [seq], |row| row.get(0))?))
    });
    assert!(is_about(logged.await.unwrap(), today));
    store.close().await;

    // The machine lost three days while it was off.
    clock::set_for_tests(-3 * DAY);
    let store = Store::open(folder.path(), tables(), Vec::new()).unwrap();
    let resumed = at(&store).await;
    assert!(resumed >= back && is_about(resumed, today), "it goes on from there: {resumed}");
    assert!(clock::take_news().is_some());
    clock::set_for_tests(0);
    assert!(is_about(at(&store).await, today));
    store.close().await;
}
