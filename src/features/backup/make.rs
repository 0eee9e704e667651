//! Makes a backup: a copy of one moment, checked, packed, and read back before it counts.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::errors::not_written;
use super::members::DATABASE;
use super::package::{self, FORMAT, Writer};
use super::{BackupDir, DataPaths, Manifest, Passphrase, Step, Watch, backup_dir, store::owner};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::store::{self, SpaceWatch, enough_space};

/// Keys that are not taken along: one that only this box's sign-ins need, and the one that
/// would open the backup that it lies in.
const LEFT_OUT: [&str; 3] = ["token.key", "token.previous", "backup.passphrase"];

/// Makes the file `to`, or nothing. The box may run and write meanwhile.
///
/// # Errors
/// When another one is being made, there is not enough space, or the database is damaged.
pub fn make(
    paths: &DataPaths,
    passphrase: Option<&Passphrase>,
    to: &Path,
    watch: Watch<'_>,
) -> Result<Manifest> {
    let dir = BackupDir::of(paths);
    let _alone = dir.lock()?;
    dir.sweep();
    let work = Work::new(&dir)?;
    let copy = work.0.join(DATABASE);
    let files = files(paths, passphrase.is_some());
    // All parts at their largest: what is packed may not shrink.
    let size = store::database_size(&paths.data);
    let packed = files.iter().fold(size, |sum, file| sum.saturating_add(file.bytes));
    enough_space(&[(dir.path(), size), (folder_of(to), packed)])?;
    let created_at = clock::now();
    let mut room = SpaceWatch::of(dir.path());
    store::copy_database(&paths.data, &copy, &mut |done, all| {
        room.about_to_write(0)?;
        watch(Step::Copy, done, all)
    })?;
    watch(Step::Check, 0, 1)?;
    let contents = store::contents(&copy)?;
    if contents.schema > store::newest_schema() {
        let detail = "The database was written by a newer qres; make the backup with that one.";
        return Err(Error::rule("database_newer", detail));
    }
    let owner = owner(&copy)?;
    let database = copy.metadata().map_or(0, |file| file.len());
    let manifest = Manifest {
        format: FORMAT,
        version: crate::VERSION.into(),
        schema: contents.schema,
        site: owner.site,
        restaurant: owner.restaurant,
        created_at,
        last_event: owner.last_event,
        bytes: database + files.iter().map(|file| file.bytes).sum::<u64>(),
        uploads: files.iter().filter(|file| file.name.starts_with("uploads/")).count() as u64,
        has_keys: passphrase.is_some(),
        tables: contents.tables,
    };
    let part = with_ending(to, ".part");
    // Held until it has its name: a file that nobody holds is a leftover.
    let held = backup_dir::begin_part(&part)?;
    let own = held.try_clone().map_err(not_written)?;
    let packed = pack((&part, own), &copy, database, &files, passphrase, &manifest, watch)
        .and_then(|()| verify(&part, passphrase, &manifest, watch))
        .and_then(|()| fs::rename(&part, to).map_err(not_written));
    if let Err(error) = packed {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    drop(held);
    // Where the folder is of a kind that cannot be synced, the file itself is.
    let _ = store::sync_folder(folder_of(to));
    Ok(manifest)
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// A folder for the copy; gone with this value.
struct Work(PathBuf);

impl Work {
    fn new(dir: &BackupDir) -> Result<Self> {
        let path = dir.path().join(".work");
        // What a run left that was cut off. Nobody else is here: the folder is locked.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).map_err(not_written)?;
        Ok(Self(path))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file that goes into a backup beside the database.
struct Source {
    name: String,
    path: PathBuf,
    bytes: u64,
}

fn files(paths: &DataPaths, with_keys: bool) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&paths.uploads, "uploads", &mut found);
    if with_keys {
        walk(&paths.data.join("secrets"), "secrets", &mut found);
        walk(&paths.data.join("tls"), "tls", &mut found);
    }
    let is_draft = |name: &str| {
        let ending = Path::new(name).extension().unwrap_or_default();
        ending == "new" || ending == "part"
    };
    found.retain(|file| {
        let name = file.name.rsplit('/').next().unwrap_or_default();
        !is_draft(name) && !LEFT_OUT.contains(&name)
    });
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn walk(folder: &Path, name: &str, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(kind) = entry.metadata() else { continue };
        let Some(last) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let name = format!("{name}/{last}");
        if kind.is_dir() {
            walk(&entry.path(), &name, found);
        } else if kind.is_file() {
            found.push(Source { name, path: entry.path(), bytes: kind.len() });
        }
    }
}

fn pack(
    (part, file): (&Path, File),
    copy: &Path,
    database: u64,
    files: &[Source],
    passphrase: Option<&Passphrase>,
    manifest: &Manifest,
    watch: Watch<'_>,
) -> Result<()> {
    let mut writer = Writer::new(file, passphrase, manifest)?;
    let mut room = SpaceWatch::of(folder_of(part));
    let mut done = 0;
    let mut pieces = |bytes| {
        done += bytes;
        room.about_to_write(bytes)?;
        watch(Step::Pack, done, manifest.bytes)
    };
    let mut from = File::open(copy).map_err(not_written)?;
    writer.add(DATABASE, database, &mut from, &mut pieces)?;
    for file in files {
        // A picture that was removed meanwhile is not missed.
        let Ok(mut from) = File::open(&file.path) else { continue };
        writer.add(&file.name, file.bytes, &mut from, &mut pieces)?;
    }
    writer.finish()
}

fn verify(
    part: &Path,
    passphrase: Option<&Passphrase>,
    manifest: &Manifest,
    watch: Watch<'_>,
) -> Result<()> {
    let mut pieces = |done, all| watch(Step::Verify, done, all);
    let read = package::read(part, passphrase, &mut package::Nowhere, &mut pieces)?;
    // The copy was checked page by page, and its bytes are those that were read back now.
    if read == *manifest {
        return Ok(());
    }
    Err(Error::rule("backup_not_written", "The backup was not read back as it was written."))
}

/// The path with something behind its name.
pub fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}
