//! Checks as they are told.

use serde::Serialize;
use utoipa::ToSchema;

use super::check_adjustments::RuleKind;
use crate::core::kernel::{Measure, Money, Quantity, TaxRate, Timestamp, Translations};
use crate::features::calls::PartWish;
use crate::features::checks::{CheckState, MethodKind, PaymentState};
use crate::features::menu::LineModifier;
use crate::features::orders::types::LineCombo;
use crate::features::tips::TipTo;

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
    /// To which phone or e-mail address its fiscal receipt is sent too.
    pub receipt_to: Option<String>,
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
    /// The price of one, with its modifiers.
    pub price: Money,
    /// What one would cost by the menu itself; left out where its price is from no list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_price: Option<Money>,
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
    /// What that rule, the guest's program or the promo code was called then, in the main language.
    pub name: Option<String>,
    /// The same in other languages.
    pub translations: Translations,
    /// What it came to on this check.
    pub amount: Money,
    /// Who agreed to it.
    pub user_id: Option<i64>,
    /// Who approved of it, where they could not by themselves.
    pub approved_by_id: Option<i64>,
    /// The loyalty account that it is taken from.
    pub loyalty_account_id: Option<i64>,
    /// The promo code for which it is there.
    pub promo_code_id: Option<i64>,
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
    /// Whose account paid, or got it back.
    pub account_id: Option<i64>,
    /// Whose it is; null where it is paid otherwise, or the name was erased.
    pub account: Option<String>,
    /// What it pays of the check.
    pub amount: Money,
    /// What was handed over.
    pub tendered: Option<Money>,
    /// What went back of that.
    pub change: Money,
    /// What came on top.
    pub tip: Money,
    /// To whom that is given.
    pub tip_to: TipTo,
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

/// A payment of which somebody has to find out.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnclearPayment {
    /// Id.
    pub id: i64,
    /// `PENDING` or `UNKNOWN`.
    pub state: PaymentState,
    /// What the way to pay was called then.
    pub method: Option<String>,
    /// What it pays of its check.
    pub amount: Money,
    /// What comes on top.
    pub tip: Money,
    /// Its order.
    pub order_id: i64,
    /// The order's number.
    pub order_number: i64,
    /// The table at which it is.
    pub table_id: Option<i64>,
    /// What people call that table.
    pub table_name: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
}

/// Payments of which somebody has to find out.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnclearPayments {
    /// The oldest first, 100 at most.
    pub payments: Vec<UnclearPayment>,
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
