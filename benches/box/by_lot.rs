//! The tests' checks by lot, as the bench plays them.

use qres::core::kernel::{Money, Percent, Quantity, Tax, TaxRate};
use qres::features::checks::{
    Adjustment, AdjustmentKind, Bucket, By, Charge, ChargeKind, ChargeTax, Computed, ComputedLine,
    Draft, DraftLine, Modifier, Refusal, compute, join, refund_amount, refund_lines, split,
};

#[path = "../../src/features/checks/tests/random.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod random;

pub use random::{Dice, split_join_and_refund};
