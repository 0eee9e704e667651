//! What every feature uses and what knows none of them: settings, HTTP, who is who, what a request
//! passes, addresses, certificates, the audit trail.

pub mod app;
pub mod audit;
pub mod auth;
pub mod config;
pub mod feature;
pub mod http;
pub mod hub;
pub mod jobs;
pub mod net;
pub mod observe;
pub mod qr;
pub mod seats;
pub mod security;
pub mod server;
pub mod sheets;
pub mod site;
pub mod tls;
pub mod upkeep;
pub mod web;
pub mod websocket;
