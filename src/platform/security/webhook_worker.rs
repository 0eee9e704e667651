//! Delivers what waits for the webhook.

use std::time::Duration;

use reqwest::redirect::Policy;
use serde_json::json;

use super::webhook::{Outcome, Webhook};
use crate::platform::app::App;

/// The longest that one try may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pauses before each further try, in seconds; after the last one the message is given up.
const PAUSES: [u64; 8] = [1, 5, 30, 120, 600, 1800, 3600, 7200];

/// Delivers what waits, until the box stops. Does nothing where there is no webhook.
pub async fn deliver(app: App) {
    let Some(webhook) = &app.webhook else { return };
    let client = reqwest::Client::builder().timeout(PATIENCE).redirect(Policy::none()).build();
    let client = match client {
        Ok(client) => client,
        Err(error) => return tracing::error!(%error, "the webhook cannot be used"),
    };
    let stopping = app.hub.stopping.clone();
    let mut waiting = webhook.waiting.lock().await;
    while let Some(Some(event)) = stopping.run_until_cancelled(waiting.recv()).await {
        let site = app.site();
        let body = json!({"restaurant": site.name, "site": site.uuid, "event": event}).to_string();
        if stopping.run_until_cancelled(bring(webhook, &client, &body)).await.is_none() {
            return;
        }
    }
}

async fn bring(webhook: &Webhook, client: &reqwest::Client, body: &str) {
    let mut pauses = PAUSES.iter();
    loop {
        let why = match webhook.try_once(client, body).await {
            Outcome::Delivered => return,
            Outcome::Later(why) => why,
            Outcome::Never(status) => {
                return tracing::warn!(%status, "the webhook refused a message; it is given up");
            }
        };
        let Some(seconds) = pauses.next() else {
            return tracing::warn!(why, "the webhook cannot be reached; a message is given up");
        };
        tracing::debug!(why, seconds, "the webhook is tried again");
        tokio::time::sleep(Duration::from_secs(*seconds)).await;
    }
}
