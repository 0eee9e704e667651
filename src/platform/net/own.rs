//! What the box is called in its network and at which addresses it is reached: what its
//! certificate speaks for, and what a request may call it.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};

use super::names::mark;

/// Domains that routers give to machines and that nobody can own in the internet.
const PRIVATE_DOMAINS: [&str; 6] = ["local", "lan", "home", "home.arpa", "internal", "localdomain"];

/// The names and addresses of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnNames {
    /// In small letters, without a dot at the end.
    pub hosts: BTreeSet<String>,
    /// Without link-local IPv6, which counts only together with a network card.
    pub addresses: BTreeSet<IpAddr>,
    /// The one that is told to people; none without a network.
    pub primary: Option<IpAddr>,
}

impl OwnNames {
    /// As things stand now; `site` is the restaurant's id, which is in one of the names.
    pub fn now(site: &str) -> Self {
        let mut hosts = BTreeSet::from(["localhost".to_owned(), "qres.local".to_owned()]);
        hosts.insert(format!("qres-{}.local", mark(site)));
        if let Some(host) = host_name() {
            hosts.extend(names_of(&host));
        }
        let mut addresses =
            BTreeSet::from([Ipv4Addr::LOCALHOST.into(), IpAddr::from(Ipv6Addr::LOCALHOST)]);
        match if_addrs::get_if_addrs() {
            Ok(cards) => addresses.extend(cards.iter().map(if_addrs::Interface::ip)),
            Err(error) => tracing::warn!(%error, "the addresses of this machine are not known"),
        }
        addresses.retain(|ip| !matches!(ip, IpAddr::V6(v6) if v6.is_unicast_link_local()));
        let primary = towards_the_world().or_else(|| first_of(&addresses));
        Self { hosts, addresses, primary }
    }
}

/// The address from which the box would speak to the world. Nothing is sent; the address asked for
/// is one that documents use and nobody has.
fn towards_the_world() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_unspecified())
}

/// In a network that leads nowhere: IPv4 sorts first, and every phone has it.
fn first_of(addresses: &BTreeSet<IpAddr>) -> Option<IpAddr> {
    addresses.iter().find(|ip| !ip.is_loopback()).copied()
}

fn host_name() -> Option<String> {
    let system = rustix::system::uname();
    let name = system.nodename().to_str().ok()?.trim_end_matches('.').to_ascii_lowercase();
    let is_name = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    name.split('.').all(is_name).then_some(name)
}

/// A machine `till` is found as `till`, `till.local`, `till.lan`, as its router has it.
fn names_of(host: &str) -> Vec<String> {
    let first = host.split('.').next().unwrap_or(host);
    let mut names: Vec<_> =
        PRIVATE_DOMAINS.iter().map(|domain| format!("{first}.{domain}")).collect();
    names.extend([first.to_owned(), host.to_owned()]);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_knows_itself() {
        let own = OwnNames::now("1a2b3c4d-0000-4000-8000-000000000000");
        assert!(own.hosts.contains("qres-1a2b.local") && own.hosts.contains("localhost"));
        assert!(own.addresses.contains(&IpAddr::from([127, 0, 0, 1])));
        assert!(names_of("till.anna.example").contains(&"till.lan".to_owned()));
        let addresses = ["fd00::5", "192.168.1.20", "127.0.0.1"].map(|ip| ip.parse().unwrap());
        let first = first_of(&addresses.into()).unwrap();
        assert_eq!(first.to_string(), "192.168.1.20");
    }
}
