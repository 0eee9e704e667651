//! Reaches a provider, of whichever kind it is.

use super::provider::{Back, Known, Provider, RefundSeen, Seen, Told, Wish};
use super::raiffeisen::Raiffeisen;
use super::states::ProviderKind;
use super::stripe::Stripe;
use super::yookassa::Yookassa;
use crate::core::error::{Error, Result};
use crate::features::fiscal::Taxation;

/// How a provider is reached.
#[derive(Debug, Clone)]
pub struct Account {
    /// Who takes the money.
    pub kind: ProviderKind,
    /// Where its server is.
    pub address: Option<String>,
    /// Whose account it is there.
    pub whose: Option<String>,
    /// Its key, as it was sealed.
    pub secret: Option<Vec<u8>>,
    /// By which system of taxes it prints.
    pub taxation: Option<Taxation>,
    /// Where a receipt goes when the guest names no address.
    pub receipt_to: Option<String>,
}

/// A provider of any kind that is asked over the wire.
pub enum Reached {
    /// ЮKassa.
    Yookassa(Yookassa),
    /// Raiffeisenbank.
    Raiffeisen(Raiffeisen),
    /// Stripe.
    Stripe(Stripe),
}

/// The provider of an account, with its key.
///
/// # Errors
/// 409 when it is a terminal, which nobody asks.
pub fn reach(account: &Account, key: String) -> Result<Reached> {
    let address = account.address.as_deref().unwrap_or_else(|| account.kind.address());
    let whose = account.whose.clone().unwrap_or_default();
    Ok(match account.kind {
        ProviderKind::Yookassa => {
            let taxation = account.taxation.unwrap_or(Taxation::UsnIncome);
            let to = account.receipt_to.clone().unwrap_or_default();
            Reached::Yookassa(Yookassa::new(address, (whose, key), (taxation, to)))
        }
        ProviderKind::Raiffeisen => Reached::Raiffeisen(Raiffeisen::new(address, (whose, key))),
        ProviderKind::Stripe => Reached::Stripe(Stripe::new(address, key)),
        ProviderKind::Terminal => {
            let detail = "This terminal stands apart: nobody can ask it. Look at its display.";
            return Err(Error::conflict("provider_not_asked", detail));
        }
    })
}

macro_rules! each {
    ($self:ident, $one:ident => $done:expr) => {
        match $self {
            Self::Yookassa($one) => $done,
            Self::Raiffeisen($one) => $done,
            Self::Stripe($one) => $done,
        }
    };
}

impl Provider for Reached {
    fn order(&self, wish: &Wish<'_>) -> String {
        each!(self, one => one.order(wish))
    }

    fn refund_order(&self, back: &Back<'_>) -> String {
        each!(self, one => one.refund_order(back))
    }

    async fn create(&self, uuid: &str, body: &str) -> Told<Seen> {
        each!(self, one => one.create(uuid, body).await)
    }

    async fn look(&self, known: &Known) -> Told<Seen> {
        each!(self, one => one.look(known).await)
    }

    async fn withdraw(&self, known: &Known) -> Told<bool> {
        each!(self, one => one.withdraw(known).await)
    }

    async fn refund(&self, uuid: &str, body: &str) -> Told<RefundSeen> {
        each!(self, one => one.refund(uuid, body).await)
    }

    async fn look_refund(&self, reference: &str) -> Told<RefundSeen> {
        each!(self, one => one.look_refund(reference).await)
    }

    async fn list(&self, from: i64, to: i64) -> Told<Option<Vec<Seen>>> {
        each!(self, one => one.list(from, to).await)
    }

    async fn probe(&self) -> Told<()> {
        each!(self, one => one.probe().await)
    }
}
