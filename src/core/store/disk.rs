//! Room on the disk.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::core::error::{Error, Result};

const MIB: u64 = 1024 * 1024;
/// Free space that is left alone, in bytes: orders go on while something large is written.
const MARGIN: u64 = 64 * MIB;
/// After how many bytes it is looked again whether there is still room.
const LOOK_AGAIN: u64 = 16 * MIB;

/// Free and total bytes of the disk that holds a folder; none when it cannot be asked.
pub fn disk_space(folder: &Path) -> Option<(u64, u64)> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
    Some((bytes(disk.f_bavail), bytes(disk.f_blocks)))
}

/// Refuses what is going to be written when it does not fit: so many bytes in each folder, beside
/// the margin. What goes to the same disk counts together. Sizes may come from anybody: a sum that
/// is too large for a number is too large for a disk.
///
/// # Errors
/// 400 `no_space`, with how many MiB are needed and how many are free.
pub fn enough_space(parts: &[(&Path, u64)]) -> Result<()> {
    for (folder, _) in parts {
        let Some((free, _)) = disk_space(folder) else { continue };
        let disk = disk_of(folder);
        let same = parts.iter().filter(|(other, _)| disk_of(other) == disk);
        let needed = same.fold(MARGIN, |sum, (_, bytes)| sum.saturating_add(*bytes));
        if free < needed {
            return Err(no_space(free / MIB, needed.div_ceil(MIB)));
        }
    }
    Ok(())
}

fn disk_of(folder: &Path) -> Option<u64> {
    folder.metadata().ok().map(|folder| folder.dev())
}

fn no_space(free: u64, needed: u64) -> Error {
    let detail = format!(
        "{needed} MiB have to be free for this, and only {free} MiB are. Nothing was changed; free \
         some space."
    );
    Error::rule("no_space", detail).with("free_mib", free).with("needed_mib", needed)
}

/// Watches the room while much is written: others write too, and what was said of a size beforehand
/// may be wrong.
#[derive(Debug)]
pub struct SpaceWatch {
    folder: PathBuf,
    written: u64,
    looked_at: Option<u64>,
}

impl SpaceWatch {
    /// Watches the disk that holds a folder.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), written: 0, looked_at: None }
    }

    /// So many bytes more are about to be written.
    ///
    /// # Errors
    /// 400 `no_space` when they would go into the margin.
    pub fn about_to_write(&mut self, bytes: u64) -> Result<()> {
        self.written = self.written.saturating_add(bytes);
        if self.looked_at.is_some_and(|at| self.written - at < LOOK_AGAIN) {
            return Ok(());
        }
        self.looked_at = Some(self.written);
        enough_space(&[(&self.folder, bytes)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// N6: a size of 2^64-1 from outside wrapped the sum, and the disk was filled to its end.
    #[test]
    fn a_size_that_no_number_holds_does_not_fit() {
        let folder = tempfile::tempdir().unwrap();
        enough_space(&[(folder.path(), 1)]).unwrap();
        for parts in [
            &[(folder.path(), u64::MAX)][..],
            &[(folder.path(), u64::MAX - MARGIN + 1), (folder.path(), u64::MAX)],
        ] {
            let refused = enough_space(parts).unwrap_err();
            assert_eq!(refused.problem().code, "no_space");
        }
        let mut watch = SpaceWatch::of(folder.path());
        watch.about_to_write(1).unwrap();
        watch.about_to_write(u64::MAX).unwrap_err();
        let _ = watch.about_to_write(u64::MAX);
    }

    /// B5: parts of one disk were looked at one by one, or not at all.
    #[test]
    fn what_goes_to_one_disk_counts_together() {
        let folder = tempfile::tempdir().unwrap();
        let (free, _) = disk_space(folder.path()).unwrap();
        let most = (free - MARGIN) / 10 * 7;
        enough_space(&[(folder.path(), most)]).unwrap();
        enough_space(&[(folder.path(), most), (folder.path(), most)]).unwrap_err();
    }
}
