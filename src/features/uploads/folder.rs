//! The files: named by what is in them, written whole or not at all.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use aws_lc_rs::digest::{Context, SHA256};

use super::picture::{Size, WIDTHS};
use crate::core::error::{Error, Result};

/// How many characters of a hash make a name.
const HASH: usize = 32;
/// A file that is still being written.
const DRAFT: &str = ".new";

/// How long a photo that nothing shows is kept: somebody may take the change back.
const UNSHOWN: Duration = Duration::from_hours(7 * 24);
/// A photo that is shown is marked as seen this often.
const SEEN: Duration = Duration::from_hours(24);

/// What was found when the folder was tidied.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Files that stay.
    pub kept: usize,
    /// Files that were removed.
    pub removed: usize,
}

/// The name of one size of a photo.
pub fn file_name(hash: &str, width: u32) -> String {
    format!("{hash}-{width}.jpg")
}

/// The hash in the name of a file of ours.
pub fn hash_in(name: &str) -> Option<&str> {
    let (hash, width) = name.strip_suffix(".jpg")?.split_once('-')?;
    let is_hash = hash.len() == HASH
        && hash.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    let is_width = WIDTHS.iter().any(|known| known.to_string() == width);
    (is_hash && is_width).then_some(hash)
}

/// Whether a name can be that of a photo: nothing else is ever looked for in the folder.
pub fn is_ours(name: &str) -> bool {
    hash_in(name).is_some()
}

/// Writes all sizes of a photo; returns the hash that names them.
///
/// # Errors
/// 507 when the disk is full; nothing of the photo stays then.
pub fn keep(folder: &Path, sizes: &[Size]) -> Result<String> {
    let hash = hash_of(sizes);
    let place = |size: &Size| folder.join(file_name(&hash, size.width));
    let write_all = || {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        for size in sizes {
            write(&draft_of(&place(size)), &size.jpeg)?;
        }
        for size in sizes {
            fs::rename(draft_of(&place(size)), place(size))?;
        }
        File::open(folder)?.sync_all()
    };
    let written = write_all().map_err(|error| disk_error(&error));
    if written.is_err() {
        for size in sizes {
            // Nothing of it was shown yet; what cannot be removed now goes with the tidying.
            let _ = fs::remove_file(draft_of(&place(size)));
        }
    }
    written.map(|()| hash)
}

fn draft_of(path: &Path) -> PathBuf {
    path.with_extension(&DRAFT[1..])
}

fn hash_of(sizes: &[Size]) -> String {
    let mut hash = Context::new(&SHA256);
    for size in sizes {
        hash.update(&size.jpeg);
    }
    let mut first = [0; 16];
    first.copy_from_slice(&hash.finish().as_ref()[..16]);
    format!("{:032x}", u128::from_be_bytes(first))
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn disk_error(error: &std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::storage_full(),
        _ => Error::internal(format!("uploads: {error}")),
    }
}

/// Marks the photos that are `shown` (by hash) as seen, and removes those that were not seen for
/// a week. Files that are not ours stay.
///
/// # Errors
/// When the folder cannot be read.
pub fn tidy(folder: &Path, shown: &HashSet<String>, now: SystemTime) -> Result<Tidied> {
    let mut tidied = Tidied::default();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(tidied),
        entries => entries.map_err(|error| disk_error(&error))?,
    };
    for entry in entries {
        let path = entry.map_err(|error| disk_error(&error))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let photo = name.strip_suffix(DRAFT).map(|name| format!("{name}.jpg"));
        let is_draft = photo.is_some();
        let photo = photo.unwrap_or_else(|| name.to_owned());
        let Some(hash) = hash_in(&photo) else { continue };
        let is_shown = !is_draft && shown.contains(hash);
        if one(&path, is_shown, now).map_err(|error| disk_error(&error))? {
            tidied.removed += 1;
        } else {
            tidied.kept += 1;
        }
    }
    Ok(tidied)
}

/// Marks or removes one file; returns whether it was removed.
fn one(path: &Path, is_shown: bool, now: SystemTime) -> std::io::Result<bool> {
    let file = File::open(path)?;
    // A clock that was set back makes a file younger, never older.
    let unseen = now.duration_since(file.metadata()?.modified()?).unwrap_or_default();
    if is_shown && unseen > SEEN {
        file.set_modified(now)?;
    }
    let is_old = !is_shown && unseen > UNSHOWN;
    if is_old {
        fs::remove_file(path)?;
    }
    Ok(is_old)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(byte: u8) -> Vec<Size> {
        WIDTHS.map(|width| Size { width, jpeg: vec![byte; 10] }).into()
    }

    #[test]
    fn only_names_of_ours_are_looked_for() {
        let hash = "0123456789abcdef0123456789abcdef";
        assert!(is_ours(&format!("{hash}-960.jpg")));
        for name in [
            format!("{hash}-961.jpg"),
            format!("{hash}-960.png"),
            format!("{hash}.jpg"),
            format!("../{hash}-960.jpg"),
            format!("{}-960.jpg", hash.to_uppercase()),
            format!("{hash}-96.new"),
            "../qres.db".into(),
            "..%2Fqres.db".into(),
            String::new(),
        ] {
            assert!(!is_ours(&name), "{name}");
        }
    }

    #[test]
    fn a_photo_goes_a_week_after_nothing_shows_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let (one, two) = (keep(path, &sizes(1)).unwrap(), keep(path, &sizes(2)).unwrap());
        fs::write(path.join("notes.txt"), "not ours").unwrap();
        fs::write(path.join(format!("{one}-96.new")), "half").unwrap();
        let days = |days: u64| SystemTime::now() + Duration::from_hours(24 * days);
        let shown = HashSet::from([one.clone(), two.clone()]);
        // Seen on the sixth day: the week begins anew. What was cut off is nobody's.
        assert_eq!(tidy(path, &shown, days(6)).unwrap(), Tidied { kept: 9, removed: 0 });
        let shown = HashSet::from([two]);
        assert_eq!(tidy(path, &shown, days(9)).unwrap(), Tidied { kept: 8, removed: 1 });
        assert_eq!(tidy(path, &shown, days(14)).unwrap(), Tidied { kept: 4, removed: 4 });
        assert!(path.join("notes.txt").exists());
        assert!(!path.join(file_name(&one, 96)).exists());
    }
}
