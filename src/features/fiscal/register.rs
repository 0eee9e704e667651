//! What a register can do, whoever made it.

use super::body::Body;
use super::states::{DocumentKind, Ffd, Taxation};
use super::types::{Health, TaxWord};
use crate::core::kernel::Money;

/// A register did not answer, or not in words that are understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence(pub String);

/// A register refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// By its own number; 0 where it has none.
    pub code: i64,
    /// In its own words.
    pub words: String,
}

/// What a register says of a document that it made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// Its number; none of what is no fiscal document.
    pub number: Option<i64>,
    /// Its fiscal sign.
    pub sign: Option<String>,
    /// The storage that keeps it.
    pub storage: Option<String>,
    /// The register's number at the tax office.
    pub registration: Option<String>,
    /// The shift.
    pub shift_number: Option<i64>,
    /// Its number within that.
    pub receipt_number: Option<i64>,
    /// When it was made.
    pub made_at: Option<String>,
    /// Whether its paper did not come out.
    pub is_not_printed: bool,
}

/// What becomes of a document, as the register says when it is asked by the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It is made.
    Made(Proof),
    /// It is under way, and why it takes long.
    Pending(String),
    /// It was not made, surely.
    NotMade(Refusal),
    /// The register does not know the key.
    Forgotten,
}

/// A document as it is read back from the storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it is; none where it is of no kind that is made here.
    pub kind: Option<DocumentKind>,
    /// What it comes to.
    pub total: Money,
    /// What of that was cash.
    pub cash: Money,
    /// And what was paid without.
    pub electronic: Money,
    /// What is known of it.
    pub proof: Proof,
}

/// How the restaurant's documents are written.
#[derive(Debug, Clone)]
pub struct Manner {
    /// By which system it is taxed.
    pub taxation: Taxation,
    /// In which format.
    pub ffd: Ffd,
    /// Rates that are not known by themselves.
    pub taxes: Vec<TaxWord>,
}

/// What is to be made.
#[derive(Debug, Clone)]
pub struct Task {
    /// What.
    pub kind: DocumentKind,
    /// What stands on it.
    pub body: Body,
    /// How that is written.
    pub manner: Manner,
}

/// What a register can do. Nothing of it decides: `worker` does.
pub trait Register: Sync {
    /// Says how it is.
    fn probe(&self) -> impl Future<Output = Result<Health, Silence>> + Send;
    /// Takes a document under a key. Whoever hears nothing asks by the key.
    fn submit(&self, key: &str, task: &Task) -> impl Future<Output = Result<(), Refused>> + Send;
    /// Says what became of it.
    fn outcome(&self, key: &str) -> impl Future<Output = Result<Told, Silence>> + Send;
    /// Reads documents back, by their numbers.
    fn read(&self, from: i64, to: i64) -> impl Future<Output = Result<Vec<Kept>, Silence>> + Send;
    /// Goes on with a paper that broke off.
    fn resume(&self) -> impl Future<Output = Result<(), Silence>> + Send;
    /// Prints the last receipt once more.
    fn copy(&self) -> impl Future<Output = Result<(), Silence>> + Send;
}

/// Why a document was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It will not be, as it is.
    Never(Refusal),
    /// It is not known whether it was.
    Silent(Silence),
}
