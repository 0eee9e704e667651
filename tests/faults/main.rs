//! The real binary, and what goes wrong around it: the plug, the disk, the network, the neighbour.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod approvals;
mod backup;
mod cell;
mod crafted;
mod crowd;
mod disk;
mod erasure;
mod evidence;
mod feed;
mod fiscal;
mod harness;
mod kill;
mod memory;
mod port;
#[allow(dead_code, reason = "the faults of its line are asked for beside")]
#[path = "../it/printer.rs"]
mod printer;
mod printing;
mod pulled;
mod readers;
#[allow(dead_code, reason = "what is looked at on paper is asked for beside")]
#[path = "../it/register.rs"]
mod register;
mod requests;
mod screens;
mod smoke;
mod stock;
mod stop;
mod update;
mod webhook;
