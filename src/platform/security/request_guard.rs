//! What the box knows of itself when a request comes: its names, who may come without HTTPS, and
//! what every reply tells the browser.

use std::sync::Arc;

use super::client::Client;
use super::headers::Policy;
use super::host_check::{Allowed, Named, is_own};
use crate::core::error::Error;
use crate::platform::config::Settings;
use crate::platform::net::Addresses;
use crate::platform::server::Connection;

/// What the box knows when somebody knocks.
pub struct RequestGuard {
    addresses: Arc<Addresses>,
    allowed: Allowed,
    pub(super) policy: Policy,
}

impl RequestGuard {
    /// From the settings.
    pub fn new(settings: &Settings, addresses: Arc<Addresses>) -> Self {
        let base = settings.qr_base_url.as_deref().and_then(|base| base.parse().ok());
        let base_host = base.and_then(|uri: axum::http::Uri| Some(uri.host()?.to_owned()));
        let names: Vec<_> = settings.allowed_hosts.iter().cloned().chain(base_host).collect();
        Self { addresses, allowed: Allowed::new(&names), policy: Policy::new(settings) }
    }

    /// Whether this client may do a member of staff's work over this connection.
    pub fn lets_staff(&self, client: &Client) -> bool {
        client.is_secure || client.is_local || self.addresses.serves_staff_openly()
    }

    pub(super) fn is_ours(&self, named: &Named, connection: Connection) -> bool {
        self.allowed.has(&named.host) || is_own(named, &self.addresses.own(), connection.local.ip())
    }

    /// The same address by HTTPS; none where this box serves none.
    pub(super) fn secure_url(&self, client: &Client, named: &Named, path: &str) -> Option<String> {
        let tls = || Some(self.addresses.listening()?.tls?.port());
        let port = if client.is_proxied { None } else { Some(tls()?) };
        Some(format!("https://{}{path}", named.with_port(port.filter(|port| *port != 443))))
    }
}

/// The refusal of a staff request that came readable for everybody on the Wi-Fi.
pub fn https_needed(url: Option<String>) -> Error {
    let detail = match &url {
        Some(url) => format!(
            "Everybody on the Wi-Fi could read this: staff works over HTTPS only. Go to {url}; \
             how to trust it stands on the page /trust."
        ),
        None => "Everybody on the Wi-Fi could read this: staff works over HTTPS only, and this \
                 box is set to serve none. Set tls_listen, or name the proxy that serves it in \
                 trusted_proxies."
            .into(),
    };
    Error::forbidden("https_needed", detail).with("url", url)
}
