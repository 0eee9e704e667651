//! What is left of a check after money went back.

use super::bill::Check;
use crate::core::error::Result;
use crate::core::kernel::Money;
use crate::features::checks::{Computed, refund_lines};

impl Check {
    /// What is left of the sale.
    ///
    /// # Errors
    /// When more went back than was sold.
    pub fn left(&self) -> Result<Computed> {
        let mut left = self.computed.clone();
        for refund in self.refunds() {
            left = match &refund.parts {
                Some(parts) => left.without(parts)?,
                None if refund.amount == Money::ZERO => left,
                None => left.without(&left)?,
            };
        }
        Ok(left)
    }

    /// What of it is still to come to the table: of what all money went back, nothing.
    ///
    /// # Errors
    /// When more went back than was sold.
    pub fn left_to_make(&self) -> Result<Computed> {
        let left = self.left()?;
        let is_all_back = left.total == Money::ZERO && self.given_back() > Money::ZERO;
        Ok(if is_all_back { Computed::default() } else { left })
    }

    /// What is paid anew when it is opened again: what is left of the sale; where nothing is, all of it
    /// but the lines that are `gone` and will not be made.
    ///
    /// # Errors
    /// When more went back than was sold.
    pub fn to_pay_anew(&self, gone: &[i64]) -> Result<Computed> {
        let whole = &self.computed;
        let mut parts = self.refunds().filter_map(|refund| refund.parts.as_ref());
        let left = parts.try_fold(whole.clone(), |left, parts| left.without(parts))?;
        if !left.lines.is_empty() {
            return Ok(left);
        }
        let mut off: Vec<_> = whole.quantities();
        off.retain(|(item, _)| gone.contains(item));
        if off.is_empty() {
            return Ok(whole.clone());
        }
        Ok(whole.without(&refund_lines(whole, &off)?)?)
    }

    /// The lines that it holds.
    pub fn items(&self) -> Vec<i64> {
        self.draft.lines.iter().map(|line| line.item).collect()
    }
}
