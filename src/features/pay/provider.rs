//! What a provider of online payments can do. None of it decides: `steps` does.

use super::states::How;
use crate::core::kernel::Money;
use crate::features::fiscal::Receipt;

/// What a guest is to pay.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// By what the provider knows a repeat, and we know the money again.
    pub uuid: &'a str,
    /// All of it, with the tip.
    pub amount: Money,
    /// ISO 4217.
    pub currency: &'a str,
    /// What it is for, as the guest reads it at his bank.
    pub what: &'a str,
    /// For how many minutes it can be paid.
    pub minutes: i64,
    /// From when on, by the box's clock (ms).
    pub now: i64,
    /// What the provider is to print; none where it prints nothing.
    pub receipt: Option<&'a Receipt>,
    /// Where the guest's browser goes when he has paid.
    pub back_to: &'a str,
}

/// Money that came, and is to go back.
#[derive(Debug, Clone)]
pub struct Back<'a> {
    /// By what the provider knows a repeat.
    pub uuid: &'a str,
    /// By what it knows the payment.
    pub payment: &'a Known,
    /// How much.
    pub amount: Money,
    /// ISO 4217.
    pub currency: &'a str,
    /// What the provider is to print of it.
    pub receipt: Option<&'a Receipt>,
}

/// By what a provider knows a payment.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Ours.
    pub uuid: String,
    /// The provider's.
    pub reference: String,
    /// The money's, where that is another.
    pub charge: Option<String>,
}

/// A payment as the provider sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// By what it knows it.
    pub reference: String,
    /// By what it knows the money, where that is another.
    pub charge: Option<String>,
    /// By what we know it; none where it says nothing of that.
    pub uuid: Option<String>,
    /// Where the guest pays.
    pub link: Option<String>,
    /// How it stands.
    pub how: How,
    /// What is, or was, to be paid; none where it does not say.
    pub amount: Option<Money>,
    /// What the provider keeps of it, where it says so.
    pub fee: Option<Money>,
    /// For how long it can be paid from when it was made on, in milliseconds by the provider's own clock.
    pub lasts: Option<i64>,
}

/// How money stands that goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundHow {
    /// The bank is at work.
    Open,
    /// It went back.
    Done,
    /// It will not, and why.
    Refused(String),
}

/// A refund as the provider sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundSeen {
    /// By what it knows it.
    pub reference: String,
    /// How it stands.
    pub how: RefundHow,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The provider does not do this, and would not the next time.
    No(String),
    /// The provider does not take our key. That says nothing of what it was told before.
    Key(String),
    /// Nobody was reached: surely nothing was done.
    Unreached(String),
    /// Nobody knows whether it was done.
    Silent(String),
}

impl Trouble {
    /// Why, for people; no secret is in it.
    pub fn words(&self) -> &str {
        match self {
            Self::No(why) | Self::Key(why) | Self::Unreached(why) | Self::Silent(why) => why,
        }
    }
}

/// An answer of a provider.
pub type Told<T> = Result<T, Trouble>;

/// A provider of online payments.
pub trait Provider: Sync {
    /// What will be sent to have a payment made, byte for byte, however often.
    fn order(&self, wish: &Wish<'_>) -> String;
    /// What will be sent to give money back.
    fn refund_order(&self, back: &Back<'_>) -> String;
    /// Has a payment made, under our key.
    fn create(&self, uuid: &str, body: &str) -> impl Future<Output = Told<Seen>> + Send;
    /// Says how it stands.
    fn look(&self, known: &Known) -> impl Future<Output = Told<Seen>> + Send;
    /// Lets nobody pay it any more, where that can be: false where it cannot.
    fn withdraw(&self, known: &Known) -> impl Future<Output = Told<bool>> + Send;
    /// Gives money back, under our key.
    fn refund(&self, uuid: &str, body: &str) -> impl Future<Output = Told<RefundSeen>> + Send;
    /// Says how that stands.
    fn look_refund(&self, reference: &str) -> impl Future<Output = Told<RefundSeen>> + Send;
    /// All payments that were made between two moments (ms), whoever asked for them; none where the provider
    /// has no list.
    fn list(&self, from: i64, to: i64) -> impl Future<Output = Told<Option<Vec<Seen>>>> + Send;
    /// Whether it answers, and takes our key.
    fn probe(&self) -> impl Future<Output = Told<()>> + Send;
}
