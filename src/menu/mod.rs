//! The menu.
