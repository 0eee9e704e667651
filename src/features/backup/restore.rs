//! Brings a backup back: unpacked beside the data, checked, and only then put in its place by
//! renames that happen all or not at all. What was there is kept.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::backup_dir::stamp;
use super::errors::{damaged, not_written};
use super::make::with_ending;
use super::members::DATABASE;
use super::package::{self, Sink};
use super::{DataPaths, Manifest, Passphrase, RestoredBy, Step, Watch, restore_note};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::store::{self, AtomicSwap, BESIDE, SpaceWatch, enough_space};

const KEPT: &str = "before-restore-";
/// How many older states of the data folder are kept.
const KEPT_STATES: usize = 2;

/// A backup that was unpacked beside the data and found to be whole. Dropped, it leaves
/// everything as it was.
pub struct Prepared {
    /// What it says of itself.
    pub manifest: Manifest,
    paths: DataPaths,
    beside: Beside,
}

/// Unpacks a backup beside the data folder's files and checks everything. The box may run
/// meanwhile.
///
/// # Errors
/// 400 when it is damaged, newer than this program, or does not open; nothing was changed then.
pub fn prepare(
    file: &Path,
    passphrase: Option<&Passphrase>,
    paths: &DataPaths,
    watch: Watch<'_>,
) -> Result<Prepared> {
    let expected = package::manifest(file, passphrase)?;
    make_private(&paths.data).map_err(not_written)?;
    enough_space(&[(&paths.data, expected.bytes)])?;
    let mut beside = Beside::new(paths)?;
    let mut pieces = |done, all| watch(Step::Unpack, done, all);
    let manifest = package::read(file, passphrase, &mut beside, &mut pieces)?;
    let database = beside.data.join(DATABASE);
    if !database.is_file() {
        return Err(damaged());
    }
    watch(Step::Check, 0, 1)?;
    let contents = store::contents(&database)?;
    if contents.schema != manifest.schema || contents.tables != manifest.tables {
        return Err(damaged());
    }
    store::begin_anew(&database)?;
    beside.make_durable().map_err(not_written)?;
    Ok(Prepared { manifest, paths: paths.clone(), beside })
}

impl Prepared {
    /// Puts the backup in the place of the data: at once if the box does not run, else when it
    /// starts next. Returns where the old data will be. From here on there is no way back but a
    /// restore.
    ///
    /// # Errors
    /// When the plan cannot be written.
    pub fn commit(mut self, by: &RestoredBy) -> Result<PathBuf> {
        let data = &self.paths.data;
        forget_old_states(data);
        let kept = PathBuf::from(format!("{KEPT}{}", stamp(clock::now())));
        restore_note::leave_note(&self.beside.data, by, &self.manifest, &kept)?;
        let mut exchange = AtomicSwap::default();
        for name in ["qres.db", "qres.db-wal", "qres.db-shm", restore_note::NOTE] {
            exchange.add(data, name, kept.join(name));
        }
        let uploads = absolute(&self.paths.uploads);
        let is_inside = self.paths.uploads == data.join("uploads");
        let old_uploads = if is_inside {
            kept.join("uploads")
        } else {
            with_ending(&uploads, &format!(".{}", kept.display()))
        };
        exchange.add(data, &uploads, old_uploads);
        // Keys that the backup does not hold stay as they are.
        if self.beside.data.join("tls").is_dir() {
            exchange.add(data, "tls", kept.join("tls"));
        }
        let keys = names_in(&self.beside.data.join("secrets"));
        for key in &keys {
            let key = Path::new("secrets").join(key);
            exchange.add(data, key.clone(), kept.join(key));
        }
        let new = PathBuf::from(BESIDE);
        exchange.add(data, new.join(DATABASE), DATABASE);
        exchange.add(data, new.join(restore_note::NOTE), restore_note::NOTE);
        exchange.add(data, absolute(&self.beside.uploads), uploads);
        exchange.add(data, new.join("tls"), "tls");
        for key in keys {
            let key = Path::new("secrets").join(key);
            exchange.add(data, new.join(&key), key);
        }
        exchange.commit(data).map_err(not_written)?;
        self.beside.is_kept = true;
        Ok(data.join(kept))
    }
}

/// The folders into which a backup is unpacked; gone with this value unless it is kept.
struct Beside {
    data: PathBuf,
    uploads: PathBuf,
    is_kept: bool,
    /// What a backup says of its size may be wrong.
    room: [SpaceWatch; 2],
}

impl Beside {
    fn new(paths: &DataPaths) -> Result<Self> {
        let data = paths.data.join(BESIDE);
        let is_inside = paths.uploads == paths.data.join("uploads");
        let uploads = if is_inside {
            data.join("uploads")
        } else {
            with_ending(&paths.uploads, ".restore.new")
        };
        let room = [SpaceWatch::of(&data), SpaceWatch::of(&uploads)];
        let beside = Self { data, uploads, is_kept: false, room };
        beside.remove();
        for folder in [&beside.data, &beside.uploads] {
            make_private(folder).map_err(not_written)?;
        }
        Ok(beside)
    }

    fn remove(&self) {
        for folder in [&self.data, &self.uploads] {
            let _ = fs::remove_dir_all(folder);
        }
    }

    /// All of it is on the disk.
    fn make_durable(&self) -> io::Result<()> {
        for folder in [&self.data, &self.uploads] {
            rustix::fs::syncfs(File::open(folder)?)?;
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.is_kept {
            self.remove();
        }
    }
}

impl Sink for Beside {
    fn member(&mut self, name: &Path, from: &mut dyn Read) -> Result<()> {
        let [in_data, in_uploads] = &mut self.room;
        let (path, room) = match name.strip_prefix("uploads") {
            Ok(rest) => (self.uploads.join(rest), in_uploads),
            Err(_) => (self.data.join(name), in_data),
        };
        if let Some(parent) = path.parent() {
            make_private(parent).map_err(not_written)?;
        }
        let mut options = File::options();
        let file = options.create_new(true).write(true).mode(0o600).open(&path);
        let mut file = file.map_err(not_written)?;
        // Reading fails where the file is damaged, writing where the disk is full.
        let mut buffer = vec![0; 128 * 1024];
        loop {
            let count = from.read(&mut buffer).map_err(|_| damaged())?;
            if count == 0 {
                break;
            }
            room.about_to_write(count as u64)?;
            io::Write::write_all(&mut file, &buffer[..count]).map_err(not_written)?;
        }
        Ok(())
    }
}

fn make_private(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn names_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| PathBuf::from(entry.file_name())).collect()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Makes room for one more state, the oldest first. The names sort by time.
fn forget_old_states(data: &Path) {
    let mut states = names_in(data);
    states.retain(|name| name.to_string_lossy().starts_with(KEPT));
    states.sort();
    let surplus = (states.len() + 1).saturating_sub(KEPT_STATES);
    for state in states.into_iter().take(surplus) {
        let _ = fs::remove_dir_all(data.join(state));
    }
}
