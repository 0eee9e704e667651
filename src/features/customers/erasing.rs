//! Goes through with erasures that have begun.

use super::store::{NoteOverwritten, next_open, to_overwrite};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::store::{OverwriteRemains, Store};

/// Empties all that still holds something of a guest who is to be forgotten, between orders, and then the
/// pages of before in the database's log.
///
/// # Errors
/// When the database cannot be read or written: what is left is gone on with later.
pub(super) async fn finish_all(store: &Store) -> Result<()> {
    let mut has_erased = false;
    while let Some(open) = store.read_long(|db| next_open(db, clock::now())).await? {
        store.run_in_steps(open).await?;
        has_erased = true;
    }
    if has_erased {
        empty_log(store).await?;
    }
    Ok(())
}

/// The same, and the unused space of the file after it: also between orders.
///
/// # Errors
/// As [`finish_all`].
pub(super) async fn tidy(store: &Store) -> Result<()> {
    finish_all(store).await?;
    let Some(newest) = store.read(to_overwrite).await? else { return Ok(()) };
    store.run_in_steps(OverwriteRemains::default()).await?;
    store.run(NoteOverwritten { newest }).await?;
    empty_log(store).await
}

async fn empty_log(store: &Store) -> Result<()> {
    if !store.empty_log().await? {
        tracing::warn!("the log of the database is still read: what was erased leaves it later");
    }
    Ok(())
}
