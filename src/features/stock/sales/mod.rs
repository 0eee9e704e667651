//! What sold dishes take. Read from the event log after the commit, so that no order waits for it; and
//! posted as a difference to what was posted, so that to do it twice is to do it once.

mod reader;
mod store;
mod takes;

pub(super) use reader::read_sales;
pub(super) use store::post_day;
