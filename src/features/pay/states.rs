//! The words of payments that come over the wire, and what becomes of one. Pure.

use crate::words;

words! {
    /// Who takes the money.
    pub enum ProviderKind as PayProviderKind {
        /// ЮKassa: cards, the SBP, and the fiscal receipt where that is wanted.
        Yookassa = "YOOKASSA",
        /// The SBP by Raiffeisenbank.
        Raiffeisen = "RAIFFEISEN",
        /// Stripe's Checkout.
        Stripe = "STRIPE",
        /// A card terminal that stands apart: people type the sum, and say what its slip says.
        Terminal = "TERMINAL",
    }
}

impl ProviderKind {
    /// Whether the box asks it over the wire.
    pub fn is_asked(self) -> bool {
        self != Self::Terminal
    }

    /// Whether it prints fiscal receipts.
    pub fn prints(self) -> bool {
        self == Self::Yookassa
    }

    /// Whether it has to be told whose account is meant, beside the key.
    pub fn needs_account(self) -> bool {
        matches!(self, Self::Yookassa | Self::Raiffeisen)
    }

    /// Where its server is, as its documents say.
    pub fn address(self) -> &'static str {
        match self {
            Self::Yookassa => "https://api.yookassa.ru/v3",
            Self::Raiffeisen => "https://pay.raif.ru/api",
            Self::Stripe => "https://api.stripe.com",
            Self::Terminal => "",
        }
    }

    /// For how many minutes a link may be good there.
    pub fn minutes(self) -> (i64, i64) {
        match self {
            // A pending payment of the SBP ends after an hour, whatever is asked for.
            Self::Yookassa => (60, 60),
            Self::Raiffeisen | Self::Terminal => (5, 60),
            Self::Stripe => (30, 60),
        }
    }
}

words! {
    /// Where an attempt stands.
    pub enum AttemptState as PayAttemptState {
        /// It is written down, and nothing was sent.
        Created = "CREATED",
        /// It was sent, and nobody knows whether it arrived: it is sent again, the same.
        Sent = "SENT",
        /// The guest can pay.
        Awaiting = "AWAITING",
        /// The money is here, and the check has it.
        Paid = "PAID",
        /// It will not come.
        Failed = "FAILED",
        /// Its time is over, or it was taken back.
        Expired = "EXPIRED",
        /// The money is here, and the check does not wait for it any more: it is to be given back.
        Late = "LATE",
        /// It was never sent.
        Void = "VOID",
    }
}

impl AttemptState {
    /// Whether the check waits for it.
    pub fn is_awaited(self) -> bool {
        matches!(self, Self::Created | Self::Sent | Self::Awaiting)
    }
}

words! {
    /// Where money stands that goes back.
    pub enum RefundState as PayRefundState {
        /// It is written down, and nothing was sent.
        Created = "CREATED",
        /// It was sent, and nobody knows whether it arrived: it is sent again, the same.
        Sent = "SENT",
        /// The provider has taken it on.
        Awaiting = "AWAITING",
        /// It went back.
        Done = "DONE",
        /// It will not go back this way: a person gives it back.
        Failed = "FAILED",
    }
}

/// How the provider says that an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// The guest can pay, or is paying.
    Open,
    /// The money is here.
    Paid,
    /// It will never come, and why.
    Refused(String),
    /// Its time is over, or it was withdrawn.
    Gone(String),
}

/// What an attempt becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Where it stands then.
    pub state: AttemptState,
    /// Whether the provider is still asked.
    pub is_open: bool,
}

/// What an attempt becomes when the provider was asked. `is_past` says that its time, and the time in which
/// money may come after it, is over. Only an answer to a question decides that it is paid; whether it is too
/// late for the check, the check says.
pub fn after(state: AttemptState, how: &How, is_past: bool) -> Next {
    use AttemptState::{Awaiting, Expired, Failed, Paid};
    let (state, is_open) = match (state, how) {
        (_, How::Paid) => (Paid, false),
        (Expired, How::Refused(_)) => (Expired, false),
        (_, How::Refused(_)) => (Failed, false),
        // What has ended for the check is looked at until money cannot come any more.
        (Expired, How::Open) | (_, How::Gone(_)) => (Expired, !is_past),
        (_, How::Open) if is_past => (Expired, false),
        (_, How::Open) => (Awaiting, true),
    };
    Next { state, is_open }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AttemptState::{Awaiting, Created, Expired, Failed, Paid, Sent};

    #[test]
    fn what_an_answer_makes_of_an_attempt() {
        let (no, gone) = (How::Refused("no money".into()), How::Gone("over".into()));
        for (state, how, is_past, becomes, is_open) in [
            (Created, &How::Open, false, Awaiting, true),
            (Sent, &How::Open, false, Awaiting, true),
            (Awaiting, &How::Open, false, Awaiting, true),
            (Awaiting, &How::Open, true, Expired, false),
            (Awaiting, &How::Paid, true, Paid, false),
            (Expired, &How::Paid, true, Paid, false),
            (Awaiting, &no, false, Failed, false),
            (Awaiting, &gone, false, Expired, true),
            (Awaiting, &gone, true, Expired, false),
            (Expired, &How::Open, false, Expired, true),
            (Expired, &How::Open, true, Expired, false),
            (Expired, &no, false, Expired, false),
        ] {
            let next = Next { state: becomes, is_open };
            assert_eq!(after(state, how, is_past), next, "{state} {how:?} {is_past}");
        }
    }
}
