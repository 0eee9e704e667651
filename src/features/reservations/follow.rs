//! Reads what orders say of those who sit, for as long as the box runs. No order waits for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::sleep;

use super::follow_store::{FollowOrders, news};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::event::{Event, Thing};
use crate::platform::app::App;

/// What happens within this is read together.
const PAUSE: Duration = Duration::from_millis(400);
/// After something went wrong.
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(10);

/// Runs for as long as the box does.
pub(super) async fn follow_orders(app: App) {
    let stopping = app.hub.stopping.clone();
    loop {
        // Listened to before it is read, so that nothing falls in between.
        let mut events = app.hub.listen();
        let pause = match read(&app).await {
            Ok(()) => {
                tokio::select! {
                    () = stopping.cancelled() => return,
                    () = somebody_moved(&mut events) => {}
                }
                PAUSE
            }
            Err(error) => {
                tracing::warn!(%error, "the book does not know what was ordered; it is tried again");
                PAUSE_AFTER_ERROR
            }
        };
        drop(events);
        tokio::select! {
            () = stopping.cancelled() => return,
            () = sleep(pause) => {}
        }
    }
}

async fn read(app: &App) -> Result<()> {
    let zone = app.site().zone.clone();
    let known = zone.clone();
    let is_new = app.store.read(move |db| Ok(!news(db, &known, clock::now())?.is_empty())).await?;
    if is_new {
        app.store.run(FollowOrders { zone }).await?;
    }
    Ok(())
}

/// Waits until something happens to an order, a table or a reservation.
async fn somebody_moved(events: &mut Receiver<Arc<Event>>) {
    let concerns = [Thing::Order, Thing::Table, Thing::Reservation];
    loop {
        match events.recv().await {
            Ok(event) if !concerns.contains(&event.subject.thing) => {}
            Ok(_) | Err(RecvError::Lagged(_) | RecvError::Closed) => return,
        }
    }
}
