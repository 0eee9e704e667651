//! Whether a request means this box. A foreign page can make a browser call any address under a
//! name of its own (DNS rebinding); the name then stands in `Host`.

use std::net::IpAddr;

use axum::http::uri::Authority;

use crate::platform::net::OwnNames;

/// A host and perhaps a port, as a request names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// In small letters; an IPv6 address without its brackets.
    pub host: String,
    /// The port, if it is named.
    pub port: Option<u16>,
}

impl Named {
    /// Reads `till.lan`, `192.168.1.20:8000` or `[fd00::5]:8000`; none when it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let authority: Authority = text.parse().ok()?;
        if text.contains('@') {
            return None;
        }
        let host = authority.host();
        let port = match &text[host.len()..] {
            "" => None,
            rest => Some(rest.strip_prefix(':')?.parse().ok()?),
        };
        let host = host.trim_start_matches('[').trim_end_matches([']', '.']).to_ascii_lowercase();
        (!host.is_empty()).then_some(Self { host, port })
    }

    /// The address, where it is one.
    pub fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// As it stands in a URL, with another port.
    pub fn with_port(&self, port: Option<u16>) -> String {
        let host = match self.address() {
            Some(IpAddr::V6(_)) => format!("[{}]", self.host),
            _ => self.host.clone(),
        };
        match port {
            Some(port) => format!("{host}:{port}"),
            None => host,
        }
    }
}

/// Names that the settings add.
pub struct Allowed(Vec<String>);

impl Allowed {
    /// From `allowed_hosts`: names, addresses, `*.example.com` for all below a name, or `*`.
    pub fn new(names: &[String]) -> Self {
        let plain = |name: &String| {
            let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
            name.trim_start_matches('[').trim_end_matches(']').to_owned()
        };
        Self(names.iter().map(plain).filter(|name| !name.is_empty()).collect())
    }

    /// Whether a host is one of them.
    pub fn has(&self, host: &str) -> bool {
        self.0.iter().any(|name| match name.strip_prefix("*.") {
            Some(parent) => {
                host.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
            }
            None => name == "*" || name == host,
        })
    }
}

/// Whether the name is one of the box's own; `local` is the address that the request came to.
pub fn is_own(named: &Named, own: &OwnNames, local: IpAddr) -> bool {
    match named.address() {
        Some(address) => {
            let address = address.to_canonical();
            address == local.to_canonical()
                || address.is_loopback()
                || own.addresses.contains(&address)
        }
        None => own.hosts.contains(&named.host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_they_stand_in_requests() {
        for (text, host, port) in [
            ("Till.Lan", "till.lan", None),
            ("till.lan.:8000", "till.lan", Some(8000)),
            ("192.168.1.20:8000", "192.168.1.20", Some(8000)),
            ("[FD00::5]:8000", "fd00::5", Some(8000)),
            ("[fd00::5]", "fd00::5", None),
        ] {
            let named = Named::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((named.host.as_str(), named.port), (host, port), "{text}");
        }
        for text in
            ["", ":80", "a b", "user@box", "box:", "box:port", "box:99999", "a/b", "a,b\"", "[::1"]
        {
            assert_eq!(Named::parse(text), None, "{text}");
        }
        assert_eq!(Named::parse("[fd00::5]:1").unwrap().with_port(Some(8443)), "[fd00::5]:8443");
    }

    #[test]
    fn only_own_and_allowed_names_are_ours() {
        let own = OwnNames {
            hosts: ["qres.local".to_owned()].into(),
            addresses: ["192.168.1.20".parse().unwrap()].into(),
            primary: None,
        };
        let local = "172.17.0.2".parse().unwrap();
        let is_ours = |host: &str| is_own(&Named::parse(host).unwrap(), &own, local);
        for host in ["qres.local:8000", "192.168.1.20", "172.17.0.2", "127.0.0.1", "[::1]:8000"] {
            assert!(is_ours(host), "{host}");
        }
        for host in ["evil.example", "qres.local.evil.example", "192.168.1.21", "xqres.local"] {
            assert!(!is_ours(host), "{host}");
        }
        let allowed = ["Till.Example", "*.anna.example"].map(str::to_owned);
        let allowed = Allowed::new(&allowed);
        assert!(allowed.has("till.example") && allowed.has("a.anna.example"));
        assert!(!allowed.has("anna.example") && !allowed.has("xanna.example"));
        assert!(!allowed.has("b.till.example"));
    }
}
