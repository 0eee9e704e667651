//! Hands every committed event to the screens that are connected. A screen that reads too
//! slowly is let go, never waited for.

use std::sync::Arc;

use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::seats::Seats;
use crate::event::Event;
use crate::observe::Histogram;

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
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            events: broadcast::channel(BEHIND).0,
            seats: Arc::default(),
            lag: Histogram::of_seconds(),
            stopping: CancellationToken::new(),
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

    /// Begins to listen.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Event>> {
        self.events.subscribe()
    }
}
