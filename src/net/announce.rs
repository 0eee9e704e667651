//! The box announces itself: `_qres._tcp` and `_http._tcp`, under a name that nobody else has.

use std::net::IpAddr;
use std::pin::pin;
use std::time::Duration;

use mdns_sd::{
    DaemonEvent, HostnameResolutionEvent, IfKind, Receiver, Result, ScopedIp, ServiceDaemon,
    ServiceEvent, ServiceInfo,
};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::address::is_ours;
use super::names::{Names, clipped};
use super::{Card, HTTP, QRES, instance_of};

/// How long a new box listens whether somebody has its names. The question goes out at once, is
/// repeated after a second, and is answered within 0.12 s.
const LISTEN_FIRST: Duration = Duration::from_millis(1400);
/// When it is strange that the announcement has not gone out.
const LATE: Duration = Duration::from_secs(10);
/// The goodbye is repeated after 0.12 s, since some may have missed it.
const GOODBYE: Duration = Duration::from_millis(200);
/// The longest that the announcer's thread may take to end.
const CLOSE: Duration = Duration::from_secs(1);
/// The longest value of the `name` in the TXT record, in bytes; 255 hold key and value.
const LONGEST_NAME: usize = 200;

/// Announces the box until `stop`, then says goodbye. A box that cannot be announced is a box
/// all the same: what goes wrong is logged.
pub async fn announce(card: Card, stop: CancellationToken) {
    if card.listen.ip().is_loopback() {
        tracing::info!("only this machine reaches the box: it is not announced in the network");
        return;
    }
    if let Err(error) = keep_announced(&card, &stop).await {
        tracing::warn!(%error, "the box is not announced in the network; its address works");
    }
}

async fn keep_announced(card: &Card, stop: &CancellationToken) -> Result<()> {
    for names in [Names::wished(card), Names::own(card)] {
        let announcer = Announcer::start(card, names)?;
        let lost = stop.run_until_cancelled(announcer.hold()).await;
        announcer.close().await;
        match lost {
            None => break,
            Some(outcome) => outcome?,
        }
        tracing::info!("another in the network has this name; the box takes one of its own");
    }
    Ok(())
}

/// One announcement under one pair of names.
struct Announcer<'a> {
    card: &'a Card,
    names: Names,
    daemon: ServiceDaemon,
    daemon_says: Receiver<DaemonEvent>,
}

impl<'a> Announcer<'a> {
    fn start(card: &'a Card, names: Names) -> Result<Self> {
        let daemon = ServiceDaemon::new()?;
        daemon.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
        if card.listen.is_ipv4() {
            // An address at which nobody answers must not be announced.
            daemon.disable_interface(IfKind::IPv6)?;
        }
        let daemon_says = daemon.monitor()?;
        Ok(Self { card, names, daemon, daemon_says })
    }

    /// Announces the names and keeps them until another turns out to have them. Its own names it
    /// does not give up: should they be taken, mdns-sd adds a number.
    async fn hold(&self) -> Result<()> {
        if !self.names.is_own && self.are_taken().await? {
            return Ok(());
        }
        for kind in [QRES, HTTP] {
            self.daemon.register(self.service(kind)?)?;
        }
        let mut waiting = vec![QRES, HTTP];
        let mut is_lost = false;
        let mut late = pin!(sleep(LATE));
        // mdns-sd gives a lost name a number. To leave before that would be to say goodbye under
        // the name that is now the other's.
        while !is_lost || self.names.is_own || !waiting.is_empty() {
            tokio::select! {
                () = &mut late, if !waiting.is_empty() => {
                    waiting.clear();
                    tracing::warn!(
                        "the box is not announced yet: no network is up, or UDP port 5353 cannot \
                         be used; its address works"
                    );
                }
                said = self.daemon_says.recv_async() => match said.map_err(gone)? {
                    DaemonEvent::Announce(service, _) => {
                        waiting.retain(|kind| !service.ends_with(kind));
                        if service.ends_with(QRES) && !is_lost {
                            let Names { host, instance, .. } = &self.names;
                            tracing::info!(%host, %instance, "announced in the network");
                        }
                    }
                    DaemonEvent::NameChange(_) => is_lost = true,
                    DaemonEvent::Error(error) => return Err(error),
                    _ => {}
                },
            }
        }
        Ok(())
    }

    /// Whether somebody has one of the names before this box is announced.
    async fn are_taken(&self) -> Result<bool> {
        let holders = self.daemon.resolve_hostname(&self.names.host, None)?;
        let boxes = self.daemon.browse(QRES)?;
        let end = Instant::now() + LISTEN_FIRST;
        loop {
            let is_taken = tokio::select! {
                () = sleep_until(end) => break,
                said = holders.recv_async() => is_held_by_another(&said.map_err(gone)?),
                said = boxes.recv_async() => self.is_anothers(&said.map_err(gone)?),
            };
            if is_taken {
                return Ok(true);
            }
        }
        self.daemon.stop_resolve_hostname(&self.names.host)?;
        self.daemon.stop_browse(QRES)?;
        Ok(false)
    }

    /// Whether the event tells of another box that has one of these names.
    fn is_anothers(&self, event: &ServiceEvent) -> bool {
        let ServiceEvent::ServiceResolved(found) = event else { return false };
        let same_host = found.host.eq_ignore_ascii_case(&self.names.host);
        let same_instance = instance_of(&found.fullname) == self.names.instance;
        let same_site = found.get_property_val_str("site") == Some(&self.card.site);
        (same_host || same_instance) && !same_site
    }

    fn service(&self, kind: &str) -> Result<ServiceInfo> {
        let name = clipped(&self.card.restaurant, LONGEST_NAME);
        let about = [
            ("path", "/"),
            ("api", "/api"),
            ("name", &name),
            ("site", &self.card.site),
            ("version", crate::VERSION),
        ];
        let Names { host, instance, .. } = &self.names;
        let (ip, port) = (self.card.listen.ip(), self.card.listen.port());
        if ip.is_unspecified() {
            return Ok(
                ServiceInfo::new(kind, instance, host, (), port, &about[..])?.enable_addr_auto()
            );
        }
        ServiceInfo::new(kind, instance, host, ip, port, &about[..])
    }

    /// Says goodbye, so that nobody goes on looking for the box.
    async fn close(self) {
        for kind in [QRES, HTTP] {
            if let Ok(service) = self.service(kind) {
                let _ = self.daemon.unregister(service.get_fullname());
            }
        }
        sleep(GOODBYE).await;
        if let Ok(closed) = self.daemon.shutdown() {
            let _ = timeout(CLOSE, closed.recv_async()).await;
        }
    }
}

/// Whether the answer gives an address of another machine.
fn is_held_by_another(answer: &HostnameResolutionEvent) -> bool {
    let HostnameResolutionEvent::AddressesFound(_, addresses) = answer else { return false };
    // A link-local one says nothing: it counts only together with its network card.
    let mut addresses = addresses.iter().map(ScopedIp::to_ip_addr);
    addresses.any(|ip| !matches!(ip, IpAddr::V6(v6) if v6.is_unicast_link_local()) && !is_ours(ip))
}

fn gone(_: mdns_sd::RecvError) -> mdns_sd::Error {
    mdns_sd::Error::Msg("its thread has ended".into())
}
