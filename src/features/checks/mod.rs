//! Checks: what guests pay. These files decide and change nothing: no SQL, no HTTP, no clock.
//!
//! An order has one check or more. A check is computed from a [`Draft`], which holds lines as they
//! were ordered and what was agreed about them; the answer, [`Computed`], is stored when the check is
//! presented, and never computed again. Everything that is done with money afterwards is done with
//! the stored sums. Whatever is parted, its parts sum to it, to the minor unit.
//!
//! ```ignore
//! let vat = Tax::Included(TaxRate::parse("5")?);
//! let mut draft = Draft {
//!     lines: vec![
//!         DraftLine::new(101, Quantity::pieces(1), Money(87_000), vat),
//!         DraftLine::new(102, Quantity::parse("0.350")?, Money(129_900), vat),
//!     ],
//!     guests: 2,
//!     ..Draft::default()
//! };
//!
//! // Somebody takes 7 % off: refused where it is more than there is, or a comp has no reason.
//! let seven = Adjustment { id: 1, kind: AdjustmentKind::Percent(Percent::parse("7")?) };
//! draft = adjust(&draft, None, seven, true)?;
//! let check = compute(&draft)?; // lines, adjustments, charges, taxes, total
//!
//! // Two checks; each is a draft of its own from now on, and can be adjusted, split, joined.
//! let parts = split(&draft, &By::Parts(2))?;
//! assert_eq!(compute(&parts[0])?.total + compute(&parts[1])?.total, check.total);
//!
//! // Paid in cash. `rounding` and `change` are of this payment.
//! let total = compute(&parts[0])?.total;
//! let (tendered, expected_due) = (Some(Money(100_000)), Some(total));
//! let offer =
//!     Offer { kind: MethodKind::Cash, amount: total, tendered, tip: Money(500), expected_due };
//! let taking = take(total, &payments, &offer, CashRounding::of_currency("RUB"))?;
//! let state = CheckState::Presented.after_payment(total, &Standing::of(total, &payments));
//!
//! // One dish goes back: a copy of its part of the sale, then what is left for the next time.
//! let back = refund_lines(&sale, &[(101, Quantity::pieces(1))])?;
//! let left = sale.without(&back)?;
//! let way = (MethodKind::Cash, rounding);
//! let money = give_back(&payment, &earlier, (back.total, Money::ZERO), way)?;
//! ```
//!
//! What a store keeps of a draft whose check was split: the lines' [`Kept`], as rows of the same
//! shape in which a presented check is kept, those of shares that took nothing among them: they say
//! that a rule was looked at. A [`Refusal`] becomes a problem by `?`.

mod adjust;
mod between;
mod compute;
mod computed;
mod divide;
mod draft;
mod merge;
mod plain;
mod positions;
mod refund;
mod refusal;
mod rounding;
mod settle;
mod split;
mod states;
mod stored;
#[cfg(test)]
mod tests;

pub use adjust::adjust;
pub use between::move_between;
pub use compute::compute;
pub use computed::{Applied, Bucket, ChargeShare, Computed, ComputedLine, Share, Taxed};
pub use draft::{
    Adjustment, AdjustmentKind, Bound, Charge, ChargeKind, ChargeTax, Draft, DraftLine, Kept,
    Modifier,
};
pub use plain::{Sums, plain_sums};
pub use positions::{Position, PositionOf, pieces, positions, weights};
pub use refund::{GivenBack, give_back, left_of, refund_amount, refund_lines};
pub use refusal::{MOST, Refusal};
pub use rounding::CashRounding;
pub use settle::{MethodKind, Offer, Payment, PaymentState, Standing, Taking, check_tip, take};
pub use split::{By, MOST_PARTS, again, join, parts, split};
pub use states::CheckState;
pub use stored::{StoredKept, StoredLine, StoredTax};
