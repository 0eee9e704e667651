//! Providers of online payments that are not there: ЮKassa (API v3), Raiffeisenbank's SBP and Stripe
//! Checkout on a port of this machine. Written from the providers' public documents, not from our
//! drivers, and as strict as the documents: what they demand and a request lacks is refused, and the
//! reason stands in [`Ledger::complaints`].
//!
//! A provider has a ledger and a clock of its own. A test is the guest (`guest_…`), the bank
//! (`bank_…`) and whatever goes wrong on the way ([`Provider::script`]).

// Each binary that takes this in uses its own part of it.
#![allow(dead_code, unused_imports)]

pub mod clock;
pub mod faults;
pub mod ledger;
mod raiffeisen;
mod server;
mod stripe;
#[cfg(test)]
mod tests;
mod yookassa;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::{oneshot, watch};

pub use clock::Clock;
pub use faults::{Call, Decision, Fault, Trouble};
pub use ledger::{Heard, Ledger, NotPaid, Payment, Receipt, Refund, RefundState, State};

/// ЮKassa's number of the shop: the name of HTTP Basic.
pub const SHOP: &str = "100500";
/// The secret of all three: ЮKassa's password, the bank's bearer, Stripe's key.
pub const SECRET: &str = "test_secret_of_a_fake";
/// The bank's number of the merchant in the SBP.
pub const MERCHANT: &str = "MA0000000552";
/// The version of Stripe's API that must be pinned.
pub const STRIPE_VERSION: &str = "2026-10-28.endive";

/// Whose language is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `/v3/…`: JSON, amounts as `"1000.00"`, HTTP Basic, `Idempotence-Key`.
    Yookassa,
    /// `/api/sbp/…`: JSON, amounts in roubles as numbers, a bearer, no key: the merchant's own
    /// numbers of orders and refunds stand for it.
    Raiffeisen,
    /// `/v1/…`: forms, amounts in the smallest unit, `Stripe-Version`, `Idempotency-Key`.
    Stripe,
}

/// What happens between the requests, behind one lock.
struct Desk {
    ledger: Ledger,
    script: faults::Script,
    /// Whether the shop prints its receipts through the provider, and must send them along.
    wants_receipts: bool,
    /// Replies that are held back.
    held: usize,
}

/// What the server's thread and the test share.
struct Shared {
    dialect: Dialect,
    clock: Clock,
    desk: Mutex<Desk>,
    /// How often held replies were let go.
    released: watch::Sender<u64>,
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One provider on a port; it ends with this value.
pub struct Provider {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Provider {
    /// Listens at once, in a thread of its own: tests without a runtime can have it too.
    pub fn start(dialect: Dialect) -> Self {
        let desk = Desk {
            ledger: Ledger::default(),
            script: faults::Script::default(),
            wants_receipts: false,
            held: 0,
        };
        let shared = Arc::new(Shared {
            dialect,
            clock: Clock::default(),
            desk: Mutex::new(desk),
            released: watch::Sender::new(0),
        });
        let (stop, stopped) = oneshot::channel();
        let (address, thread) = server::listen(Arc::clone(&shared), stopped);
        Self { address, shared, stop: Some(stop), thread: Some(thread) }
    }

    /// What stands for the provider's address in the documents, without a slash at the end:
    /// `https://api.yookassa.ru/v3`, `https://e-commerce.raiffeisen.ru/api`, `https://api.stripe.com`.
    pub fn url(&self) -> String {
        let prefix = match self.shared.dialect {
            Dialect::Yookassa => "/v3",
            Dialect::Raiffeisen => "/api",
            Dialect::Stripe => "",
        };
        format!("http://{}{prefix}", self.address)
    }

    /// The provider's time: moved, codes run out and keys are forgotten.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The provider's books as they are now.
    pub fn ledger(&self) -> Ledger {
        let now = self.clock().now();
        let mut desk = self.shared.desk();
        desk.ledger.run_out(now);
        desk.ledger.clone()
    }

    /// From now on a payment or a part of a refund without a receipt is refused, as for a shop that
    /// prints through ЮKassa. Nothing changes with the other two, which print none.
    pub fn wants_receipts(&self) {
        self.shared.desk().wants_receipts = true;
    }

    /// What becomes of the next calls of a kind, one after another; `None` goes well. After the last
    /// one all go well.
    pub fn script(&self, call: Call, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.shared.desk().script.add(call, faults);
    }

    /// The next thing of its kind is decided so.
    pub fn decide(&self, decision: Decision) {
        self.shared.desk().script.decide(decision);
    }

    /// How many replies are held back by [`Trouble::Silence`].
    pub fn held(&self) -> usize {
        self.shared.desk().held
    }

    /// Lets all held replies go.
    pub fn release(&self) {
        self.shared.released.send_modify(|times| *times += 1);
    }

    fn act<T>(&self, act: impl FnOnce(&mut Ledger, i64) -> T) -> T {
        let now = self.clock().now();
        let mut desk = self.shared.desk();
        desk.ledger.run_out(now);
        act(&mut desk.ledger, now)
    }

    /// The guest pays a code or page, and the money is there.
    pub fn guest_pays(&self, id: &str) -> Result<(), NotPaid> {
        self.act(|ledger, now| ledger.pay(id, now))
    }

    /// Pays a second before it runs out; the provider's clock is moved there, unless it is later already.
    pub fn guest_pays_at_last_second(&self, id: &str) -> Result<(), NotPaid> {
        let desk = &mut *self.shared.desk();
        let now = self.clock().now();
        let last = now.max(desk.ledger.expires_at(id)? - 1000);
        self.clock().advance(last - now);
        // Not by the clock again: on a busy machine a second passes in between.
        desk.ledger.run_out(last);
        desk.ledger.pay(id, last)
    }

    /// Against the documents: the provider has said that the time is over, and takes the money
    /// nevertheless. The clock is moved behind the end when it is not there yet.
    pub fn guest_pays_after_expiry(&self, id: &str) -> Result<(), NotPaid> {
        let expires_at = self.shared.desk().ledger.expires_at(id)?;
        self.clock().advance((expires_at + 1000 - self.clock().now()).max(0));
        self.act(|ledger, now| ledger.pay_late(id, now))
    }

    /// Taps twice. All three take one payment only, and the second tap gets [`NotPaid::Already`];
    /// money twice for one bill is two payments of it that are both paid.
    pub fn guest_pays_twice(&self, id: &str) -> Result<(), NotPaid> {
        self.act(|ledger, now| ledger.pay(id, now).and_then(|()| ledger.pay(id, now)))
    }

    /// The guest has confirmed, and the bank works on it: from here on it does not run out, and cannot
    /// be withdrawn.
    pub fn guest_confirms(&self, id: &str) -> Result<(), NotPaid> {
        self.act(|ledger, _| ledger.confirm(id))
    }

    /// The bank is done with what the guest confirmed, maybe after its time.
    pub fn bank_settles(&self, id: &str) -> Result<(), NotPaid> {
        self.act(|ledger, now| ledger.settle(id, now))
    }

    /// The bank refuses the guest's money. That ends the payment, but on Stripe's page he may try
    /// another card as long as he has not confirmed.
    pub fn guest_is_declined(&self, id: &str) -> Result<(), NotPaid> {
        let is_final = self.shared.dialect != Dialect::Stripe;
        self.act(|ledger, _| ledger.decline(id, is_final))
    }

    /// A refund that waits ([`Decision::RefundWaits`]) ends.
    #[track_caller]
    pub fn bank_ends_refund(&self, id: &str, is_done: bool) {
        self.act(|ledger, _| ledger.end_refund(id, is_done));
    }

    /// A receipt that waits ([`Decision::ReceiptWaits`]) is printed, or not.
    #[track_caller]
    pub fn till_ends_receipt(&self, id: &str, is_printed: bool) {
        self.act(|ledger, _| ledger.end_receipt(id, is_printed));
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
