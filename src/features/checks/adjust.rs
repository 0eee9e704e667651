//! Something more is taken off a check by a person.

use super::compute::compute;
use super::draft::{Adjustment, AdjustmentKind, Draft};
use super::refusal::Refusal;
use super::states::reason;
use crate::core::kernel::Money;

/// The draft with one adjustment more, of a line or of the check.
///
/// # Errors
/// When more would be taken off than there is, or nothing, a comp or an exemption has no reason, the line is not on
/// the check, or the check cannot be computed so.
pub fn adjust(
    draft: &Draft,
    line: Option<i64>,
    adjustment: Adjustment,
    has_reason: bool,
) -> Result<Draft, Refusal> {
    if matches!(adjustment.kind, AdjustmentKind::Comp | AdjustmentKind::Tax) {
        reason(has_reason)?;
    }
    let mut adjusted = draft.clone();
    match line {
        None => adjusted.adjustments.push(adjustment),
        Some(item) => {
            let line = adjusted.lines.iter_mut().find(|line| line.item == item);
            line.ok_or(Refusal::NoSuchLine { item })?.adjustments.push(adjustment);
        }
    }
    let check = compute(&adjusted)?;
    if adjustment.kind == AdjustmentKind::Tax {
        let has_tax = compute(draft)?.tax > Money::ZERO;
        return has_tax.then_some(adjusted).ok_or(Refusal::NoTax);
    }
    let applied = check.adjustments.iter().find(|applied| applied.id == adjustment.id);
    match applied {
        Some(applied) if applied.cut > Money::ZERO => {
            Err(Refusal::DiscountAbovePrice { most: applied.amount })
        }
        Some(applied) if applied.amount > Money::ZERO => Ok(adjusted),
        None if draft.lines.is_empty() => Err(Refusal::NothingOnIt),
        _ => Err(Refusal::NothingOff),
    }
}
