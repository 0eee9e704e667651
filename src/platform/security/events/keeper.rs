//! Writes down once a second what was counted, tells the log, and the webhook.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::Kind;
use super::recorder::{Key, Tally};
use super::store::{Entry, Keep};
use crate::platform::app::App;
use crate::platform::auth::Role;

/// Time between two writes.
const PAUSE: Duration = Duration::from_secs(1);
/// For how long the same thing again raises the count of its row, instead of making a new one.
const SAME_ROW: Duration = Duration::from_mins(1);
/// How many admins' alerts may go out in a minute. The last of them says that there is more.
const ALERTS: u32 = 10;
const MINUTE: Duration = Duration::from_mins(1);
/// How many are written with one command: orders wait meanwhile.
const AT_ONCE: usize = 50;

/// Writes down what is recorded, until the box stops.
pub async fn keep(app: App) {
    let mut book = Book::default();
    let stopping = app.hub.stopping.clone();
    while stopping.run_until_cancelled(app.security_events.wake.notified()).await.is_some() {
        book.write(&app).await;
        if stopping.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
            break;
        }
    }
    book.write(&app).await;
}

/// The rows that still count on, and how many alerts went out.
#[derive(Default)]
struct Book {
    open: HashMap<Key, (i64, Instant)>,
    alerts: u32,
    alerts_since: Option<Instant>,
}

impl Book {
    async fn write(&mut self, app: &App) {
        let taken = app.security_events.take();
        if taken.is_empty() {
            return;
        }
        self.open.retain(|_, (_, since)| since.elapsed() < SAME_ROW);
        let entries: Vec<_> =
            taken.into_iter().map(|(key, tally)| self.entry(key, tally)).collect();
        for some in entries.chunks(AT_ONCE) {
            match app.store.run(Keep(some.to_vec())).await {
                Ok(rows) => {
                    some.iter().zip(rows).for_each(|(entry, row)| self.kept(app, entry, row));
                }
                Err(error) => {
                    tracing::warn!(%error, "security events were not kept; they are tried again");
                    let entries = some.iter().cloned().map(|entry| (entry.key, entry.tally));
                    app.security_events.put_back(entries);
                }
            }
        }
    }

    fn kept(&mut self, app: &App, entry: &Entry, row: i64) {
        entry.log();
        if let (Some(webhook), Some(more)) = (&app.webhook, entry.alert) {
            webhook.tell(serde_json::json!(entry.told(row, more)));
        }
        self.open.entry(entry.key.clone()).or_insert((row, Instant::now()));
    }

    fn entry(&mut self, key: Key, tally: Tally) -> Entry {
        let row = self.open.get(&key).map(|(row, _)| *row);
        let alert = (row.is_none() && key.kind.is_alarming()).then(|| self.next_alert()).flatten();
        Entry { key, tally, row, alert }
    }

    /// Whether one more alert may go out, and whether it is the last of this minute.
    fn next_alert(&mut self) -> Option<bool> {
        if self.alerts_since.is_none_or(|since| since.elapsed() > MINUTE) {
            (self.alerts, self.alerts_since) = (0, Some(Instant::now()));
        }
        self.alerts += 1;
        (self.alerts <= ALERTS).then_some(self.alerts == ALERTS)
    }
}

impl Entry {
    /// The line of it in the log.
    fn log(&self) {
        let Key { kind, what, address, username, role } = &self.key;
        let (kind, address) = (kind.as_str(), address.map(|address| address.to_string()));
        let what = what.as_ref();
        let (username, role) = (username.as_deref(), role.map(Role::as_str));
        let Tally { count, detail, .. } = &self.tally;
        let detail = detail.as_deref();
        if self.key.kind == Kind::SignIn || self.key.kind == Kind::AdminAction {
            tracing::info!(target: "qres::security", kind, what, address, username, role, count, detail, "security");
        } else {
            tracing::warn!(target: "qres::security", kind, what, address, username, role, count, detail, "security");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_of_a_minute_are_bounded_and_the_last_says_so() {
        let mut book = Book::default();
        let said: Vec<_> = (0..20).filter_map(|_| book.next_alert()).collect();
        assert_eq!(said.len(), ALERTS as usize);
        assert_eq!(said.iter().filter(|is_last| **is_last).count(), 1);
        assert_eq!(said.last(), Some(&true));
    }
}
