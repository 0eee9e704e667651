//! How the program's memory is kept small. Both allocators are told only by variables that they
//! read before the program begins, so a box that was started without them starts itself again with
//! them, at once and under the same number.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Free pages go back at once: after the second that mimalloc waits otherwise it gives back only
/// some, and a box that took in six photos kept 70 MiB. glibc's allocator, which is SQLite's, keeps
/// what was freed for each of its arenas.
const SETTINGS: [(&str, &str); 2] = [("MIMALLOC_PURGE_DELAY", "0"), ("MALLOC_ARENA_MAX", "2")];

/// Makes sure that the allocators know. Where the program cannot be started again it goes on: it is
/// larger then, and works.
pub(super) fn set_up() {
    let missing = SETTINGS.iter().filter(|(name, _)| std::env::var_os(name).is_none());
    let missing: Vec<_> = missing.collect();
    let Some(program) = std::env::current_exe().ok().filter(|_| !missing.is_empty()) else {
        return;
    };
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_else(|| OsString::from("qres"));
    let settings = missing.into_iter().copied();
    let error = Command::new(program).arg0(name).args(arguments).envs(settings).exec();
    eprintln!("The box goes on with more memory than it needs: {error}");
}
