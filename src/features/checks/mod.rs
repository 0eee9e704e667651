//! Checks: what guests pay. Pure: no SQL, no HTTP, no clock.

mod adjust;
mod compute;
mod computed;
mod divide;
mod draft;
mod merge;
mod positions;
mod refund;
mod refusal;
mod rounding;
mod settle;
mod split;
mod states;
mod tax;
#[cfg(test)]
mod tests;

pub use adjust::adjust;
pub use compute::compute;
pub use computed::{Applied, Bucket, ChargeShare, Computed, ComputedLine, Share, Taxed};
pub use draft::{
    Adjustment, AdjustmentKind, Charge, ChargeKind, ChargeTax, Draft, DraftLine, Kept, Modifier,
};
pub use positions::{Position, PositionOf, pieces, positions};
pub use refund::{GivenBack, give_back, refund_amount, refund_lines};
pub use refusal::{MOST, Refusal};
pub use rounding::CashRounding;
pub use settle::{MethodKind, Offer, Payment, PaymentState, Standing, Taking, take};
pub use split::{By, MOST_PARTS, join, split};
pub use states::CheckState;
pub use tax::Tax;
