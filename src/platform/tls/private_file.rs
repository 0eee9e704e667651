//! Files that nobody else may read, written so that a pulled plug leaves the old one or the new
//! one.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes a file with mode 0600: aside, and then in place.
pub fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let draft = path.with_extension("new");
    // A draft of a start that broke off may have been left with other modes.
    let _ = fs::remove_file(&draft);
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
