//! Orders as they are answered, and kept in memory.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::states::{ItemStatus, OrderStatus, OrderType, PaymentStatus};
use crate::core::kernel::fields::Course;
use crate::core::kernel::{Measure, Money, Quantity, TaxRate, Timestamp};
use crate::features::menu::{Department, LineModifier};
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
    /// The known guest whose it is.
    #[serde(default)]
    #[schema(required = true)]
    pub customer_id: Option<i64>,
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
    /// With which course it is served; left out where it comes as it is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub course: Option<Course>,
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
    /// When the kitchen was told to make it: none while it is held for a later course.
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

/// An order of a known guest.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerVisit {
    /// The order.
    pub order_id: i64,
    /// Its number of that day.
    pub number: i64,
    /// Where it was eaten.
    pub order_type: OrderType,
    /// At which table, as people call it.
    pub table_name: Option<String>,
    /// Where it stands.
    pub status: OrderStatus,
    /// Whether it is paid.
    pub payment_status: PaymentStatus,
    /// What its checks come to.
    pub total_price: Money,
    /// When it was placed.
    pub created_at: Timestamp,
}

/// A dish that a known guest orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FavouriteDish {
    /// The dish.
    pub dish_id: i64,
    /// Its name, as it was ordered.
    pub name: String,
    /// In how many of the last orders.
    pub orders: i64,
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
