//! What is printed: the facts of it, as they were when it came to be printed. How that looks says
//! `paper/`, in the restaurant's language.

use serde::{Deserialize, Serialize};

use super::cash_paper::CashPaper;
use crate::core::kernel::{Measure, Money, Quantity, TaxRate, Timestamp};
use crate::features::menu::{Department, LineModifier};

/// Something to print.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Document {
    /// For the kitchen.
    Ticket(Ticket),
    /// For the guest.
    Bill(Box<Bill>),
    /// What a printer can.
    TestSheet,
    /// Which letters a printer has of its own, and by which numbers.
    Alphabets,
    /// The way to the menu, for a table.
    TableCode {
        /// What people call the table.
        table: String,
        /// Where its code leads.
        url: String,
    },
    /// Of a cash drawer.
    Cash(Box<CashPaper>),
    /// Nothing: the drawer at the printer opens.
    Drawer,
}

/// What a kitchen's ticket says of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketKind {
    /// They are to be made.
    New,
    /// They are to be made otherwise than was said.
    Changed,
    /// They are not to be made yet: their course is held again.
    Held,
    /// They are not to be made.
    Void,
    /// They go to another table.
    Move,
}

/// Of which order something is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderFacts {
    /// The order.
    pub order_id: i64,
    /// Its number of the day.
    pub number: i64,
    /// Where it is eaten.
    pub place: Place,
    /// How many guests sit there, where somebody counted them.
    pub guests: Option<i64>,
    /// Whose order it is; empty while nobody has taken a guest's order.
    pub waiter: String,
}

/// Where an order is eaten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// At the table that people call so.
    Table(String),
    /// Picked up, by whom.
    Takeaway(Option<String>),
    /// Brought home, to whom.
    Delivery(Option<String>),
}

/// A ticket for the kitchen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ticket {
    /// What it says.
    pub what: TicketKind,
    /// Of which order.
    pub order: OrderFacts,
    /// Where its lines go, where they go somewhere.
    pub to: Option<Place>,
    /// What was noted for the kitchen.
    pub notes: Option<String>,
    /// Which lines; never none.
    pub lines: Vec<TicketLine>,
    /// When.
    pub at: Timestamp,
}

/// A line of a ticket.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TicketLine {
    /// Where it is made.
    pub station: Department,
    /// How many, or how much.
    pub quantity: Quantity,
    /// Of what that is; none by the piece.
    pub unit: Option<Measure>,
    /// The dish.
    pub name: String,
    /// Its size, where there are several.
    pub size: Option<String>,
    /// What was chosen with it.
    pub modifiers: Vec<LineModifier>,
    /// The combo that it is a part of.
    pub combo: Option<String>,
    /// With which course it goes out; none: when it is ready.
    #[serde(default)]
    pub course: Option<i64>,
    /// Whose it is.
    pub seat: Option<u32>,
    /// The guest's wish.
    pub comment: Option<String>,
}

/// What a paper for the guest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillKind {
    /// What there is to pay: to look it over.
    Precheck,
    /// What was paid.
    Receipt,
}

/// A paper for the guest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bill {
    /// What it is.
    pub what: BillKind,
    /// Of which order.
    pub order: OrderFacts,
    /// Which of several checks it is; none where there is one.
    pub check_number: Option<i64>,
    /// What is on it.
    pub lines: Vec<BillLine>,
    /// What the lines cost before anything was taken off.
    pub subtotal: Money,
    /// What was taken off and put on.
    pub changes: Vec<BillChange>,
    /// Taxes by rate.
    pub taxes: Vec<BillTax>,
    /// What there is to pay in all, without tips.
    pub total: Money,
    /// What was taken and given back.
    pub payments: Vec<BillPayment>,
    /// What is to be paid still.
    pub due: Money,
    /// When.
    pub at: Timestamp,
}

/// A line of a bill.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BillLine {
    /// The dish, with its size where that tells something.
    pub name: String,
    /// What was chosen with it.
    pub modifiers: Vec<LineModifier>,
    /// How many, or how much.
    pub quantity: Quantity,
    /// Of what that is; none by the piece.
    pub unit: Option<Measure>,
    /// The price of one.
    pub price: Money,
    /// Quantity times price.
    pub sum: Money,
}

/// What a change of a bill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Taken off.
    Discount,
    /// On the house.
    Comp,
    /// Put on for the service.
    Service,
    /// Put on for something else.
    Fee,
}

/// Something that was taken off a bill, or put on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BillChange {
    /// What it is.
    pub kind: ChangeKind,
    /// What it is called, where it has a name of its own.
    pub name: Option<String>,
    /// How much.
    pub amount: Money,
}

/// The tax of a rate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BillTax {
    /// The rate.
    pub percent: TaxRate,
    /// Whether it is paid beside the price, not in it.
    pub is_added: bool,
    /// How much.
    pub amount: Money,
}

/// Money that moved. What changed hands is `amount + rounding + tip`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BillPayment {
    /// Whether it went back.
    pub is_refund: bool,
    /// What the way was called.
    pub method: Option<String>,
    /// What it pays of the bill.
    pub amount: Money,
    /// What cash was rounded by.
    pub rounding: Money,
    /// What came on top.
    pub tip: Money,
    /// What was handed over, where that was more.
    pub tendered: Option<Money>,
    /// What went back of that.
    pub change: Money,
}
