//! The box in-process, spoken to over real HTTP by clients of every role.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod account;
mod audit;
mod auth;
mod backup;
mod calls;
mod changes;
mod devices;
mod door;
mod figures;
mod floor;
mod guests;
mod harness;
mod http;
mod import;
mod kitchen;
mod limits;
mod live;
mod logs;
mod menu;
mod moving;
mod observe;
mod openapi;
mod order_lists;
mod orders;
mod payments;
mod plan;
mod priorities;
mod qr;
mod reports;
mod roles;
mod security_events;
mod setup;
mod staff;
mod store;
mod sums;
mod tls;
mod tokens;
mod told;
mod transfer;
mod uploads;
mod web;
mod webhook;
