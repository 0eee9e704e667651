//! Orders as they travel: what is asked, and what is answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::states::{ItemStatus, OrderStatus, OrderType, PaymentStatus};
use crate::core::kernel::fields::{Comment, Id, Label, Notes};
use crate::core::kernel::{
    Int, Measure, Money, Ordered, Patch, Quantity, TaxRate, Text, Timestamp,
};
use crate::features::floor::Guests;
use crate::features::menu::{ComboChoice, Department, LineModifier, ModifierChoice};
use crate::features::taxes::LineTax;

/// The most lines one request may bring: bounds the time it holds the writer.
pub const MAX_LINES: usize = 100;
/// The most lines one order may have.
pub const MAX_LINES_OF_ORDER: usize = 500;

/// An order without its lines.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Order {
    /// Id.
    pub id: i64,
    /// The short number of its day, for calling out.
    pub number: i64,
    /// Where it is eaten.
    pub order_type: OrderType,
    /// Its table; none for takeaway and delivery.
    pub table_id: Option<i64>,
    /// The number of that table.
    pub table_number: Option<i64>,
    /// What people call that table: its name, or its number.
    pub table_name: Option<String>,
    /// How many guests sit there, where somebody counted them.
    pub guests: Option<i64>,
    /// Whose order it is; 0 while nobody has taken a guest's order.
    pub waiter_id: i64,
    /// His name; empty while nobody has taken a guest's order.
    pub waiter_name: String,
    /// Whether a guest placed it.
    pub is_guest_order: bool,
    /// Where it stands.
    pub status: OrderStatus,
    /// Whether it is paid.
    pub payment_status: PaymentStatus,
    /// How it was or will be paid.
    pub payment_method_id: Option<i64>,
    /// The name of that.
    pub payment_method_name: Option<String>,
    /// What its checks come to: what all live lines cost, with the tax that is paid beside.
    pub total_price: Money,
    /// The usual tax on the day it was placed, in percent. What each check is taxed by says its `taxes`.
    #[serde(default)]
    #[schema(required = true)]
    pub tax_percent: TaxRate,
    /// The tax in `total_price`, of all rates.
    #[serde(default)]
    #[schema(required = true)]
    pub tax_included: Money,
    /// Notes for the waiter.
    pub notes: Option<String>,
    /// Notes for the kitchen.
    pub kitchen_notes: Option<String>,
    /// Who picks it up or gets it.
    pub customer_name: Option<String>,
    /// His telephone.
    pub customer_phone: Option<String>,
    /// Where it is brought.
    pub delivery_address: Option<String>,
    /// Notes for the courier.
    pub delivery_notes: Option<String>,
    /// When a member of staff took it on.
    pub confirmed_at: Option<Timestamp>,
    /// When all was served for the first time.
    pub served_at: Option<Timestamp>,
    /// When it was called off.
    pub cancelled_at: Option<Timestamp>,
    /// When it was done.
    pub completed_at: Option<Timestamp>,
    /// Minutes from creation to served.
    pub time_to_serve: Option<i64>,
    /// When it was placed.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// How often it was told to have changed: one more with each change of it or of its lines.
    #[serde(default)]
    #[schema(required = true)]
    pub version: i64,
    /// The order that took its lines over, when two tables were joined.
    pub joined_into_id: Option<i64>,
}

/// An order with its lines.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderWithDetails {
    /// The order itself.
    #[serde(flatten)]
    pub order: Order,
    /// Its lines, in the order in which they were added.
    pub items: Vec<OrderItem>,
}

impl OrderWithDetails {
    /// Puts a line in its place, as it is now.
    pub(super) fn put(&mut self, line: OrderItem) {
        if let Some(old) = self.items.iter_mut().find(|old| old.id == line.id) {
            *old = line;
        }
    }
}

/// A line of an order. Name and price are as they were when it was ordered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderItemWithDish)]
pub struct OrderItem {
    /// Id.
    pub id: i64,
    /// The order's id.
    pub order_id: i64,
    /// The dish.
    pub dish_id: i64,
    /// Which size or kind of it.
    pub dish_variation_id: i64,
    /// The dish's name.
    pub dish_name: String,
    /// The variation's name.
    pub variation_name: String,
    /// The dish's picture.
    pub dish_image_url: Option<String>,
    /// How many minutes the dish takes.
    pub dish_cooking_time: Option<i64>,
    /// Where the dish is made.
    pub dish_department: Department,
    /// How many, or how much.
    pub quantity: Quantity,
    /// Of what `quantity` and `price` are; left out by the piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Measure>,
    /// The combo that it is a part of; left out where it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub combo: Option<LineCombo>,
    /// The guest's wish.
    pub comment: Option<String>,
    /// Whose it is, by the number of the seat; none when it is for the table.
    pub seat: Option<u32>,
    /// How it is taxed.
    #[serde(skip)]
    pub tax: LineTax,
    /// The price of one: a piece, a kilogram, a litre.
    pub price: Money,
    /// From which list of prices that is; left out where it is the menu's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_list_id: Option<i64>,
    /// What one would have cost by the menu itself; left out where it is that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_price: Option<Money>,
    /// What was chosen with it; left out where nothing was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub modifiers: Vec<LineModifier>,
    /// What that adds to the price of one; left out where it adds nothing.
    #[serde(default, skip_serializing_if = "Money::is_zero")]
    #[schema(required = false)]
    pub modifiers_price: Money,
    /// The price of all.
    pub total: Money,
    /// Where it stands.
    pub status: ItemStatus,
    /// Where it is made.
    pub department: Department,
    /// When the kitchen was told.
    pub sent_to_kitchen_at: Option<Timestamp>,
    /// When it was begun.
    pub preparation_started_at: Option<Timestamp>,
    /// When it was ready.
    pub ready_at: Option<Timestamp>,
    /// When it was served.
    pub served_at: Option<Timestamp>,
    /// How many minutes it should take.
    pub estimated_preparation_time: Option<i64>,
    /// How many minutes it took.
    pub actual_preparation_time: Option<i64>,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The combo that a line is a part of. Its lines are moved, split off, taken off and refunded together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineCombo {
    /// The same for all lines of it: the first one's id.
    pub id: i64,
    /// The dish that is the combo.
    pub dish_id: i64,
    /// What it was called.
    pub name: String,
}

impl OrderItem {
    /// What one costs, with its modifiers.
    pub fn unit_sum(&self) -> Money {
        self.price + self.modifiers_price
    }

    /// What so much of it costs: the sum of the line, where that is all of it.
    pub fn costs(&self, quantity: Quantity) -> Money {
        line_sum(quantity, self.unit_sum())
    }
}

/// What a line costs: quantity times the price of one with its modifiers. A line of the most that may
/// be ordered, at the dearest price, is far from the end of money.
pub fn line_sum(quantity: Quantity, unit_sum: Money) -> Money {
    quantity.costs(unit_sum).unwrap_or(Money(i64::MAX))
}

/// One page of orders.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderList {
    /// The page, newest first.
    pub orders: Vec<Order>,
    /// How many there are in all.
    pub total: i64,
}

/// In which order a list of orders is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OrderSort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// The largest sum first.
    Largest,
    /// The smallest sum first.
    Smallest,
}

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
