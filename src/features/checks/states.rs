//! Where a check stands, and what may be done with it there.

use super::computed::Computed;
use super::refusal::Refusal;
use super::settle::Standing;
use crate::core::kernel::Money;
use crate::words;

words! {
    /// Where a check stands.
    pub enum CheckState as CheckState {
        /// It grows, and is computed whenever it is looked at.
        Open = "OPEN",
        /// It was computed for the last time and is in the guest's hands.
        Presented = "PRESENTED",
        /// All of it was taken.
        Paid = "PAID",
        /// Nothing more happens to it; what is given back is a refund.
        Closed = "CLOSED",
        /// It was called off before anything was paid.
        Void = "VOID",
        /// Its money went back, and another check took its place.
        Refunded = "REFUNDED",
    }
}

impl CheckState {
    fn must_be(self, wanted: &[Self]) -> Result<(), Refusal> {
        if wanted.contains(&self) { Ok(()) } else { Err(Refusal::WrongState { is: self.as_str() }) }
    }

    /// Whether what is on it may be adjusted, split, joined or moved.
    ///
    /// # Errors
    /// When it was presented, or money was taken or is under way.
    pub fn check_change(self, standing: &Standing) -> Result<(), Refusal> {
        self.must_be(&[Self::Open])?;
        untouched(standing)
    }

    /// Presents it: from now on the stored sums count.
    ///
    /// # Errors
    /// When it is not open, or nothing is on it.
    pub fn present(self, check: &Computed) -> Result<Self, Refusal> {
        self.must_be(&[Self::Open])?;
        if check.lines.is_empty() {
            return Err(Refusal::NothingOnIt);
        }
        Ok(Self::Presented)
    }

    /// Whether all of it was taken: what is given back then is a part of a sale.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Paid | Self::Closed)
    }

    /// Whether nobody pays it, and what is on it is on others or on none.
    pub fn is_gone(self) -> bool {
        matches!(self, Self::Void | Self::Refunded)
    }

    /// Whether it is to be presented or paid still.
    pub fn is_to_pay(self) -> bool {
        matches!(self, Self::Open | Self::Presented)
    }

    /// Opens what is on it anew, on another check: what was paid is never changed.
    ///
    /// # Errors
    /// When it was not paid, or nobody says why.
    pub fn reopen(self, has_reason: bool) -> Result<Self, Refusal> {
        self.must_be(&[Self::Paid, Self::Closed])?;
        reason(has_reason).map(|()| Self::Refunded)
    }

    /// Takes a presented check back.
    ///
    /// # Errors
    /// When it was not presented, money was taken, or nobody says why.
    pub fn take_back(self, standing: &Standing, has_reason: bool) -> Result<Self, Refusal> {
        self.must_be(&[Self::Presented])?;
        untouched(standing)?;
        reason(has_reason).map(|()| Self::Open)
    }

    /// Whether money may be taken for it. Where the receipt comes before the money
    /// (`receipt_first`), it has to be presented.
    ///
    /// # Errors
    /// When it may not, or not yet.
    pub fn check_pay(self, receipt_first: bool) -> Result<(), Refusal> {
        let open = if receipt_first { Self::Presented } else { Self::Open };
        self.must_be(&[open, Self::Presented])
    }

    /// Where it stands after its payments changed: paid once what was taken is its total.
    #[must_use]
    pub fn after_payment(self, total: Money, standing: &Standing) -> Self {
        match self {
            Self::Open | Self::Presented if standing.is_paid(total) => Self::Paid,
            other => other,
        }
    }

    /// Closes it.
    ///
    /// # Errors
    /// When it is not paid, or a payment is under way.
    pub fn close(self, standing: &Standing) -> Result<Self, Refusal> {
        standing.check_clear()?;
        self.must_be(&[Self::Paid]).map(|()| Self::Closed)
    }

    /// Calls it off.
    ///
    /// # Errors
    /// When it is not open, money was taken, or nobody says why.
    pub fn void(self, standing: &Standing, has_reason: bool) -> Result<Self, Refusal> {
        self.check_change(standing)?;
        reason(has_reason).map(|()| Self::Void)
    }
}

fn untouched(standing: &Standing) -> Result<(), Refusal> {
    standing.check_clear()?;
    if standing.paid > Money::ZERO { Err(Refusal::MoneyTaken) } else { Ok(()) }
}

pub(super) fn reason(has_reason: bool) -> Result<(), Refusal> {
    if has_reason { Ok(()) } else { Err(Refusal::ReasonMissing) }
}
