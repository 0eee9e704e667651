//! What everything stands on, and what knows nobody: values that check themselves, the box's time,
//! the database, the log of events.

pub mod clock;
pub mod error;
pub mod event;
pub mod histogram;
pub mod kernel;
pub mod store;
