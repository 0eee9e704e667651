//! Why something cannot be done with a check. Nothing was changed then.

use std::fmt;

use crate::core::error::Error;
use crate::core::kernel::{Money, Quantity};

/// The largest sum that a check may come to, in minor units: what is exact in every program that
/// reads numbers as floats. A check of 500 lines of 50 of the dearest dishes is below it.
pub const MOST: Money = Money(9_007_199_254_740_991);

/// A reason, with what a person needs to know about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the sentence of each says what its fields are")]
pub enum Refusal {
    /// A line stands twice on the check.
    LineTwice { item: i64 },
    /// An adjustment or a charge stands twice on the check, or on one line.
    AdjustmentTwice { id: i64 },
    /// A line of nothing, or of less.
    NoQuantity { item: i64 },
    /// A price, or a price with its modifiers, below 0.
    PriceBelowZero { item: i64 },
    /// A discount, charge, payment, tip or refund below 0, or of nothing where there must be some.
    AmountBelowZero,
    /// More than an amount of money can be.
    TooLarge,
    /// More is to be taken off than there is.
    DiscountAbovePrice { most: Money },
    /// Nothing would be taken off or put on.
    NothingOff,
    /// There is no tax on the check that it could be freed of.
    NoTax,
    /// Checks that are freed of tax and such that are not are not joined.
    OtherwiseExempt,
    /// A comp, a take-back or a void needs a reason.
    ReasonMissing,
    /// The line is kept as a split left it, so its quantity cannot be changed before a join.
    LineIsSplit { item: i64 },
    /// The line is not on this check.
    NoSuchLine { item: i64 },
    /// Less of the line is on this check.
    MoreThanThereIs { item: i64, has: Quantity },
    /// A part of a split that gets nothing.
    EmptyPart,
    /// A split that leaves all on one check.
    OnePart,
    /// A split into too few parts, or too many.
    PartsOutOfRange { most: usize },
    /// A split by an amount that is not between 0 and the total.
    AmountOutOfRange { total: Money },
    /// A split by seats where no line has one.
    NoSeats,
    /// Money was taken for the check, or is under way: it stays as it is.
    MoneyTaken,
    /// A payment is not known to be taken or not; it is to be cleared first.
    PaymentPending { amount: Money },
    /// The payment is known to be taken or not: there is nothing to find out.
    NotUnclear { is: &'static str },
    /// The check is not where it must be for this.
    WrongState { is: &'static str },
    /// There is nothing on the check.
    NothingOnIt,
    /// The sum that is due is not what the person saw.
    DueChanged { due: Money },
    /// Nothing is due.
    NothingDue,
    /// More than is due.
    AboveDue { due: Money },
    /// The tips are more than the check itself, and nobody said that this is meant.
    TipAboveCheck { total: Money },
    /// A tip of so many times the check is a slip: a number that belongs elsewhere.
    TipTooLarge { most: Money },
    /// Less was handed over than is to be taken.
    TenderedTooLittle { needed: Money },
    /// More than the sum was to be taken, by a way that gives no change.
    NoChange { needed: Money },
    /// The payment was not taken, so there is nothing to give back.
    NotTaken,
    /// More is to be given back than is left of the payment.
    AboveTaken { left: Money },
    /// More is to be given back than is left of the sale.
    AboveSold { left: Money },
}

impl Refusal {
    /// The stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::LineTwice { .. } => "line_twice",
            Self::AdjustmentTwice { .. } => "adjustment_twice",
            Self::NoQuantity { .. } => "no_quantity",
            Self::PriceBelowZero { .. } => "price_below_zero",
            Self::AmountBelowZero => "amount_below_zero",
            Self::TooLarge => "amount_too_large",
            Self::DiscountAbovePrice { .. } => "discount_above_price",
            Self::NothingOff => "nothing_off",
            Self::NoTax => "no_tax",
            Self::OtherwiseExempt => "otherwise_exempt",
            Self::ReasonMissing => "reason_needed",
            Self::LineIsSplit { .. } => "line_is_split",
            Self::NoSuchLine { .. } => "line_not_on_check",
            Self::MoreThanThereIs { .. } => "more_than_there_is",
            Self::EmptyPart => "empty_part",
            Self::OnePart => "one_part",
            Self::PartsOutOfRange { .. } => "parts_out_of_range",
            Self::AmountOutOfRange { .. } => "amount_out_of_range",
            Self::NoSeats => "no_seats",
            Self::MoneyTaken => "money_taken",
            Self::PaymentPending { .. } => "payment_pending",
            Self::NotUnclear { .. } => "payment_clear",
            Self::WrongState { .. } => "check_state",
            Self::NothingOnIt => "check_empty",
            Self::DueChanged { .. } => "bill_changed",
            Self::NothingDue => "nothing_due",
            Self::AboveDue { .. } => "above_due",
            Self::TipAboveCheck { .. } => "tip_above_check",
            Self::TipTooLarge { .. } => "tip_too_large",
            Self::TenderedTooLittle { .. } => "tendered_too_little",
            Self::NoChange { .. } => "no_change",
            Self::NotTaken => "payment_not_taken",
            Self::AboveTaken { .. } => "above_taken",
            Self::AboveSold { .. } => "above_sold",
        }
    }

    /// Whether it could be done if things stood otherwise: 409, where the rest is 400.
    fn is_conflict(self) -> bool {
        matches!(
            self,
            Self::MoneyTaken
                | Self::PaymentPending { .. }
                | Self::NotUnclear { .. }
                | Self::WrongState { .. }
                | Self::DueChanged { .. }
                | Self::NothingDue
                | Self::NotTaken
                | Self::OtherwiseExempt
        )
    }

    /// The sum that the sentence speaks of.
    fn amount(self) -> Option<Money> {
        match self {
            Self::DiscountAbovePrice { most: amount }
            | Self::AmountOutOfRange { total: amount }
            | Self::PaymentPending { amount }
            | Self::DueChanged { due: amount }
            | Self::AboveDue { due: amount }
            | Self::TipAboveCheck { total: amount }
            | Self::TipTooLarge { most: amount }
            | Self::TenderedTooLittle { needed: amount }
            | Self::NoChange { needed: amount }
            | Self::AboveTaken { left: amount }
            | Self::AboveSold { left: amount } => Some(amount),
            _ => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LineTwice { item } => write!(f, "Line {item} stands twice on the check."),
            Self::AdjustmentTwice { id } => write!(f, "Adjustment {id} stands twice on the check."),
            Self::NoQuantity { item } => write!(f, "The quantity of line {item} must be above 0."),
            Self::PriceBelowZero { item } => {
                write!(f, "With its options line {item} would cost less than nothing.")
            }
            Self::AmountBelowZero => f.write_str("The amount must not be below 0, nor nothing."),
            Self::TooLarge => f.write_str("That comes to more than a check can hold."),
            Self::DiscountAbovePrice { most } => {
                write!(f, "More would be taken off than there is. At most {most} can be.")
            }
            Self::NothingOff => f.write_str(
                "That would take nothing off and put nothing on: there is nothing to take from, \
                 or it is too little.",
            ),
            Self::NoTax => f.write_str("There is no tax on this check that it could be freed of."),
            Self::OtherwiseExempt => f.write_str(
                "Of these checks only some are free of tax, or not by the same word. Take that \
                 back first, then join them.",
            ),
            Self::ReasonMissing => f.write_str("Say why (reason)."),
            Self::LineIsSplit { item } => {
                write!(
                    f,
                    "Line {item} is as the check's split left it. Join the checks to change it."
                )
            }
            Self::NoSuchLine { item } => write!(f, "Line {item} is not on this check."),
            Self::MoreThanThereIs { item, has } => {
                write!(f, "Of line {item} there is {has} on this check, not more.")
            }
            Self::EmptyPart => f.write_str("A part of the split would get nothing."),
            Self::OnePart => f.write_str("All of it would stay on one check. Choose what to part."),
            Self::PartsOutOfRange { most } => {
                write!(f, "A check can be split into 2 to {most} parts.")
            }
            Self::AmountOutOfRange { total } => {
                write!(f, "The amount must be above 0 and below the check's total, {total}.")
            }
            Self::NoSeats => f.write_str("No line has a seat. Split by lines or in equal parts."),
            Self::MoneyTaken => {
                f.write_str("Money was taken for this check, so it can no longer be changed.")
            }
            Self::PaymentPending { amount } => {
                write!(
                    f,
                    "A payment of {amount} is under way, or nobody knows whether it was taken. \
                     Find out, and say so, first."
                )
            }
            Self::NotUnclear { is } => {
                write!(f, "The payment is {is}; there is nothing to find out, or not that.")
            }
            Self::WrongState { is } => write!(f, "The check is {is}; this cannot be done with it."),
            Self::NothingOnIt => f.write_str("There is nothing on the check."),
            Self::DueChanged { due } => write!(
                f,
                "The check was changed meanwhile: {due} is due now. Nothing was taken; look at it \
                 and confirm again."
            ),
            Self::NothingDue => f.write_str("Nothing is due on this check."),
            Self::AboveDue { due } => write!(f, "Only {due} is due. More is a tip, or change."),
            Self::TipAboveCheck { total } => write!(
                f,
                "The tip is more than the check itself, {total}. Look at it again, and confirm it if \
                 it is meant (tip_confirmed)."
            ),
            Self::TipTooLarge { most } => {
                write!(f, "The tip is too large: at most {most} for this check. Look at it again.")
            }
            Self::TenderedTooLittle { needed } => {
                write!(f, "Less was handed over than is to be taken: {needed}.")
            }
            Self::NoChange { needed } => {
                write!(f, "Only cash gives change. Take {needed} exactly.")
            }
            Self::NotTaken => f.write_str("The payment was not taken; nothing can be given back."),
            Self::AboveTaken { left } => {
                write!(f, "At most {left} of this payment can be given back.")
            }
            Self::AboveSold { left } => {
                write!(f, "At most {left} of what was sold can be given back.")
            }
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let (code, detail) = (refusal.code(), refusal.to_string());
        let error = if refusal.is_conflict() {
            Self::conflict(code, detail)
        } else {
            Self::rule(code, detail)
        };
        let error = match refusal.amount() {
            Some(amount) => error.with("amount", amount.to_string()),
            None => error,
        };
        match refusal {
            Refusal::LineTwice { item }
            | Refusal::NoQuantity { item }
            | Refusal::PriceBelowZero { item }
            | Refusal::LineIsSplit { item }
            | Refusal::NoSuchLine { item }
            | Refusal::MoreThanThereIs { item, .. } => error.with("item_id", item),
            _ => error,
        }
    }
}

/// An amount from 0 to [`MOST`].
pub(super) fn bounded(amount: i128) -> Result<Money, Refusal> {
    match i64::try_from(amount) {
        Ok(amount) if (0..=MOST.0).contains(&amount) => Ok(Money(amount)),
        _ => Err(Refusal::TooLarge),
    }
}
