//! Figures for those who run the restaurant.

mod api;
mod board;
mod feature;
mod reports_api;
mod rules;
mod sheet;
mod stats;
mod store;
mod types;
mod words;

pub use feature::feature;
