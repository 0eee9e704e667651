//! `qres backup` and `qres restore`: the whole restaurant in one file, and back.

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::options::DataOptions;
use super::output::tell;
use super::serve;
use crate::appliance;
use crate::core::error::Error;
use crate::core::store::{DataFolder, Store};
use crate::features::backup::{self, Manifest, Passphrase, RestoredBy, Step};
use crate::platform::config::Settings;
use crate::platform::observe;

/// No passphrase is longer, in bytes.
const LONGEST: u64 = 1024;

/// Where a passphrase comes from. Never from an argument: everybody on the machine sees those.
#[derive(Args)]
#[group(multiple = false)]
struct Source {
    /// Read the passphrase from stdin.
    #[arg(long)]
    passphrase_stdin: bool,
    /// Read the passphrase from a file.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Source {
    /// The passphrase that was given here, as it stands.
    fn given(&self) -> Result<Option<String>, Failure> {
        let mut text = String::new();
        if self.passphrase_stdin {
            std::io::stdin().take(LONGEST).read_to_string(&mut text)?;
        } else if let Some(path) = &self.passphrase_file {
            text = std::fs::read_to_string(path).map_err(|error| {
                Failure::failed(format!("{} cannot be read: {error}.", path.display()))
            })?;
        } else {
            return Ok(None);
        }
        Ok(Some(text))
    }
}

#[derive(Args)]
pub(super) struct BackupOptions {
    #[command(flatten)]
    data: DataOptions,
    /// The file to write, such as /media/stick/qres.tar.zst.
    #[arg(required_unless_present = "keep", conflicts_with = "keep")]
    file: Option<PathBuf>,
    /// Add one to the box's own, thin those out, and copy the newest to mounted sticks: what the
    /// timer does. Nothing is made when nothing happened since the last one.
    #[arg(long)]
    keep: bool,
    #[command(flatten)]
    passphrase: Source,
    /// Write what was done as one line of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct RestoreOptions {
    #[command(flatten)]
    data: DataOptions,
    /// The backup.
    #[arg(required_unless_present = "from_cloud", conflicts_with = "from_cloud")]
    file: Option<PathBuf>,
    /// Build a new box from the cloud's copy: an enrolment string, `-` to read it from stdin; as
    /// QRES_CLOUD says when it is left out. The box that had it before is refused from then on.
    #[arg(long, value_name = "ENROLMENT", num_args = 0..=1, default_missing_value = "")]
    from_cloud: Option<String>,
    /// Say what is in it, check all of it, and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    passphrase: Source,
    /// Write what was done as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn backup(options: &BackupOptions) -> Result<(), Failure> {
    let mut settings = options.data.settings()?;
    observe::start_command_log(&settings);
    if let Some(text) = options.passphrase.given()? {
        settings.backup_passphrase = Some(text);
    }
    match &options.file {
        Some(file) => {
            let paths = backup::DataPaths::of(&settings);
            let passphrase = Passphrase::of(&settings)?;
            let progress = Progress::new();
            let manifest = backup::make(&paths, passphrase.as_ref(), file, &|step, done, all| {
                progress.show(step, done, all)
            })?;
            progress.end();
            let name = file.display().to_string();
            let done = json!({"file": name, "manifest": manifest});
            tell(options.json, &done, || format!("Written to {name}:\n{}", in_words(&manifest)))
        }
        None => keep(&settings, options.json),
    }
}

fn keep(settings: &Settings, json: bool) -> Result<(), Failure> {
    let made = if backup::is_fresh(settings) {
        None
    } else {
        Some(backup::keep(settings, "qres", &|_, _, _| Ok(()))?.0)
    };
    let sticks = backup::copy_to_sticks(settings);
    let problems: Vec<_> = sticks.iter().filter_map(|stick| stick.problem.clone()).collect();
    tell(json, &json!({"made": made, "sticks": sticks}), || {
        let mut text = match &made {
            Some(name) => format!("Made {name}."),
            None => "Nothing happened since the last backup; none was made.".into(),
        };
        for stick in &sticks {
            let name = stick.name.as_deref().unwrap_or("nothing");
            text.push_str(&format!("\n{}: {name}", stick.path));
        }
        text
    })?;
    match problems.first() {
        None => Ok(()),
        Some(first) => Err(Failure::failed(format!("A copy failed: {first}"))),
    }
}

pub(super) fn restore(options: &RestoreOptions) -> Result<(), Failure> {
    let settings = options.data.settings()?;
    observe::start_command_log(&settings);
    let Some(file) = &options.file else {
        let enrolment = options.from_cloud.as_deref().unwrap_or_default();
        return super::cloud::restore(&settings, enrolment, options.json);
    };
    let passphrase = match options.passphrase.given()? {
        Some(text) => Some(Passphrase::to_open(&text)),
        None => Passphrase::of(&settings)?,
    };
    let manifest = backup::manifest(file, passphrase.as_ref())?;
    if !options.json {
        println!("{}", in_words(&manifest));
    }
    // A box that runs would write on into files that are moved away.
    let folder = DataFolder::lock(&settings.data_dir)?;
    let paths = backup::DataPaths::of(&settings);
    let progress = Progress::new();
    let watch = |step, done, all| progress.show(step, done, all);
    let prepared = backup::prepare(file, passphrase.as_ref(), &paths, &watch)?;
    progress.end();
    if options.dry_run {
        let found = json!({"restored": false, "manifest": prepared.manifest});
        return tell(options.json, &found, || "All of it is sound. Nothing was changed.".into());
    }
    let kept = prepared.commit(&RestoredBy::the_box(&file.display().to_string()))?;
    // Whoever opens the folder carries the plan out.
    drop(folder);
    let _folder = DataFolder::lock(&settings.data_dir)?;
    let store = Store::open(&settings.data_dir, appliance::tables(), Vec::new())?;
    serve::runtime()?.block_on(async {
        backup::settle(&settings.data_dir, &store).await;
        store.close().await;
    });
    let kept = kept.is_dir().then(|| kept.display().to_string());
    let done = json!({"restored": true, "manifest": manifest, "kept": kept});
    tell(options.json, &done, || in_place(&manifest, kept.as_deref()))
}

fn in_place(manifest: &Manifest, kept: Option<&str>) -> String {
    let mut text = "Restored. Everybody signs in again.".to_owned();
    if let Some(kept) = kept {
        text.push_str(&format!(" What was there is kept in {kept}."));
    }
    if !manifest.has_keys {
        text.push_str(
            "\nThe backup is not encrypted, so the box's keys are not in it: on another machine \
             PINs have to be set anew, and tablets have to trust it anew.",
        );
    }
    text
}

fn in_words(manifest: &Manifest) -> String {
    let count = |table: &str| manifest.tables.get(table).copied().unwrap_or(0);
    format!(
        "  restaurant  {}\n  as of       {}\n  made by     qres {}, schema {}\n  orders      {}\n  \
         dishes      {}\n  staff       {}\n  uploads     {}\n  size        {} MB unpacked",
        manifest.restaurant,
        manifest.created_at,
        manifest.version,
        manifest.schema,
        count("orders"),
        count("dishes"),
        count("users"),
        manifest.uploads,
        manifest.bytes.div_ceil(1_000_000),
    )
}

/// A line in the terminal that says how far it is; nothing elsewhere.
struct Progress {
    is_shown: bool,
}

impl Progress {
    fn new() -> Self {
        Self { is_shown: std::io::stderr().is_terminal() }
    }

    #[expect(clippy::unnecessary_wraps, reason = "it has the shape of a watch")]
    fn show(&self, step: Step, done: u64, all: u64) -> Result<(), Error> {
        if self.is_shown {
            let what = match step {
                Step::Copy => "copying",
                Step::Check => "checking every page",
                Step::Pack => "packing",
                Step::Verify => "reading it back",
                Step::Unpack => "unpacking",
            };
            eprint!("\r\x1b[K{what} {} %", done * 100 / all.max(1));
            let _ = std::io::stderr().flush();
        }
        Ok(())
    }

    fn end(&self) {
        if self.is_shown {
            eprint!("\r\x1b[K");
        }
    }
}
