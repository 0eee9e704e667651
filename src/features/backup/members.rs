//! The members of a backup's tar, with bounds on what they say of themselves.

use std::borrow::Cow;
use std::io::Read;
use std::path::{Component, PathBuf};

use super::errors::damaged;
use crate::core::error::Result;

/// What the backup says of itself; the first member.
pub const MANIFEST: &str = "manifest.json";
/// The database.
pub const DATABASE: &str = "qres.db";
/// The sum of each member; the last one.
pub const SUMS: &str = "SHA256SUMS";
/// What may stand in a backup beside the database.
const FOLDERS: [&str; 3] = ["uploads", "secrets", "tls"];
/// No member's name is longer, in bytes.
const LONGEST_NAME: u64 = 1024;

/// Members as their own headers say. A long name stands in a member of its own before the one that
/// it names; it is read here, for `tar` would read one of any length into memory.
pub struct Members<'a, R: Read> {
    entries: tar::Entries<'a, R>,
}

impl<'a, R: Read> Members<'a, R> {
    /// Of an archive, from its beginning.
    pub fn of(archive: &'a mut tar::Archive<R>) -> Result<Self> {
        let entries = archive.entries().map_err(|_| damaged())?;
        Ok(Self { entries: entries.raw(true) })
    }

    /// The next one and its name; none behind the last.
    pub fn next(&mut self) -> Result<Option<(PathBuf, tar::Entry<'a, R>)>> {
        let mut long = None;
        for entry in self.entries.by_ref() {
            let mut entry = entry.map_err(|_| damaged())?;
            if entry.header().entry_type().is_gnu_longname() && long.is_none() {
                long = Some(long_name(&mut entry)?);
                continue;
            }
            if !entry.header().entry_type().is_file() {
                return Err(damaged());
            }
            let short = || entry.path().map(Cow::into_owned).map_err(|_| damaged());
            let name = long.map_or_else(short, Ok)?;
            return Ok(Some((allowed(name)?, entry)));
        }
        if long.is_some() { Err(damaged()) } else { Ok(None) }
    }
}

fn long_name(entry: &mut tar::Entry<'_, impl Read>) -> Result<PathBuf> {
    if entry.size() > LONGEST_NAME {
        return Err(damaged());
    }
    let mut name = String::new();
    entry.read_to_string(&mut name).map_err(|_| damaged())?;
    Ok(name.trim_end_matches('\0').into())
}

/// The name of a member, if it is one that may stand in a backup: nothing may be written outside.
fn allowed(name: PathBuf) -> Result<PathBuf> {
    let is_plain = name.components().all(|part| matches!(part, Component::Normal(_)));
    let mut parts = name.components();
    let first = parts.next().and_then(|part| part.as_os_str().to_str()).unwrap_or_default();
    let is_known = match parts.next() {
        None => [MANIFEST, DATABASE, SUMS].contains(&first),
        Some(_) => FOLDERS.contains(&first),
    };
    if is_plain && is_known { Ok(name) } else { Err(damaged()) }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tar::{Archive, Builder, EntryType, Header};

    use super::*;

    fn names(archive: &[u8]) -> Result<Vec<String>> {
        let mut archive = Archive::new(Cursor::new(archive));
        let mut members = Members::of(&mut archive)?;
        let mut names = Vec::new();
        while let Some((name, _)) = members.next()? {
            names.push(name.display().to_string());
        }
        Ok(names)
    }

    fn archive(name: &str) -> Vec<u8> {
        let mut archive = Builder::new(Vec::new());
        let mut header = Header::new_gnu();
        header.set_size(1);
        header.set_mode(0o600);
        archive.append_data(&mut header, name, &b"x"[..]).unwrap();
        archive.into_inner().unwrap()
    }

    #[test]
    fn names_are_read_as_they_were_written_also_long_ones() {
        let long = format!("uploads/{}.jpg", "soup".repeat(60));
        for name in ["manifest.json", "uploads/2026/soup.jpg", &long] {
            assert_eq!(names(&archive(name)).unwrap(), [name]);
        }
        for name in ["etc/passwd", "qres.toml", "qres.db/x"] {
            assert!(names(&archive(name)).is_err(), "{name}");
        }
    }

    /// N5: whatever a header says, nothing of it is read before it was found to be small.
    #[test]
    fn what_a_header_says_is_bounded() {
        for (kind, bytes) in [
            (EntryType::GNULongName, 3 << 30),
            (EntryType::GNULongName, LONGEST_NAME + 1),
            (EntryType::GNULongLink, 8),
            (EntryType::XHeader, 8),
            (EntryType::XGlobalHeader, 8),
            (EntryType::GNUSparse, 8),
            (EntryType::Symlink, 0),
            (EntryType::Directory, 0),
        ] {
            let mut header = Header::new_gnu();
            header.set_entry_type(kind);
            header.set_path("uploads/x").unwrap();
            header.set_size(bytes);
            header.set_cksum();
            let bytes = [header.as_bytes(), &[0; 1024][..]].concat();
            assert!(names(&bytes).is_err(), "{kind:?}");
        }
    }
}
