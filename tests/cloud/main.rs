//! The copy in the cloud, against a real PostgreSQL that the tests start themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod again;
mod bill_kept;
#[path = "../faults/cell.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod cell;
mod copy;
mod disk;
mod evenings;
#[path = "../it/harness/mod.rs"]
#[allow(dead_code, unused_imports, reason = "shared with other tests")]
mod harness;
mod joining;
mod killed;
mod offline;
#[path = "../faults/port.rs"]
mod port;
mod postgres;
#[path = "../faults/harness.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod process;
mod published;
mod running;
mod same;
mod sites;
mod status;
mod stocked;
mod wire;
