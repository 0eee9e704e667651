//! Reaches a register, of whichever kind it is.

use super::atol::Atol;
use super::by_hand::ByHand;
use super::register::{Kept, Refused, Register, Silence, Task, Told};
use super::states::DeviceKind;
use super::store::Account;
use super::types::Health;
use super::webhook::Webhook;
use crate::core::error::Result;

/// A register of any kind.
pub enum Reached {
    /// Behind ATOL's server.
    Atol(Atol),
    /// Whatever others connected.
    Webhook(Webhook),
    /// The till beside the box.
    ByHand,
}

/// The register of an account.
///
/// # Errors
/// When this machine cannot send anything.
pub fn reach(account: &Account) -> Result<Reached> {
    let login = account.login.clone().zip(Some(account.password.clone().unwrap_or_default()));
    Ok(match account.kind {
        DeviceKind::Atol => {
            Reached::Atol(Atol::new(&account.address, login, account.register_key.clone())?)
        }
        DeviceKind::Webhook => Reached::Webhook(Webhook::new(&account.address, login)?),
        DeviceKind::ByHand => Reached::ByHand,
    })
}

impl Register for Reached {
    async fn probe(&self) -> std::result::Result<Health, Silence> {
        match self {
            Self::Atol(atol) => atol.probe().await,
            Self::Webhook(webhook) => webhook.probe().await,
            Self::ByHand => ByHand.probe().await,
        }
    }

    async fn submit(&self, key: &str, task: &Task) -> std::result::Result<(), Refused> {
        match self {
            Self::Atol(atol) => atol.submit(key, task).await,
            Self::Webhook(webhook) => webhook.submit(key, task).await,
            Self::ByHand => ByHand.submit(key, task).await,
        }
    }

    async fn outcome(&self, key: &str) -> std::result::Result<Told, Silence> {
        match self {
            Self::Atol(atol) => atol.outcome(key).await,
            Self::Webhook(webhook) => webhook.outcome(key).await,
            Self::ByHand => ByHand.outcome(key).await,
        }
    }

    async fn read(&self, from: i64, to: i64) -> std::result::Result<Vec<Kept>, Silence> {
        match self {
            Self::Atol(atol) => atol.read(from, to).await,
            Self::Webhook(webhook) => webhook.read(from, to).await,
            Self::ByHand => ByHand.read(from, to).await,
        }
    }

    async fn resume(&self) -> std::result::Result<(), Silence> {
        match self {
            Self::Atol(atol) => atol.resume().await,
            Self::Webhook(webhook) => webhook.resume().await,
            Self::ByHand => ByHand.resume().await,
        }
    }

    async fn copy(&self) -> std::result::Result<(), Silence> {
        match self {
            Self::Atol(atol) => atol.copy().await,
            Self::Webhook(webhook) => webhook.copy().await,
            Self::ByHand => ByHand.copy().await,
        }
    }
}
