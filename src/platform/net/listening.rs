//! Where the box is served.

use std::net::SocketAddr;

/// Where the box listens.
#[derive(Debug, Clone, Copy)]
pub struct Listening {
    /// For plain HTTP.
    pub plain: SocketAddr,
    /// For HTTPS, where this box serves it.
    pub tls: Option<SocketAddr>,
}
