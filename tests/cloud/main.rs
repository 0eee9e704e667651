//! The copy in the cloud, against a real PostgreSQL that the tests start themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod copy;
#[path = "../it/harness/mod.rs"]
#[allow(dead_code, unused_imports, reason = "shared with other tests")]
mod harness;
mod postgres;
mod running;
mod same;
mod sites;
mod status;
mod wire;
