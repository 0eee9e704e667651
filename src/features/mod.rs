//! What a restaurant does with the box: a folder for each.

pub mod account;
pub mod backup;
pub mod calls;
pub mod checks;
pub mod cloud;
pub mod devices;
pub mod feed;
pub mod floor;
pub mod guests;
pub mod home;
pub mod import;
pub mod kitchen;
pub mod menu;
pub mod orders;
pub mod payments;
pub mod permissions;
pub mod reasons;
pub mod reports;
pub mod restaurant;
pub mod setup;
pub mod staff;
pub mod tips;
pub mod update;
pub mod uploads;
pub mod visits;
