//! Printers that are not there, and whether they are what they should be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod fake;

mod documents;
mod opinion;
mod pictures;
mod port;
mod pulled;
mod stream;
mod text;
