//! What the kitchen is shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::fields::{Course, Id};
use crate::core::kernel::{Measure, Quantity, Timestamp};
use crate::features::menu::{Department, LineModifier};
use crate::features::orders::{ItemStatus, KitchenStep, LineCombo, OrderStatus, OrderType};

/// A line as the kitchen sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct KitchenOrderItem {
    /// Id of the line.
    pub id: i64,
    /// The order it belongs to.
    pub order_id: i64,
    /// The order's short number of the day.
    pub order_number: i64,
    /// Where it is eaten.
    pub order_type: OrderType,
    /// The number of the table.
    pub table_number: Option<i64>,
    /// What people call the table: its name, or its number.
    pub table_name: Option<String>,
    /// How many guests sit there, where somebody counted them.
    pub guests: Option<i64>,
    /// Whose order it is; empty while nobody has taken a guest's order.
    pub waiter_name: String,
    /// Whether a guest placed the order.
    pub is_guest_order: bool,
    /// Notes for the kitchen on the whole order.
    pub order_notes: Option<String>,
    /// Id of the dish, to take it off the menu.
    pub dish_id: i64,
    /// Id of its variation.
    pub dish_variation_id: i64,
    /// The dish.
    pub dish_name: String,
    /// Which size or kind of it.
    pub variation_name: String,
    /// Whether the dish has no other size, so that naming this one tells nothing.
    pub one_size: bool,
    /// Its picture.
    pub dish_image_url: Option<String>,
    /// How many, or how much.
    pub quantity: Quantity,
    /// Of what that is; left out by the piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Measure>,
    /// What was chosen with it; left out where nothing was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub modifiers: Vec<LineModifier>,
    /// The combo that it is a part of; left out where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub combo: Option<LineCombo>,
    /// With which course it is served; left out where it comes as it is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub course: Option<Course>,
    /// The guest's wish.
    pub comment: Option<String>,
    /// Where it stands.
    pub status: ItemStatus,
    /// Where it is made.
    pub department: Department,
    /// How many minutes it should take.
    pub estimated_preparation_time: Option<i64>,
    /// When the kitchen was told.
    pub sent_to_kitchen_at: Option<Timestamp>,
    /// When it was begun; none while it was not.
    pub preparation_started_at: Option<Timestamp>,
    /// When it was ready.
    pub ready_at: Option<Timestamp>,
    /// When it should be ready.
    pub due_at: Option<Timestamp>,
    /// When it was ordered.
    pub created_at: Timestamp,
}

/// Which lines of an order are moved: all of them when nothing is named.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TicketStep {
    /// Only the lines that are made there.
    pub department: Option<Department>,
    /// Only these lines.
    #[serde(default)]
    #[schema(value_type = Vec<i64>)]
    pub item_ids: Vec<Id>,
}

/// Which step is taken back, and for which lines.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TicketUndo {
    /// The step.
    pub step: KitchenStep,
    /// Only the lines that are made there.
    pub department: Option<Department>,
    /// Only these lines.
    #[serde(default)]
    #[schema(value_type = Vec<i64>)]
    pub item_ids: Vec<Id>,
}

/// A department and what it has to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentLoad {
    /// Which.
    pub department: Department,
    /// Lines that are to be made.
    pub open_items: i64,
    /// Lines that wait to be served.
    pub ready_items: i64,
}

/// How a department did over the last hours.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepartmentStats {
    /// Which.
    pub department: Department,
    /// Over how many hours.
    pub hours: i64,
    /// Lines ordered.
    pub total_items: i64,
    /// Lines that were made (ready or served).
    pub completed_items: i64,
    /// Lines that are to be made.
    pub open_items: i64,
    /// Lines taken off.
    pub cancelled_items: i64,
    /// Minutes from begun (from sent where nobody said begun) to ready, on average.
    pub average_preparation_time: Option<f64>,
    /// Lines that took longer than they should.
    pub late_items: i64,
}

/// How far an order is.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderProgress {
    /// The order.
    pub order_id: i64,
    /// Its short number of the day.
    pub number: i64,
    /// Where it stands.
    pub status: OrderStatus,
    /// Lines that are not taken off.
    pub total_items: usize,
    /// Of these, ready.
    pub ready_items: usize,
    /// Of these, served.
    pub served_items: usize,
    /// Ready and served of all, 0 to 100.
    pub progress_percent: usize,
    /// The lines.
    pub items: Vec<ItemProgress>,
}

/// How far a line is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemProgress {
    /// Id of the line.
    pub id: i64,
    /// The dish.
    pub dish_name: String,
    /// How many, or how much.
    pub quantity: Quantity,
    /// Of what that is; left out by the piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Measure>,
    /// Where it stands.
    pub status: ItemStatus,
    /// Where it is made.
    pub department: Department,
}
