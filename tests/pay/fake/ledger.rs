//! What the provider knows: who asked for what, and whose money is where. Moments are milliseconds
//! since 1970 by the provider's clock, money is minor units (kopecks, cents).

use std::collections::HashMap;

use serde_json::Value;

use super::faults::Call;
use super::server::Reply;

/// How long ЮKassa and Stripe remember a key.
pub const KEY_LIVES: i64 = 24 * 3_600_000;

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// For the guest.
    Waiting,
    /// The guest has confirmed, the bank is at work.
    Confirmed,
    /// ЮKassa, two stages: the money is held, and neither taken nor let go.
    Authorized,
    Paid,
    Declined,
    /// By the merchant.
    Withdrawn,
    Expired,
}

/// How a receipt stands that the provider prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    Pending,
    Succeeded,
    Canceled,
}

/// One payment, code or page.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The provider's number: what is asked for.
    pub id: String,
    /// The number of the money itself: the bank's `transactionId` once there is some, Stripe's payment
    /// intent, which is told from then on. ЮKassa tells none.
    pub transaction: Option<String>,
    pub amount: i64,
    /// As it was written: `RUB`, `eur`.
    pub currency: String,
    /// What the merchant knows it by: the bank's `order`, Stripe's `client_reference_id`, or nothing.
    pub reference: Option<String>,
    pub state: State,
    pub created_at: i64,
    /// From this moment on it cannot be paid.
    pub expires_at: i64,
    pub paid_at: Option<i64>,
    /// Of the request that made it.
    pub key: Option<String>,
    /// The body of that request, byte for byte.
    pub body: Vec<u8>,
    /// The same, read: JSON, or Stripe's form as `{"a[b]": "c"}`.
    pub asked: Value,
    /// Of the sale; `None` when none is printed.
    pub receipt: Option<Receipt>,
    /// What the receipt becomes with the money.
    pub(super) receipt_ends: Receipt,
    /// The money is held until the merchant takes it.
    pub(super) is_two_stage: bool,
}

impl Payment {
    /// What the merchant noted on it; the bank has no such notes.
    pub fn metadata(&self, name: &str) -> Option<&str> {
        let of_a_form = || self.asked.get(format!("metadata[{name}]"));
        self.asked.get("metadata").map_or_else(of_a_form, |pairs| pairs.get(name))?.as_str()
    }
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    Pending,
    Done,
    Failed,
}

/// Money back, or on its way.
#[derive(Clone, Debug)]
pub struct Refund {
    /// The provider's number; with the bank the merchant's `refundId`.
    pub id: String,
    /// [`Payment::id`].
    pub payment: String,
    pub amount: i64,
    pub state: RefundState,
    pub created_at: i64,
    pub key: Option<String>,
    pub body: Vec<u8>,
    pub asked: Value,
    pub receipt: Option<Receipt>,
    /// What the bank makes of it by the time somebody asks.
    pub(super) ends: Option<RefundState>,
}

/// One request that arrived, whatever became of it.
#[derive(Clone, Debug)]
pub struct Heard {
    pub at: i64,
    /// `None` for an address that the provider does not have.
    pub call: Option<Call>,
    /// `POST /v3/payments`, with the query.
    pub line: String,
    pub key: Option<String>,
    pub body: Vec<u8>,
    /// Of the reply, also of one that was lost; `None` when a fault came before it.
    pub status: Option<u16>,
}

/// The first request with a key.
#[derive(Clone, Debug)]
pub(super) struct Keyed {
    pub at: i64,
    pub line: String,
    pub asked: Value,
    pub reply: Reply,
}

/// Why the guest could not pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPaid {
    Unknown,
    /// Also while the bank is at work.
    Already,
    Expired,
    Withdrawn,
    Declined,
}

/// The provider's books.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// In the order in which they were made.
    pub payments: Vec<Payment>,
    pub refunds: Vec<Refund>,
    pub heard: Vec<Heard>,
    /// What was refused because a document demands otherwise. A driver that reads the documents has
    /// none, whatever goes wrong on the way.
    pub complaints: Vec<String>,
    pub(super) keys: HashMap<String, Keyed>,
    /// Of the numbers that were given out.
    pub(super) last_number: u64,
}

impl Ledger {
    pub fn payment(&self, id: &str) -> Option<&Payment> {
        self.payments.iter().find(|one| one.id == id)
    }

    pub(super) fn payment_mut(&mut self, id: &str) -> Result<&mut Payment, NotPaid> {
        self.payments.iter_mut().find(|one| one.id == id).ok_or(NotPaid::Unknown)
    }

    /// What guests paid.
    pub fn paid(&self) -> i64 {
        self.payments.iter().filter(|one| one.state == State::Paid).map(|one| one.amount).sum()
    }

    /// What went back, or is on its way, of one payment.
    pub fn refunded(&self, payment: &str) -> i64 {
        let of_it = |one: &&Refund| one.payment == payment && one.state != RefundState::Failed;
        self.refunds.iter().filter(of_it).map(|one| one.amount).sum()
    }

    /// What the merchant has: paid, less what went back or is on its way.
    pub fn balance(&self) -> i64 {
        self.paid() - self.payments.iter().map(|one| self.refunded(&one.id)).sum::<i64>()
    }

    /// How often it was called so.
    pub fn calls(&self, call: Call) -> usize {
        self.heard.iter().filter(|one| one.call == Some(call)).count()
    }

    pub(super) fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// The bank comes to it.
    pub(super) fn refund_asked(&mut self, id: &str) -> Option<&Refund> {
        let refund = self.refunds.iter_mut().find(|one| one.id == id)?;
        refund.state = refund.ends.take().unwrap_or(refund.state);
        Some(refund)
    }

    pub(super) fn expires_at(&self, id: &str) -> Result<i64, NotPaid> {
        self.payment(id).map(|one| one.expires_at).ok_or(NotPaid::Unknown)
    }

    /// Time passes: codes run out, keys are forgotten.
    pub(super) fn run_out(&mut self, now: i64) {
        for one in &mut self.payments {
            if one.state == State::Waiting && one.expires_at <= now {
                one.state = State::Expired;
            }
        }
        self.keys.retain(|_, keyed| now - keyed.at < KEY_LIVES);
    }

    fn waiting(&mut self, id: &str) -> Result<&mut Payment, NotPaid> {
        let payment = self.payment_mut(id)?;
        match payment.state {
            State::Waiting => Ok(payment),
            State::Confirmed | State::Authorized | State::Paid => Err(NotPaid::Already),
            State::Declined => Err(NotPaid::Declined),
            State::Withdrawn => Err(NotPaid::Withdrawn),
            State::Expired => Err(NotPaid::Expired),
        }
    }

    pub(super) fn pay(&mut self, id: &str, now: i64) -> Result<(), NotPaid> {
        self.waiting(id)?;
        self.take(id, now)
    }

    pub(super) fn confirm(&mut self, id: &str) -> Result<(), NotPaid> {
        self.waiting(id)?.state = State::Confirmed;
        Ok(())
    }

    pub(super) fn settle(&mut self, id: &str, now: i64) -> Result<(), NotPaid> {
        match self.payment_mut(id)?.state {
            State::Confirmed => self.take(id, now),
            // Nobody has confirmed it.
            _ => self.waiting(id).and(Err(NotPaid::Unknown)),
        }
    }

    pub(super) fn pay_late(&mut self, id: &str, now: i64) -> Result<(), NotPaid> {
        match self.payment_mut(id)?.state {
            State::Expired => self.take(id, now),
            _ => self.pay(id, now),
        }
    }

    pub(super) fn decline(&mut self, id: &str, is_final: bool) -> Result<(), NotPaid> {
        // Who has left the page cannot try another card.
        let has_left = self.payment_mut(id)?.state == State::Confirmed;
        let payment = if has_left { self.payment_mut(id)? } else { self.waiting(id)? };
        if is_final || has_left {
            payment.state = State::Declined;
        }
        Ok(())
    }

    /// The money is there, or held when the merchant wants to take it himself.
    fn take(&mut self, id: &str, now: i64) -> Result<(), NotPaid> {
        let number = self.number();
        let payment = self.payment_mut(id)?;
        payment.state = if payment.is_two_stage { State::Authorized } else { State::Paid };
        payment.paid_at = Some(now);
        payment.transaction.get_or_insert_with(|| number.to_string());
        payment.receipt = payment.receipt.map(|_| payment.receipt_ends);
        Ok(())
    }

    #[track_caller]
    pub(super) fn end_refund(&mut self, id: &str, is_done: bool) {
        let refund = self.refunds.iter_mut().find(|one| one.id == id).expect("a refund");
        assert_eq!(refund.state, RefundState::Pending, "the refund has ended");
        refund.state = if is_done { RefundState::Done } else { RefundState::Failed };
        refund.ends = None;
    }

    #[track_caller]
    pub(super) fn end_receipt(&mut self, id: &str, is_printed: bool) {
        let ends = Some(if is_printed { Receipt::Succeeded } else { Receipt::Canceled });
        if let Some(payment) = self.payments.iter_mut().find(|one| one.id == id) {
            payment.receipt = ends;
        } else {
            self.refunds
                .iter_mut()
                .find(|one| one.id == id)
                .expect("a payment or refund")
                .receipt = ends;
        }
    }
}
