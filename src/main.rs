//! The `qres` program.

use std::process::ExitCode;

/// Gives freed memory back. The system's allocator keeps it for each thread, and a box that was
/// busy once would stay large.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    qres::cli::run()
}
