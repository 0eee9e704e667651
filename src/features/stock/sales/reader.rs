//! Reads what was sold, for as long as the box runs.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::sleep;

use super::store::PostSales;
use crate::core::error::Result;
use crate::core::event::Event;
use crate::features::stock::behind::Behind;
use crate::features::stock::recipes::any_recipe;
use crate::platform::app::App;

/// What happens within this is read together: an evening's rush costs a few commits more, not one for
/// each order.
const PAUSE: Duration = Duration::from_millis(400);
/// Without an order it is looked so often whether another good is watched.
const LOOK: Duration = Duration::from_secs(20);
/// After something went wrong.
const PAUSE_AFTER_ERROR: Duration = Duration::from_secs(10);

/// Runs for as long as the box does.
pub async fn read_sales(app: App) {
    let stopping = app.hub.stopping.clone();
    loop {
        // Listened to before it is read, so that nothing falls in between.
        let mut events = app.hub.listen();
        let read = read_all(&app).await;
        let pause = match &read {
            Ok(()) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "what was sold could not be taken off the stock; it is tried again");
                PAUSE_AFTER_ERROR
            }
        };
        if read.is_ok() {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = an_order(&mut events) => {}
                () = sleep(LOOK) => {}
            }
        }
        drop(events);
        tokio::select! {
            () = stopping.cancelled() => return,
            () = sleep(pause) => {}
        }
    }
}

/// Waits until something happens to an order.
async fn an_order(events: &mut Receiver<Arc<Event>>) {
    loop {
        match events.recv().await {
            Ok(event) if event.subject.order_id().is_none() => {}
            Ok(_) | Err(RecvError::Lagged(_) | RecvError::Closed) => return,
        }
    }
}

async fn read_all(app: &App) -> Result<()> {
    if !app.store.read(any_recipe).await? {
        return Ok(());
    }
    while app.store.run(PostSales).await? {}
    app.state::<Behind>().wake();
    Ok(())
}
