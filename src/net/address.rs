//! The address of the box: what the tables' QR codes lead to, and what is told to people.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use crate::config::Settings;

/// What every table's QR code begins with, e.g. `http://192.168.1.20:8000/menu`. `host` is the
/// name under which the asker found the box; it counts where the box knows no better.
pub fn menu_base(settings: &Settings, host: Option<&str>) -> String {
    let set = settings.qr_base_url.as_deref().map(|base| base.trim().trim_end_matches('/'));
    match set.filter(|base| !base.is_empty()) {
        Some(base) => base.to_owned(),
        None => format!("http://{}/menu", authority(settings.listen, lan_address(), host)),
    }
}

/// The box as other devices find it, e.g. `http://192.168.1.20:8000`; none where only programs
/// on the box itself can reach it.
pub fn lan_url(settings: &Settings) -> Option<String> {
    own_authority(settings.listen, lan_address()).map(|authority| format!("http://{authority}"))
}

/// The address at which other devices reach a listener; none where only programs on the box
/// itself can.
pub fn lan_address_of(listen: SocketAddr) -> Option<IpAddr> {
    let own = if listen.ip().is_unspecified() { lan_address() } else { Some(listen.ip()) };
    own.filter(|ip| !ip.is_loopback())
}

fn own_authority(listen: SocketAddr, lan: Option<IpAddr>) -> Option<String> {
    let own = if listen.ip().is_unspecified() { lan } else { Some(listen.ip()) };
    let ip = own.filter(|ip| !ip.is_loopback())?;
    Some(without_port_80(&SocketAddr::new(ip, listen.port()).to_string()))
}

fn authority(listen: SocketAddr, lan: Option<IpAddr>, host: Option<&str>) -> String {
    if let Some(own) = own_authority(listen, lan) {
        return own;
    }
    match host.filter(|host| is_plain(host)) {
        Some(host) => without_port_80(host),
        None => without_port_80(&format!("localhost:{}", listen.port())),
    }
}

fn without_port_80(authority: &str) -> String {
    authority.strip_suffix(":80").unwrap_or(authority).to_owned()
}

fn is_plain(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]_".contains(&b))
}

/// The address of the box in its LAN: the one from which it would speak to the world. Nothing is
/// sent; the address asked for is one that documents use and nobody has.
fn lan_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_unspecified())
}

/// Whether this machine has the address.
pub(super) fn is_ours(ip: IpAddr) -> bool {
    UdpSocket::bind((ip, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_address_is_taken_as_it_is() {
        let base = |set: &str| {
            let settings = Settings { qr_base_url: Some(set.into()), ..Settings::default() };
            menu_base(&settings, Some("box.local"))
        };
        assert_eq!(base("https://eat.example/menu/"), "https://eat.example/menu");
        assert!(base(" ").starts_with("http://"), "an empty one is none");
    }

    #[test]
    fn phones_get_an_address_that_they_can_reach() {
        for (listen, lan, host, wanted) in [
            ("0.0.0.0:8000", Some("192.168.1.20"), Some("box.local"), "192.168.1.20:8000"),
            ("0.0.0.0:80", Some("192.168.1.20"), None, "192.168.1.20"),
            ("10.0.0.5:8000", Some("192.168.1.20"), None, "10.0.0.5:8000"),
            ("[::]:8000", Some("fd00::5"), None, "[fd00::5]:8000"),
            ("0.0.0.0:8000", None, Some("box.local:8000"), "box.local:8000"),
            ("127.0.0.1:8000", Some("192.168.1.20"), Some("eat.example"), "eat.example"),
            ("0.0.0.0:8000", None, Some("a\"><b>"), "localhost:8000"),
            ("0.0.0.0:8000", Some("127.0.0.1"), None, "localhost:8000"),
        ] {
            let lan = lan.map(|ip| ip.parse().unwrap());
            assert_eq!(authority(listen.parse().unwrap(), lan, host), wanted, "{listen} {host:?}");
        }
    }
}
