//! What guests send and are shown: their own order, without what is between staff.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bill::GuestPartAsk;
use crate::core::kernel::fields::{Id, Notes};
use crate::core::kernel::{Measure, Money, Quantity, Text, Timestamp};
use crate::features::calls::{Call, CallKind};
use crate::features::menu::{LineModifier, for_guests};
use crate::features::orders::{
    ItemStatus, LineCombo, OrderItem, OrderItemCreate, OrderStatus, OrderWithDetails, PaymentStatus,
};
use crate::features::payments::PaymentMethod;

/// The code that a guest scanned.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GuestSessionCreate {
    /// The code on the table.
    pub qr_code: Text<1, 100>,
    /// The token that this phone had before: whoever waits to see the bill goes on waiting.
    pub earlier: Option<Text<1, 100>>,
}

/// A guest's session at one table.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestSession {
    /// To send as `Authorization: Bearer`.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// The table.
    pub table_id: i64,
    /// Its number.
    pub table_number: i64,
    /// What people call it: its name, or its number.
    pub table_name: String,
    /// The room it stands in.
    pub location_name: Option<String>,
}

/// What a guest orders.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GuestOrderCreate {
    /// At least one line, at most 100.
    pub items: Vec<OrderItemCreate>,
    /// Notes for the waiter.
    pub notes: Option<Notes>,
}

/// The table and its open order.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestTable {
    /// The table's number.
    pub table_number: i64,
    /// What people call the table: its name, or its number.
    pub table_name: String,
    /// The open order of the visit; none before the first order. Where `bill_waits`, what this phone
    /// ordered of it alone.
    pub order: Option<GuestOrder>,
    /// Whether this phone sat down before the bill was opened, and reads it after a word from staff.
    pub bill_waits: bool,
    /// While none is open: the visit's last order that ended, as it ended.
    pub last_order: Option<GuestOrder>,
    /// What the table called for and nobody has answered yet.
    pub calls: Vec<GuestCall>,
    /// How one can pay here.
    pub payment_methods: Vec<GuestPaymentMethod>,
}

/// A visit as its guests may see it after its end too.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestVisit {
    /// Whether it has ended.
    pub is_over: bool,
    /// The visit's last order that ended, as it ended; one that was paid goes before others.
    pub last_order: Option<GuestOrder>,
}

/// What a table calls for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GuestCallCreate {
    /// A waiter, or the bill.
    pub kind: CallKind,
    /// How the guests want to pay; for the bill only.
    pub payment_method_id: Option<Id>,
    /// What of the bill this guest wants to pay by themselves; for the bill only.
    pub part: Option<GuestPartAsk>,
}

/// An open call as its guests see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestCall {
    /// Id.
    pub id: i64,
    /// A waiter, or the bill.
    pub kind: CallKind,
    /// How the guests want to pay.
    pub payment_method_id: Option<i64>,
    /// The name of that.
    pub payment_method_name: Option<String>,
    /// When they called.
    pub created_at: Timestamp,
}

impl From<Call> for GuestCall {
    fn from(call: Call) -> Self {
        Self {
            id: call.id,
            kind: call.kind,
            payment_method_id: call.payment_method_id,
            payment_method_name: call.payment_method_name,
            created_at: call.created_at,
        }
    }
}

/// A way to pay that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestPaymentMethod {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
}

impl From<PaymentMethod> for GuestPaymentMethod {
    fn from(method: PaymentMethod) -> Self {
        Self { id: method.id, name: method.name }
    }
}

/// An order as its guests see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestOrder {
    /// Id.
    pub id: i64,
    /// The short number of its day.
    pub number: i64,
    /// Where it stands.
    pub status: OrderStatus,
    /// Whether it is paid.
    pub payment_status: PaymentStatus,
    /// What all live lines cost together.
    pub total_price: Money,
    /// When it was placed.
    pub created_at: Timestamp,
    /// Whether lines wait for a waiter's word.
    pub waiting_for_confirmation: bool,
    /// Its lines.
    pub items: Vec<GuestOrderItem>,
}

/// A line as its guests see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestOrderItem {
    /// Id.
    pub id: i64,
    /// The dish.
    pub dish_id: i64,
    /// Which size or kind of it.
    pub dish_variation_id: i64,
    /// The dish's name.
    pub dish_name: String,
    /// The variation's name.
    pub variation_name: String,
    /// How many, or how much.
    pub quantity: Quantity,
    /// Of what `quantity` and `price` are; left out by the piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Measure>,
    /// What was chosen with it; left out where nothing was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub modifiers: Vec<LineModifier>,
    /// The combo that it is a part of; left out where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub combo: Option<LineCombo>,
    /// The price of one, without what was chosen.
    pub price: Money,
    /// What that adds to the price of one; left out where it adds nothing.
    #[serde(skip_serializing_if = "Money::is_zero")]
    #[schema(required = false)]
    pub modifiers_price: Money,
    /// The price of all.
    pub total: Money,
    /// The wish.
    pub comment: Option<String>,
    /// Where it stands.
    pub status: ItemStatus,
    /// How many minutes it should take.
    pub estimated_preparation_time: Option<i64>,
    /// When the kitchen was told.
    pub sent_to_kitchen_at: Option<Timestamp>,
    /// When it was ready.
    pub ready_at: Option<Timestamp>,
}

impl From<OrderWithDetails> for GuestOrder {
    fn from(OrderWithDetails { order, items }: OrderWithDetails) -> Self {
        Self {
            id: order.id,
            number: order.number,
            status: order.status,
            payment_status: order.payment_status,
            total_price: order.total_price,
            created_at: order.created_at,
            waiting_for_confirmation: items.iter().any(|item| item.status == ItemStatus::New),
            items: items.into_iter().map(GuestOrderItem::from).collect(),
        }
    }
}

impl GuestOrder {
    /// The order as if it were these lines of it alone.
    pub fn part(mut order: OrderWithDetails, lines: &[i64]) -> Self {
        order.items.retain(|item| lines.contains(&item.id));
        let live = order.items.iter().filter(|item| item.status != ItemStatus::Cancelled);
        order.order.total_price = live.map(|item| item.total).sum();
        order.into()
    }
}

impl From<OrderItem> for GuestOrderItem {
    fn from(item: OrderItem) -> Self {
        Self {
            id: item.id,
            dish_id: item.dish_id,
            dish_variation_id: item.dish_variation_id,
            dish_name: item.dish_name,
            variation_name: item.variation_name,
            quantity: item.quantity,
            unit: item.unit,
            modifiers: for_guests(item.modifiers),
            combo: item.combo,
            price: item.price,
            modifiers_price: item.modifiers_price,
            total: item.total,
            comment: item.comment,
            status: item.status,
            estimated_preparation_time: item.estimated_preparation_time,
            sent_to_kitchen_at: item.sent_to_kitchen_at,
            ready_at: item.ready_at,
        }
    }
}
