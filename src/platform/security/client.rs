//! Who asks, and how he came: behind the proxies that the settings name, and no others.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};

use super::host_check::Named;
use crate::platform::config::Net;
use crate::platform::net::Found;
use crate::platform::server::Connection;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// His address; the port is that of the connection.
    pub address: SocketAddr,
    /// Whether his request came encrypted all the way to us, or to a proxy that we believe.
    pub is_secure: bool,
    /// Whether he is on the box itself.
    pub is_local: bool,
    /// The name under which he looked for us: the `Host` header, or what a believed proxy says.
    pub host: Option<String>,
    /// Whether a believed proxy stands between.
    pub is_proxied: bool,
}

impl Client {
    /// The client of a request. `authority` is the one of the request's own URI.
    pub fn of(
        connection: Connection,
        headers: &HeaderMap,
        authority: Option<&str>,
        trusted: &[Net],
    ) -> Self {
        let peer = connection.peer.ip().to_canonical();
        let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.has(ip));
        // Two hosts are none: what one program reads, another overlooks.
        let is_clear = headers.get_all(header::HOST).iter().nth(1).is_none();
        let own_host = authority.or_else(|| text(headers, &header::HOST));
        let own_host = own_host.filter(|_| is_clear).map(str::to_owned);
        if !is_trusted(peer) {
            return Self {
                address: SocketAddr::new(peer, connection.peer.port()),
                is_secure: connection.is_tls,
                // A proxy on the box that the settings do not name brings strangers.
                is_local: peer.is_loopback() && !is_forwarded(headers),
                host: own_host,
                is_proxied: false,
            };
        }
        // Each proxy adds the address that it saw at the end: the last that is no proxy of ours.
        let named = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let mut named: Vec<_> = named.flat_map(|value| value.split(',')).map(address_in).collect();
        let mut address = peer;
        while let Some(Some(before)) = named.pop() {
            address = before;
            if !is_trusted(before) {
                break;
            }
        }
        let proto = last(headers, &FORWARDED_PROTO);
        Self {
            address: SocketAddr::new(address, connection.peer.port()),
            is_secure: proto.map_or(connection.is_tls, |proto| proto.eq_ignore_ascii_case("https")),
            is_local: address.is_loopback() && !is_forwarded(headers),
            host: last(headers, &FORWARDED_HOST).map(str::to_owned).or(own_host),
            is_proxied: true,
        }
    }
}

impl Client {
    /// How he found the box.
    pub fn found(&self) -> Found {
        let named = self.host.as_deref().and_then(Named::parse);
        Found {
            authority: self.host.clone(),
            host: named.map(|named| named.with_port(None)),
            is_secure: self.is_secure,
            is_proxied: self.is_proxied,
        }
    }
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    let signs = [FORWARDED_FOR, FORWARDED_HOST, FORWARDED_PROTO, header::FORWARDED, header::VIA];
    signs.iter().any(|name| headers.contains_key(name))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The last value of a list: what the proxy next to us says.
fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next().map(str::trim).filter(|value| !value.is_empty())
}

/// `192.0.2.7`, `192.0.2.7:1234`, `fd00::7` or `[fd00::7]:1234`.
fn address_in(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse().ok().or_else(|| {
        text.parse::<SocketAddr>()
            .ok()
            .map(|address| address.ip())
            .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
    });
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn client(peer: &str, headers: &[(&'static str, &'static str)]) -> Client {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        let local = "192.168.1.20:8000".parse().unwrap();
        let connection = Connection { peer: peer.parse().unwrap(), local, is_tls: false };
        let trusted = [Net::try_from("10.0.0.0/8".to_owned()).unwrap()];
        Client::of(connection, &map, None, &trusted)
    }

    #[test]
    fn only_named_proxies_are_believed() {
        let forged = [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "evil.example"),
            ("host", "box"),
        ];
        let stranger = client("192.168.1.66:5000", &forged);
        assert_eq!(stranger.address.ip().to_string(), "192.168.1.66");
        assert!(!stranger.is_secure && !stranger.is_local && !stranger.is_proxied);
        assert_eq!(stranger.host.as_deref(), Some("box"));
    }

    #[test]
    fn the_address_is_the_last_that_is_no_proxy() {
        for (list, address) in [
            ("192.0.2.7", "192.0.2.7"),
            ("127.0.0.1, 192.0.2.7", "192.0.2.7"),
            ("1.1.1.1, 192.0.2.7:1234, 10.1.1.1", "192.0.2.7"),
            ("[fd00::7]:443", "fd00::7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("192.0.2.7, rubbish", "10.0.0.1"),
            ("10.0.0.9", "10.0.0.9"),
            ("127.0.0.1", "127.0.0.1"),
        ] {
            let list: &'static str = list;
            let found = client("10.0.0.1:5000", &[("x-forwarded-for", list)]);
            assert_eq!(found.address.ip().to_string(), address, "{list}");
            assert!(!found.is_local, "{list}: nobody is on the box who came by a proxy");
        }
        let proto = client("10.0.0.1:1", &[("x-forwarded-proto", "http, https")]);
        assert!(proto.is_secure && proto.is_proxied);
    }

    #[test]
    fn a_proxy_on_the_box_that_is_not_named_brings_strangers() {
        assert!(client("127.0.0.1:5000", &[]).is_local);
        assert!(client("[::ffff:127.0.0.1]:5000", &[]).is_local);
        assert!(!client("127.0.0.1:5000", &[("via", "1.1 nginx")]).is_local);
        assert!(!client("127.0.0.1:5000", &[("x-forwarded-for", "192.0.2.7")]).is_local);
    }
}
