//! The bill as its guests see it: the paper, without what is between staff.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Measure, Money, Quantity, Timestamp, Translations};
use crate::features::calls::{PartWish, WishedLine};
use crate::features::checks::{By, CheckState, MOST_PARTS, PaymentState};
use crate::features::menu::{LineModifier, for_guests};
use crate::features::orders::{
    CheckAdjustment, CheckLine, CheckPayment, CheckTax, CheckView, LineCombo, LinePart,
    OrderChecks, RuleKind,
};

/// The most lines that one part names.
const MOST_LINES: usize = 100;

/// The checks of the visit's order.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestBill {
    /// The order.
    pub order_id: i64,
    /// Grows with each change.
    pub version: i64,
    /// What they come to together.
    pub total: Money,
    /// What was taken for them.
    pub paid: Money,
    /// What is to be paid still.
    pub due: Money,
    /// Tips that were given beside.
    pub tips: Money,
    /// Each, by number; without those that were called off.
    pub checks: Vec<GuestCheck>,
    /// What this phone asked to pay, while it is not split off yet.
    pub asked: Option<PartWish>,
}

/// A check as its guests see it. `subtotal − discount + service + added tax = total`.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestCheck {
    /// Id.
    pub id: i64,
    /// Its number, from 1.
    pub number: i64,
    /// Where it stands.
    pub state: CheckState,
    /// What is on it.
    pub lines: Vec<GuestCheckLine>,
    /// What was taken off and put on.
    pub adjustments: Vec<GuestAdjustment>,
    /// Its taxes by rate.
    pub taxes: Vec<CheckTax>,
    /// What the lines cost before anything was taken off.
    pub subtotal: Money,
    /// What was taken off.
    pub discount: Money,
    /// What was put on.
    pub service: Money,
    /// What cash was rounded by.
    pub rounding: Money,
    /// What is to be paid in all, without tips.
    pub total: Money,
    /// What was taken.
    pub paid: Money,
    /// What is to be paid still.
    pub due: Money,
    /// Tips that were given beside.
    pub tips: Money,
    /// What went back of it.
    pub refunded: Money,
    /// What was paid, and what went back.
    pub payments: Vec<GuestPayment>,
}

/// A line, or a part of one, on a check.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestCheckLine {
    /// The order's line.
    pub item_id: i64,
    /// Its dish.
    pub dish_name: String,
    /// Its size or kind.
    pub variation_name: String,
    /// How much of it is on this check.
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
    /// Quantity times price, with what was chosen.
    pub gross: Money,
    /// What is to be paid for it, with its share of what was taken off and put on.
    pub total: Money,
}

/// What was taken off, or put on; who agreed to it and why is between staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestAdjustment {
    /// Id.
    pub id: i64,
    /// What kind.
    pub kind: RuleKind,
    /// Percent or an amount; none for what is on the house.
    pub value: Option<String>,
    /// The order's line of which it is; none of the check.
    pub item_id: Option<i64>,
    /// The name of the rule of the house by which it is there, in the main language; none where a
    /// person agreed to it.
    pub name: Option<String>,
    /// The same in other languages.
    pub translations: Translations,
    /// What it came to on this check.
    pub amount: Money,
}

/// Money that moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestPayment {
    /// Id.
    pub id: i64,
    /// Whether it went back.
    pub is_refund: bool,
    /// How.
    pub method: Option<String>,
    /// What it paid of the check.
    pub amount: Money,
    /// What came on top.
    pub tip: Money,
    /// When.
    pub created_at: Timestamp,
}

/// One's own part: so much of some lines of a check, or one of equal parts.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GuestPartAsk {
    /// The check.
    pub check_id: Id,
    /// The lines, and how much of each.
    #[schema(max_items = 100)]
    pub lines: Option<Vec<LinePart>>,
    /// Of how many equal parts one.
    #[schema(minimum = 2, maximum = 50)]
    pub parts: Option<usize>,
}

/// What a part comes to.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestPart {
    /// The check.
    pub check_id: i64,
    /// The part.
    pub total: Money,
    /// What is to be paid of the whole check still.
    pub due: Money,
}

impl GuestPartAsk {
    /// The split that it is a part of.
    ///
    /// # Errors
    /// When it names neither lines nor a number of parts, or both, or too many lines.
    pub fn by(&self) -> Result<By> {
        match (&self.lines, self.parts) {
            (None, Some(parts)) if (2..=MOST_PARTS).contains(&parts) => Ok(By::Parts(parts)),
            (None, Some(_)) => Err(Error::invalid("parts", format!("must be 2 to {MOST_PARTS}"))),
            (Some(lines), None) if (1..=MOST_LINES).contains(&lines.len()) => {
                let part = |line: &LinePart| (line.item_id.get(), line.quantity);
                Ok(By::Lines(vec![lines.iter().map(part).collect()]))
            }
            (Some(_), None) => {
                Err(Error::invalid("lines", format!("must hold 1 to {MOST_LINES} lines")))
            }
            (Some(_), Some(_)) => Err(Error::invalid("parts", "cannot be named beside lines")),
            (None, None) => Err(Error::invalid("lines", "name the lines, or how many parts")),
        }
    }

    /// The same, as a wish that waiters are told.
    pub fn wish(&self, total: Money) -> PartWish {
        let line =
            |line: &LinePart| WishedLine { item_id: line.item_id.get(), quantity: line.quantity };
        let lines = self.lines.iter().flatten().map(line).collect();
        PartWish { check_id: self.check_id.get(), parts: self.parts, lines, total }
    }
}

impl GuestBill {
    /// What a phone is shown, with what it asked for itself.
    pub fn of(bill: OrderChecks, asked: Option<PartWish>) -> Self {
        let checks = bill.checks.into_iter().filter(|check| check.state != CheckState::Void);
        Self {
            order_id: bill.order_id,
            version: bill.version,
            total: bill.total,
            paid: bill.paid,
            due: bill.due,
            tips: bill.tips,
            checks: checks.map(GuestCheck::from).collect(),
            asked,
        }
    }
}

impl From<CheckView> for GuestCheck {
    fn from(check: CheckView) -> Self {
        let moved = check.payments.into_iter().filter(|one| one.state == PaymentState::Taken);
        Self {
            id: check.id,
            number: check.number,
            state: check.state,
            lines: check.lines.into_iter().map(Into::into).collect(),
            adjustments: check.adjustments.into_iter().map(Into::into).collect(),
            taxes: check.taxes,
            subtotal: check.subtotal,
            discount: check.discount,
            service: check.service,
            rounding: check.rounding,
            total: check.total,
            paid: check.paid,
            due: check.due,
            tips: check.tips,
            refunded: check.refunded,
            payments: moved.map(Into::into).collect(),
        }
    }
}

impl From<CheckLine> for GuestCheckLine {
    fn from(line: CheckLine) -> Self {
        Self {
            item_id: line.item_id,
            dish_name: line.dish_name,
            variation_name: line.variation_name,
            quantity: line.quantity,
            unit: line.unit,
            modifiers: for_guests(line.modifiers),
            combo: line.combo,
            gross: line.gross,
            total: line.total,
        }
    }
}

impl From<CheckAdjustment> for GuestAdjustment {
    fn from(one: CheckAdjustment) -> Self {
        Self {
            id: one.id,
            kind: one.kind,
            value: one.value,
            item_id: one.line_id,
            name: one.name,
            translations: one.translations,
            amount: one.amount,
        }
    }
}

impl From<CheckPayment> for GuestPayment {
    fn from(payment: CheckPayment) -> Self {
        Self {
            id: payment.id,
            is_refund: payment.is_refund,
            method: payment.method,
            amount: payment.amount,
            tip: payment.tip,
            created_at: payment.created_at,
        }
    }
}
