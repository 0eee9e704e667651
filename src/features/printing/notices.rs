//! Tells staff's screens which printers do not print, and how many slips wait for them.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::desk::Desk;
use super::store::{TellTroubles, troubles};
use super::types::PrinterTroubles;
use crate::platform::app::App;

/// What comes within this time is told together.
const GATHERS: Duration = Duration::from_millis(300);
/// So often it is looked whether more slips wait, while some printer is in trouble.
const LOOKS: Duration = Duration::from_secs(1);

/// Tells as long as the box runs.
pub async fn tell(app: App) {
    let stopping = app.hub.stopping.clone();
    stopping.run_until_cancelled(telling(&app)).await;
}

async fn telling(app: &App) {
    let desk = app.state::<Desk>();
    let mut told = PrinterTroubles::default();
    loop {
        if told.troubles.is_empty() {
            desk.changed.notified().await;
        } else {
            let _ = timeout(LOOKS, desk.changed.notified()).await;
        }
        sleep(GATHERS).await;
        match now(app).await {
            Ok(now) if now != told => match app.store.run(TellTroubles(now.clone())).await {
                Ok(()) => told = now,
                Err(error) => tracing::warn!(%error, "trouble with printers is not told yet"),
            },
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "trouble with printers cannot be read"),
        }
    }
}

/// Which printers do not print now.
///
/// # Errors
/// When the database cannot be read.
pub async fn now(app: &App) -> crate::core::error::Result<PrinterTroubles> {
    let known = app.state::<Desk>().troubles();
    if known.is_empty() {
        return Ok(PrinterTroubles::default());
    }
    app.store.read(move |db| troubles(db, &known)).await
}
