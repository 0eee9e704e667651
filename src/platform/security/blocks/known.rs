//! The copy in memory, which every request asks.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

use ipnet::IpNet;

use super::net::{client_net, net_of};
use super::store;
use super::types::Shut;
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::{Commit, Connection, Store};
use crate::platform::config::Net;

#[derive(Default)]
struct Index {
    /// Single addresses, and the /64 of IPv6 ones.
    hosts: HashMap<IpAddr, Shut>,
    wider: Vec<(IpNet, Shut)>,
    trusted: Vec<IpNet>,
}

/// The copy in memory.
pub struct Blocks {
    index: RwLock<Index>,
    /// Those of the settings.
    listed: Vec<Net>,
}

impl Blocks {
    /// With the nets that the settings trust, and what the database holds.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn load(listed: &[Net], store: &Store) -> Result<Self> {
        let index = RwLock::new(store.read(Index::load).await?);
        Ok(Self { index, listed: listed.to_vec() })
    }

    /// Hears of commits: reads anew what they touched. Returns the nets that may come in again.
    pub fn observe(&self, commit: &Commit<'_>) -> Vec<IpNet> {
        if !commit.touched("blocks") && !commit.touched("trusted_nets") {
            return Vec::new();
        }
        match Index::load(commit.db) {
            Ok(index) => {
                let mut kept = self.index.write().unwrap_or_else(PoisonError::into_inner);
                let before = std::mem::replace(&mut *kept, index);
                before.nets().filter(|net| kept.nets().all(|other| other != *net)).collect()
            }
            Err(error) => {
                tracing::error!(%error, "who is kept out cannot be read");
                Vec::new()
            }
        }
    }

    /// Keeps a net out from this moment on, before the database has it.
    pub fn add(&self, net: IpNet, shut: Shut) {
        self.index.write().unwrap_or_else(PoisonError::into_inner).add(net, shut);
    }

    /// Whether an address is never limited.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.listed.iter().any(|net| net.has(address))
            || self
                .index
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .trusted
                .iter()
                .any(|net| net.contains(&address))
    }

    /// The block that keeps an address out at this moment; one by hand goes before others.
    pub fn find(&self, address: IpAddr, now: Timestamp) -> Option<Shut> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        let host = index.hosts.get(&client_net(address));
        let wider = index.wider.iter().filter(|(net, _)| net.contains(&address));
        let shut = host.into_iter().chain(wider.map(|(_, shut)| shut));
        shut.filter(|shut| shut.until > now).max_by_key(|shut| (shut.by_hand, shut.until)).copied()
    }
}

impl Index {
    fn load(db: &Connection) -> Result<Self> {
        let store::Known { blocks, trusted } = store::known(db)?;
        let mut index = Self { trusted, ..Self::default() };
        for (net, shut) in blocks {
            index.add(net, shut);
        }
        Ok(index)
    }

    /// Whom it keeps out.
    fn nets(&self) -> impl Iterator<Item = IpNet> {
        self.hosts.keys().map(|host| net_of(*host)).chain(self.wider.iter().map(|(net, _)| *net))
    }

    fn add(&mut self, net: IpNet, shut: Shut) {
        if net == net_of(net.addr()) {
            self.hosts.insert(net.addr(), shut);
        } else {
            self.wider.push((net, shut));
        }
    }
}
