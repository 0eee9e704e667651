//! Copies on USB sticks, and in other folders that are set: a card that dies takes the box's own
//! backups with it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::backup_dir::{begin_part, retention};
use super::errors::not_written;
use super::make::with_ending;
use super::members::DATABASE;
use super::{BackupDir, DataPaths, store};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Timestamp, Zone};
use crate::core::store::enough_space;
use crate::platform::config::Settings;

/// Where sticks are mounted.
const MOUNTS: [&str; 2] = ["/media/", "/run/media/"];
/// The folder on a stick.
const FOLDER: &str = "QRes";
/// An hour, in milliseconds.
const HOUR: i64 = 3_600_000;

/// How it went with one stick.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StickCopy {
    /// Where it is mounted.
    pub path: String,
    /// The newest backup on it.
    pub name: Option<String>,
    /// When it was last looked at.
    pub at: Timestamp,
    /// What went wrong, if anything.
    pub problem: Option<String>,
}

/// Copies the newest backup to every stick that has none of this night yet. One that fails
/// keeps no other from its copy.
pub fn copy_to_sticks(settings: &Settings) -> Vec<StickCopy> {
    let paths = DataPaths::of(settings);
    let dir = BackupDir::of(&paths);
    let list = dir.list();
    let Some(newest) = list.iter().find(|file| file.kind == "qres") else { return Vec::new() };
    let night = last_night(settings, &paths);
    let mut told = Vec::new();
    for root in roots(settings) {
        let stick = BackupDir::at(root.join(FOLDER));
        let is_due = stick.list().first().is_none_or(|copy| copy.created_at < night);
        let outcome =
            if is_due { copy(&dir.path().join(&newest.name), &stick, settings) } else { Ok(()) };
        told.push(StickCopy {
            path: root.display().to_string(),
            name: stick.list().first().map(|copy| copy.name.clone()),
            at: clock::now(),
            problem: outcome.err().map(|error| error.to_string()),
        });
    }
    let status = dir.path().join("sticks.json");
    let _ = serde_json::to_vec(&told).map(|text| fs::write(status, text));
    told
}

/// What was last said of the sticks.
pub fn stick_copies(settings: &Settings) -> Vec<StickCopy> {
    let status = BackupDir::of(&DataPaths::of(settings)).path().join("sticks.json");
    fs::read(status).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// The moment from which on a copy counts as of this night.
fn last_night(settings: &Settings, paths: &DataPaths) -> Timestamp {
    let now = clock::now();
    let named = settings.restaurant_timezone.clone();
    let owner = store::owner(&paths.data.join(DATABASE)).unwrap_or_default();
    let Ok(zone) = Zone::named(&named.unwrap_or(owner.timezone)) else {
        return Timestamp(now.0 - 24 * HOUR);
    };
    let night = zone.day_bounds(now).0.0 + i64::from(settings.backup_hour) * HOUR;
    Timestamp(if night > now.0 { night - 24 * HOUR } else { night })
}

/// Mounted sticks, and the folders that are set and there.
fn roots(settings: &Settings) -> Vec<PathBuf> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let mut roots = mount_points(&mounts);
    roots.extend(settings.backup_folders.iter().filter(|folder| folder.is_dir()).cloned());
    roots.sort();
    roots.dedup();
    roots
}

/// The mount points of sticks that can be written, as `/proc/self/mountinfo` lists them.
fn mount_points(mountinfo: &str) -> Vec<PathBuf> {
    mountinfo
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(4);
            let (path, options) = (fields.next()?, fields.next()?);
            let is_stick = MOUNTS.iter().any(|mounts| path.starts_with(mounts));
            let is_writable = options.split(',').any(|option| option == "rw");
            (is_stick && is_writable).then(|| PathBuf::from(path.replace("\\040", " ")))
        })
        .collect()
}

fn copy(from: &Path, stick: &BackupDir, settings: &Settings) -> Result<()> {
    let name = from.file_name().map(PathBuf::from).unwrap_or_default();
    let _alone = stick.lock()?;
    stick.sweep();
    let bytes = from.metadata().map_or(0, |file| file.len());
    // Older copies go first when the stick is small.
    let mut limit = retention(settings);
    limit.bytes = limit.bytes.saturating_sub(bytes).max(1);
    stick.thin_out(limit);
    enough_space(&[(stick.path(), bytes)])?;
    let to = stick.path().join(name);
    let part = with_ending(&to, ".part");
    let copied =
        copy_durably(from, &part).and_then(|()| fs::rename(&part, &to).map_err(not_written));
    if let Err(error) = copied {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    if to.metadata().map_or(0, |file| file.len()) != bytes {
        return Err(Error::rule("backup_not_written", "The copy on the stick is not whole."));
    }
    Ok(())
}

fn copy_durably(from: &Path, to: &Path) -> Result<()> {
    let mut file = begin_part(to)?;
    let copied = File::open(from).and_then(|mut from| io::copy(&mut from, &mut file));
    copied.and_then(|_| file.sync_all()).map_err(not_written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sticks_are_read_from_the_mounts() {
        let mounts = "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n\
            31 22 8:17 / /media/MY\\040STICK rw,nosuid - vfat /dev/sdb1 rw\n\
            32 22 8:33 / /run/media/qres/B ro,nosuid - vfat /dev/sdc1 ro\n\
            33 22 8:49 / /mediation rw - ext4 /dev/sdd1 rw\n";
        assert_eq!(mount_points(mounts), [PathBuf::from("/media/MY STICK")]);
    }
}
