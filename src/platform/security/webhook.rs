//! Tells an address of the owner's, such as the gateway to his messenger, what admins are told at
//! once. It waits for nothing and nothing waits for it: what cannot be delivered is tried again for
//! some hours, while a bounded number of others waits.

use aws_lc_rs::hmac;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::core::clock;
use crate::platform::config::Settings;

/// How many messages may wait. One more is thrown away: the newest 10,000 events are kept anyway.
const QUEUE: usize = 100;

const TIMESTAMP: &str = "x-qres-timestamp";
const SIGNATURE: &str = "x-qres-signature";

/// Where messages go.
pub struct Webhook {
    url: String,
    key: hmac::Key,
    queue: Sender<Value>,
    pub(super) waiting: Mutex<Receiver<Value>>,
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

    pub(super) async fn try_once(&self, client: &reqwest::Client, body: &str) -> Outcome {
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
pub(super) enum Outcome {
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
