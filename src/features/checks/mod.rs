//! Checks: what guests pay. (pure part)

mod compute;
mod computed;
mod draft;
mod refusal;

pub use compute::compute;
pub use computed::{Applied, Bucket, ChargeShare, Computed, ComputedLine, Share, Taxed};
pub use draft::{
    Adjustment, AdjustmentKind, Charge, ChargeKind, ChargeTax, Draft, DraftLine, Kept, Modifier,
    Tax,
};
pub use refusal::{MOST, Refusal};
