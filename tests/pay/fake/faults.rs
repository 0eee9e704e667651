//! What goes wrong between the provider and whoever asks it.

use std::collections::{HashMap, VecDeque};

/// The kinds of calls, in all dialects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// A payment, a code or a page is made.
    Create,
    /// How it stands with one: the payment, and with the bank its payment or its code; with Stripe
    /// the page or the payment intent.
    Ask,
    /// Page by page; the bank has no list.
    List,
    /// The guest is not to pay it any more. ЮKassa: `…/cancel`.
    Withdraw,
    /// ЮKassa only: takes what was authorised.
    Capture,
    Refund,
    /// How it stands with one.
    AskRefund,
    ListRefunds,
}

/// What is wrong with the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The connection ends without one.
    Lost,
    /// The connection ends in the middle of the body.
    Half,
    /// None comes until [`Provider::release`](super::Provider::release); then it is what it should have
    /// been, or a 503 when nothing was done.
    Silence,
    /// Another status with the provider's own body of an error: 500, 429, 403, … 202 is ЮKassa's
    /// "not yet, ask again with the same key".
    Status(u16),
    /// 502 with HTML, from a machine in front of the provider.
    Gateway,
    /// 200 with HTML, as of a guest network that wants a sign-in.
    Portal,
}

/// One trouble, and whether the deed was done when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The provider never saw the request: nothing is done, and no key is kept.
    Before(Trouble),
    /// The provider has done it, and its reply does not arrive. With Stripe a status of 500 and more
    /// is kept as the key's result: a repeat hears it again for a day, though the deed is done.
    After(Trouble),
}

impl Fault {
    /// What is wrong with the reply.
    pub fn trouble(self) -> Trouble {
        match self {
            Self::Before(trouble) | Self::After(trouble) => trouble,
        }
    }
}

/// What the provider, the bank behind it or the till behind it decides about the next of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A part of the sum cannot be returned by this way of payment: the request is refused.
    PartialRefundRefused,
    /// The refund is taken, and ends without money: `canceled`, `DECLINED`, `failed`.
    RefundFails,
    /// The refund is taken, and waits for the bank until
    /// [`Provider::bank_ends_refund`](super::Provider::bank_ends_refund).
    RefundWaits,
    /// The receipt of the next payment or refund is not printed (ЮKassa).
    ReceiptCanceled,
    /// It waits until [`Provider::till_ends_receipt`](super::Provider::till_ends_receipt).
    ReceiptWaits,
    /// The next page of a list begins with the last row of the page before: something came in
    /// meanwhile.
    PageRepeats,
}

#[derive(Default)]
pub(super) struct Script {
    faults: HashMap<Call, VecDeque<Option<Fault>>>,
    decisions: Vec<Decision>,
}

impl Script {
    pub(super) fn add(&mut self, call: Call, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.faults.entry(call).or_default().extend(faults);
    }

    pub(super) fn next(&mut self, call: Call) -> Option<Fault> {
        self.faults.get_mut(&call)?.pop_front()?
    }

    pub(super) fn decide(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    /// Whether it was decided so; a decision is good once.
    pub(super) fn is_decided(&mut self, decision: Decision) -> bool {
        let at = self.decisions.iter().position(|one| *one == decision);
        at.map(|at| self.decisions.remove(at)).is_some()
    }
}
