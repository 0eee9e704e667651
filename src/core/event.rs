//! What happened: one entry in the log, told to screens after the commit.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde_json::Value;

use crate::core::kernel::Timestamp;

/// What kind of thing happened. The first eight are the contract's; the rest are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A new order, told with the whole order.
    OrderCreated,
    /// Lines were added, changed or removed.
    OrderUpdated,
    /// The order moved on.
    OrderStatusChanged,
    /// One line moved on.
    ItemStatusChanged,
    /// There is something to serve.
    OrderReady,
    /// Past its estimated time.
    OrderDelayed,
    /// Money was taken or given back.
    PaymentReceived,
    /// A block or an anomaly.
    SecurityAlert,
    /// Dishes, prices or what is available changed.
    MenuChanged,
    /// Tables, rooms or who sits where changed.
    TableChanged,
    /// A table's guests want a waiter, or the bill.
    TableCalled,
    /// Their call was answered, or taken back.
    CallAnswered,
    /// A member of staff was created, changed or removed. Not told to screens.
    StaffChanged,
    /// Somebody signed in. Not told to screens.
    SignedIn,
    /// A sign-in ended. Not told to screens.
    SignedOut,
    /// A tablet was paired, renamed or cut off.
    DeviceChanged,
    /// The ways to pay changed.
    PaymentMethodsChanged,
    /// Somebody asks for an approval, or it was answered.
    ApprovalChanged,
    /// An admin's own words to all staff.
    Broadcast,
}

impl Kind {
    const ALL: [Self; 19] = [
        Self::OrderCreated,
        Self::OrderUpdated,
        Self::OrderStatusChanged,
        Self::ItemStatusChanged,
        Self::OrderReady,
        Self::OrderDelayed,
        Self::PaymentReceived,
        Self::SecurityAlert,
        Self::MenuChanged,
        Self::TableChanged,
        Self::TableCalled,
        Self::CallAnswered,
        Self::StaffChanged,
        Self::SignedIn,
        Self::SignedOut,
        Self::DeviceChanged,
        Self::PaymentMethodsChanged,
        Self::ApprovalChanged,
        Self::Broadcast,
    ];

    /// The word on the wire and in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OrderCreated => "order_created",
            Self::OrderUpdated => "order_updated",
            Self::OrderStatusChanged => "order_status_changed",
            Self::ItemStatusChanged => "item_status_changed",
            Self::OrderReady => "order_ready",
            Self::OrderDelayed => "order_delayed",
            Self::PaymentReceived => "payment_received",
            Self::SecurityAlert => "security_alert",
            Self::MenuChanged => "menu_changed",
            Self::TableChanged => "table_changed",
            Self::TableCalled => "table_called",
            Self::CallAnswered => "call_answered",
            Self::StaffChanged => "staff_changed",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::DeviceChanged => "device_changed",
            Self::PaymentMethodsChanged => "payment_methods_changed",
            Self::ApprovalChanged => "approval_changed",
            Self::Broadcast => "broadcast",
        }
    }

    /// Whether somebody's sign-in may have ended with it.
    pub fn may_end_sessions(self) -> bool {
        matches!(self, Self::StaffChanged | Self::SignedOut | Self::DeviceChanged)
    }

    /// The kind by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Who hears of an event: a set of groups, stored with the event so that a replay tells nobody
/// more than the live feed did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audience(pub u8);

impl Audience {
    /// Nobody: the event is for the log alone.
    pub const NOBODY: Self = Self(0);
    /// Admins.
    pub const ADMIN: Self = Self(1);
    /// Managers.
    pub const MANAGER: Self = Self(2);
    /// Every waiter.
    pub const WAITERS: Self = Self(4);
    /// The kitchen.
    pub const KITCHEN: Self = Self(8);
    /// The waiter of the event's order; every waiter while it has none.
    pub const ORDERS_WAITER: Self = Self(16);
    /// The guests at the event's table.
    pub const TABLE_GUESTS: Self = Self(32);
    /// All guests.
    pub const GUESTS: Self = Self(64);
    /// Everybody who works here.
    pub const STAFF: Self = Self(1 | 2 | 4 | 8);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one of `groups` is in it.
    pub const fn has(self, groups: Self) -> bool {
        self.0 & groups.0 != 0
    }
}

/// An event that is about to be written: see [`Event`] for the fields.
#[derive(Debug)]
pub struct NewEvent {
    /// What happened.
    pub kind: Kind,
    /// Who hears of it.
    pub audience: Audience,
    /// The order it is about.
    pub order_id: Option<i64>,
    /// The table it is about.
    pub table_id: Option<i64>,
    /// The waiter of that order.
    pub waiter_id: Option<i64>,
    /// Who did it: a member of staff.
    pub actor_id: Option<i64>,
    /// The order's status after it.
    pub status: Option<&'static str>,
    /// The details, an object.
    pub data: Value,
    /// The whole order, as JSON: for the screens, and for who may ask for the reply again. The
    /// log says what changed of it.
    pub order: Option<Arc<str>>,
}

impl NewEvent {
    /// An event about no order and no table.
    pub fn new(kind: Kind, audience: Audience, actor_id: Option<i64>, data: Value) -> Self {
        Self {
            kind,
            audience,
            order_id: None,
            table_id: None,
            waiter_id: None,
            actor_id,
            status: None,
            data,
            order: None,
        }
    }
}

/// Something that happened, after its commit.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its place in the log; strictly growing.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: Kind,
    /// Who hears of it.
    pub audience: Audience,
    /// The order it is about.
    pub order_id: Option<i64>,
    /// The table it is about.
    pub table_id: Option<i64>,
    /// The waiter of that order.
    pub waiter_id: Option<i64>,
    /// The order's status after it.
    pub status: Option<Arc<str>>,
    /// The details, a JSON object.
    pub data: Arc<str>,
    /// The whole order, as JSON.
    pub order: Option<Arc<str>>,
    /// See [`Event::staff_head`]: made once for all screens.
    pub staff_head: OnceLock<Bytes>,
}

impl Event {
    /// Whether staff is told the whole order with it. A replay adds it as it stands then.
    pub fn tells_order(&self) -> bool {
        matches!(self.kind, Kind::OrderCreated | Kind::OrderUpdated)
    }

    /// The message for a member of staff, JSON, up to where the whole order and the last brace
    /// follow.
    pub fn staff_head(&self) -> Bytes {
        let write = || {
            let mut head = self.head();
            head.push_str(",\"data\":");
            head.push_str(&self.data);
            head.into()
        };
        self.staff_head.get_or_init(write).clone()
    }

    /// The message for a guest: that something happened, not what; he reads his own table's order.
    pub fn guest_message(&self) -> String {
        let mut message = self.head();
        message.push('}');
        message
    }

    fn head(&self) -> String {
        let mut head = format!(
            "{{\"type\":\"{}\",\"seq\":{},\"timestamp\":\"{}\"",
            self.kind.as_str(),
            self.seq,
            self.at
        );
        if let Some(order_id) = self.order_id {
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
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn a_guest_hears_that_and_not_what() {
        let event = Event {
            seq: 7,
            at: Timestamp(0),
            kind: Kind::OrderCreated,
            audience: Audience::STAFF,
            order_id: Some(3),
            table_id: Some(1),
            waiter_id: None,
            status: Some("PENDING".into()),
            data: "{\"a\":1}".into(),
            order: Some("{\"id\":3}".into()),
            staff_head: OnceLock::new(),
        };
        let staff = [event.staff_head().as_ref(), b"}"].concat();
        let staff: serde_json::Value = serde_json::from_slice(&staff).unwrap();
        assert_eq!(staff["data"]["a"], 1);
        assert_eq!(staff["timestamp"], "1970-01-01T00:00:00.000Z");
        let guest: serde_json::Value = serde_json::from_str(&event.guest_message()).unwrap();
        assert_eq!(guest["order_id"], 3);
        assert!(guest.get("order").is_none() && guest.get("data").is_none());
    }
}
