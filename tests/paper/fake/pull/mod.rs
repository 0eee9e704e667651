//! Printers that ask a server for work, so that nobody needs to know their address.

pub mod epson;
pub mod star;

use std::collections::VecDeque;
use std::net::SocketAddr;

use super::condition::Condition;
use super::escpos::mechanism::Mechanism;
use super::escpos::{Page, Profile};

/// What a printer does otherwise than it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misdeed {
    /// The first answer with work in it does not arrive; it asks again.
    LosesAnswer,
    /// It fetches the work twice before it says anything of it, and prints both.
    FetchesTwice,
    /// It prints and says nothing.
    NeverConfirms,
    ConfirmsTwice,
    /// It has the work, and is switched off.
    LosesPower,
    /// It has the work, and then something stops it.
    BreaksDown(Condition),
}

/// What a printer that asks has of its own.
pub struct Puller {
    pub server: SocketAddr,
    /// The path, with a query where it has one.
    pub target: String,
    pub mechanism: Mechanism,
    pub condition: Condition,
    /// Of the works to come, one each.
    pub misdeeds: VecDeque<Misdeed>,
    /// What was wrong with what it was given.
    pub faults: Vec<String>,
}

impl Puller {
    fn new(server: SocketAddr, target: &str, profile: Profile) -> Self {
        Self {
            server,
            target: target.to_owned(),
            mechanism: Mechanism::new(profile),
            condition: Condition::default(),
            misdeeds: VecDeque::new(),
            faults: Vec::new(),
        }
    }

    pub fn pages(&self) -> &[Page] {
        &self.mechanism.pages
    }

    /// The target with more in its query.
    fn target_with(&self, query: &str) -> String {
        let sign = if self.target.contains('?') { '&' } else { '?' };
        format!("{}{sign}{query}", self.target)
    }
}

/// How one round of asking went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// Works that the server gave.
    pub given: usize,
    pub printed: usize,
    /// HTTP statuses of the server's answers to what it was told of the works.
    pub confirmed: Vec<u16>,
}
