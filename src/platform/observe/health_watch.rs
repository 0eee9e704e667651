//! Looks every few seconds whether the box does what it is there for.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::platform::app::App;

/// How often it is looked at, and how long each part may take to answer.
const EVERY: Duration = Duration::from_secs(5);
const LIMIT: Duration = Duration::from_secs(5);

/// Looks every few seconds until the box stops.
pub async fn watch(app: App) {
    let mut tick = interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while app.hub.stopping.run_until_cancelled(tick.tick()).await.is_some() {
        app.health.note(found(&app).await);
    }
}

/// The first part that does not answer in time.
async fn found(app: &App) -> Option<&'static str> {
    let (writes, reads, signs_in) = tokio::join!(
        app.store.probe(LIMIT),
        app.store.probe_reads(LIMIT),
        timeout(LIMIT, app.auth.hasher.probe()),
    );
    let parts = [
        ("writing", writes.is_ok()),
        ("reading", reads.is_ok()),
        ("signing in", matches!(signs_in, Ok(Ok(())))),
    ];
    parts.into_iter().find(|(_, answers)| !answers).map(|(part, _)| part)
}
