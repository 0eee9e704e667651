//! What is told of orders. Each says which order, how often it was changed, and which of its lines.

use serde::{Deserialize, Serialize};

use super::states::{ItemStatus, OrderStatus, OrderType};
use super::types::Order;
use crate::core::event::{Audience, Kind, Payload};
use crate::core::kernel::fields::Course;
use crate::core::kernel::{Measure, Money, Quantity, Timestamp};
use crate::features::checks::CheckState;
use crate::features::menu::Department;

/// Every waiter's pad shows every table, so all of them are told what becomes of an order.
const EVERYBODY: Audience = Audience::STAFF.and(Audience::TABLE_GUESTS);

/// Which order an event is about, as it is after it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderHead {
    /// The order.
    pub order_id: i64,
    /// Its number of the day.
    pub number: i64,
    /// Where it is eaten.
    pub order_type: OrderType,
    /// Its table.
    pub table_id: Option<i64>,
    /// The number on that table.
    pub table_number: Option<i64>,
    /// What people call that table.
    pub table_name: Option<String>,
    /// How many guests sit there, where somebody counted them.
    pub guests: Option<i64>,
    /// Whose order it is; 0 while nobody has taken a guest's order.
    pub waiter_id: i64,
    /// Where it stands.
    pub status: OrderStatus,
    /// The order's version: one more with each change of it that is told. A screen that knows the one
    /// before knows all of the order.
    #[serde(default)]
    pub version: i64,
}

impl OrderHead {
    /// The head of an order at a version.
    pub fn of(order: &Order, version: i64) -> Self {
        Self {
            order_id: order.id,
            number: order.number,
            order_type: order.order_type,
            table_id: order.table_id,
            table_number: order.table_number,
            table_name: order.table_name.clone(),
            guests: order.guests,
            waiter_id: order.waiter_id,
            status: order.status,
            version,
        }
    }
}

/// What became of a line of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// It is new.
    Added,
    /// A guest's line that waited goes to the kitchen.
    Sent,
    /// It was held for a later course, and goes to the kitchen.
    Fired,
    /// It was fired, and is held again.
    Held,
    /// Its quantity, size, wish or course is another.
    Changed,
    /// It was taken off.
    Removed,
    /// It came from another order.
    MovedIn,
    /// It, or a part of its quantity, went to another order.
    MovedOut,
}

/// A line that changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangedLine {
    /// The line.
    pub id: i64,
    /// What became of it.
    pub change: LineChange,
    /// How many of it the order holds then; 0 when it was taken off or went away whole.
    pub quantity: Quantity,
    /// Whether its dish is sold in this size only: then the size need not be named.
    pub one_size: bool,
}

/// An order of which lines changed; the whole of it is told beside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderLines {
    /// Which order.
    #[serde(flatten)]
    pub head: OrderHead,
    /// The lines that changed.
    pub item_ids: Vec<i64>,
    /// The same, and how.
    #[serde(default)]
    pub lines: Vec<ChangedLine>,
    /// What all live lines cost together.
    pub total_price: Money,
}

/// A new order, told with the whole order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderCreated(pub OrderLines);

impl Payload for OrderCreated {
    const KIND: Kind = Kind::OrderCreated;
    const AUDIENCE: Audience = EVERYBODY;
}

/// Lines were added, changed or removed, or the order leaves its table; told with the whole order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderUpdated {
    /// Which lines changed.
    #[serde(flatten)]
    pub lines: OrderLines,
    /// The table that it goes to; where it is by then tells the event that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to_table_id: Option<i64>,
    /// The course that was fired, or is held again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<Course>,
}

impl Payload for OrderUpdated {
    const KIND: Kind = Kind::OrderUpdated;
    const AUDIENCE: Audience = EVERYBODY;
}

/// The order moved on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderStatusChanged {
    /// Which order.
    #[serde(flatten)]
    pub head: OrderHead,
    /// Where it stood.
    pub old_status: OrderStatus,
    /// Where it stands.
    pub new_status: OrderStatus,
    /// The moment that stands with the order.
    #[serde(default)]
    pub updated_at: Timestamp,
}

impl Payload for OrderStatusChanged {
    const KIND: Kind = Kind::OrderStatusChanged;
    const AUDIENCE: Audience = EVERYBODY;
}

/// One line moved on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ItemStatusChanged {
    /// Which order.
    #[serde(flatten)]
    pub head: OrderHead,
    /// The line.
    pub item_id: i64,
    /// Where it stood.
    pub old_status: ItemStatus,
    /// Where it stands.
    pub new_status: ItemStatus,
    /// Where it is made.
    pub department: Department,
    /// Its dish.
    pub dish_name: String,
    /// How many of it, or how much.
    pub quantity: Quantity,
    /// Of what `quantity` is; left out by the piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Measure>,
    /// When it was begun.
    pub preparation_started_at: Option<Timestamp>,
    /// When the kitchen was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_to_kitchen_at: Option<Timestamp>,
    /// When it was ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<Timestamp>,
    /// When it was served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_at: Option<Timestamp>,
    /// The moment that stands with the line.
    #[serde(default)]
    pub updated_at: Timestamp,
    /// Where somebody took a guest's order on with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_on: Option<TakenOn>,
}

impl Payload for ItemStatusChanged {
    const KIND: Kind = Kind::ItemStatusChanged;
    const AUDIENCE: Audience = EVERYBODY;
}

/// Who has taken a guest's order on, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakenOn {
    /// Whose order it is.
    pub waiter_id: i64,
    /// Their name.
    pub waiter_name: String,
    /// When it was taken on first.
    pub confirmed_at: Option<Timestamp>,
}

/// There is something to serve.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderReady(pub OrderHead);

impl Payload for OrderReady {
    const KIND: Kind = Kind::OrderReady;
    /// A call to whoever serves it: other waiters read it off the order's status.
    const AUDIENCE: Audience =
        Audience::ORDERS_WAITER.and(Audience::ADMIN).and(Audience::TABLE_GUESTS);
}

/// Past its estimated time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderDelayed {
    /// Which order.
    #[serde(flatten)]
    pub head: OrderHead,
    /// How long after it was placed.
    pub minutes: i64,
}

impl Payload for OrderDelayed {
    const KIND: Kind = Kind::OrderDelayed;
    const AUDIENCE: Audience =
        Audience::KITCHEN.and(Audience::ORDERS_WAITER).and(Audience::MANAGER).and(Audience::ADMIN);
}

/// Which way money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PaymentKind {
    /// It was taken.
    Payment,
    /// It was given back.
    Refund,
}

impl PaymentKind {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "PAYMENT",
            Self::Refund => "REFUND",
        }
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Payment, Self::Refund].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Money was taken or given back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentReceived {
    /// Which order.
    #[serde(flatten)]
    pub head: OrderHead,
    /// Which way it went.
    pub kind: PaymentKind,
    /// How much.
    pub amount: Money,
    /// How: what it was called then.
    pub method: Option<String>,
    /// How.
    #[serde(default)]
    pub payment_method_id: Option<i64>,
    /// The moment that stands with the order.
    #[serde(default)]
    pub updated_at: Timestamp,
}

impl Payload for PaymentReceived {
    const KIND: Kind = Kind::PaymentReceived;
    /// The kitchen has nothing to do with money.
    const AUDIENCE: Audience =
        Audience::ADMIN.and(Audience::MANAGER).and(Audience::WAITERS).and(Audience::TABLE_GUESTS);
}

/// A check as screens need it to know whether theirs is old.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangedCheck {
    /// The check.
    pub id: i64,
    /// Its number within the order.
    pub number: i64,
    /// Where it stands.
    pub state: CheckState,
    /// Its version.
    pub version: i64,
    /// What it comes to.
    pub total: Money,
    /// What is to be paid still.
    pub due: Money,
    /// What is under way, or of which nobody knows whether it came.
    pub pending: Money,
}

/// Checks of an order changed: split, joined, adjusted, presented, paid in part.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckChanged {
    /// Which order.
    #[serde(flatten)]
    pub head: OrderHead,
    /// Those that changed; one that was joined to another is gone.
    pub check_ids: Vec<i64>,
    /// All checks that the order has now.
    pub checks: Vec<ChangedCheck>,
    /// The version of all of them.
    pub checks_version: i64,
    /// What they come to together.
    pub total_price: Money,
    /// The moment that stands with the order.
    pub updated_at: Timestamp,
}

impl Payload for CheckChanged {
    const KIND: Kind = Kind::CheckChanged;
    /// The kitchen has nothing to do with money.
    const AUDIENCE: Audience = PaymentReceived::AUDIENCE;
}
