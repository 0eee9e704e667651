//! Which version is current, and which is being tried: one small file, written aside and renamed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Version;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::sync_folder;

const FILE: &str = "state.json";

/// What is known of the versions of this box.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// The version that is run; none while it is the installed one.
    pub current: Option<Version>,
    /// The newest that was ever found well: nothing older is taken in again.
    pub newest: Option<Version>,
    /// The one that is to be tried, or is being tried.
    pub trial: Option<Trial>,
    /// How the last trial ended.
    pub last: Option<Outcome>,
}

/// A version that has to show that it is well.
#[derive(Debug, Serialize, Deserialize)]
pub struct Trial {
    /// The version.
    pub version: Version,
    /// The backup that was made before, by its name.
    pub backup: String,
    /// It was started once. Found so at a start, the trial was cut off.
    pub was_begun: bool,
    /// What the database held right before the trial; none before it began.
    #[serde(default)]
    pub held: Option<Held>,
}

/// What a database held at a moment, as far as a trial could lose it.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Held {
    /// How many orders.
    pub orders: i64,
}

/// How a trial ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// The version that was tried.
    pub version: Version,
    /// Whether it is kept.
    pub is_well: bool,
    /// What happened, in a sentence.
    pub detail: String,
    /// When.
    pub at: Timestamp,
}

impl State {
    /// As it was saved; empty where there was no update yet.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn load(folder: &Path) -> Result<Self> {
        match fs::read(folder.join(FILE)) {
            Ok(text) => serde_json::from_slice(&text).map_err(Error::internal),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Error::internal(error)),
        }
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, folder: &Path) -> Result<()> {
        let write = || -> io::Result<()> {
            let draft = folder.join("state.new");
            let mut file = File::create(&draft)?;
            file.write_all(&serde_json::to_vec_pretty(self)?)?;
            file.sync_all()?;
            fs::rename(&draft, folder.join(FILE))?;
            sync_folder(folder)
        };
        write().map_err(|error| {
            Error::rule("update_not_written", format!("The update cannot be written: {error}."))
        })
    }

    /// The newest version that ran here.
    pub fn newest(&self) -> Version {
        self.newest.unwrap_or_default().max(Version::installed())
    }

    /// The version to run, where it is newer than the installed one: a package that was installed
    /// since goes before an older update.
    pub fn to_run(&self) -> Option<Version> {
        self.current.filter(|current| *current > Version::installed())
    }
}
