//! Watches the clock: where a period begins or ends, screens are told.

use std::time::Duration;

use tokio::time::sleep;

use super::store::{CurrentBook, TellEdge};
use crate::core::clock;
use crate::core::error::Result;
use crate::platform::app::App;

/// The clock is looked at so often in any case: somebody may set it.
const LOOK: Duration = Duration::from_secs(5);

/// Runs for as long as the box does.
pub(super) async fn watch(app: App) {
    let mut told = None;
    let stopping = app.hub.stopping.clone();
    loop {
        let wait = match look(&app, &mut told).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::warn!(%error, "screens were not told of new prices; it is tried again");
                LOOK
            }
        };
        tokio::select! {
            () = stopping.cancelled() => return,
            () = sleep(wait) => {}
            () = app.state::<CurrentBook>().changed.notified() => {}
        }
    }
}

/// Tells screens when other periods hold than when it was looked last. Says how long nothing changes. A
/// box that begins does not know what screens have seen: where there are periods, it tells.
async fn look(app: &App, told: &mut Option<Seen>) -> Result<Duration> {
    let book = app.state::<CurrentBook>().get(&app.store).await?;
    let now = clock::now();
    let seen = Seen { periods: book.periods.clone(), holds: book.holds(now) };
    let is_news = match told {
        None => !seen.periods.is_empty(),
        // Whoever changes a period tells of it.
        Some(before) => before.periods == seen.periods && before.holds != seen.holds,
    };
    if is_news {
        app.store.run(TellEdge).await?;
    }
    *told = Some(seen);
    let edge = book.next_edge(now).and_then(|edge| u64::try_from(edge.0 - now.0).ok());
    Ok(edge.map_or(LOOK, |millis| Duration::from_millis(millis.max(1)).min(LOOK)))
}

/// What was true when it was looked last.
struct Seen {
    periods: Vec<super::rules::Hours>,
    holds: Vec<bool>,
}
