//! The box announces itself: `_qres._tcp`, `_http._tcp` and `_https._tcp`, under names that nobody
//! else has.
//!
//! Two boxes may wish for `qres.local` in the very same second. mDNS decides between two machines
//! that probe for one name at once, but name by name: with several names in dispute each could win
//! one, lose one, and give up both. So the host name is disputed alone and first, under a service
//! whose own name nobody else wishes for; what people read is registered by whoever has it.

use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use mdns_sd::{
    DaemonEvent, DnsNameChange, HostnameResolutionEvent, IfKind, Receiver, Result, ScopedIp,
    ServiceDaemon, ServiceEvent, ServiceInfo,
};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::Addresses;
use super::address::is_ours;
use super::card::{Card, HTTP, HTTPS, QRES, instance_of};
use super::names::{Names, clipped};

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
pub async fn announce(card: Card, addresses: Arc<Addresses>, stop: CancellationToken) {
    if card.listening.plain.ip().is_loopback() {
        tracing::info!("only this machine reaches the box: it is not announced in the network");
        return;
    }
    if let Err(error) = keep_announced(&card, &addresses, &stop).await {
        tracing::warn!(%error, "the box is not announced in the network; its address works");
    }
}

async fn keep_announced(
    card: &Card,
    addresses: &Addresses,
    stop: &CancellationToken,
) -> Result<()> {
    let mut names = Names::wished(card);
    // Each round gives up a wish, so there are three at most.
    loop {
        let announcer = Announcer::start(card, names.clone())?;
        let lost = stop.run_until_cancelled(announcer.hold(addresses)).await;
        addresses.set_announced(None);
        announcer.close().await;
        let Some(lost) = lost.transpose()? else { return Ok(()) };
        let own = Names::own(card);
        names = match lost {
            Lost::Host => own,
            Lost::Page => Names { page: own.page, ..names },
        };
        let host = &names.host.name;
        tracing::info!(?lost, %host, "another in the network has this name; the box takes its own");
    }
}

/// What another turned out to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lost {
    /// The name of the host; with it goes the page's.
    Host,
    /// Only the name in lists of web pages.
    Page,
}

/// One announcement under one set of names.
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
        if card.listening.plain.is_ipv4() {
            // An address at which nobody answers must not be announced.
            daemon.disable_interface(IfKind::IPv6)?;
        }
        let daemon_says = daemon.monitor()?;
        Ok(Self { card, names, daemon, daemon_says })
    }

    /// Announces the names and keeps them until another turns out to have one. Its own names it
    /// does not give up: should they be taken, mdns-sd adds a number.
    async fn hold(&self, addresses: &Addresses) -> Result<Lost> {
        if let Some(lost) = self.taken_before().await? {
            return Ok(lost);
        }
        self.daemon.register(self.service(QRES, self.card.listening.plain)?)?;
        let (mut waiting, mut pages) = (vec![QRES], self.pages());
        let (mut lost, mut has_warned) = (None, false);
        let mut late = pin!(sleep(LATE));
        loop {
            // mdns-sd gives a lost name a number. To leave before that would be to say goodbye
            // under the name that is now the other's.
            if let Some(lost) = lost.filter(|_| waiting.is_empty()) {
                return Ok(lost);
            }
            let said = tokio::select! {
                () = &mut late, if !waiting.is_empty() && !has_warned => {
                    has_warned = true;
                    tracing::warn!(
                        "the box is not announced yet: no network is up, or UDP port 5353 cannot \
                         be used; its address works"
                    );
                    continue;
                }
                said = self.daemon_says.recv_async() => said.map_err(gone)?,
            };
            match said {
                DaemonEvent::Announce(service, _) => {
                    waiting.retain(|kind| !service.ends_with(kind));
                    if lost.is_some() || !service.ends_with(QRES) {
                        continue;
                    }
                    // The host name is ours: nobody disputes it any more.
                    for (kind, listen) in std::mem::take(&mut pages) {
                        self.daemon.register(self.service(kind, listen)?)?;
                        waiting.push(kind);
                    }
                    let (host, name) = (&self.names.host.name, &self.names.page.name);
                    tracing::info!(%host, %name, "announced in the network");
                    addresses.set_announced(Some(host.trim_end_matches('.').to_owned()));
                }
                DaemonEvent::NameChange(change) => {
                    lost = [lost, self.loss_of(&change)].into_iter().flatten().min();
                }
                DaemonEvent::Error(error) => return Err(error),
                _ => {}
            }
        }
    }

    fn pages(&self) -> Vec<(&'static str, SocketAddr)> {
        let tls = self.card.listening.tls.filter(|listen| !listen.ip().is_loopback());
        let tls = tls.map(|listen| (HTTPS, listen));
        tls.into_iter().chain([(HTTP, self.card.listening.plain)]).collect()
    }

    /// What a change of a name means; nothing where the name was the box's own.
    fn loss_of(&self, change: &DnsNameChange) -> Option<Lost> {
        let Names { host, page, .. } = &self.names;
        if change.original.eq_ignore_ascii_case(&host.name) {
            return (!host.is_own).then_some(Lost::Host);
        }
        let is_page = [HTTP, HTTPS].iter().any(|kind| change.original.ends_with(kind));
        (is_page && !page.is_own).then_some(Lost::Page)
    }

    /// Whether somebody has one of the names before this box is announced.
    async fn taken_before(&self) -> Result<Option<Lost>> {
        let Names { host, page, .. } = &self.names;
        if host.is_own && page.is_own {
            return Ok(None);
        }
        let holders = self.daemon.resolve_hostname(&host.name, None)?;
        let boxes = self.daemon.browse(QRES)?;
        let pages = self.daemon.browse(HTTP)?;
        let end = Instant::now() + LISTEN_FIRST;
        let mut lost = None;
        while lost != Some(Lost::Host) {
            let found = tokio::select! {
                () = sleep_until(end) => break,
                said = holders.recv_async() => self.held_by_another(&said.map_err(gone)?),
                said = boxes.recv_async() => self.lost_to(&said.map_err(gone)?, QRES),
                said = pages.recv_async() => self.lost_to(&said.map_err(gone)?, HTTP),
            };
            lost = [lost, found].into_iter().flatten().min();
        }
        self.daemon.stop_resolve_hostname(&host.name)?;
        self.daemon.stop_browse(QRES)?;
        self.daemon.stop_browse(HTTP)?;
        Ok(lost)
    }

    /// Whether the answer gives an address of another machine.
    fn held_by_another(&self, answer: &HostnameResolutionEvent) -> Option<Lost> {
        let HostnameResolutionEvent::AddressesFound(_, addresses) = answer else { return None };
        // A link-local one says nothing: it counts only together with its network card.
        let is_another = |ip: IpAddr| {
            !matches!(ip, IpAddr::V6(v6) if v6.is_unicast_link_local()) && !is_ours(ip)
        };
        let is_lost =
            !self.names.host.is_own && addresses.iter().map(ScopedIp::to_ip_addr).any(is_another);
        is_lost.then_some(Lost::Host)
    }

    /// What the event tells of another machine that has one of these names.
    fn lost_to(&self, event: &ServiceEvent, kind: &str) -> Option<Lost> {
        let ServiceEvent::ServiceResolved(found) = event else { return None };
        if found.get_property_val_str("site") == Some(&self.card.site) {
            return None;
        }
        let Names { host, page, .. } = &self.names;
        if !host.is_own && kind == QRES && found.host.eq_ignore_ascii_case(&host.name) {
            return Some(Lost::Host);
        }
        let is_page = kind == HTTP && instance_of(&found.fullname, kind) == page.name;
        (is_page && !page.is_own).then_some(Lost::Page)
    }

    fn service(&self, kind: &str, listen: SocketAddr) -> Result<ServiceInfo> {
        let name = clipped(&self.card.restaurant, LONGEST_NAME);
        let about = [
            ("path", "/"),
            ("api", "/api"),
            ("menu", "/menu"),
            ("waiter", "/app/waiter"),
            ("kitchen", "/app/kitchen"),
            ("admin", "/app/admin"),
            ("name", &name),
            ("site", &self.card.site),
            ("version", crate::VERSION),
        ];
        let Names { host, page, machine } = &self.names;
        let instance = if kind == QRES { machine } else { &page.name };
        let (ip, port) = (listen.ip(), listen.port());
        if ip.is_unspecified() {
            let service = ServiceInfo::new(kind, instance, &host.name, (), port, &about[..])?;
            return Ok(service.enable_addr_auto());
        }
        ServiceInfo::new(kind, instance, &host.name, ip, port, &about[..])
    }

    /// Says goodbye, so that nobody goes on looking for the box.
    async fn close(self) {
        for (kind, listen) in self.pages().into_iter().chain([(QRES, self.card.listening.plain)]) {
            if let Ok(service) = self.service(kind, listen) {
                let _ = self.daemon.unregister(service.get_fullname());
            }
        }
        sleep(GOODBYE).await;
        if let Ok(closed) = self.daemon.shutdown() {
            let _ = timeout(CLOSE, closed.recv_async()).await;
        }
    }
}

fn gone(_: mdns_sd::RecvError) -> mdns_sd::Error {
    mdns_sd::Error::Msg("its thread has ended".into())
}
