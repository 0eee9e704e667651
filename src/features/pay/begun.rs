//! An attempt is begun, and whoever began it waits a moment for the link.

use std::time::Duration;

use serde::Deserialize;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::states::AttemptState;
use super::store::{self, Begin};
use super::types::AttemptView;
use crate::core::error::{Error, Result};
use crate::core::store::{IdempotencyKey, Idempotent, Observer, Told};
use crate::platform::app::App;

/// So long whoever begins it waits; then the page says what it waits for.
const PATIENCE: Duration = Duration::from_millis(2800);

/// Tells those who wait for a link that something moved on.
#[derive(Default)]
pub struct Moved(std::sync::Arc<Notify>);

impl Moved {
    /// What tells it.
    pub fn observer(&self) -> Observer {
        let moved = std::sync::Arc::clone(&self.0);
        Box::new(move |commit| {
            if commit.touched("pay_attempts") {
                moved.notify_waiters();
            }
        })
    }
}

#[derive(Deserialize)]
struct Kept {
    id: i64,
}

/// Begins an attempt, once for its key. Returns it as it stands when the provider answered, or a moment later;
/// and whether it was begun before.
///
/// # Errors
/// What it is refused with.
pub async fn begin(
    app: &App,
    key: Option<IdempotencyKey>,
    command: Begin,
) -> Result<(AttemptView, bool)> {
    let reply = app.store.run(Idempotent { key, command: Told(command) }).await?;
    let Kept { id } = serde_json::from_str(&reply.json).map_err(Error::internal)?;
    let view = timeout(PATIENCE, answered(app, id)).await;
    let view = match view {
        Ok(view) => view?,
        Err(_) => app.store.read(move |db| store::view(db, id)).await?,
    };
    Ok((view, reply.replayed))
}

async fn answered(app: &App, id: i64) -> Result<AttemptView> {
    let moved = &app.state::<Moved>().0;
    loop {
        let heard = moved.notified();
        let view = app.store.read(move |db| store::view(db, id)).await?;
        // With a reason it waits for something that a moment does not bring.
        let is_sent = matches!(view.state, AttemptState::Created | AttemptState::Sent);
        if !is_sent || view.reason.is_some() {
            return Ok(view);
        }
        heard.await;
    }
}
