//! The figures of the contract: orders of a stretch of time, and the old dashboard.

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::kernel::Money;

/// Orders of a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderStats {
    /// All of them.
    pub total_orders: i64,
    /// Placed.
    pub pending_orders: i64,
    /// Being made.
    pub in_progress_orders: i64,
    /// With something to serve.
    pub ready_orders: i64,
    /// Served.
    pub served_orders: i64,
    /// Being eaten.
    pub dining_orders: i64,
    /// Done.
    pub completed_orders: i64,
    /// Called off.
    pub cancelled_orders: i64,
    /// What was paid and not given back, without cancelled orders.
    pub total_revenue: Money,
    /// What one of these orders came to.
    pub average_order_value: Money,
    /// Minutes from begun to ready, on average over the lines.
    pub average_cooking_time: Option<i64>,
}

/// A dish and how often it was ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct PopularDish {
    /// The dish.
    pub dish_id: i64,
    /// Its name.
    pub dish_name: String,
    /// How many.
    pub quantity: i64,
    /// For how much of it was paid.
    pub revenue: Money,
}

/// What the first page of an owner answers without a click.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dashboard {
    /// How today is.
    pub today: OrderStats,
    /// Orders that are open now.
    pub active_orders: i64,
    /// Of these, with a line past its time.
    pub late_orders: i64,
    /// Guests' orders that wait for a waiter.
    pub waiting_orders: i64,
    /// Tables in use.
    pub total_tables: i64,
    /// Of these, occupied.
    pub occupied_tables: i64,
    /// Staff at work.
    pub staff_on_shift: i64,
    /// Dishes on the menu.
    pub available_dishes: i64,
    /// What is ordered most today; five at most.
    pub popular_dishes: Vec<PopularDish>,
}
