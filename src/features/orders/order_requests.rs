//! What is asked of orders: the bodies of requests.

use serde::Deserialize;
use utoipa::ToSchema;

use super::states::{ItemStatus, OrderStatus, OrderType, PaymentStatus};
use crate::core::kernel::fields::{Comment, Course, Id, Label, Notes};
use crate::core::kernel::{Int, Money, Ordered, Patch, Text, Timestamp};
use crate::features::floor::Guests;
use crate::features::menu::{ComboChoice, ModifierChoice};

/// A line that is ordered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct OrderItemCreate {
    /// The dish.
    pub dish_id: Id,
    /// Which size or kind; the dish's default when left out.
    pub dish_variation_id: Option<Id>,
    /// How many, or how much of what is weighed or poured out.
    pub quantity: Ordered,
    /// A wish.
    pub comment: Option<Comment>,
    /// Whose it is, by the number of the seat.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 99)]
    pub seat: Option<Seat>,
    /// With which course it is served; its dish's usual one when left out and eaten at a table, and
    /// `null` as it is ready. The first course of an order goes to the kitchen at once. Of guests it is not
    /// asked.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub course: Patch<Course>,
    /// What the menu showed for one, as it wrote it: at another price nothing is ordered (409
    /// `price_changed`), but for the minutes of grace after a change by the clock.
    pub menu_price: Option<Money>,
    /// When a tablet without a link took the order, by the box's time: what is not older than 15 minutes
    /// costs what it cost then. Of guests it is not asked.
    pub placed_at: Option<Timestamp>,
    /// What is chosen with it, at most 50; the dish as it comes when left out.
    #[schema(max_items = 50)]
    pub modifiers: Option<Vec<ModifierChoice>>,
    /// Where the dish is a combo, one of the choices of each part; the usual ones when left out.
    #[schema(max_items = 10)]
    pub combo: Option<Vec<ComboChoice>>,
    /// What one costs with all that is chosen, as it was shown: with another price of now nothing is ordered
    /// (409 `choices_changed`).
    pub shown_price: Option<Money>,
}

/// The number of a seat at a table.
pub type Seat = Int<1, 99>;

/// A new order, or lines for the open bill of a table.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderCreate {
    /// The table; needed for `DINE_IN`.
    pub table_id: Option<Id>,
    /// `DINE_IN` or `TAKEAWAY`; a delivery goes to `/orders/delivery`.
    #[serde(default = "dine_in")]
    #[schema(default = "DINE_IN")]
    pub order_type: OrderType,
    /// Notes for the waiter.
    pub notes: Option<Notes>,
    /// Notes for the kitchen.
    pub kitchen_notes: Option<Notes>,
    /// How many guests sit at the table; those who were seated there when left out.
    pub guests: Option<Guests>,
    /// Who picks it up.
    pub customer_name: Option<Label<0, 100>>,
    /// His telephone.
    pub customer_phone: Option<Text<0, 20>>,
    /// At least one line, at most 100.
    pub items: Vec<OrderItemCreate>,
}

fn dine_in() -> OrderType {
    OrderType::DineIn
}

/// An order that is brought home.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DeliveryOrderCreate {
    /// Always `DELIVERY`.
    #[serde(default = "delivery")]
    #[schema(default = "DELIVERY")]
    pub order_type: OrderType,
    /// Notes for the waiter.
    pub notes: Option<Notes>,
    /// Notes for the kitchen.
    pub kitchen_notes: Option<Notes>,
    /// Who gets it.
    pub customer_name: Label<2, 100>,
    /// His telephone.
    pub customer_phone: Text<10, 20>,
    /// Where to.
    pub delivery_address: Text<10, 500>,
    /// Notes for the courier.
    pub delivery_notes: Option<Text<0, 300>>,
    /// At least one line, at most 100.
    pub items: Vec<OrderItemCreate>,
}

fn delivery() -> OrderType {
    OrderType::Delivery
}

/// Changes to an order; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderUpdate {
    /// How many guests sit at the table; `null` where nobody knows.
    #[serde(default)]
    #[schema(value_type = Option<Guests>)]
    pub guests: Patch<Guests>,
}

/// A new status for an order.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderStatusUpdate {
    /// Where it goes.
    pub status: OrderStatus,
    /// Why: needed to cancel an order of which something is made or served.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Text<0, 200>>,
    /// The order's sum as the person saw it; with another one nothing happens (409
    /// `bill_changed`).
    pub expected_total: Option<Money>,
}

/// A new status for a line.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderItemStatusUpdate {
    /// Where it goes.
    pub status: ItemStatus,
    /// Why: needed to cancel what the kitchen has begun.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Text<0, 200>>,
    /// The line's sum as the person saw it; with another one nothing happens (409
    /// `bill_changed`).
    pub expected_total: Option<Money>,
}

/// Changes to a line; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderItemUpdate {
    /// Another size or kind of the same dish, at its price of now.
    pub dish_variation_id: Option<Id>,
    /// How many, or how much: also what it weighs now.
    pub quantity: Option<Ordered>,
    /// A wish; `null` takes it back.
    #[serde(default)]
    #[schema(value_type = Option<Comment>)]
    pub comment: Patch<Comment>,
    /// Another course, while it is not fired: one that the table has come to, or `null`, fires it.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub course: Patch<Course>,
    /// Whose it is, by the number of the seat; `null`: it is for the table. Of a combo, all of it.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 99)]
    pub seat: Patch<Seat>,
    /// What is chosen with it from now on, at its price of now.
    #[schema(max_items = 50)]
    pub modifiers: Option<Vec<ModifierChoice>>,
    /// Where it goes.
    pub status: Option<ItemStatus>,
    /// Why: needed once the kitchen has begun the line.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Text<0, 200>>,
    /// The line's sum as the person saw it; with another one nothing happens (409
    /// `bill_changed`).
    pub expected_total: Option<Money>,
}

/// Where an order goes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderMove {
    /// The table.
    pub table_id: Id,
    /// The order's sum as the person saw it; with another one nothing moves (409 `bill_changed`).
    pub expected_total: Option<Money>,
}

/// Which lines go to another table.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderItemsMove {
    /// The table.
    pub table_id: Id,
    /// At least one line, at most 100.
    pub items: Vec<ItemToMove>,
    /// The order's sum as the person saw it; with another one nothing moves (409 `bill_changed`).
    pub expected_total: Option<Money>,
}

/// A line that goes to another table.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ItemToMove {
    /// The line.
    pub id: Id,
    /// How many of it; all when left out. What is weighed goes whole.
    pub quantity: Option<Ordered>,
}

/// Whether an order is paid now.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderPaymentUpdate {
    /// `PAID` takes the money, `REFUNDED` gives it back.
    pub payment_status: PaymentStatus,
    /// How it was paid.
    pub payment_method_id: Option<Id>,
    /// Why money is given back, for the record.
    pub reason: Option<Text<0, 200>>,
    /// The sum that the person saw; with another one no money moves (409 `bill_changed`).
    pub expected_total: Option<Money>,
}

/// The bill is settled, and the order ends with the last dish served.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OrderPaymentComplete {
    /// How it was paid.
    pub payment_method_id: Id,
    /// Whose account pays: needed where the way is of the kind `ACCOUNT`, and only there.
    pub account_id: Option<Id>,
    /// Always `PAID`.
    #[serde(default = "paid")]
    #[schema(default = "PAID")]
    pub payment_status: PaymentStatus,
    /// The sum that the person saw; with another one nothing is taken (409 `bill_changed`).
    pub expected_total: Option<Money>,
}

fn paid() -> PaymentStatus {
    PaymentStatus::Paid
}

/// Which lines of a course are fired or held: all of them when none is named.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct CourseLines {
    /// Only these lines: what an undo names.
    #[serde(default)]
    #[schema(value_type = Vec<i64>)]
    pub item_ids: Vec<Id>,
}
