//! Catches up for as long as the box runs, behind orders: with what documents left, and with what was left
//! when the box last stopped.

use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use super::store::CatchUp;
use crate::platform::app::App;

/// Without being woken it looks so often: after something went wrong.
const LOOK: Duration = Duration::from_secs(20);

/// Wakes who catches up.
#[derive(Debug, Default)]
pub struct Behind(Notify);

impl Behind {
    /// Goods were moved: there may be something left to do.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// Runs for as long as the box does.
pub async fn keep_counting(app: App) {
    let stopping = app.hub.stopping.clone();
    let mut work = CatchUp::AT_START;
    loop {
        if let Err(error) = app.store.run_in_steps(work).await {
            tracing::warn!(%error, "goods could not be counted to the end; it is tried again");
        }
        work = CatchUp::LATER;
        tokio::select! {
            () = stopping.cancelled() => return,
            () = app.state::<Behind>().0.notified() => {}
            () = sleep(LOOK) => {}
        }
    }
}
