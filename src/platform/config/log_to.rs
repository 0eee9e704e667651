//! Where the log goes.

use serde::{Deserialize, Serialize};

/// Where the log goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogTo {
    /// To the journal under systemd, else to the console.
    #[default]
    Auto,
    /// To stderr.
    Console,
    /// To the journal.
    Journal,
    /// Requests, errors and security events to daily files, the rest to stderr. An SD card wears
    /// out by it.
    Files,
}
