//! Finds who announces himself in the network: boxes, and what else there is.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use mdns_sd::{ResolvedService, Result, ScopedIp, ServiceDaemon, ServiceEvent};
use serde::Serialize;

use super::card::{QRES, instance_of};

/// A network with more of a kind than this is not one of restaurants.
const MOST: usize = 200;
/// The longest that the searching thread may take to end.
const CLOSE: Duration = Duration::from_secs(1);

/// A box that answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundBox {
    /// The restaurant's name.
    pub name: String,
    /// Its name in the network, e.g. `qres.local`.
    pub host: String,
    /// Where it serves HTTP, IPv4 first, e.g. `192.168.1.20:8000`.
    pub addresses: Vec<String>,
    /// The version of its program.
    pub version: String,
    /// Tells the restaurant from all others.
    pub site: String,
}

/// Something else that announces itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// As people read it.
    pub name: String,
    /// Where it is.
    pub addresses: Vec<IpAddr>,
    /// At which port it serves.
    pub port: u16,
}

/// The boxes that answer within `patience`, by name. Waits so long.
///
/// # Errors
/// When the network cannot be asked.
pub fn discover(patience: Duration) -> Result<Vec<FoundBox>> {
    let mut found: Vec<_> = browse(QRES, patience)?.iter().map(read).collect();
    found.sort_by(|a, b| (&a.name, &a.host).cmp(&(&b.name, &b.host)));
    Ok(found)
}

/// What announces this kind of service, e.g. `_ipp._tcp.local.`, within `patience`. Waits so long.
///
/// # Errors
/// When the network cannot be asked.
pub fn announced(kind: &str, patience: Duration) -> Result<Vec<Announced>> {
    let of = |service: ResolvedService| Announced {
        name: instance_of(&service.fullname, kind),
        addresses: service.addresses.iter().map(ScopedIp::to_ip_addr).collect(),
        port: service.port,
    };
    Ok(browse(kind, patience)?.into_iter().map(of).collect())
}

fn browse(kind: &str, patience: Duration) -> Result<Vec<ResolvedService>> {
    let daemon = ServiceDaemon::new()?;
    let events = daemon.browse(kind)?;
    let end = Instant::now() + patience;
    let mut found = BTreeMap::new();
    while let Ok(event) = events.recv_deadline(end) {
        match event {
            ServiceEvent::ServiceResolved(service) if found.len() < MOST => {
                found.insert(service.fullname.clone(), *service);
            }
            ServiceEvent::ServiceRemoved(_, fullname) => {
                found.remove(&fullname);
            }
            _ => {}
        }
    }
    let _ = daemon.shutdown()?.recv_timeout(CLOSE);
    Ok(found.into_values().collect())
}

fn read(service: &ResolvedService) -> FoundBox {
    let said = |key| service.get_property_val_str(key).unwrap_or_default().to_owned();
    let name = said("name");
    let mut addresses: Vec<_> = service.addresses.iter().collect();
    addresses.sort_by_key(|address| (address.is_ipv6(), address.to_ip_addr()));
    FoundBox {
        name: if name.is_empty() { instance_of(&service.fullname, QRES) } else { name },
        host: service.host.trim_end_matches('.').to_owned(),
        addresses: addresses.into_iter().map(|ip| with_port(ip, service.port)).collect(),
        version: said("version"),
        site: said("site"),
    }
}

fn with_port(address: &ScopedIp, port: u16) -> String {
    if address.is_ipv6() { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}
