//! Looks for printers: those on the box's own USB sockets, those that announce themselves, and whoever
//! takes a call at a printer's port in the networks of the box. Nothing is sent: an office printer would
//! print what it does not understand.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use std::sync::Arc;
use std::time::Duration;

use ipnet::Ipv4Net;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::types::FoundPrinter;
use super::wire::{Bus, PORT, SCHEME};
use crate::platform::net::{Announced, announced};

/// Larger networks are looked at as far as the box's own 254 neighbours.
const LARGEST: u8 = 24;
/// A box in more networks than these is not one of restaurants.
const MOST_NETS: usize = 4;
/// How many are called at once.
const AT_ONCE: usize = 64;
/// How long somebody in the same network may take to take a call.
const CONNECTS: Duration = Duration::from_millis(300);
/// How long it is listened to who announces himself.
const LISTENS: Duration = Duration::from_millis(1500);
/// How printers announce that they take bytes at a port.
const RAW_PRINTING: &str = "_pdl-datastream._tcp.local.";

/// The printers in reach: those that are plugged in, then those in the network by address.
pub async fn scan() -> Vec<FoundPrinter> {
    let plugged = tokio::task::spawn_blocking(|| Bus::own().printers());
    let listening = tokio::task::spawn_blocking(|| announced(RAW_PRINTING, LISTENS));
    let own = own_nets();
    let mut found = answering(&own, PORT).await;
    match listening.await {
        Ok(Ok(all)) => all.into_iter().for_each(|one| add(&mut found, one)),
        Ok(Err(error)) => tracing::warn!(%error, "printers that announce themselves are not heard"),
        Err(error) => tracing::warn!(%error, "printers that announce themselves are not heard"),
    }
    let of = |(address, name): (SocketAddrV4, Option<String>)| FoundPrinter {
        address: match address.port() {
            PORT => address.ip().to_string(),
            _ => address.to_string(),
        },
        name,
        printer_id: None,
    };
    let on_usb = plugged.await.unwrap_or_default().into_iter().map(|one| FoundPrinter {
        address: format!("{SCHEME}{}", one.id),
        name: one.name,
        printer_id: None,
    });
    on_usb.chain(found.into_iter().map(of)).collect()
}

type Found = BTreeMap<SocketAddrV4, Option<String>>;

fn add(found: &mut Found, one: Announced) {
    let ip = one.addresses.iter().find_map(|ip| match ip {
        IpAddr::V4(ip) => Some(*ip),
        IpAddr::V6(_) => None,
    });
    if let Some(ip) = ip {
        found.insert(SocketAddrV4::new(ip, one.port), Some(one.name));
    }
}

/// The box's own address in each of its networks.
fn own_nets() -> Vec<Ipv4Net> {
    let cards = if_addrs::get_if_addrs().unwrap_or_default();
    let net = |card: if_addrs::Interface| match card.addr {
        if_addrs::IfAddr::V4(v4) if v4.ip.is_private() => {
            Ipv4Net::new(v4.ip, v4.prefixlen.max(LARGEST)).ok()
        }
        _ => None,
    };
    cards.into_iter().filter_map(net).take(MOST_NETS).collect()
}

/// Who takes a call at this port among the neighbours in these networks.
async fn answering(own: &[Ipv4Net], port: u16) -> Found {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut calls = JoinSet::new();
    for net in own {
        for ip in net.hosts().filter(|ip| *ip != net.addr()) {
            calls.spawn(call(ip, port, Arc::clone(&turns)));
        }
    }
    let mut found = Found::new();
    while let Some(taken) = calls.join_next().await {
        found.extend(taken.ok().flatten().map(|address| (address, None)));
    }
    found
}

async fn call(ip: Ipv4Addr, port: u16, turns: Arc<Semaphore>) -> Option<SocketAddrV4> {
    let _turn = turns.acquire().await.ok()?;
    let address = SocketAddrV4::new(ip, port);
    timeout(CONNECTS, TcpStream::connect(address)).await.ok()?.ok()?;
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;
    use tokio::time::Instant;

    #[tokio::test]
    async fn who_takes_a_call_is_found_among_the_neighbours_and_not_beyond() {
        let printer = TcpListener::bind("127.77.3.40:0").await.unwrap();
        let port = printer.local_addr().unwrap().port();
        let beyond = TcpListener::bind(("127.77.4.40", port)).await.unwrap();
        let own = ["127.77.3.1/24".parse().unwrap()];
        let begun = Instant::now();
        let found = answering(&own, port).await;
        let addresses: Vec<_> = found.keys().map(ToString::to_string).collect();
        assert_eq!(addresses, [format!("127.77.3.40:{port}")]);
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        drop(beyond);
    }

    #[test]
    fn who_announces_himself_has_a_name() {
        let mut found = Found::new();
        let own: SocketAddrV4 = "192.168.1.50:9100".parse().unwrap();
        found.insert(own, None);
        let addresses = vec!["fe80::1".parse().unwrap(), IpAddr::V4(*own.ip())];
        add(&mut found, Announced { name: "TM-m30III".into(), addresses, port: 9100 });
        assert_eq!(found, Found::from([(own, Some("TM-m30III".into()))]));
    }
}
