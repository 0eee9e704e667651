//! `qres audit verify`: whether the trail of what people changed is whole.

use clap::Args;

use super::failure::Failure;
use super::options::DataOptions;
use super::output::tell;
use crate::core::store;
use crate::platform::audit;

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    data: DataOptions,
    /// A head that was noted earlier (the box writes them to its log): shows whether the end of
    /// the trail was cut off since.
    #[arg(long, value_name = "ID:HASH")]
    head: Option<String>,
    /// Write what was found as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn verify(options: &Options) -> Result<(), Failure> {
    let settings = options.data.settings()?;
    let db = store::open_read_only(&settings.data_dir)?;
    let verdict = audit::verify(&db, options.head.as_deref())?;
    tell(options.json, &verdict, || {
        let head = verdict.head.as_deref().unwrap_or("none");
        format!("{} entries follow each other. Head: {head}", verdict.entries)
    })?;
    match verdict.broken {
        None => Ok(()),
        Some(why) => Err(Failure::failed(format!("The audit trail is broken: {why}."))),
    }
}
