//! The first page of an owner: how is today, what is happening now, what is late.

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::kernel::{Day, Money, Timestamp};
use crate::features::menu::Department;

/// Today, at this moment, beside the same day of the week before.
#[derive(Debug, Serialize, ToSchema)]
pub struct Board {
    /// This moment, by the box's clock.
    pub as_of: Timestamp,
    /// Today, by the restaurant's zone.
    pub day: Day,
    /// The day a week ago.
    pub compared_with: Day,
    /// What was sold today.
    pub sales: SalesSoFar,
    /// What was sold a week ago until the same time of day.
    pub sales_before: SalesSoFar,
    /// What the whole day brought a week ago.
    pub revenue_before_whole_day: Money,
    /// The hour of the clock at which the restaurant's day begins, and both curves.
    pub first_hour: i64,
    /// What today had brought at the end of each hour of the clock; the last is of now.
    pub curve: Vec<Money>,
    /// The same of the whole day a week ago; more than 24 where it was paid past midnight.
    pub curve_before: Vec<Money>,
    /// What is open now.
    pub open: Open,
    /// How many open orders have a line past its time.
    pub late_orders: i64,
    /// Those orders, the latest first; 20 at most.
    pub late: Vec<LateOrder>,
    /// The departments that have something to do, or made something today.
    pub departments: Vec<BoardDepartment>,
    /// What was sold most today; 8 at most.
    pub dishes: Vec<BoardDish>,
    /// Orders of the last 30 days that were paid and cancelled: the money is still here.
    pub to_return: Outstanding,
    /// Orders of the last 30 days that were closed unpaid: the money is still to come.
    pub closed_unpaid: Outstanding,
}

/// Sales from a day's beginning to some time of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesSoFar {
    /// What was paid and not given back.
    pub revenue: Money,
    /// For how many orders.
    pub orders: i64,
    /// What one of them came to.
    pub average: Money,
}

/// Orders that are open.
#[derive(Debug, Serialize, ToSchema)]
pub struct Open {
    /// How many.
    pub orders: i64,
    /// What is still to be paid for them.
    pub unpaid: Money,
    /// Those with a guest's line that waits for a waiter.
    pub waiting: i64,
    /// Those with something to serve.
    pub ready: i64,
    /// Since when the oldest is open.
    pub oldest: Option<Timestamp>,
}

/// An order with a line past its time.
#[derive(Debug, Serialize, ToSchema)]
pub struct LateOrder {
    /// The order.
    pub order_id: i64,
    /// Its number of the day.
    pub number: i64,
    /// Its table's number.
    pub table_number: Option<i64>,
    /// What people call its table.
    pub table_name: Option<String>,
    /// Its waiter; empty while it has none.
    pub waiter_name: String,
    /// What is latest.
    pub dish_name: String,
    /// By how many minutes.
    pub minutes_late: i64,
    /// How many lines are late.
    pub lines: i64,
}

/// What a department has to do, and how long it took today.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardDepartment {
    /// Which.
    pub department: Department,
    /// Lines that are not ready.
    pub open: i64,
    /// Of these, past their time.
    pub late: i64,
    /// Minutes in which half of today's lines were ready.
    pub median: Option<i64>,
    /// Minutes in which nine of ten were.
    pub ninety_percent: Option<i64>,
}

/// A dish of today.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardDish {
    /// The dish.
    pub dish_id: i64,
    /// Its name.
    pub dish_name: String,
    /// How many were sold.
    pub quantity: i64,
    /// For how much.
    pub revenue: Money,
}

/// Money that is where it should not be.
#[derive(Debug, Serialize, ToSchema)]
pub struct Outstanding {
    /// For how many orders.
    pub orders: i64,
    /// How much.
    pub amount: Money,
}
