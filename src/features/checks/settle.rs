//! What is paid of a check: several payments, in part, with tips beside, change from cash only.

use super::refusal::{Refusal, bounded};
use super::rounding::CashRounding;
use crate::core::kernel::Money;
use crate::words;

words! {
    /// What a way to pay is.
    pub enum MethodKind as MethodKind {
        /// Notes and coins: rounded to the smallest coin, and the only one that gives change.
        Cash = "CASH",
        /// A card, on a terminal.
        Card = "CARD",
        /// A transfer, such as by a QR code.
        Transfer = "TRANSFER",
        /// A gift card or a voucher.
        Voucher = "VOUCHER",
        /// On a customer's account, to be paid later.
        Account = "ACCOUNT",
    }
}

words! {
    /// Where a payment stands.
    pub enum PaymentState as PaymentState {
        /// Under way: its sum is spoken for.
        Pending = "PENDING",
        /// The money is here.
        Taken = "TAKEN",
        /// It did not come.
        Failed = "FAILED",
        /// It was called off before the check was paid; so is what gave it back.
        Voided = "VOIDED",
        /// Nobody knows; somebody has to find out.
        Unknown = "UNKNOWN",
    }
}

impl PaymentState {
    /// Whether somebody still has to find out.
    pub fn is_unclear(self) -> bool {
        matches!(self, Self::Pending | Self::Unknown)
    }

    /// What a payment that was not clear turns out to be.
    ///
    /// # Errors
    /// When it is clear already, or `to` is nothing that can be found out.
    pub fn clear(self, to: Self) -> Result<Self, Refusal> {
        match (self, to) {
            (Self::Pending | Self::Unknown, Self::Taken | Self::Failed)
            | (Self::Pending, Self::Unknown) => Ok(to),
            (is, _) => Err(Refusal::NotUnclear { is: is.as_str() }),
        }
    }
}

/// A payment as it stands. What changes hands is `amount + rounding + tip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: i64,
    /// What it was paid with.
    pub kind: MethodKind,
    /// What it pays of the check; more than 0.
    pub amount: Money,
    /// What cash was rounded by; below 0 where the guest paid less.
    pub rounding: Money,
    /// What came on top for the staff or the house; never a part of the check.
    pub tip: Money,
    /// Where it stands.
    pub state: PaymentState,
    /// Whether it comes over the wire, where each has a key of its own.
    pub is_by_wire: bool,
}

/// How a check stands with its payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// What was taken for it.
    pub paid: Money,
    /// What is under way, or not known.
    pub pending: Money,
    /// What is to be paid still, without what is under way.
    pub due: Money,
    /// What cash was rounded by.
    pub rounding: Money,
    /// Tips that were taken.
    pub tips: Money,
}

impl Standing {
    /// How a check of this total stands.
    pub fn of(total: Money, payments: &[Payment]) -> Self {
        let mut standing = Self::default();
        for payment in payments {
            match payment.state {
                PaymentState::Taken => {
                    standing.paid += payment.amount;
                    standing.rounding += payment.rounding;
                    standing.tips += payment.tip;
                }
                PaymentState::Pending | PaymentState::Unknown => standing.pending += payment.amount,
                PaymentState::Failed | PaymentState::Voided => {}
            }
        }
        standing.due = (total - standing.paid - standing.pending).max(Money::ZERO);
        standing
    }

    /// Whether each payment is known to be taken or not.
    ///
    /// # Errors
    /// When one is under way, or nobody knows.
    pub fn check_clear(&self) -> Result<(), Refusal> {
        match self.pending {
            Money::ZERO => Ok(()),
            amount => Err(Refusal::PaymentPending { amount }),
        }
    }

    /// Whether all of a check is paid; of nothing, at once.
    pub fn is_paid(&self, total: Money) -> bool {
        self.paid >= total
    }
}

/// What somebody wants to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// What with.
    pub kind: MethodKind,
    /// How much of the check: more than 0, at most what is due.
    pub amount: Money,
    /// What was handed over; none where it is exactly what is to be taken.
    pub tendered: Option<Money>,
    /// A tip, 0 or more.
    pub tip: Money,
    /// What was due as the person saw it.
    pub expected_due: Option<Money>,
}

/// A payment as it is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taking {
    /// What it pays of the check.
    pub amount: Money,
    /// What cash is rounded by.
    pub rounding: Money,
    /// The tip in it.
    pub tip: Money,
    /// What was handed over.
    pub tendered: Money,
    /// What goes back: `tendered − amount − rounding − tip`.
    pub change: Money,
}

/// What is to be taken for an offer. Of two at once the second sees the first, also while that is
/// under way: together they never pay more than the total.
///
/// # Errors
/// When another sum is due than was seen, more is offered than is due, or what was handed over does
/// not fit.
pub fn take(
    total: Money,
    payments: &[Payment],
    offer: &Offer,
    rounding: CashRounding,
) -> Result<Taking, Refusal> {
    let Offer { kind, amount, tip, .. } = *offer;
    let standing = Standing::of(total, payments);
    let due = standing.due;
    if offer.expected_due.is_some_and(|expected| expected != due) {
        return Err(Refusal::DueChanged { due });
    }
    if amount <= Money::ZERO || tip < Money::ZERO {
        return Err(Refusal::AmountBelowZero);
    }
    // The same sum once more is the same guest, before anybody knows of the first time.
    // Over the wire each has its own key, and equal parts are several guests.
    let is_same = |one: &Payment| one.state.is_unclear() && one.amount == amount && !one.is_by_wire;
    if payments.iter().any(is_same) {
        return Err(Refusal::PaymentPending { amount });
    }
    if due == Money::ZERO {
        standing.check_clear()?;
        return Err(Refusal::NothingDue);
    }
    if amount > due {
        return Err(Refusal::AboveDue { due });
    }
    let exact = bounded(i128::from(amount.0) + i128::from(tip.0))?;
    let rounded = match kind {
        // A guest who has the coins may always pay exactly.
        MethodKind::Cash if offer.tendered != Some(exact) => in_coins(payments, amount, rounding),
        _ => amount,
    };
    let needed = rounded + tip;
    let tendered = offer.tendered.unwrap_or(needed);
    if tendered < needed {
        return Err(Refusal::TenderedTooLittle { needed });
    }
    if tendered > needed && kind != MethodKind::Cash {
        return Err(Refusal::NoChange { needed });
    }
    let change = bounded(i128::from(tendered.0) - i128::from(needed.0))?;
    Ok(Taking { amount, rounding: rounded - amount, tip, tendered, change })
}

/// What is to be handed over for an amount in cash. All cash of the check is rounded together: what
/// was handed over before, and this. Rounded one by one, a check paid in crumbs would cost nothing.
fn in_coins(payments: &[Payment], amount: Money, rounding: CashRounding) -> Money {
    let is_live = |one: &&Payment| {
        one.kind == MethodKind::Cash
            && !matches!(one.state, PaymentState::Failed | PaymentState::Voided)
    };
    // Who had the coins to pay exactly was not rounded, and rounds nobody else.
    let is_rounded = |one: &&Payment| rounding.fits(one.amount + one.rounding);
    let before = payments.iter().filter(is_live).filter(is_rounded);
    let (paid, handed) = before.fold((Money::ZERO, Money::ZERO), |(paid, handed), one| {
        (paid + one.amount, handed + one.amount + one.rounding)
    });
    (rounding.round(paid + amount) - handed).max(Money::ZERO)
}

/// A tip is at most so many times the check.
const LARGEST_TIP: i64 = 10;

/// Whether the tips of a check may be meant. A number that belongs elsewhere, a card's or a telephone's,
/// would spoil the figures of a year.
///
/// # Errors
/// When they are more than the check, and nobody confirmed it; and when they are ten times the check.
pub fn check_tip(total: Money, tips: Money, is_confirmed: bool) -> Result<(), Refusal> {
    let most = Money(total.0.saturating_mul(LARGEST_TIP));
    if tips > most {
        return Err(Refusal::TipTooLarge { most });
    }
    if tips > total && !is_confirmed { Err(Refusal::TipAboveCheck { total }) } else { Ok(()) }
}
