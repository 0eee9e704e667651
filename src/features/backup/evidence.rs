//! A restore does not take its own evidence back. A note travels with the new data: who restored
//! which file. When the box opens them, before anybody is served, the note becomes an entry of the
//! audit trail, and what was written in between is carried over from the data that were replaced:
//! the trail itself, what happened at the door, and who was shut out since.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Manifest;
use super::errors::not_written;
use super::evidence_store::Settle;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::Store;

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

/// Settles a restore that was carried out since the last start, if there was one. A box that cannot
/// read what was replaced starts all the same; the trail then says so.
pub async fn settle(data: &Path, store: &Store) {
    let path = data.join(NOTE);
    let Ok(text) = fs::read(&path) else { return };
    let Ok(note) = serde_json::from_slice::<Note>(&text) else {
        tracing::error!("the note of a restore cannot be read; it is left as it is");
        return;
    };
    let replaced = data.join(&note.kept).join(super::members::DATABASE);
    let mut settled = store.run(Settle { note: note.clone(), replaced: Some(replaced) }).await;
    if let Err(error) = &settled {
        tracing::error!(%error, "what was replaced by a restore cannot be carried over");
        settled = store.run(Settle { note, replaced: None }).await;
    }
    match settled {
        Ok(carried) => {
            tracing::warn!(?carried, "a backup was restored");
            let _ = fs::remove_file(path);
        }
        Err(error) => tracing::error!(%error, "a restore cannot be noted; it is tried again"),
    }
}
