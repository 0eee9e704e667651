//! The `qres` program.

use std::process::ExitCode;

/// Gives freed memory back. The system's allocator keeps it for each thread, and a box that was
/// busy once would stay large.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Of two megabytes in one page it would hold all for the one kilobyte that is in use. A kernel
    // without huge pages refuses, and needs no telling.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    qres::cli::run()
}
