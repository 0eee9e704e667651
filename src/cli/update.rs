//! `qres update`: a new version from a signed bundle, taken back by itself when it is not well.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::options::DataOptions;
use super::output::tell;
use super::serve;
use crate::core::store::SpaceWatch;
use crate::features::backup::{self, BackupDir};
use crate::features::update::{self, Updated};
use crate::platform::observe;

/// No bundle is larger, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    data: DataOptions,
    /// The bundle: a file, or where to load it from (http:// or https://).
    bundle: String,
    /// Do it also while orders are open, and outside of `update_hours`.
    #[arg(long)]
    now: bool,
    /// Write what was done as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn update(options: &Options) -> Result<(), Failure> {
    let settings = options.data.settings()?;
    observe::start_command_log(&settings);
    let is_far = ["http://", "https://"].iter().any(|scheme| options.bundle.starts_with(scheme));
    let loaded = if is_far {
        let path = BackupDir::of(&backup::DataPaths::of(&settings)).path().join("update.part");
        Some(serve::runtime()?.block_on(load(&options.bundle, &path))?)
    } else {
        None
    };
    let bundle = loaded.as_ref().map_or(Path::new(&options.bundle), |loaded| &loaded.path);
    match update::update(&settings, bundle, options.now)? {
        Updated::Now(outcome) => {
            tell(options.json, &json!(outcome), || {
                format!("{}: {}", outcome.version, outcome.detail)
            })?;
            if outcome.is_well {
                return Ok(());
            }
            Err(Failure::failed("The update was taken back."))
        }
        Updated::AtNextStart(version) => {
            tell(options.json, &json!({"version": version, "is_well": null}), || {
                format!("The box does not run. {version} is tried when it starts.")
            })
        }
    }
}

/// A file that was loaded; gone with this value. Held, it is nobody's leftover.
struct Loaded {
    path: PathBuf,
    _held: File,
}

impl Drop for Loaded {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Loads a bundle. Who sends it does not matter: its signature does.
async fn load(url: &str, to: &Path) -> Result<Loaded, Failure> {
    use std::io::Write;
    let failed = |why: String| {
        Failure::failed(format!("{url} cannot be loaded: {why}. Nothing was changed."))
    };
    let reply = reqwest::get(url).await.and_then(reqwest::Response::error_for_status);
    let mut reply = reply.map_err(|error| failed(error.to_string()))?;
    // In the backups' folder, where it is removed if this run is killed.
    let mut file = backup::begin_part(to)?;
    let mut room = SpaceWatch::of(to.parent().unwrap_or(to));
    let mut left = LARGEST;
    while let Some(piece) = reply.chunk().await.map_err(|error| failed(error.to_string()))? {
        left = left.checked_sub(piece.len() as u64).ok_or_else(|| failed("too large".into()))?;
        room.about_to_write(piece.len() as u64)?;
        file.write_all(&piece)?;
    }
    Ok(Loaded { path: to.to_owned(), _held: file })
}
