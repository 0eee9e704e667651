//! Tells an address of the owner's, such as the gateway to their messenger, what admins are told at
//! once. Each message is a job: it is written with what happened, and nothing waits for it. What
//! cannot be delivered is tried again for some hours, under the same key, while a bounded number of
//! others waits.

use std::error::Error as _;
use std::time::Duration;

use aws_lc_rs::hmac;
use reqwest::StatusCode;
use reqwest::redirect::Policy;
use uuid::Uuid;

use super::events::SecurityAlert;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::jobs::{JobKind, NewJob, Outcome, WhenUnknown, enqueue};
use crate::core::store::Tx;
use crate::platform::config::Settings;

/// A message to the owner's address: whoever reads it takes one key for one message.
pub static WEBHOOK: JobKind = JobKind {
    name: "webhook",
    pauses: &[
        Duration::from_secs(1),
        Duration::from_secs(5),
        Duration::from_secs(30),
        Duration::from_mins(2),
        Duration::from_mins(10),
        Duration::from_mins(30),
        Duration::from_hours(1),
        Duration::from_hours(2),
    ],
    limit: Duration::from_secs(10),
    when_unknown: WhenUnknown::Repeat,
    // The newest 10,000 events are kept anyway.
    most_waiting: 100,
};

const KEY: &str = "idempotency-key";
const TIMESTAMP: &str = "x-qres-timestamp";
const SIGNATURE: &str = "x-qres-signature";

/// Lets a message go out, in the transaction of what it tells.
///
/// # Errors
/// When the row cannot be written.
pub(super) fn tell(tx: &Tx<'_>, alert: &SecurityAlert) -> Result<()> {
    let key = Uuid::now_v7().to_string();
    let payload = serde_json::to_value(alert).map_err(Error::internal)?;
    enqueue(tx, &NewJob { kind: &WEBHOOK, lane: WEBHOOK.name, key: &key, payload })
}

/// Where messages go.
pub struct Webhook {
    url: String,
    key: hmac::Key,
    client: reqwest::Client,
}

impl Webhook {
    /// From the settings; none where they name no address.
    ///
    /// # Errors
    /// When this machine cannot send anything.
    pub fn new(settings: &Settings) -> Result<Option<Self>> {
        let wished = settings.webhook_url.clone().zip(settings.webhook_secret.as_ref());
        let Some((url, secret)) = wished else { return Ok(None) };
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let client = reqwest::Client::builder().redirect(Policy::none()).build();
        Ok(Some(Self { url, key, client: client.map_err(Error::internal)? }))
    }

    /// The signature of a body that was sent at a moment: HMAC-SHA-256 over `TIMESTAMP.BODY`, in
    /// hexadecimal digits. The moment is signed too, so that nobody sends an old message again.
    fn sign(&self, timestamp: i64, body: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{timestamp}.{body}").as_bytes());
        let digits = tag.as_ref().iter().map(|byte| format!("{byte:02x}"));
        format!("sha256={}", digits.collect::<String>())
    }

    /// Sends a message once, signed for this moment. Whoever reads it knows a repeat by the key.
    pub(super) async fn send(&self, key: &str, body: String) -> Outcome {
        let timestamp = clock::now().0 / 1000;
        let request = self
            .client
            .post(&self.url)
            .header("content-type", "application/json")
            .header(KEY, key)
            .header(TIMESTAMP, timestamp)
            .header(SIGNATURE, self.sign(timestamp, &body))
            .body(body);
        match request.send().await {
            Ok(reply) => outcome(reply.status()),
            Err(error) if error.is_connect() => Outcome::NotYet(words(error)),
            Err(error) => Outcome::Unknown(words(error)),
        }
    }
}

fn outcome(status: StatusCode) -> Outcome {
    let passes = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    if status.is_success() {
        Outcome::Done
    } else if status.is_server_error() || passes.contains(&status) {
        Outcome::NotYet(format!("it answered {status}"))
    } else {
        Outcome::Failed(format!("it answered {status}"))
    }
}

/// What went wrong and why, without the address: that may hold a token.
fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        words = format!("{words}: {deeper}");
        cause = deeper.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_whether_it_is_worth_another_try() {
        for (status, again) in
            [(204, None), (503, Some(true)), (429, Some(true)), (404, Some(false))]
        {
            let outcome = outcome(StatusCode::from_u16(status).unwrap());
            let is_again = match outcome {
                Outcome::Done => None,
                Outcome::NotYet(_) => Some(true),
                Outcome::Failed(_) | Outcome::Unknown(_) => Some(false),
            };
            assert_eq!(is_again, again, "{status}");
        }
    }

    // The gateway's token stands in its address: it must not come to stand in the log, in the table,
    // or on a screen.
    #[tokio::test]
    async fn what_went_wrong_is_told_without_the_address() {
        let client = reqwest::Client::new();
        let error = client.get("http://127.0.0.1:1/hook?token=secret").send().await.unwrap_err();
        let words = words(error);
        assert!(words.contains("refused") && !words.contains("secret"), "{words}");
    }
}
