//! Checks: what guests pay. (pure part)

mod compute;
mod computed;
mod divide;
mod draft;
mod merge;
mod refusal;
mod split;

pub use compute::compute;
pub use computed::{Applied, Bucket, ChargeShare, Computed, ComputedLine, Share, Taxed};
pub use draft::{
    Adjustment, AdjustmentKind, Charge, ChargeKind, ChargeTax, Draft, DraftLine, Kept, Modifier,
    Tax,
};
pub use refusal::{MOST, Refusal};
pub use split::{By, MOST_PARTS, join, split};
