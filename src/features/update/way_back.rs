//! The way back from a version on trial: the database as it stood when the box had stopped, copied
//! with the data folder locked, so that no order can come between the copy and the trial. It is put
//! in its place by renames, which need no space. Should it be spoilt, the newest backup that is
//! sound serves instead: a restaurant that starts with yesterday's orders is better than none.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::state::{Held, Trial};
use super::store::standing;
use crate::core::error::{Error, Result};
use crate::core::store::{
    self, AtomicSwap, DataFolder, contents, copy_database, database_size, enough_space,
    newest_schema, sync_folder,
};
use crate::features::backup::{self, BackupDir, DataPaths, Passphrase, RestoredBy};
use crate::platform::config::Settings;

const DATABASE: &str = "qres.db";
/// The copy, in the folder of versions.
const COPY: &str = "before";
/// The database that the version on trial left.
const LEFT: &str = "left-by-trial";

/// Copies the database. Returns what it holds.
///
/// # Errors
/// When the folder is in use, or there is not enough space: nothing must be tried then.
pub fn prepare(settings: &Settings, folder: &Path) -> Result<Held> {
    let _alone = lock(&settings.data_dir)?;
    let copy = folder.join(COPY);
    for old in [&copy, &folder.join(LEFT)] {
        let _ = fs::remove_dir_all(old);
    }
    fs::create_dir_all(&copy).map_err(not_written)?;
    enough_space(&[(folder, database_size(&settings.data_dir))])?;
    let draft = copy.join("qres.db.part");
    copy_database(&settings.data_dir, &draft, &mut |_, _| Ok(()))?;
    let durable = File::open(&draft)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&draft, copy.join(DATABASE)))
        .and_then(|()| sync_folder(&copy));
    durable.map_err(not_written)?;
    standing(&copy).map(|standing| standing.held)
}

/// Removes the copy once nobody goes back. What holds orders that were lost stays until the next
/// update.
pub fn forget_copy(folder: &Path) {
    let _ = fs::remove_dir_all(folder.join(COPY));
}

/// Puts the data as they were before the version touched them. Returns what became of them, in
/// sentences.
///
/// # Errors
/// When none of the ways back can be gone.
pub fn go(settings: &Settings, folder: &Path, trial: &Trial) -> Result<String> {
    let data = &settings.data_dir;
    let alone = lock(data)?;
    let now = standing(data).ok();
    let is_readable = now.as_ref().is_some_and(|now| now.schema <= newest_schema());
    let held = trial.held.unwrap_or_default();
    if is_readable && trial.held.is_none() {
        return Ok("The data were not touched.".into());
    }
    // A version of before may have let people in while it was tried: what was accepted is kept.
    let more = now.as_ref().map_or(0, |now| now.held.orders - held.orders).max(0);
    if is_readable && more > 0 {
        return Ok(format!("{more} orders came in meanwhile, so the data stay as they are."));
    }
    let copy = folder.join(COPY).join(DATABASE);
    if is_readable && !copy.exists() {
        return Ok("The data are as they were before.".into());
    }
    match put_back(data, folder, &copy) {
        Ok(()) if more == 0 => {
            let _ = fs::remove_dir_all(folder.join(LEFT));
            return Ok("The data are as they were before.".into());
        }
        Ok(()) => {
            let left = folder.join(LEFT).display().to_string();
            return Ok(format!(
                "The data are as they were before. {more} orders that it took are not in them; its \
                 database is kept in {left}."
            ));
        }
        Err(error) => tracing::error!(%error, "the copy from before the trial cannot be used"),
    }
    drop(alone);
    from_backup(settings, trial, held)
}

/// Exchanges the database for the copy, once that was found to be sound.
fn put_back(data: &Path, folder: &Path, copy: &Path) -> Result<()> {
    contents(copy)?;
    let left = folder.join(LEFT);
    let _ = fs::remove_dir_all(&left);
    let (left, copy) = (absolute(&left), absolute(copy));
    let mut exchange = AtomicSwap::default();
    for name in [DATABASE, "qres.db-wal", "qres.db-shm"] {
        exchange.add(data, name, left.join(name));
    }
    exchange.add(data, copy, DATABASE);
    exchange.commit(data).map_err(not_written)?;
    store::finish_swap(data).map_err(not_written)?;
    Ok(())
}

/// Restores the newest backup that is sound, and says how much is not in it.
fn from_backup(settings: &Settings, trial: &Trial, held: Held) -> Result<String> {
    let paths = DataPaths::of(settings);
    let dir = BackupDir::of(&paths);
    let passphrase = Passphrase::of(settings)?;
    let others = dir.list().into_iter().map(|file| file.name);
    let names = std::iter::once(trial.backup.clone()).chain(others);
    let mut why = "there is no backup".to_owned();
    for name in names {
        let _alone = lock(&settings.data_dir)?;
        let prepared = dir.find(&name).and_then(|file| {
            backup::prepare(&file, passphrase.as_ref(), &paths, &|_, _, _| Ok(()))
        });
        let orders = match prepared {
            Ok(prepared) => {
                let orders = prepared.manifest.tables.get("orders").copied().unwrap_or(0);
                prepared.commit(&RestoredBy::nobody(&name))?;
                orders
            }
            Err(error) => {
                tracing::error!(%error, name, "a backup cannot be brought back");
                why = error.to_string();
                continue;
            }
        };
        store::finish_swap(&settings.data_dir).map_err(not_written)?;
        let lost = (held.orders - orders).max(0);
        return Ok(format!(
            "The copy from right before the trial is spoilt, so the backup {name} was brought back. \
             {lost} orders are not in it; what was there is kept in before-restore-…"
        ));
    }
    Err(Error::conflict("no_way_back", format!("The data could not be put back: {why}")))
}

fn lock(data: &Path) -> Result<DataFolder> {
    DataFolder::lock(data).map_err(|error| Error::conflict("data_in_use", error.to_string()))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function for map_err")]
fn not_written(error: std::io::Error) -> Error {
    Error::rule("update_not_written", format!("The update cannot be written: {error}."))
}
