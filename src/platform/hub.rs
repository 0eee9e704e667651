//! Hands every committed event to the screens that are connected. A screen that reads too
//! slowly is let go, never waited for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::core::event::Event;
use crate::core::histogram::Histogram;
use crate::platform::seats::Seats;

/// How many events a screen may be behind before it is let go.
const BEHIND: usize = 1024;

/// Where events come in and screens listen.
pub struct Hub {
    events: broadcast::Sender<Arc<Event>>,
    /// Who is connected.
    pub seats: Arc<Seats>,
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
            seats: Arc::default(),
            lag: Histogram::of_seconds(),
            stopping: CancellationToken::new(),
            notices: Mutex::default(),
        }
    }
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
}
