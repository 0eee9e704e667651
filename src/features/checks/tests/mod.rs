//! What must hold of every check.

mod between;
mod cases;
mod computing;
mod exempt;
mod paying;
mod positions;
mod random;
mod refunding;
mod splitting;

use proptest::prelude::*;

use super::*;
use crate::core::kernel::{Money, Percent, Quantity, Tax, TaxRate};
use random::*;

/// Checks of 0 to `lines` lines.
pub(super) fn drafts(lines: usize) -> impl Strategy<Value = (Draft, u64)> {
    (0..=lines, any::<u64>()).prop_map(|(lines, seed)| (Dice::new(seed).draft(lines), seed))
}
