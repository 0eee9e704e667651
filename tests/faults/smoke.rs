//! From nothing to an order and a clean stop: what a program for another board must do before it
//! is put on a card. `make test-arm` runs this with the board's program under an emulator.

use crate::feed::Screen;
use crate::harness::{Qres, new_key};

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_migrates_takes_an_order_tells_a_screen_and_stops() {
    // A new folder, its database made and migrated, an admin signed in, a menu written.
    let mut qres = Qres::start().await;
    let (status, health) = qres.admin.get("/health").await;
    assert_eq!(status, 200, "{health}");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));

    let waiter = qres.waiter("waiter").await;
    let mut screen = Screen::connect(&waiter, qres.port, None).await;
    let mark = new_key();
    let placed = waiter.place(&mark, &qres.order(&mark, 2)).await.unwrap();
    assert_eq!(placed.status, 201, "{}", placed.body);
    let event = screen.event().await;
    assert_eq!(event["type"], "order_created", "{event}");
    assert_eq!(event["order_id"], placed.body["id"]);

    qres.terminate();
    assert_eq!(screen.close_code().await, Some(1012));
    assert_eq!(qres.ended().await.code(), Some(0), "{}", qres.log());
    assert_eq!(qres.marked(&mark), (1, 2));
    qres.assert_sound();

    // What it wrote it reads again.
    qres.restart().await;
    assert_eq!(waiter.place(&mark, &qres.order(&mark, 2)).await.unwrap().body, placed.body);
}
