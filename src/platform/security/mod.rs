//! What every request passes before a handler sees it: who asks and how (behind which proxy, over
//! TLS or not), whether it means this box, whether it comes from a foreign page, what may go over
//! plain HTTP, and how large it may be. And what every reply tells the browser.

mod attacks;
mod blocks;
mod class;
mod client;
mod door;
pub mod events;
mod feature;
mod gate;
mod headers;
mod hosts;
mod limits;
mod origins;
mod patience;
mod webhook;

pub use blocks::{Blocks, client_net, forget_expired};
pub use class::Class;
pub use client::Client;
pub use door::{Door, around, https_needed};
pub use feature::feature;
pub use limits::{Budget, Limiter, Limits, Who, quota};
pub use origins::cors;
pub use webhook::{Webhook, deliver};
