//! Checks on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::check_adjustments::RuleKind;
use crate::core::kernel::fields::{Id, Int, Label};
use crate::core::kernel::{Money, Patch, Quantity, TaxRate, Text, Timestamp};
use crate::features::calls::PartWish;
use crate::features::checks::{CheckState, MethodKind, PaymentState};
use crate::features::menu::Translations;

/// Why something is done, for the record of money.
pub type Reason = Label<1, 200>;

/// The checks of an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderChecks {
    /// The order.
    pub order_id: i64,
    /// Grows with each change of a check and of the order's lines; a split and a join name it.
    pub version: i64,
    /// What they come to together.
    pub total: Money,
    /// What was taken for them.
    pub paid: Money,
    /// What is to be paid still.
    pub due: Money,
    /// Tips that were taken beside.
    pub tips: Money,
    /// What guests asked to pay by themselves and can still be split off.
    pub wishes: Vec<PartWish>,
    /// Each, by number.
    pub checks: Vec<CheckView>,
}

/// A check: what is paid. `subtotal − discount + service + added tax = total`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Check)]
pub struct CheckView {
    /// Id.
    pub id: i64,
    /// Its order.
    pub order_id: i64,
    /// Its number within the order, from 1.
    pub number: i64,
    /// Where it stands.
    pub state: CheckState,
    /// Grows with each change.
    pub version: i64,
    /// How many guests it is for; 0 where nobody said.
    pub guests: u32,
    /// A note.
    pub note: Option<String>,
    /// What is on it.
    pub lines: Vec<CheckLine>,
    /// What was taken off and put on.
    pub adjustments: Vec<CheckAdjustment>,
    /// Its taxes by rate.
    pub taxes: Vec<CheckTax>,
    /// What the lines cost before anything was taken off.
    pub subtotal: Money,
    /// What was taken off.
    pub discount: Money,
    /// What was put on.
    pub service: Money,
    /// All tax, included and added.
    pub tax: Money,
    /// What cash was rounded by so far.
    pub rounding: Money,
    /// What is to be paid in all, without tips.
    pub total: Money,
    /// What was taken.
    pub paid: Money,
    /// What is to be paid still.
    pub due: Money,
    /// Tips that were taken beside.
    pub tips: Money,
    /// What went back of it since it was paid.
    pub refunded: Money,
    /// The check whose money went back, and in whose place this one is.
    pub replaces: Option<i64>,
    /// The money that moved for it.
    pub payments: Vec<CheckPayment>,
    /// When it was presented.
    pub presented_at: Option<Timestamp>,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
}

/// A line, or a part of one, on a check: `gross − discount + service + added tax = total`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckLine {
    /// The line within the check: the same as `item_id`, which stands on a check once.
    pub id: i64,
    /// The order's line.
    pub item_id: i64,
    /// Its dish.
    pub dish_name: String,
    /// Its size or kind.
    pub variation_name: String,
    /// Whose it is; none when it is for the table.
    pub seat: Option<u32>,
    /// How much of it is on this check.
    pub quantity: Quantity,
    /// The price of one.
    pub price: Money,
    /// Whether a split has fixed what it comes to.
    pub is_part: bool,
    /// Quantity times price.
    pub gross: Money,
    /// What was taken off, with its share of what was taken off the check.
    pub discount: Money,
    /// Its share of charges.
    pub service: Money,
    /// Its tax.
    pub tax: Money,
    /// What is to be paid for it.
    pub total: Money,
}

/// What was taken off a check or a line, or put on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckAdjustment {
    /// Id.
    pub id: i64,
    /// What kind.
    pub kind: RuleKind,
    /// Percent or an amount; none for what is on the house.
    pub value: Option<String>,
    /// The line of which it is; none of the check.
    pub line_id: Option<i64>,
    /// Why.
    pub reason: Option<String>,
    /// The rule of the house by which it is there; none where a person agreed to it.
    pub rule_id: Option<i64>,
    /// What that rule was called then, in the main language.
    pub name: Option<String>,
    /// The same in other languages.
    pub translations: Translations,
    /// What it came to on this check.
    pub amount: Money,
    /// Who agreed to it.
    pub user_id: Option<i64>,
    /// Who approved of it, where they could not by themselves.
    pub approved_by_id: Option<i64>,
    /// When.
    pub created_at: Timestamp,
}

/// The tax of a rate.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckTax {
    /// The rate.
    pub percent: TaxRate,
    /// Whether it is paid beside the price, not in it.
    pub is_added: bool,
    /// On what.
    pub base: Money,
    /// How much.
    pub amount: Money,
}

/// Money that moved for a check. What changed hands is `amount + rounding + tip`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckPayment {
    /// Id.
    pub id: i64,
    /// Whether it went back.
    pub is_refund: bool,
    /// The payment that it gives back.
    pub refund_of: Option<i64>,
    /// Where it stands.
    pub state: PaymentState,
    /// The way.
    pub method_id: Option<i64>,
    /// What the way was called then.
    pub method: Option<String>,
    /// What the way is.
    pub method_kind: MethodKind,
    /// What it pays of the check.
    pub amount: Money,
    /// What was handed over.
    pub tendered: Option<Money>,
    /// What went back of that.
    pub change: Money,
    /// What came on top.
    pub tip: Money,
    /// What cash was rounded by.
    pub rounding: Money,
    /// Why it went back.
    pub reason: Option<String>,
    /// Why it went back by another way than it came.
    pub way_reason: Option<String>,
    /// When somebody found out what became of it, where that was not clear.
    pub cleared_at: Option<Timestamp>,
    /// Who.
    pub cleared_by_id: Option<i64>,
    /// How they know.
    pub cleared_reason: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// How a check is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SplitBy {
    /// Each list of `checks` becomes one; what is not named stays.
    Lines,
    /// One for each seat.
    Seats,
    /// So many equal `parts`.
    Parts,
    /// A second one of this `amount`.
    Amount,
}

/// A split.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckSplit {
    /// The version that the person saw: of all checks of the order, or of the check where one is
    /// named.
    pub version: i64,
    /// The check to split; the first open one where none is named.
    pub check_id: Option<Id>,
    /// How.
    pub by: SplitBy,
    /// Into how many equal parts.
    #[schema(minimum = 2, maximum = 50)]
    pub parts: Option<usize>,
    /// The lines of each new check.
    #[schema(max_items = 50)]
    pub checks: Option<Vec<Vec<LinePart>>>,
    /// What the second check comes to.
    pub amount: Option<Money>,
}

/// So much of a line.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct LinePart {
    /// The order's line.
    pub item_id: Id,
    /// How much of it.
    pub quantity: Quantity,
}

/// A join of the open checks of an order.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckJoin {
    /// The version of all checks that the person saw.
    pub version: i64,
    /// Which; all that are open where none is named.
    #[schema(max_items = 50)]
    pub check_ids: Option<Vec<Id>>,
}

/// Something is taken off, or put on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AdjustmentCreate {
    /// What kind.
    pub kind: RuleKind,
    /// Percent such as `"10"`, or an amount; nothing for what is on the house.
    pub value: Option<String>,
    /// The line, by its `item_id`; the whole check where none is named.
    pub line_id: Option<Id>,
    /// Why: needed for all that is taken off.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Text<0, 200>>,
    /// The check's version that the person saw.
    pub version: i64,
}

/// For how many guests a check may be.
pub type Guests = Int<0, 999>;

/// What is written on a check.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckUpdate {
    /// For how many guests it is; 0 where nobody says.
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 999)]
    pub guests: Option<Guests>,
    /// A note; `null` takes it off.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub note: Patch<Text<0, 200>>,
    /// The check's version that the person saw.
    pub version: i64,
}

/// A step of a check.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckStep {
    /// The check's version that the person saw.
    pub version: i64,
    /// Why, where it is taken back, called off or opened anew.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Text<0, 200>>,
}

/// A payment.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckPaymentCreate {
    /// The way.
    pub method_id: Id,
    /// What of the check is paid.
    pub amount: Money,
    /// What was handed over; left out where it is exactly what is to be taken.
    pub tendered: Option<Money>,
    /// A tip beside.
    pub tip: Option<Money>,
    /// What was due as the person saw it; with another sum nothing happens (409 `bill_changed`).
    pub expected_due: Money,
    /// `PENDING` where it is only under way, on a terminal or at a bank; `TAKEN` unless said. Cash is
    /// never under way.
    pub state: Option<PaymentBegun>,
}

/// Where a payment stands when it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PaymentBegun {
    /// The money is here.
    #[default]
    Taken,
    /// It is under way; its sum is spoken for, and somebody will say what became of it.
    Pending,
}

/// What became of a payment that was under way, or of which nobody knew.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PaymentClear {
    /// `TAKEN` or `FAILED`; `UNKNOWN` where one that was under way was not answered.
    pub state: PaymentState,
    /// How one knows: the slip's number, what the bank says.
    pub reason: Reason,
}

/// A payment was taken, or is under way.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckPaid {
    /// The payment.
    pub id: i64,
    /// What it pays of the check.
    pub amount: Money,
    /// What is to be handed over in all, with the tip, rounded where it is cash.
    pub taken: Money,
    /// What cash was rounded by.
    pub rounding: Money,
    /// What goes back to the guest.
    pub change: Money,
    /// The tip in it.
    pub tip: Money,
    /// Where it stands.
    pub state: PaymentState,
    /// The check as it is now.
    pub check: CheckView,
}

/// Money goes back: a sum, or so much of some lines; where neither is named all that is left, with the
/// tip. Beside a sum or lines the tip goes back only as far as it is named; with a sum of 0 it goes
/// back alone. Of a check that is not paid whole a payment goes back whole, with its tip.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RefundCreate {
    /// How much.
    pub amount: Option<Money>,
    /// For what.
    #[schema(max_items = 500)]
    pub lines: Option<Vec<LinePart>>,
    /// What of the tip goes back too; `"0"` leaves it where all else goes back.
    pub tip: Option<Money>,
    /// Why.
    pub reason: Reason,
    /// Another way to pay than the one it came by; managers and admins only.
    pub method_id: Option<Id>,
    /// Why it goes back by another way; needed then.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub way_reason: Option<Text<0, 200>>,
}

/// Money went back.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refunded {
    /// The refund.
    pub id: i64,
    /// What went back of the check.
    pub amount: Money,
    /// What is handed back in all, with the tip, rounded as it was taken.
    pub returned: Money,
    /// Where it stands.
    pub state: PaymentState,
    /// The check as it is now.
    pub check: CheckView,
}
