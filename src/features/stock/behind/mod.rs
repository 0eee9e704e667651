//! What is done of stock behind orders: what long documents still move, and what is counted anew after
//! something was written down late.

mod keeper;
mod store;

pub(super) use keeper::{Behind, keep_counting};
