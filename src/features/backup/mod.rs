//! Kept and brought back: one file that holds the whole restaurant, made while the box serves,
//! and put in the place of a data folder that was lost.

mod api;
mod backup_dir;
mod doctor;
mod errors;
mod evidence;
mod evidence_store;
mod feature;
mod job;
mod make;
mod members;
mod package;
mod restore;
mod restore_note;
mod rules;
mod secrets_store;
mod sticks;
mod store;
mod tickets;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::platform::config::Settings;

pub use backup_dir::{BackupDir, BackupFile, begin_part, is_fresh, keep};
pub use evidence::settle;
pub use feature::feature;
pub use job::{Job, Jobs};
pub use make::make;
pub use package::manifest;
pub use restore::{Prepared, prepare};
pub use restore_note::RestoredBy;
pub use sticks::{StickCopy, copy_to_sticks, stick_copies};
pub use tickets::Tickets;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Manifest {
    /// Version of the file's layout.
    pub format: u32,
    /// Version of the program that made it.
    pub version: String,
    /// Version of the database's schema.
    pub schema: i64,
    /// Tells the restaurant from all others.
    pub site: String,
    /// The restaurant's name.
    pub restaurant: String,
    /// The moment that it shows.
    pub created_at: Timestamp,
    /// The number of its newest event.
    pub last_event: i64,
    /// Bytes of everything in it, unpacked.
    pub bytes: u64,
    /// How many uploaded files are in it.
    pub uploads: u64,
    /// Whether the box's own keys are in it: only in an encrypted one. Without them PINs have to be
    /// set anew on another machine, and tablets have to trust it anew.
    pub has_keys: bool,
    /// How many rows each table has.
    pub tables: BTreeMap<String, i64>,
}

/// What a backup is being made of, or restored into.
#[derive(Debug, Clone)]
pub struct DataPaths {
    /// The data folder.
    pub data: PathBuf,
    /// Where uploads are; in the data folder, or not.
    pub uploads: PathBuf,
}

impl DataPaths {
    /// Those that the settings name.
    pub fn of(settings: &Settings) -> Self {
        Self { data: settings.data_dir.clone(), uploads: settings.uploads() }
    }
}

/// How far a backup or a restore is. Each is said with how much of how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The database is copied.
    Copy,
    /// The copy is checked.
    Check,
    /// Everything is packed.
    Pack,
    /// The file is read back.
    Verify,
    /// The file is unpacked.
    Unpack,
}

/// Hears how far it is, and may refuse to go on.
pub type Watch<'a> = &'a (dyn Fn(Step, u64, u64) -> Result<()> + Sync);

/// What a backup is encrypted to. Long enough, for whoever finds a stick has time to try.
#[derive(Clone)]
pub struct Passphrase(String);

/// The shortest passphrase, in letters.
const SHORTEST: usize = 10;
/// No file with a passphrase is longer, in bytes.
const LONGEST: usize = 1024;
const KEPT_PASSPHRASE: &str = "secrets/backup.passphrase";

impl Passphrase {
    /// One to encrypt with.
    ///
    /// # Errors
    /// 400 when it is too short.
    pub fn new(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.chars().count() < SHORTEST || text.len() > LONGEST {
            let detail = format!("A passphrase must have at least {SHORTEST} letters.");
            return Err(Error::rule("passphrase_short", detail));
        }
        Ok(Self(text.to_owned()))
    }

    /// One to try to open a file with, however short.
    pub fn to_open(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// What backups of this box are encrypted to, if to anything: as set, or as kept by the
    /// admin's app.
    ///
    /// # Errors
    /// When the file that is set cannot be read or the passphrase is too short.
    pub fn of(settings: &Settings) -> Result<Option<Self>> {
        if let Some(text) = &settings.backup_passphrase {
            return Self::new(text).map(Some);
        }
        if let Some(path) = &settings.backup_passphrase_file {
            return Self::from_file(path).map(Some);
        }
        let kept = settings.data_dir.join(KEPT_PASSPHRASE);
        if kept.exists() { Self::from_file(&kept).map(Some) } else { Ok(None) }
    }

    /// One that stands in a file.
    ///
    /// # Errors
    /// 400 when it cannot be read.
    pub fn from_file(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|error| {
            let detail = format!("The passphrase in {} cannot be read: {error}.", path.display());
            Error::rule("passphrase_unreadable", detail)
        })?;
        Self::new(&text)
    }
}
