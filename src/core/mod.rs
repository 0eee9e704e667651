//! What everything stands on, and what knows nobody: values that check themselves, the box's time,
//! the database, the log of events, what is to be done after a deed or in the background.

pub mod background;
pub mod clock;
pub mod error;
pub mod event;
pub mod histogram;
pub mod jobs;
pub mod kernel;
pub mod store;
