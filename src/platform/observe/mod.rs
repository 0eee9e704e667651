//! What the box tells of its own work: a line for each request, figures for a monitoring system,
//! and its health. Counting costs a few atomic additions; writing is done by a thread of its own,
//! so that no order waits for a log.

mod api;
mod console;
mod daily;
mod exposition;
mod feature;
mod health;
mod health_watch;
mod log;
mod request_line;
mod request_metrics;
mod requester;
mod requests;

pub use feature::feature;
pub use health::Health;
pub use health_watch::watch;
pub use log::{start as start_log, start_command as start_command_log};
pub use request_line::flush;
pub use request_metrics::RequestMetrics;
pub use requester::Requester;
pub use requests::around;
