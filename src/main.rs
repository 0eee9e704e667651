//! The `qres` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    qres::cli::run()
}
