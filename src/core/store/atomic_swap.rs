//! A data folder is exchanged whole or not at all. The plan of all renames is written first, in
//! one rename of its own; whoever opens the folder next finishes a plan that was interrupted.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Where what is to come is prepared. It is nobody's once the folder is opened anew.
pub const BESIDE: &str = "restore.new";
const PLAN: &str = "exchange.json";

/// Renames that belong together. Paths that are not absolute stand in the data folder.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct AtomicSwap {
    moves: Vec<(PathBuf, PathBuf)>,
}

impl AtomicSwap {
    /// Adds a rename of something that is there; what is not there is left out.
    pub fn add(&mut self, folder: &Path, from: impl Into<PathBuf>, to: impl Into<PathBuf>) {
        let from = from.into();
        if folder.join(&from).exists() {
            self.moves.push((from, to.into()));
        }
    }

    /// From here on there is no way back: the plan is on the disk, and is carried out now or at
    /// the next start.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn commit(&self, folder: &Path) -> io::Result<()> {
        let draft = folder.join("exchange.new");
        let mut file = File::create(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(&draft, folder.join(PLAN))?;
        sync(folder)
    }
}

/// Whether a swap was begun and not finished.
pub fn is_pending(folder: &Path) -> bool {
    folder.join(PLAN).exists()
}

/// Carries a written plan out, if there is one; says whether there was.
///
/// # Errors
/// When something cannot be renamed. The plan stays, and is tried again at the next start.
pub fn finish(folder: &Path) -> io::Result<bool> {
    let plan = folder.join(PLAN);
    let text = match fs::read(&plan) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let swap: AtomicSwap = serde_json::from_slice(&text)?;
    for (from, to) in &swap.moves {
        let (from, to) = (folder.join(from), folder.join(to));
        // Done already, before it was interrupted.
        if to.exists() || !from.exists() {
            continue;
        }
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::rename(&from, &to)?;
        for changed in [from.parent(), to.parent()].into_iter().flatten() {
            sync(changed)?;
        }
    }
    fs::remove_file(&plan)?;
    sync(folder)?;
    Ok(true)
}

/// Makes names in a folder durable.
pub fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything in a folder with its text, but the plan.
    fn everything(folder: &Path) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for name in ["db", "log", "kept/db", "kept/log", "new/db"] {
            if let Ok(text) = fs::read_to_string(folder.join(name)) {
                found.push((name.to_owned(), text));
            }
        }
        found
    }

    fn prepared() -> (tempfile::TempDir, AtomicSwap) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir(path.join("new")).unwrap();
        for (name, text) in [("db", "old"), ("log", "old log"), ("new/db", "new")] {
            fs::write(path.join(name), text).unwrap();
        }
        let mut swap = AtomicSwap::default();
        swap.add(path, "db", "kept/db");
        swap.add(path, "log", "kept/log");
        swap.add(path, "nothing", "kept/nothing");
        swap.add(path, "new/db", "db");
        (folder, swap)
    }

    #[test]
    fn an_exchange_that_was_cut_off_anywhere_ends_the_same() {
        let wanted = [("db", "new"), ("kept/db", "old"), ("kept/log", "old log")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()));
        for done in 0..=3 {
            let (folder, swap) = prepared();
            swap.commit(folder.path()).unwrap();
            // The plug is pulled after so many renames.
            fs::create_dir_all(folder.path().join("kept")).unwrap();
            for (from, to) in swap.moves.iter().take(done) {
                fs::rename(folder.path().join(from), folder.path().join(to)).unwrap();
            }
            assert!(is_pending(folder.path()));
            assert!(finish(folder.path()).unwrap());
            assert_eq!(everything(folder.path()), wanted, "after {done} renames");
            assert!(!finish(folder.path()).unwrap(), "it is finished once");
        }
    }

    #[test]
    fn without_a_plan_nothing_is_moved() {
        let (folder, _) = prepared();
        let before = everything(folder.path());
        assert!(!finish(folder.path()).unwrap());
        assert_eq!(everything(folder.path()), before);
    }
}
