//! What every request passes before a handler sees it: who asks and how (behind which proxy, over
//! TLS or not), whether it means this box, whether it comes from a foreign page, what may go over
//! plain HTTP, and how large it may be. And what every reply tells the browser.

pub use blocks::{Blocks, client_net, forget_expired};
pub use client::Client;
mod attacks;
mod blocks;
mod body_timeout;
mod client;
mod doctor;
pub mod events;
mod feature;
mod headers;
mod host_check;
mod limits;
mod middleware;
mod origins;
mod rate_gate;
mod request_guard;
mod route_class;
mod webhook;
mod webhook_worker;

pub use feature::feature;
pub use limits::{Budget, Limiter, Limits, Who, quota};
pub use middleware::around;
pub use origins::cors;
pub use request_guard::{RequestGuard, https_needed};
pub use route_class::Class;
pub use webhook::Webhook;
