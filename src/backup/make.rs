//! Makes a backup: a copy of one moment, checked, packed, and read back before it counts.

use std::fs::{self, File};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::package::{self, DATABASE, FORMAT, Writer, not_written};
use super::{Manifest, Passphrase, Place, Shelf, Step, Watch, store::owner};
use crate::clock;
use crate::error::{Error, Result};
use crate::store;

/// Free space that is left alone, in bytes: orders go on while a backup is made.
const MARGIN: u64 = 64 * 1024 * 1024;
/// Keys that are not taken along: one that only this box's sign-ins need, and the one that
/// would open the backup that it lies in.
const LEFT_OUT: [&str; 3] = ["token.key", "token.previous", "backup.passphrase"];

/// Makes the file `to`, or nothing. The box may run and write meanwhile.
///
/// # Errors
/// When another one is being made, there is not enough space, or the database is damaged.
pub fn make(
    place: &Place,
    passphrase: Option<&Passphrase>,
    to: &Path,
    watch: Watch<'_>,
) -> Result<Manifest> {
    let shelf = Shelf::of(place);
    let _alone = shelf.lock()?;
    let work = Work::new(&shelf)?;
    let copy = work.0.join(DATABASE);
    let size = place.data.join(DATABASE).metadata().map_or(0, |file| file.len());
    enough_space(&place.data, size)?;
    let created_at = clock::now();
    store::copy_database(&place.data, &copy, &mut |done, all| watch(Step::Copy, done, all))?;
    watch(Step::Check, 0, 1)?;
    let contents = store::contents(&copy)?;
    if contents.schema > store::newest_schema() {
        let detail = "The database was written by a newer qres; make the backup with that one.";
        return Err(Error::rule("database_newer", detail));
    }
    let owner = owner(&copy)?;
    let files = files(place, passphrase.is_some());
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
    let packed = pack(&part, &copy, database, &files, passphrase, &manifest, watch)
        .and_then(|()| verify(&part, passphrase, &manifest, watch))
        .and_then(|()| fs::rename(&part, to).map_err(not_written));
    if let Err(error) = packed {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    // Where the folder is of a kind that cannot be synced, the file itself is.
    let _ =
        store::sync_folder(to.parent().filter(|p| *p != Path::new("")).unwrap_or(Path::new(".")));
    Ok(manifest)
}

/// A folder for the copy; gone with this value.
struct Work(PathBuf);

impl Work {
    fn new(shelf: &Shelf) -> Result<Self> {
        let path = shelf.path().join(".work");
        // What a run left that was cut off. Nobody else is here: the shelf is locked.
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

/// Refuses when fewer than so many bytes are free beside the margin.
pub fn enough_space(folder: &Path, bytes: u64) -> Result<()> {
    let Some((free, _)) = store::disk_space(folder) else { return Ok(()) };
    if free >= bytes + MARGIN {
        return Ok(());
    }
    let (free, needed) = (free / 1024 / 1024, (bytes + MARGIN) / 1024 / 1024);
    let detail = format!(
        "{needed} MiB have to be free for this, and only {free} MiB are. Nothing was changed; free \
         some space."
    );
    Err(Error::rule("no_space", detail).with("free_mib", free).with("needed_mib", needed))
}

/// A file that goes into a backup beside the database.
struct Source {
    name: String,
    path: PathBuf,
    bytes: u64,
}

fn files(place: &Place, with_keys: bool) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&place.uploads, "uploads", &mut found);
    if with_keys {
        walk(&place.data.join("secrets"), "secrets", &mut found);
        walk(&place.data.join("tls"), "tls", &mut found);
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
    part: &Path,
    copy: &Path,
    database: u64,
    files: &[Source],
    passphrase: Option<&Passphrase>,
    manifest: &Manifest,
    watch: Watch<'_>,
) -> Result<()> {
    let mut options = File::options();
    let file = options.create(true).truncate(true).write(true).mode(0o600).open(part);
    let mut writer = Writer::new(file.map_err(not_written)?, passphrase, manifest)?;
    let mut done = 0;
    let mut pieces = |bytes| {
        done += bytes;
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

/// Reads a file whole and lets everything go.
struct Nowhere;

impl package::Sink for Nowhere {
    fn member(&mut self, _: &Path, _: &mut dyn std::io::Read) -> Result<()> {
        Ok(())
    }
}

fn verify(
    part: &Path,
    passphrase: Option<&Passphrase>,
    manifest: &Manifest,
    watch: Watch<'_>,
) -> Result<()> {
    let mut pieces = |done, all| watch(Step::Verify, done, all);
    let read = package::read(part, passphrase, &mut Nowhere, &mut pieces)?;
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
