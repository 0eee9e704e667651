//! Counts goods anew for as long as the box runs, behind orders: what a late document left, and what was
//! left when the box last stopped.

use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use super::store::Recount;
use crate::platform::app::App;

/// Without being woken it looks so often: after something went wrong.
const LOOK: Duration = Duration::from_secs(20);

/// Wakes who counts.
#[derive(Debug, Default)]
pub struct Recounts(Notify);

impl Recounts {
    /// Goods were moved: there may be something to count.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// Runs for as long as the box does.
pub async fn keep_counting(app: App) {
    let stopping = app.hub.stopping.clone();
    loop {
        if let Err(error) = app.store.run_in_steps(Recount::default()).await {
            tracing::warn!(%error, "goods could not be counted anew; it is tried again");
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            () = app.state::<Recounts>().0.notified() => {}
            () = sleep(LOOK) => {}
        }
    }
}
