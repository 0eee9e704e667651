//! Printers that are not there, written from the manufacturers' documents alone: nothing here knows
//! how our own driver writes. What a fake takes for right is what the reference says; what it says
//! nothing about is an error, so that a slip of the driver is seen and not forgiven.
//!
//! - [`escpos`]: bytes to pages, pulses and questions.
//! - [`tcp`]: a printer on a port that takes ESC/POS, with its sensors and its faults.
//! - [`epos`], [`webprnt`]: Epson's and Star's printers over HTTP.
//! - [`pull`]: printers that ask a server for work: Epson's Server Direct Print, Star's CloudPRNT.

// Each binary that takes this in uses its own part of it.
#![allow(dead_code)]

pub mod condition;
pub mod epos;
pub mod escpos;
pub mod http;
pub mod over_http;
pub mod picture;
pub mod pull;
pub mod tcp;
pub mod webprnt;
pub mod xml;
