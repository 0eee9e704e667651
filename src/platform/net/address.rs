//! At which addresses the box is found: the one place that knows. What `/`, the QR codes of tables,
//! pairing and trust, the console of a new box and mDNS tell people comes from here, and so does
//! what a request may call the box, and what its certificate speaks for.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::OwnNames;
use super::listening::Listening;
use crate::platform::config::Settings;

/// How somebody found the box; it counts where the box knows no better.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// As it stands in the request, e.g. `till.lan:8000`.
    pub authority: Option<String>,
    /// The same without its port.
    pub host: Option<String>,
    /// Whether he came by HTTPS.
    pub is_secure: bool,
    /// Whether a believed proxy stands between: then only it knows where the box is found.
    pub is_proxied: bool,
}

/// The addresses of the box.
pub struct Addresses {
    /// What is set for guests.
    menu: Option<String>,
    /// Its certificate is the owner's: for names, not for addresses.
    speaks_for_a_name: bool,
    /// Staff may come by plain HTTP from anywhere.
    http_staff: bool,
    own: RwLock<Arc<OwnNames>>,
    listening: OnceLock<Listening>,
    announced: RwLock<Option<String>>,
}

impl Addresses {
    /// From the settings; `is_demo` decides what they leave open.
    pub fn new(settings: &Settings, own: OwnNames, is_demo: bool) -> Self {
        let menu = settings.qr_base_url.as_deref().map(|base| base.trim().trim_end_matches('/'));
        Self {
            menu: menu.filter(|base| !base.is_empty()).map(str::to_owned),
            speaks_for_a_name: settings.tls_cert.is_some(),
            http_staff: settings.http_staff.unwrap_or(is_demo),
            own: RwLock::new(Arc::new(own)),
            listening: OnceLock::new(),
            announced: RwLock::default(),
        }
    }

    /// The names and addresses of the machine, as they were last looked at.
    pub fn own(&self) -> Arc<OwnNames> {
        Arc::clone(&self.own.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// They are these now.
    pub fn set_own(&self, own: OwnNames) {
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(own);
    }

    /// Where it listens; none before it does.
    pub fn listening(&self) -> Option<Listening> {
        self.listening.get().copied()
    }

    /// It listens there from now on.
    pub fn set_listening(&self, listening: Listening) {
        let _ = self.listening.set(listening);
    }

    /// The name under which it is announced by mDNS, e.g. `qres.local`.
    pub fn announced(&self) -> Option<String> {
        self.announced.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// It is announced under this name from now on.
    pub fn set_announced(&self, host: Option<String>) {
        *self.announced.write().unwrap_or_else(PoisonError::into_inner) = host;
    }

    /// Whether staff may come by plain HTTP from anywhere.
    pub fn serves_staff_openly(&self) -> bool {
        self.http_staff
    }

    /// The box as other devices find it, e.g. `http://192.168.1.20:8000`; none where only programs
    /// on the box itself can reach it.
    pub fn lan(&self) -> Option<String> {
        let listen = self.listening()?.plain;
        Some(url("http", &in_url(self.reached_at(listen)?), listen.port()))
    }

    /// The same by its name; none where it is not announced.
    pub fn by_name(&self) -> Option<String> {
        Some(url("http", &self.announced()?, self.listening()?.plain.port()))
    }

    /// Where other devices find what is open to all, e.g. `http://192.168.1.20:8000`.
    pub fn open(&self, found: &Found) -> String {
        match self.listening() {
            Some(listening) if !found.is_proxied => self.told("http", listening.plain, found),
            _ => {
                let scheme = if found.is_secure { "https" } else { "http" };
                format!("{scheme}://{}", found.authority.as_deref().unwrap_or("localhost"))
            }
        }
    }

    /// Where other devices find what is for staff, e.g. `https://192.168.1.20:8443`.
    pub fn staff(&self, found: &Found) -> String {
        match self.listening().and_then(|listening| listening.tls) {
            Some(tls) if !found.is_proxied && !self.http_staff => self.told("https", tls, found),
            _ => self.open(found),
        }
    }

    /// What every table's QR code begins with, e.g. `http://192.168.1.20:8000/menu`.
    pub fn menu(&self, found: &Found) -> String {
        self.menu.clone().unwrap_or_else(|| format!("{}/menu", self.open(found)))
    }

    /// The same where it is the same for everybody who asks.
    pub fn certain_menu(&self, found: &Found) -> Option<String> {
        let is_certain = self.menu.is_some() || (!found.is_proxied && self.lan().is_some());
        is_certain.then(|| self.menu(found))
    }

    /// Whether the guests' address is set, and not found out.
    pub fn is_menu_set(&self) -> bool {
        self.menu.is_some()
    }

    fn told(&self, scheme: &str, listen: SocketAddr, found: &Found) -> String {
        let by_address = !self.speaks_for_a_name || scheme == "http";
        let own = by_address.then(|| self.reached_at(listen)).flatten().map(in_url);
        let host = own.or_else(|| found.host.clone()).unwrap_or_else(|| "localhost".into());
        url(scheme, &host, listen.port())
    }

    /// The address at which other devices reach a listener.
    fn reached_at(&self, listen: SocketAddr) -> Option<IpAddr> {
        let ip = if listen.ip().is_unspecified() { self.own().primary } else { Some(listen.ip()) };
        ip.filter(|ip| !ip.is_loopback())
    }
}

fn in_url(ip: IpAddr) -> String {
    if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() }
}

fn url(scheme: &str, host: &str, port: u16) -> String {
    let usual = if scheme == "https" { 443 } else { 80 };
    if port == usual { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") }
}

/// Whether this machine has the address.
pub(super) fn is_ours(ip: IpAddr) -> bool {
    UdpSocket::bind((ip, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(settings: &Settings, plain: &str, primary: Option<&str>) -> Addresses {
        let primary = primary.map(|ip| ip.parse().unwrap());
        let addresses =
            Addresses::new(settings, OwnNames { primary, ..OwnNames::default() }, false);
        let tls = Some("0.0.0.0:8443".parse().unwrap());
        addresses.set_listening(Listening { plain: plain.parse().unwrap(), tls });
        addresses
    }

    fn found(authority: &str) -> Found {
        let host = authority.split(':').next().map(str::to_owned);
        Found { authority: Some(authority.to_owned()), host, ..Found::default() }
    }

    #[test]
    fn a_set_address_is_taken_as_it_is() {
        let of = |set: &str| {
            let settings = Settings { qr_base_url: Some(set.into()), ..Settings::default() };
            addresses(&settings, "127.0.0.1:8000", None)
        };
        let set = of("https://eat.example/menu/");
        assert_eq!(set.menu(&found("box.local")), "https://eat.example/menu");
        assert_eq!(set.certain_menu(&Found::default()), Some("https://eat.example/menu".into()));
        let empty = of(" ");
        assert_eq!(empty.menu(&found("box.local")), "http://box.local:8000/menu");
        assert_eq!(empty.certain_menu(&found("box.local")), None, "another asker hears another");
    }

    #[test]
    fn phones_get_an_address_that_they_can_reach() {
        for (plain, primary, host, wanted) in [
            ("0.0.0.0:8000", Some("192.168.1.20"), Some("box.local"), "http://192.168.1.20:8000"),
            ("0.0.0.0:80", Some("192.168.1.20"), None, "http://192.168.1.20"),
            ("10.0.0.5:8000", Some("192.168.1.20"), None, "http://10.0.0.5:8000"),
            ("[::]:8000", Some("fd00::5"), None, "http://[fd00::5]:8000"),
            ("0.0.0.0:8000", None, Some("box.local:8000"), "http://box.local:8000"),
            (
                "127.0.0.1:8000",
                Some("192.168.1.20"),
                Some("eat.example"),
                "http://eat.example:8000",
            ),
            ("0.0.0.0:8000", Some("127.0.0.1"), None, "http://localhost:8000"),
        ] {
            let addresses = addresses(&Settings::default(), plain, primary);
            let found = host.map(found).unwrap_or_default();
            assert_eq!(addresses.open(&found), wanted);
            assert_eq!(addresses.menu(&found), format!("{wanted}/menu"));
        }
    }

    #[test]
    fn staff_is_told_of_https_and_a_proxy_of_itself() {
        let addresses = addresses(&Settings::default(), "0.0.0.0:80", Some("192.168.1.20"));
        assert_eq!(addresses.staff(&found("x")), "https://192.168.1.20:8443");
        let proxied = Found { is_secure: true, is_proxied: true, ..found("till.example") };
        assert_eq!(addresses.staff(&proxied), "https://till.example");
        assert_eq!(addresses.menu(&proxied), "https://till.example/menu");
        assert_eq!(addresses.certain_menu(&proxied), None);
        assert_eq!(addresses.by_name(), None);
        addresses.set_announced(Some("qres-1a2b.local".into()));
        assert_eq!(addresses.by_name(), Some("http://qres-1a2b.local".into()));
    }
}
