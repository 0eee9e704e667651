//! A register behind ATOL's web server (driver 10, and Web Requests after it): JSON over HTTP.

mod answers;
mod numbers;
mod talk;
mod tasks;

pub use talk::Atol;
