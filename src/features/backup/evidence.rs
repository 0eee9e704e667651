//! A restore does not take its own evidence back. A note travels with the new data: who restored
//! which file. When the box opens them, before anybody is served, the note becomes an entry of the
//! audit trail, and what was written in between is carried over from the data that were replaced:
//! the trail itself, what happened at the door, who was shut out since, and what opens doors now.

use std::fs;
use std::path::Path;

use super::evidence_store::Settle;
use super::members::DATABASE;
use super::restore_note::{NOTE, Note};
use super::secrets_store::same_pin_key;
use crate::core::store::Store;

/// Settles a restore that was carried out since the last start, if there was one. A box that cannot
/// read what was replaced starts all the same; the trail then says so.
pub async fn settle(data: &Path, store: &Store) {
    let path = data.join(NOTE);
    let Ok(text) = fs::read(&path) else { return };
    let Ok(note) = serde_json::from_slice::<Note>(&text) else {
        tracing::error!("the note of a restore cannot be read; it is left as it is");
        return;
    };
    let kept = data.join(&note.kept);
    let same_key = same_pin_key(data, &kept);
    let replaced = Some(kept.join(DATABASE));
    let mut settled = store.run(Settle { note: note.clone(), replaced, same_key }).await;
    if let Err(error) = &settled {
        tracing::error!(%error, "what was replaced by a restore cannot be carried over");
        settled = store.run(Settle { note, replaced: None, same_key }).await;
    }
    match settled {
        Ok(carried) => {
            tracing::warn!(?carried, "a backup was restored");
            let _ = fs::remove_file(path);
        }
        Err(error) => tracing::error!(%error, "a restore cannot be noted; it is tried again"),
    }
}
