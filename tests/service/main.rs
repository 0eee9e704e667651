//! The box as a service: what systemd is told, sockets that it hands over, its units, the package
//! that installs them, and all of it together under a systemd of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod machine;
mod notify;
mod package;
mod systemd;
mod units;

use std::path::Path;
use std::process::Output;
use std::time::Duration;

/// The longest that any single thing may take; only a failure takes so long.
const PATIENCE: Duration = Duration::from_mins(1);

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}
