//! Counts security events in memory and writes them down once a second.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::store::{Entry, Keep};
use super::{Kind, SecurityEvent};
use crate::core::clock;
use crate::core::kernel::Timestamp;
use crate::platform::app::App;
use crate::platform::auth::Role;

/// How many different events are counted between two writes. More than these are counted per
/// kind, without address and name: a botnet must not fill the memory.
const COUNTED: usize = 512;
/// Time between two writes.
const PAUSE: Duration = Duration::from_secs(1);
/// For how long the same thing again raises the count of its row, instead of making a new one.
const SAME_ROW: Duration = Duration::from_mins(1);
/// How many admins' alerts may go out in a minute. The last of them says that there is more.
const ALERTS: u32 = 10;
const MINUTE: Duration = Duration::from_mins(1);

/// The word for events that were too many to be told apart.
const MANY: &str = "many";

/// What makes two events the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub kind: Kind,
    pub what: Cow<'static, str>,
    pub address: Option<IpAddr>,
    pub username: Option<String>,
    pub role: Option<Role>,
}

/// How many are written with one command: orders wait meanwhile.
const AT_ONCE: usize = 50;

/// How often, since when, until when.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub count: i64,
    pub at: Timestamp,
    pub last_at: Timestamp,
    pub detail: Option<String>,
}

/// Takes security events in.
#[derive(Default)]
pub struct SecurityEvents {
    waiting: Mutex<HashMap<Key, Tally>>,
    wake: Notify,
}

impl SecurityEvents {
    /// Notes an event. Never waits and never fails.
    pub fn record(&self, event: SecurityEvent) {
        let SecurityEvent { kind, what, address, username, role, detail } = event;
        let now = clock::now();
        let key = Key { kind, what, address, username, role };
        let tally = Tally { count: 1, at: now, last_at: now, detail };
        add(&mut self.waiting(), key, tally);
        self.wake.notify_one();
    }

    fn take(&self) -> HashMap<Key, Tally> {
        std::mem::take(&mut *self.waiting())
    }

    fn put_back(&self, entries: impl Iterator<Item = (Key, Tally)>) {
        let mut waiting = self.waiting();
        for (key, tally) in entries {
            add(&mut waiting, key, tally);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Key, Tally>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn add(waiting: &mut HashMap<Key, Tally>, mut key: Key, tally: Tally) {
    if waiting.len() >= COUNTED && !waiting.contains_key(&key) {
        key = Key { kind: key.kind, what: MANY.into(), address: None, username: None, role: None };
    }
    match waiting.get_mut(&key) {
        Some(known) => {
            known.count += tally.count;
            known.at = known.at.min(tally.at);
            known.last_at = known.last_at.max(tally.last_at);
        }
        None => drop(waiting.insert(key, tally)),
    }
}

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
            webhook.tell(entry.told(row, more));
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
    fn what_repeats_is_counted_and_strangers_are_bounded() {
        let events = SecurityEvents::default();
        let attack = |from: u32| {
            let from = IpAddr::from(from.to_be_bytes());
            SecurityEvent::new(Kind::Violation, "traversal").from(from)
        };
        for _ in 0..10_000 {
            events.record(attack(1).detail("/../etc/passwd"));
        }
        let taken = events.take();
        assert_eq!(taken.len(), 1);
        assert_eq!(taken.values().next().map(|tally| tally.count), Some(10_000));

        for from in 0..10_000 {
            events.record(attack(from));
        }
        let taken = events.take();
        assert_eq!(taken.len(), COUNTED + 1);
        assert_eq!(taken.values().map(|tally| tally.count).sum::<i64>(), 10_000);
        let many = taken.iter().find(|(key, _)| key.what == MANY).map(|(_, tally)| tally.count);
        assert_eq!(many, Some(10_000 - COUNTED as i64));
    }

    #[test]
    fn alerts_of_a_minute_are_bounded_and_the_last_says_so() {
        let mut book = Book::default();
        let said: Vec<_> = (0..20).filter_map(|_| book.next_alert()).collect();
        assert_eq!(said.len(), ALERTS as usize);
        assert_eq!(said.iter().filter(|is_last| **is_last).count(), 1);
        assert_eq!(said.last(), Some(&true));
    }
}
