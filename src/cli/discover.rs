//! `qres discover`: which boxes are in this network, and where.

use std::time::Duration;

use clap::Args;

use super::failure::Failure;
use super::output::tell;
use crate::platform::net::{self, FoundBox};

#[derive(Args)]
pub(super) struct Options {
    /// How long to wait for answers.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// Write what was found as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn discover(options: &Options) -> Result<(), Failure> {
    let found = net::discover(Duration::from_secs(options.seconds))
        .map_err(|error| Failure::failed(format!("The network cannot be asked: {error}.")))?;
    if found.is_empty() {
        eprintln!(
            "No box answered within {} s. Is it running, is it in this same network, and does the \
             network let multicast through?",
            options.seconds
        );
        if !options.json {
            return Ok(());
        }
    }
    tell(options.json, &found, || found.iter().map(text).collect::<Vec<_>>().join("\n\n"))
}

fn text(found: &FoundBox) -> String {
    let FoundBox { name, host, addresses, version, site } = found;
    let addresses = addresses.join("  ");
    format!("{name}\n  {host}  {addresses}\n  version {version}, site {site}")
}
