//! How far a shift is, and what moves its cash.

use crate::words;

words! {
    /// How far a shift is.
    pub enum ShiftState as CashShiftState {
        /// Money goes in and out.
        Open = "OPEN",
        /// It was counted, and can still take money.
        Counted = "COUNTED",
        /// Its Z stands: nothing of it changes any more.
        Closed = "CLOSED",
    }
}

words! {
    /// What moves cash beside payments.
    pub enum CashMoveKind as CashMoveKind {
        /// Put in: change from the bank, say.
        PayIn = "PAY_IN",
        /// Taken out for something that was bought.
        PayOut = "PAY_OUT",
        /// Taken out to the safe or the bank.
        Drop = "DROP",
        /// Tips that were paid out to staff.
        TipsOut = "TIPS_OUT",
        /// The drawer was opened, and nothing moved.
        NoSale = "NO_SALE",
    }
}

impl CashMoveKind {
    /// Whether cash comes in by it.
    pub fn is_in(self) -> bool {
        self == Self::PayIn
    }

    /// Whether somebody has to say why.
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::PayIn | Self::PayOut | Self::NoSale)
    }
}
