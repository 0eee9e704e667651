//! `qres import` and `qres export`: a restaurant, or a part of it, as a file.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::options::DataOptions;
use super::output::tell;
use super::serve;
use crate::appliance::Appliance;
use crate::core::error::Error;
use crate::core::kernel::money;
use crate::core::store;
use crate::features::import::{self, Content, Format, Import, MOST_BYTES, Report, Sheet};
use crate::platform::observe;

#[derive(Args)]
pub(super) struct ImportOptions {
    #[command(flatten)]
    data: DataOptions,
    /// A .json file, or a .csv or .xlsx file of a menu, of options, combos, price lists or periods,
    /// of rooms or of staff.
    file: PathBuf,
    /// Say what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write the counts as one line of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct ExportOptions {
    #[command(flatten)]
    data: DataOptions,
    /// A .json file for everything but secrets, or a .csv or .xlsx file for one sheet of it.
    file: PathBuf,
    /// What a .csv or .xlsx file holds.
    #[arg(long, default_value = "menu", value_parser = sheet)]
    what: Sheet,
    /// Write what was done as one line of JSON.
    #[arg(long)]
    json: bool,
}

fn sheet(word: &str) -> Result<Sheet, String> {
    Sheet::parse(word).ok_or_else(|| "must be menu, options, combos, prices or periods".into())
}

fn format_of(file: &Path) -> Result<Format, Failure> {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("json") => Ok(Format::Json),
        Some("csv") => Ok(Format::Csv),
        Some("xlsx") => Ok(Format::Xlsx),
        _ => {
            let name = file.display();
            Err(Failure::usage(format!("{name} must be a .json, a .csv or an .xlsx file.")))
        }
    }
}

pub(super) fn import(options: &ImportOptions) -> Result<(), Failure> {
    format_of(&options.file)?;
    let bytes = read_file(&options.file)?;
    let settings = options.data.settings()?;
    observe::start_command_log(&settings);
    serve::runtime()?.block_on(async {
        // The open box knows the currency in which amounts are read.
        let app = Appliance::open(settings).await?;
        let report = take_in(&app, &bytes, options.dry_run).await;
        app.store.close().await;
        let report = report?;
        tell(options.json, &report, || in_words(&report))
    })
}

async fn take_in(app: &Appliance, bytes: &[u8], dry_run: bool) -> Result<Report, Error> {
    if let Some(currency) = import::currency_of(bytes) {
        money::use_currency(&currency);
    }
    let import = Import::new(import::read(bytes)?);
    if dry_run {
        return import.dry_run(&app.store).await;
    }
    // Nobody waits for this box: the file goes in whole, or not at all.
    let whole = import.at_once(&app.store, &app.auth.hasher).await?;
    app.store.run(whole).await
}

fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed =
        |why: String| Failure::failed(format!("{} cannot be read: {why}.", path.display()));
    let file = File::open(path).map_err(|error| failed(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(error.to_string()))?;
    if bytes.len() > MOST_BYTES {
        return Err(failed(format!("it is larger than {} MiB", MOST_BYTES / 1024 / 1024)));
    }
    Ok(bytes)
}

fn in_words(report: &Report) -> String {
    let begin = if report.dry_run { "Nothing was changed. This would happen:" } else { "Done:" };
    let mut text = format!("{begin}\n");
    for (what, counts) in &report.counts {
        let what = what.replace('_', " ");
        let (created, updated, same) = (counts.created, counts.updated, counts.unchanged);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {what:<16} {created:>5} new {updated:>5} changed {same:>5} same");
    }
    if !report.without_password.is_empty() {
        let names = report.without_password.join(", ");
        let _ = writeln!(text, "  No password yet, an admin must set one: {names}");
    }
    text.trim_end().to_owned()
}

pub(super) fn export(options: &ExportOptions) -> Result<(), Failure> {
    let format = format_of(&options.file)?;
    let settings = options.data.settings()?;
    observe::start_command_log(&settings);
    let db = store::open_read_only(&settings.data_dir)?;
    let content = import::export(&db)?;
    let bytes = write_content(&content, format, options.what)?;
    write_file(&options.file, &bytes)?;
    let file = options.file.display().to_string();
    tell(options.json, &json!({"file": file, "bytes": bytes.len()}), || {
        format!("Written to {file} ({} bytes).", bytes.len())
    })
}

fn write_content(content: &Content, format: Format, sheet: Sheet) -> Result<Vec<u8>, Error> {
    let restaurant = content.restaurant.as_ref();
    if let Some(currency) = restaurant.and_then(|restaurant| restaurant.currency.as_deref()) {
        money::use_currency(currency);
    }
    import::write(content, format, sheet)
}

/// Written aside and renamed: an old export is not lost to a full disk.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".new");
    let write = || {
        let mut file = File::create(&aside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&aside, path)
    };
    write().map_err(|error: std::io::Error| {
        Failure::failed(format!("{} cannot be written: {error}.", path.display()))
    })
}
