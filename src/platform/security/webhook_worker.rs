//! Delivers a message of the webhook.

use serde_json::{Value, json};

use crate::core::jobs::{Job, Outcome};
use crate::platform::app::App;

/// One try.
pub async fn deliver(app: App, job: Job) -> Outcome {
    let Some(webhook) = &app.webhook else {
        return Outcome::Failed("the settings name no webhook_url any more".into());
    };
    let event: Value = match job.read() {
        Ok(event) => event,
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    let site = app.site();
    let body = json!({
        "id": job.key, "restaurant": site.name, "site": site.uuid, "event": event,
    });
    webhook.send(&job.key, body.to_string()).await
}
