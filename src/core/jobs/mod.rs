//! Jobs: what is to be done after a deed, such as a message to send or a ticket to print
//! (docs/adr/0056). A job is a row that is written in the deed's transaction, so there is none of a
//! deed that was rolled back; `platform/jobs` does it after the commit, again when that must be, and
//! goes on after a pulled plug.
//!
//! ```text
//!              begun                 done
//!  WAITING ───────────► RUNNING ─────────────► DONE
//!     ▲    ◄───────────    │  ├──────────────► FAILED   refused, or tried often enough
//!     │     not done yet   │  │ no answer, or the plug was pulled
//!     │                    ▲  ▼
//!     └──── a person ──── UNKNOWN ───────────► DONE, FAILED by a person
//! ```
//!
//! It knows no kind of job. Each has its own, a [`JobKind`], in the feature that does it.

mod rules;
mod store;

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;

/// Why a job is unknown that was under way when the box stopped.
pub const BOX_STOPPED: &str = "the box stopped while it was under way";
/// Why a job is given up that was the oldest of too many.
pub const TOO_MANY_WAITED: &str = "given up: too many waited";

pub use rules::{Next, after, may_begin, wait};
pub use store::{
    Begin, Finish, Resume, all_of, enqueue, find, find_by_key, find_of, forget_ended, forget_with,
    heads, note, open_and_failed, open_by_lane, open_in, put_into, resolve, summaries,
};

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schema(as = QueuedJobState)]
pub enum State {
    /// It is begun when those before it in its lane have ended, and its time has come.
    Waiting,
    /// It is under way.
    Running,
    /// It was begun, and nobody knows how that ended.
    Unknown,
    /// It is done.
    Done,
    /// It is given up.
    Failed,
}

impl State {
    const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Unknown, Self::Done, Self::Failed];

    /// The word in the table, in figures and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Running => "RUNNING",
            Self::Unknown => "UNKNOWN",
            Self::Done => "DONE",
            Self::Failed => "FAILED",
        }
    }

    /// The state by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What is done when nobody knows how an attempt ended: no answer came, or the plug was pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenUnknown {
    /// It is done again: the receiver takes the same key twice for one.
    Repeat,
    /// The next attempt asks the receiver first, by the key, see [`Job::is_unknown`].
    Ask,
    /// A person says how it ended.
    Person,
}

/// A kind of job: how often it is tried, and what is done when its outcome is unknown.
#[derive(Debug)]
pub struct JobKind {
    /// Its word in the table, in figures and for people; never changes.
    pub name: &'static str,
    /// The pause before each further attempt. After the last one it is given up, or waits for a
    /// person where its outcome is unknown and must not be guessed.
    pub pauses: &'static [Duration],
    /// The longest that an attempt may take. Then its outcome is unknown.
    pub limit: Duration,
    /// What is done when the outcome is unknown.
    pub when_unknown: WhenUnknown,
    /// How many may wait in a lane. Of more the oldest are given up.
    pub most_waiting: usize,
}

/// A job that is about to be written, see [`enqueue`].
#[derive(Debug)]
pub struct NewJob<'a> {
    /// What kind.
    pub kind: &'a JobKind,
    /// What goes one after another, whatever its kind: a device, an address.
    pub lane: &'a str,
    /// By what the receiver knows it again. The same key twice is one job.
    pub key: &'a str,
    /// What whoever does it must know.
    pub payload: Value,
}

/// A job that was begun. Whoever has it may do it once, and says how that ended.
#[derive(Debug, Clone)]
pub struct Job {
    /// Id.
    pub id: i64,
    /// What kind.
    pub kind: String,
    /// By what the receiver knows it again.
    pub key: String,
    /// What must be known to do it, JSON: see [`Job::read`].
    pub payload: String,
    /// Which attempt this is, from 1 on. With the id it is the lease: an attempt's outcome counts
    /// only as long as none was begun after it.
    pub attempt: u32,
    /// Whether an earlier attempt may have done it.
    pub is_unknown: bool,
}

impl Job {
    /// What must be known to do it.
    ///
    /// # Errors
    /// When it is something else.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.payload).map_err(Error::internal)
    }
}

/// How an attempt ended. The words are for a person who looks why, and hold no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// Surely nothing was done, neither by this attempt nor by one before it; it may be tried again.
    NotYet(String),
    /// It may have been done, or not.
    Unknown(String),
    /// It will not be done, however often it is tried.
    Failed(String),
}

/// The first open job of a lane, when the box may go on with it.
#[derive(Debug)]
pub struct Head {
    /// The job.
    pub id: i64,
    /// Its kind.
    pub kind: String,
    /// How it stands: WAITING or UNKNOWN.
    pub state: State,
    /// How often it was begun.
    pub attempts: u32,
    /// When the box goes on with it.
    pub next_at: Timestamp,
}

/// What a person says of a job that is unknown, has failed or waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schema(as = QueuedJobResolution)]
pub enum Resolution {
    /// It was done.
    Done,
    /// It was not done, and is to be done.
    Again,
    /// It is not to be done.
    Failed,
}

/// A job as people see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = QueuedJob)]
pub struct KeptJob {
    /// Id.
    pub id: i64,
    /// What kind, e.g. `webhook`.
    pub kind: String,
    /// What goes one after another: a device, an address.
    pub lane: String,
    /// By what the receiver knows it again.
    pub key: String,
    /// How it stands.
    pub state: State,
    /// How often it was begun.
    pub attempts: u32,
    /// When the box goes on with it; null while it is under way, when it has ended, and when it waits
    /// for a person.
    pub next_at: Option<Timestamp>,
    /// Why the last attempt did not do it.
    pub last_error: Option<String>,
    /// When it came to be done.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
}

/// The jobs of one kind that are in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// What kind.
    pub kind: String,
    /// How they stand.
    pub state: State,
    /// How many.
    pub jobs: usize,
    /// How many of them wait for a person.
    pub for_person: usize,
    /// When the oldest came to be done.
    pub oldest: Timestamp,
    /// Why the newest of them that says so was not done.
    pub last_error: Option<String>,
}
