//! The history of an order, as it travels.

use serde::Serialize;
use utoipa::ToSchema;

use super::check_adjustments::RuleKind;
use crate::core::kernel::{Measure, Money, Quantity, Timestamp};

/// What happened to an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderHistory {
    /// The order.
    pub order_id: i64,
    /// Its number of the day.
    pub number: i64,
    /// Whether the log still reaches back to when it was placed. If not, older steps have their
    /// moment but not who made them, and steps that were undone are missing. Who ordered, paid,
    /// gave back, changed and cancelled is kept for good.
    pub complete: bool,
    /// What happened, oldest first.
    pub entries: Vec<HistoryEntry>,
}

/// What an entry tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It was placed, with `lines`.
    Placed,
    /// `lines` were added.
    LinesAdded,
    /// A line was changed: `dish_name`, `old_total`, `new_total`.
    LineChanged,
    /// A line was taken off.
    LineRemoved,
    /// Lines went to another bill, or came from one: `old_total`, `new_total`.
    LinesMoved,
    /// It went to the table `table_name`.
    TableMoved,
    /// All of it went to the bill of another table, and it ended.
    OrderJoined,
    /// A line moved on to `status`.
    LineMoved,
    /// The order moved on to `status`.
    OrderMoved,
    /// `course` was fired: by whoever stands there, else by the house.
    CourseFired,
    /// `course` was taken back from the kitchen, and is held.
    CourseHeld,
    /// It was past its time, `minutes` after it was placed.
    Late,
    /// `amount` was taken, by `method_name`.
    Paid,
    /// `amount` was given back.
    Refunded,
    /// It was called off.
    OrderCancelled,
    /// It was closed while `old_total` was still to be paid.
    ClosedUnpaid,
    /// Something was taken off a check or a line, or put on: `old_total`, `new_total`.
    CheckAdjusted,
    /// That was taken back.
    AdjustmentTakenBack,
    /// A presented check was taken back.
    CheckTakenBack,
    /// A check was called off.
    CheckVoided,
    /// A check was presented.
    CheckPresented,
    /// A check was split.
    CheckSplit,
    /// Checks were joined.
    ChecksJoined,
    /// Lines went from one check to another.
    ChecksRelaid,
    /// The money of a check went back, and what was on it is to be paid anew.
    CheckReopened,
    /// The house put something on by itself, or took it off: `reason` is what bills call it.
    RuleApplied,
    /// That holds no more.
    RuleLifted,
    /// `amount` is under way by `method_name`, or nobody knows whether it was taken.
    PaymentUnclear,
    /// `amount` did not come by `method_name`.
    PaymentFailed,
}

impl What {
    /// Its turn within one moment. What is kept in the same place has the same turn: it stays in the order
    /// in which it was written.
    pub fn turn(self) -> u8 {
        match self {
            Self::Placed => 0,
            Self::LinesAdded => 1,
            Self::LineChanged | Self::LineRemoved | Self::LinesMoved | Self::OrderJoined => 2,
            Self::TableMoved
            | Self::LineMoved
            | Self::OrderMoved
            | Self::CourseFired
            | Self::CourseHeld
            | Self::Late => 3,
            Self::Paid | Self::Refunded | Self::PaymentUnclear | Self::PaymentFailed => 4,
            Self::OrderCancelled | Self::ClosedUnpaid => 5,
            Self::CheckAdjusted
            | Self::AdjustmentTakenBack
            | Self::CheckTakenBack
            | Self::CheckVoided
            | Self::CheckPresented
            | Self::CheckSplit
            | Self::ChecksJoined
            | Self::ChecksRelaid
            | Self::CheckReopened
            | Self::RuleApplied
            | Self::RuleLifted => 6,
        }
    }
}

/// Something that happened, with the details that belong to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
    /// Who: a member of staff.
    pub actor_id: Option<i64>,
    /// His name.
    pub actor_name: Option<String>,
    /// Whether it was a guest.
    pub by_guest: bool,
    /// Where the order or the line went.
    pub status: Option<String>,
    /// Which course.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course: Option<i64>,
    /// The line's dish.
    pub dish_name: Option<String>,
    /// How many of it, or how much.
    pub quantity: Option<Quantity>,
    /// Of what that is; left out by the piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Measure>,
    /// What was ordered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub lines: Vec<HistoryLine>,
    /// How much money moved.
    pub amount: Option<Money>,
    /// How.
    pub method_name: Option<String>,
    /// The number of the check, where the order has several.
    pub check: Option<i64>,
    /// The tip that came beside, or went back.
    pub tip: Option<Money>,
    /// What was handed over, where somebody said.
    pub tendered: Option<Money>,
    /// What went back of that.
    pub change: Option<Money>,
    /// What kind of thing was taken off a check or put on.
    pub adjustment: Option<RuleKind>,
    /// How much: percent or an amount.
    pub value: Option<String>,
    /// What the order came to before.
    pub old_total: Option<Money>,
    /// What it came to then.
    pub new_total: Option<Money>,
    /// Why.
    pub reason: Option<String>,
    /// Minutes.
    pub minutes: Option<i64>,
    /// The number of a table.
    pub table_number: Option<i64>,
    /// What people call it.
    pub table_name: Option<String>,
}

impl HistoryEntry {
    /// An entry without details.
    pub fn new(at: Timestamp, what: What) -> Self {
        Self {
            at,
            what,
            actor_id: None,
            actor_name: None,
            by_guest: false,
            status: None,
            course: None,
            dish_name: None,
            quantity: None,
            unit: None,
            lines: Vec::new(),
            amount: None,
            method_name: None,
            check: None,
            tip: None,
            tendered: None,
            change: None,
            adjustment: None,
            value: None,
            old_total: None,
            new_total: None,
            reason: None,
            minutes: None,
            table_number: None,
            table_name: None,
        }
    }
}

/// A line that was ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryLine {
    /// The dish.
    pub dish_name: String,
    /// Its size or kind.
    pub variation_name: String,
    /// How many, or how much.
    pub quantity: Quantity,
    /// Of what that is; left out by the piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Measure>,
    /// A wish.
    pub comment: Option<String>,
}
