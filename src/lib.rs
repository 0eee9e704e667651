//! QRes: a whole restaurant from one small box. The map of the modules.
//!
//! A request runs one way: `http` -> a feature's `api` -> its `rules` -> its `store` -> `event`
//! -> `live`. Each feature is one folder with the same few files.

pub mod account;
pub mod app;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod calls;
pub mod cli;
pub mod clock;
pub mod cloud;
pub mod config;
pub mod devices;
pub mod error;
pub mod event;
pub mod floor;
pub mod guests;
pub mod home;
pub mod http;
pub mod import;
pub mod jobs;
pub mod kernel;
pub mod kitchen;
pub mod live;
pub mod menu;
pub mod net;
pub mod observe;
#[cfg(debug_assertions)]
pub mod openapi;
pub mod orders;
pub mod payments;
pub mod reports;
pub mod restaurant;
pub mod router;
pub mod security;
pub mod server;
pub mod setup;
pub mod sheets;
pub mod staff;
pub mod store;
pub mod tls;
pub mod update;
pub mod uploads;
pub mod visits;
pub mod web;

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What `qres --version` says: version, commit, and the version of SQLite inside.
pub fn long_version() -> &'static str {
    let commit = option_env!("QRES_COMMIT").unwrap_or("unknown");
    format!("{VERSION} (commit {commit}, SQLite {})", store::sqlite_version()).leak()
}
