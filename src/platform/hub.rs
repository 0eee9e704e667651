//! Hands every committed event to the screens that are connected. A screen that reads too
//! slowly is let go, never waited for.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::core::event::Event;
use crate::core::histogram::Histogram;

/// How many events a screen may be behind before it is let go.
const BEHIND: usize = 1024;
/// How many screens may be connected at once: bounds the memory.
const SCREENS: usize = 512;

/// Where events come in and screens listen.
pub struct Hub {
    events: broadcast::Sender<Arc<Event>>,
    connected: AtomicUsize,
    by_role: Mutex<BTreeMap<&'static str, usize>>,
    /// From an event to its sending to a screen.
    pub lag: Histogram,
    /// Set when the box stops: every screen is told to come back.
    pub stopping: CancellationToken,
    /// What every sign of life tells staff beside the time, by its name.
    notices: Mutex<BTreeMap<&'static str, serde_json::Value>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            events: broadcast::channel(BEHIND).0,
            connected: AtomicUsize::new(0),
            by_role: Mutex::default(),
            lag: Histogram::of_seconds(),
            stopping: CancellationToken::new(),
            notices: Mutex::default(),
        }
    }
}

/// A connected screen; counts while it lives.
pub struct Seat {
    hub: Arc<Hub>,
    role: &'static str,
}

impl Hub {
    /// Hears of committed events.
    pub fn observe(&self, events: &[Arc<Event>]) {
        for event in events {
            // An error only says that nobody listens.
            let _ = self.events.send(Arc::clone(event));
        }
    }

    /// Every sign of life tells staff this from now on; nothing of that name when it is none.
    pub fn set_notice(&self, name: &'static str, value: Option<serde_json::Value>) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        match value {
            Some(value) => notices.insert(name, value),
            None => notices.remove(name),
        };
    }

    /// What a sign of life tells staff.
    pub fn notices(&self) -> BTreeMap<&'static str, serde_json::Value> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins to listen.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Event>> {
        self.events.subscribe()
    }

    /// A seat for a screen, or none when all are taken.
    pub fn seat(self: &Arc<Self>, role: &'static str) -> Option<Seat> {
        let taken = self.connected.fetch_add(1, Ordering::AcqRel);
        if taken >= SCREENS {
            self.connected.fetch_sub(1, Ordering::AcqRel);
            return None;
        }
        *self.roles().entry(role).or_default() += 1;
        Some(Seat { hub: Arc::clone(self), role })
    }

    /// How many screens are connected.
    pub fn connected(&self) -> usize {
        self.connected.load(Ordering::Acquire)
    }

    /// How many screens are connected, by role.
    pub fn connected_by_role(&self) -> BTreeMap<&'static str, usize> {
        self.roles().clone()
    }

    fn roles(&self) -> std::sync::MutexGuard<'_, BTreeMap<&'static str, usize>> {
        self.by_role.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.connected.fetch_sub(1, Ordering::AcqRel);
        if let Some(count) = self.hub.roles().get_mut(self.role) {
            *count = count.saturating_sub(1);
        }
    }
}
