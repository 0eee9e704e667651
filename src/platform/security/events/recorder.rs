//! Counts security events in memory until they are written down.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::{Kind, SecurityEvent};
use crate::core::clock;
use crate::core::kernel::Timestamp;
use crate::platform::auth::Role;

/// How many different events are counted between two writes. More than these are counted per
/// kind, without address and name: a botnet must not fill the memory.
const COUNTED: usize = 512;
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
    pub(super) wake: Notify,
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

    pub(super) fn take(&self) -> HashMap<Key, Tally> {
        std::mem::take(&mut *self.waiting())
    }

    pub(super) fn put_back(&self, entries: impl Iterator<Item = (Key, Tally)>) {
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
}
