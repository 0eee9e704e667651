//! Tells an address of the owner's, such as the gateway to his messenger, what admins are told at
//! once. It waits for nothing and nothing waits for it: what cannot be delivered is tried again for
//! some hours, while a bounded number of others waits.

use std::time::Duration;

use aws_lc_rs::hmac;
use reqwest::StatusCode;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::core::clock;
use crate::platform::app::App;
use crate::platform::config::Settings;

/// How many messages may wait. One more is thrown away: the newest 10,000 events are kept anyway.
const QUEUE: usize = 100;
/// The longest that one try may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pauses before each further try, in seconds; after the last one the message is given up.
const PAUSES: [u64; 8] = [1, 5, 30, 120, 600, 1800, 3600, 7200];

const TIMESTAMP: &str = "x-qres-timestamp";
const SIGNATURE: &str = "x-qres-signature";

/// Where messages go.
pub struct Webhook {
    url: String,
    key: hmac::Key,
    queue: Sender<Value>,
    waiting: Mutex<Receiver<Value>>,
}

impl Webhook {
    /// From the settings; none where they name no address.
    pub fn new(settings: &Settings) -> Option<Self> {
        let (url, secret) = settings.webhook_url.clone().zip(settings.webhook_secret.as_ref())?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let (queue, waiting) = channel(QUEUE);
        Some(Self { url, key, queue, waiting: Mutex::new(waiting) })
    }

    /// Lets a message go out. Never waits.
    pub fn tell(&self, event: Value) {
        if self.queue.try_send(event).is_err() {
            tracing::warn!("too many messages wait for the webhook; one was thrown away");
        }
    }

    /// The signature of a body that was sent at a moment: HMAC-SHA-256 over `TIMESTAMP.BODY`, in
    /// hexadecimal digits. The moment is signed too, so that nobody sends an old message again.
    fn sign(&self, timestamp: i64, body: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{timestamp}.{body}").as_bytes());
        let digits = tag.as_ref().iter().map(|byte| format!("{byte:02x}"));
        format!("sha256={}", digits.collect::<String>())
    }

    async fn try_once(&self, client: &reqwest::Client, body: &str) -> Outcome {
        let timestamp = clock::now().0 / 1000;
        let request = client
            .post(&self.url)
            .header("content-type", "application/json")
            .header(TIMESTAMP, timestamp)
            .header(SIGNATURE, self.sign(timestamp, body))
            .body(body.to_owned());
        match request.send().await {
            Ok(reply) => Outcome::of(reply.status()),
            // Without the address: it may hold a token.
            Err(error) => Outcome::Later(error.without_url().to_string()),
        }
    }
}

/// How a try ended.
enum Outcome {
    Delivered,
    Later(String),
    Never(StatusCode),
}

impl Outcome {
    fn of(status: StatusCode) -> Self {
        let passes = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
        if status.is_success() {
            Self::Delivered
        } else if status.is_server_error() || passes.contains(&status) {
            Self::Later(status.to_string())
        } else {
            Self::Never(status)
        }
    }
}

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
