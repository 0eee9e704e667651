//! What is asked of checks.

use serde::Deserialize;
use utoipa::ToSchema;

use super::check_adjustments::RuleKind;
use crate::core::kernel::fields::{Id, Int, Label, MAX_SAFE};
use crate::core::kernel::{Money, Patch, Quantity, Text};
use crate::features::checks::PaymentState;
use crate::features::fiscal::{Basis, Form};
use crate::features::tips::TipTo;

/// Why something is done, for the record of money.
pub type Reason = Label<1, 200>;

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

/// What of a guest's is taken off a check.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RewardUse {
    /// The guest's account.
    pub account_id: Id,
    /// How many points; as many as can be where nobody says. Of stamps a full card always.
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub points: Option<Int<1, MAX_SAFE>>,
    /// The check's version that the person saw.
    pub version: i64,
}

/// A promo code that a guest says.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PromoUse {
    /// The code.
    #[schema(value_type = String, min_length = 1, max_length = 30)]
    pub code: Label<1, 30>,
    /// The check's version that the person saw.
    pub version: i64,
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

/// So much of some lines goes from one check to another.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckMove {
    /// From which check.
    pub from: Id,
    /// To which.
    pub to: Id,
    /// What goes.
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<LinePart>,
}

/// Lines of an order's open checks are laid anew.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckMoves {
    /// The version of all checks that the person saw.
    pub version: i64,
    /// One after the other; all of them are made, or none.
    #[schema(min_items = 1, max_items = 50)]
    pub moves: Vec<CheckMove>,
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
    /// To which phone (`+79991234567`) or e-mail address the fiscal receipt is sent too; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub receipt_to: Patch<Text<0, 64>>,
    /// The check's version that the person saw.
    pub version: i64,
}

/// A sale is rung up late.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FiscalCorrection {
    /// Why.
    pub basis: Basis,
    /// The number of the tax office's order; of `ORDER` it must be said.
    #[schema(value_type = Option<String>, max_length = 32)]
    pub number: Option<Text<0, 32>>,
    /// What happened.
    pub reason: Reason,
}

/// A step of a check.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckStep {
    /// The check's version that the person saw.
    pub version: i64,
    /// Why, where it is taken back, called off or opened anew.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Text<0, 200>>,
    /// How the guests will pay, when it is presented; needed where they get the fiscal receipt before they
    /// pay, and nowhere else.
    pub pays: Option<Form>,
}

/// A payment.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckPaymentCreate {
    /// The way.
    pub method_id: Id,
    /// Whose account pays: needed where the way is of the kind `ACCOUNT`, and only there.
    pub account_id: Option<Id>,
    /// The code of the gift card that pays: only where the way is of the kind `VOUCHER`.
    #[schema(value_type = Option<String>, max_length = 40)]
    pub gift_card: Option<Text<0, 40>>,
    /// What of the check is paid.
    pub amount: Money,
    /// What was handed over; left out where it is exactly what is to be taken.
    pub tendered: Option<Money>,
    /// A tip beside. With those before it is no more than the check itself, or is confirmed.
    pub tip: Option<Money>,
    /// To whom the tip is given, the staff unless said; to the house only where that is allowed (else
    /// 400 `tip_not_for_house`).
    pub tip_to: Option<TipTo>,
    /// A tip above the check itself is meant (else 400 `tip_above_check`).
    pub tip_confirmed: Option<bool>,
    /// What was due as the person saw it; with another sum nothing happens (409 `bill_changed`).
    pub expected_due: Money,
    /// Cash that was taken before the box could be asked is written down also where no cash shift is open
    /// (else 409 `no_cash_shift`): it is shown with the next Z of its drawer.
    pub without_shift: Option<bool>,
    /// `PENDING` where it is only under way, on a terminal or at a bank; `TAKEN` unless said. Cash and
    /// accounts are never under way.
    pub state: Option<PaymentBegun>,
    /// Why the guests pay otherwise than the fiscal receipt says that they have already (else 409
    /// `paid_otherwise`). With the money it goes back, and another is made; that needs what taking a check
    /// back needs.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub otherwise: Option<Text<0, 200>>,
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
    /// Another way to pay than the one it came by.
    pub method_id: Option<Id>,
    /// To whose account it goes, where the other way is of the kind `ACCOUNT`.
    pub account_id: Option<Id>,
    /// Why it goes back by another way; needed then.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub way_reason: Option<Text<0, 200>>,
}
