//! What is counted anew behind orders, after something was written down late.

mod keeper;
mod store;

pub(super) use keeper::{Recounts, keep_counting};
