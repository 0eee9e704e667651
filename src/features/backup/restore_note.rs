//! The note that travels with restored data: who restored which file, and what it replaced.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Manifest;
use super::errors::not_written;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;

/// The note's name in the data folder.
pub(super) const NOTE: &str = "restored.json";

/// Who brings a backup back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RestoredBy {
    /// The admin; none for the box itself, or somebody with a shell on it.
    pub user_id: Option<i64>,
    /// The file.
    pub file: String,
    /// Whether nobody asked for it: the box fell back to it.
    #[serde(default)]
    pub nobody: bool,
}

impl RestoredBy {
    /// Somebody with a shell on the box.
    pub fn the_box(file: &str) -> Self {
        Self { user_id: None, file: file.to_owned(), nobody: false }
    }

    /// The box, which found nothing better.
    pub fn nobody(file: &str) -> Self {
        Self { nobody: true, ..Self::the_box(file) }
    }
}

/// What is noted of a restore.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Note {
    pub by: RestoredBy,
    /// The moment that the backup shows.
    pub as_of: Timestamp,
    /// Where the data are that were replaced, in the data folder.
    pub kept: PathBuf,
}

/// Puts a note beside the new data.
pub(super) fn leave_note(
    beside: &Path,
    by: &RestoredBy,
    manifest: &Manifest,
    kept: &Path,
) -> Result<()> {
    let note = Note { by: by.clone(), as_of: manifest.created_at, kept: kept.to_owned() };
    let text = serde_json::to_vec(&note).map_err(Error::internal)?;
    let path = beside.join(NOTE);
    fs::write(&path, text).and_then(|()| fs::File::open(&path)?.sync_all()).map_err(not_written)
}
