//! Hands every committed event to the screens that are connected. A screen that reads too
//! slowly is let go, never waited for.
//!
//! An event that some screen has not read yet stays in memory, with the whole order that it tells.
//! So both are bounded: how many events, and how many bytes of orders.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::core::event::Event;
use crate::core::histogram::Histogram;
use crate::platform::seats::Seats;

/// How many events a screen may be behind before it is let go.
const BEHIND: usize = 1024;
/// How many bytes of whole orders may wait for screens before the oldest of them go, and who has not
/// read them is let go.
const WAITING: usize = 8 * 1024 * 1024;

/// Where events come in and screens listen.
pub struct Hub {
    events: broadcast::Sender<Arc<Event>>,
    waiting: Mutex<Waiting>,
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
            waiting: Mutex::default(),
            seats: Arc::default(),
            lag: Histogram::of_seconds(),
            stopping: CancellationToken::new(),
            notices: Mutex::default(),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The events with whole orders that some screen has not read yet, oldest first. Who has not read
/// one has not read those after it either, so the ones that all have read are at the front.
#[derive(Default)]
struct Waiting {
    events: VecDeque<(Weak<Event>, usize)>,
    bytes: usize,
}

impl Waiting {
    fn add(&mut self, event: &Arc<Event>) {
        while self.events.front().is_some_and(|(oldest, _)| oldest.strong_count() == 0) {
            self.drop_oldest();
        }
        let bytes = event.order.bytes();
        if bytes > 0 {
            self.bytes += bytes;
            self.events.push_back((Arc::downgrade(event), bytes));
        }
        // The newest stays however large it is.
        while self.bytes > WAITING && self.events.len() > 1 {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some((oldest, bytes)) = self.events.pop_front() else { return };
        self.bytes -= bytes;
        if let Some(event) = oldest.upgrade() {
            event.order.let_go();
        }
    }
}

impl Hub {
    /// Hears of committed events.
    pub fn observe(&self, events: &[Arc<Event>]) {
        for event in events {
            lock(&self.waiting).add(event);
            // An error only says that nobody listens.
            let _ = self.events.send(Arc::clone(event));
        }
    }

    /// Every sign of life tells staff this from now on; nothing of that name when it is none.
    pub fn set_notice(&self, name: &'static str, value: Option<serde_json::Value>) {
        let mut notices = lock(&self.notices);
        match value {
            Some(value) => notices.insert(name, value),
            None => notices.remove(name),
        };
    }

    /// What a sign of life tells staff.
    pub fn notices(&self) -> BTreeMap<&'static str, serde_json::Value> {
        lock(&self.notices).clone()
    }

    /// Begins to listen.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Event>> {
        self.events.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::event::{Audience, Kind, Messages, Thing, ToldOrder};
    use crate::core::kernel::Timestamp;

    fn with_order(bytes: usize) -> Arc<Event> {
        Arc::new(Event {
            seq: 1,
            at: Timestamp(0),
            kind: Kind::OrderUpdated,
            audience: Audience::STAFF,
            subject: Thing::Order.with(1),
            table_id: None,
            waiter_id: None,
            status: None,
            data: "{}".into(),
            order: ToldOrder::of(Some("x".repeat(bytes).into())),
            messages: Messages::default(),
        })
    }

    /// N1: a thousand events kept a thousand whole orders for a screen that read none.
    #[test]
    fn orders_that_wait_for_a_screen_are_bounded_in_bytes() {
        let hub = Hub::default();
        let mut screen = hub.listen();
        let half = WAITING / 2;
        hub.observe(&[with_order(half), with_order(half), with_order(half)]);
        let orders: Vec<_> = (0..3)
            .map(|_| screen.try_recv().unwrap().order.json().map(|json| json.len()))
            .collect();
        assert_eq!(orders, [None, Some(half), Some(half)]);
        // What all have read is not counted, and what is larger than all is told.
        hub.observe(&[with_order(half), with_order(2 * WAITING)]);
        assert!(screen.try_recv().unwrap().order.json().is_none());
        assert!(screen.try_recv().unwrap().order.json().is_some());
        hub.observe(&[with_order(half)]);
        assert_eq!(lock(&hub.waiting).bytes, half);
    }
}
