//! `qres tidy`: what is done once a night, beside a box that runs or in its place.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::options::DataOptions;
use super::output::tell;
use super::serve;
use crate::appliance::Appliance;
use crate::core::store;
use crate::platform::observe;

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    data: DataOptions,
    /// Write what was done as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn tidy(options: &Options) -> Result<(), Failure> {
    let settings = options.data.settings()?;
    observe::start_command_log(&settings);
    let data = settings.data_dir.clone();
    let is_emptied = store::checkpoint(&data)?;
    // A box that runs forgets by itself, every hour; only one that does not is helped.
    let is_trimmed = match serve::runtime()?.block_on(Appliance::open(settings)) {
        Ok(app) => {
            let forgotten = serve::runtime()?.block_on(async {
                let forgotten = app.forget_what_is_old().await;
                app.store.close().await;
                forgotten
            });
            forgotten.map(|()| true)?
        }
        Err(crate::appliance::StartError::Data(store::OpenError::Locked(_))) => false,
        Err(error) => return Err(error.into()),
    };
    tell(options.json, &json!({"log_emptied": is_emptied, "trimmed": is_trimmed}), || {
        if is_emptied {
            "The log was written back and cut off.".into()
        } else {
            "A part of the log is in use; it is written back the next time.".into()
        }
    })
}
