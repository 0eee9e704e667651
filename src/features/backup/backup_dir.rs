//! The folder of a box's own backups, thinned out as the retention policy says.

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::Serialize;
use utoipa::ToSchema;

use super::errors::not_written;
use super::members::DATABASE;
use super::package;
use super::rules::{Kept, RetentionPolicy, superfluous};
use super::{DataPaths, Manifest, Passphrase, Watch, make};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::platform::config::Settings;

const ENDING: &str = ".tar.zst";
const SEALED: &str = ".tar.zst.age";
/// What a file ends with until it is finished.
const PART: &str = "part";
/// How many of each kind that the policy does not thin out stay.
const OTHERS: usize = 2;
/// A day, in milliseconds.
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Why a file is in the folder; the beginning of its name.
const KINDS: [&str; 3] = ["qres", "before-update", "uploaded"];

/// A backup in the folder.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BackupFile {
    /// Its name.
    pub name: String,
    /// `qres`: made by hand or by the timer; `before-update`; `uploaded` from another device.
    pub kind: &'static str,
    /// When it was made, or uploaded.
    pub created_at: Timestamp,
    /// Its size.
    pub bytes: u64,
    /// Whether it opens only with its passphrase.
    pub is_encrypted: bool,
}

impl BackupFile {
    /// A file by its name, if it is a backup's.
    fn named(name: &str, bytes: u64) -> Option<Self> {
        let (stem, is_encrypted) = match name.strip_suffix(SEALED) {
            Some(stem) => (stem, true),
            None => (name.strip_suffix(ENDING)?, false),
        };
        let (kind, stamp) = stem.rsplit_once('-')?;
        let kind = KINDS.into_iter().find(|known| *known == kind)?;
        let created_at = moment(stamp)?;
        Some(Self { name: name.to_owned(), kind, created_at, bytes, is_encrypted })
    }
}

/// `20261124T041500Z`, as it sorts and as every file system takes it.
pub fn stamp(at: Timestamp) -> String {
    let text = at.to_string();
    let digits: String = text.chars().take(19).filter(|c| !matches!(c, '-' | ':')).collect();
    format!("{digits}Z")
}

fn moment(stamp: &str) -> Option<Timestamp> {
    let (date, time) = stamp.strip_suffix('Z')?.split_once('T')?;
    let is_number =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(date, 8) || !is_number(time, 6) {
        return None;
    }
    let (year, month, day) = (&date[..4], &date[4..6], &date[6..]);
    let (hour, minute, second) = (&time[..2], &time[2..4], &time[4..]);
    let text = format!("\"{year}-{month}-{day}T{hour}:{minute}:{second}Z\"");
    serde_json::from_str(&text).ok()
}

/// A folder of backups: the box's own, or one on a stick.
#[derive(Debug, Clone)]
pub struct BackupDir(PathBuf);

impl BackupDir {
    /// The box's own.
    pub fn of(paths: &DataPaths) -> Self {
        Self(paths.data.join("backups"))
    }

    /// Another one.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Keeps every other process from making a backup here, as long as the value lives.
    ///
    /// # Errors
    /// 409 when another is at it.
    pub fn lock(&self) -> Result<File> {
        if !self.0.is_dir() {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0);
            made.map_err(not_written)?;
        }
        let mut options = File::options();
        let lock = options.create(true).truncate(false).write(true).open(self.0.join(".lock"));
        let lock = lock.map_err(not_written)?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => {
                let detail = "Another backup is being made right now. Wait until it is done.";
                Err(Error::conflict("backup_running", detail))
            }
            Err(TryLockError::Error(error)) => Err(not_written(error)),
        }
    }

    /// The backups, newest first.
    pub fn list(&self) -> Vec<BackupFile> {
        let Ok(entries) = fs::read_dir(&self.0) else { return Vec::new() };
        let mut found: Vec<_> = entries
            .flatten()
            .filter_map(|entry| {
                let bytes = entry.metadata().ok().filter(fs::Metadata::is_file)?.len();
                BackupFile::named(entry.file_name().to_str()?, bytes)
            })
            .collect();
        found.sort_by(|a, b| (b.created_at, &b.name).cmp(&(a.created_at, &a.name)));
        found
    }

    /// The path of a backup in the folder.
    ///
    /// # Errors
    /// 404 when there is none of this name.
    pub fn find(&self, name: &str) -> Result<PathBuf> {
        let is_there = self.list().iter().any(|file| file.name == name);
        if is_there { Ok(self.0.join(name)) } else { Err(Error::not_found("backup", name)) }
    }

    /// The name of a new file of a kind: of this second, or, where files of this kind were made in
    /// it already, of the one after the newest. What is made later bears the later name: by the
    /// name it is decided which backup is the newest, and stays.
    pub fn new_name(&self, kind: &str, is_encrypted: bool) -> String {
        let ending = if is_encrypted { SEALED } else { ENDING };
        let taken = |stem: &str| {
            [ENDING, SEALED].iter().any(|ending| self.0.join(format!("{stem}{ending}")).exists())
        };
        let now = clock::now();
        // One of next year is the trace of a clock that was wrong, and nothing to count on from.
        let alike = self.list().into_iter().filter(|file| file.kind == kind);
        let near = alike.map(|file| file.created_at.0).filter(|&at| at < now.0 + HOUR);
        let mut at = near.max().map_or(now, |newest| now.max(Timestamp(newest + 1000)));
        loop {
            let stem = format!("{kind}-{}", stamp(at));
            if !taken(&stem) {
                return format!("{stem}{ending}");
            }
            at = Timestamp(at.0 + 1000);
        }
    }

    /// The files that are not finished, and that nobody writes any more: a run was killed.
    pub fn leftovers(&self) -> Vec<Leftover> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        entries.filter_map(|entry| Leftover::at(entry.path())).collect()
    }

    /// Removes what killed runs left. It is said in the log, for it may have taken much space.
    pub fn sweep(&self) {
        for Leftover { path, bytes } in self.leftovers() {
            let name = path.display();
            tracing::warn!(%name, bytes, "a file that was never finished is removed");
            let _ = fs::remove_file(path);
        }
    }

    /// Removes what the policy does not keep.
    pub fn thin_out(&self, policy: RetentionPolicy) {
        let (thinned, others): (Vec<_>, Vec<_>) =
            self.list().into_iter().partition(|file| file.kind == KINDS[0]);
        let kept: Vec<_> =
            thinned.iter().map(|file| Kept { at: file.created_at.0, bytes: file.bytes }).collect();
        let mut gone: Vec<_> =
            superfluous(&kept, policy).into_iter().filter_map(|place| thinned.get(place)).collect();
        for kind in &KINDS[1..] {
            gone.extend(others.iter().filter(|file| file.kind == *kind).skip(OTHERS));
        }
        for file in gone {
            let _ = fs::remove_file(self.0.join(&file.name));
        }
    }
}

/// A file that a killed run left.
#[derive(Debug)]
pub struct Leftover {
    path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

impl Leftover {
    /// The one at a path, if it is one: whoever writes a file holds its lock until it is finished.
    fn at(path: PathBuf) -> Option<Self> {
        if path.extension()? != PART {
            return None;
        }
        let file = File::options().write(true).open(&path).ok()?;
        file.try_lock().ok()?;
        let bytes = file.metadata().ok()?.len();
        Some(Self { path, bytes })
    }
}

/// Begins a file that takes its name once it is finished. Locked, it is nobody's leftover.
///
/// # Errors
/// When it cannot be written.
pub fn begin_part(path: &Path) -> Result<File> {
    let mut options = File::options();
    let file = options.create(true).truncate(true).write(true).mode(0o600).open(path);
    let file = file.map_err(not_written)?;
    // Where a file system knows no locks, nobody else writes either.
    let _ = file.try_lock();
    Ok(file)
}

/// The policy as it is set.
pub fn retention(settings: &Settings) -> RetentionPolicy {
    RetentionPolicy {
        hours: settings.backup_hours,
        days: settings.backup_days,
        weeks: settings.backup_weeks,
        bytes: settings.backup_max_mib * 1024 * 1024,
    }
}

/// A new backup in the folder, and the older ones thinned out. Nothing is made when nothing
/// happened since the last one and that is not a day old; `None` then.
///
/// # Errors
/// As [`make`].
pub fn keep(settings: &Settings, kind: &str, watch: Watch<'_>) -> Result<(String, Manifest)> {
    let paths = DataPaths::of(settings);
    let passphrase = Passphrase::of(settings)?;
    let dir = BackupDir::of(&paths);
    let name = dir.new_name(kind, passphrase.is_some());
    let manifest = make(&paths, passphrase.as_ref(), &dir.path().join(&name), watch)?;
    dir.thin_out(retention(settings));
    Ok((name, manifest))
}

/// Whether the newest backup shows what is there now, and is not a day old.
pub fn is_fresh(settings: &Settings) -> bool {
    let paths = DataPaths::of(settings);
    let Ok(passphrase) = Passphrase::of(settings) else { return false };
    let dir = BackupDir::of(&paths);
    let list = dir.list();
    let Some(newest) = list.iter().find(|file| file.kind == KINDS[0]) else { return false };
    let age = clock::now().0 - newest.created_at.0;
    let known = package::manifest(&dir.path().join(&newest.name), passphrase.as_ref());
    let now = super::store::owner(&paths.data.join(DATABASE));
    match (known, now) {
        (Ok(known), Ok(now)) => known.last_event == now.last_event && (0..DAY).contains(&age),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_when_and_why() {
        let at = Timestamp(1_795_493_700_000);
        assert_eq!(stamp(at), "20261124T041500Z");
        for (name, kind, is_encrypted) in [
            ("qres-20261124T041500Z.tar.zst", "qres", false),
            ("before-update-20261124T041500Z.tar.zst.age", "before-update", true),
        ] {
            let file = BackupFile::named(name, 7).unwrap();
            let known = (file.kind, file.is_encrypted, file.created_at);
            assert_eq!(known, (kind, is_encrypted, at), "{name}");
        }
        for name in ["qres.db", "qres-yesterday.tar.zst", "x-20261124T041500Z.tar.zst", ".tar.zst"]
        {
            assert!(BackupFile::named(name, 7).is_none(), "{name}");
        }
    }
}
