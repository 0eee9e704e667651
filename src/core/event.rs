//! What happened: one entry in the log, told to screens after the commit.

mod audience;
mod kind;
mod subject;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use serde::Serialize;

use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;

pub use audience::Audience;
pub use kind::Kind;
pub use subject::{Subject, Thing};

/// The details of a kind of event: a type of the feature that tells it, in its `events.rs`. What
/// stands on the wire stays there; fields may be added.
pub trait Payload: Serialize {
    /// The kind whose details they are.
    const KIND: Kind;
    /// Who hears of it.
    const AUDIENCE: Audience;
}

/// An event that is about to be written: see [`Event`] for the fields.
#[derive(Debug)]
pub struct NewEvent {
    /// What happened.
    pub kind: Kind,
    /// Who hears of it.
    pub audience: Audience,
    /// What it is about.
    pub subject: Subject,
    /// The table whose guests it concerns.
    pub table_id: Option<i64>,
    /// The waiter whose order it concerns.
    pub waiter_id: Option<i64>,
    /// Who did it: a member of staff.
    pub actor_id: Option<i64>,
    /// The order's status after it.
    pub status: Option<&'static str>,
    /// The details, a JSON object.
    pub data: Arc<str>,
    /// The whole order, as JSON: for the screens, and for who may ask for the reply again. The
    /// log says what changed of it.
    pub order: Option<Arc<str>>,
}

impl NewEvent {
    /// An event that concerns no single table and no waiter's order.
    ///
    /// # Errors
    /// When the details cannot be written as JSON.
    pub fn new<P: Payload>(subject: Subject, actor_id: Option<i64>, details: &P) -> Result<Self> {
        let data = serde_json::to_string(details).map_err(Error::internal)?;
        Ok(Self {
            kind: P::KIND,
            audience: P::AUDIENCE,
            subject,
            table_id: None,
            waiter_id: None,
            actor_id,
            status: None,
            data: data.into(),
            order: None,
        })
    }
}

/// Something that happened, after its commit.
#[derive(Debug)]
pub struct Event {
    /// Its place in the log; strictly growing.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: Kind,
    /// Who hears of it.
    pub audience: Audience,
    /// What it is about.
    pub subject: Subject,
    /// The table whose guests it concerns.
    pub table_id: Option<i64>,
    /// The waiter whose order it concerns.
    pub waiter_id: Option<i64>,
    /// The order's status after it.
    pub status: Option<Arc<str>>,
    /// The details, a JSON object.
    pub data: Arc<str>,
    /// The whole order, where one is told.
    pub order: ToldOrder,
    /// What screens are told, made once for all of them.
    pub messages: Messages,
}

/// The whole order that is told with an event, as JSON. It is let go when it waits for too long.
#[derive(Debug, Default)]
pub struct ToldOrder {
    json: Mutex<Option<Arc<str>>>,
    bytes: usize,
}

impl ToldOrder {
    /// This one, if any.
    pub fn of(json: Option<Arc<str>>) -> Self {
        let bytes = json.as_ref().map_or(0, |json| json.len());
        Self { json: Mutex::new(json), bytes }
    }

    /// How long it is; 0 where none is told.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The order; none where none is told, or when it was let go.
    pub fn json(&self) -> Option<Arc<str>> {
        self.json.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets it go: who has not read it yet, no longer will.
    pub fn let_go(&self) {
        self.json.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// The messages of an event, each made when the first screen is told it.
#[derive(Debug, Default)]
pub struct Messages {
    staff: OnceLock<Bytes>,
    guest: OnceLock<Bytes>,
}

impl Event {
    /// The message for a member of staff, JSON. Where a whole order is told it and the last brace
    /// follow.
    pub fn staff_message(&self) -> Bytes {
        let write = || {
            let mut message = self.head();
            let (thing, data) = (self.subject.thing.as_str(), &self.data);
            message.push_str(&format!(",\"subject\":\"{thing}\""));
            if let Some(id) = self.subject.id {
                message.push_str(&format!(",\"subject_id\":{id}"));
            }
            message.push_str(",\"data\":");
            message.push_str(data);
            message.push_str(if self.order.bytes() > 0 { ",\"order\":" } else { "}" });
            message.into()
        };
        self.messages.staff.get_or_init(write).clone()
    }

    /// The message for a guest: that something happened, not what; they read their own table's order.
    pub fn guest_message(&self) -> Bytes {
        let write = || {
            let mut message = self.head();
            message.push('}');
            message.into()
        };
        self.messages.guest.get_or_init(write).clone()
    }

    fn head(&self) -> String {
        let mut head = format!(
            "{{\"type\":\"{}\",\"seq\":{},\"timestamp\":\"{}\"",
            self.kind.as_str(),
            self.seq,
            self.at
        );
        if let Some(order_id) = self.subject.order_id() {
            head.push_str(&format!(",\"order_id\":{order_id}"));
        }
        if let Some(status) = &self.status {
            head.push_str(&format!(",\"status\":\"{status}\""));
        }
        head
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn event(order: Option<&str>) -> Event {
        Event {
            seq: 7,
            at: Timestamp(0),
            kind: Kind::OrderCreated,
            audience: Audience::STAFF,
            subject: Thing::Order.with(3),
            table_id: Some(1),
            waiter_id: None,
            status: Some("PENDING".into()),
            data: "{\"a\":1}".into(),
            order: ToldOrder::of(order.map(Arc::from)),
            messages: Messages::default(),
        }
    }

    #[test]
    fn a_guest_hears_that_and_not_what() {
        let event = event(None);
        let staff: Value = serde_json::from_slice(&event.staff_message()).unwrap();
        assert_eq!(staff["data"]["a"], 1);
        assert_eq!(staff["timestamp"], "1970-01-01T00:00:00.000Z");
        assert_eq!((&staff["subject"], &staff["subject_id"]), (&"order".into(), &3.into()));
        let guest: Value = serde_json::from_slice(&event.guest_message()).unwrap();
        assert_eq!(guest["order_id"], 3);
        let told: Vec<_> = guest.as_object().unwrap().keys().collect();
        assert_eq!(told, ["order_id", "seq", "status", "timestamp", "type"]);
    }

    #[test]
    fn a_message_is_made_once_and_the_order_follows_it() {
        let event = event(Some("{\"id\":3}"));
        let (head, order) = (event.staff_message(), event.order.json().unwrap());
        assert_eq!(head.as_ptr(), event.staff_message().as_ptr(), "the same bytes for all");
        let whole = [head.as_ref(), order.as_bytes(), b"}"].concat();
        let whole: Value = serde_json::from_slice(&whole).unwrap();
        assert_eq!(whole["order"]["id"], 3);
        event.order.let_go();
        assert_eq!((event.order.json(), event.order.bytes()), (None, 8));
    }
}
