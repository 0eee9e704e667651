//! QRes: a whole restaurant from one small box. State is at the bottom and composition at the top:
//! `core`, `platform`, `features`, `appliance`, `cli`. Beside it, `simulators` are devices that are not
//! there.
//!
//! A request runs one way: `platform::http` -> a feature's `api` -> its `rules` -> its `store` ->
//! `core::event` -> `platform::hub`. Each feature is one folder with the same few files.

pub mod appliance;
pub mod cli;
pub mod core;
pub mod features;
pub mod platform;
pub mod simulators;

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What `qres --version` says: version, commit, and the version of SQLite inside.
pub fn long_version() -> &'static str {
    let commit = option_env!("QRES_COMMIT").unwrap_or("unknown");
    format!("{VERSION} (commit {commit}, SQLite {})", core::store::sqlite_version()).leak()
}
