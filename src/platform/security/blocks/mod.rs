//! Who is kept out for a while, and who never is. The truth is in the database, so that a restart
//! opens no door; every request asks the copy in memory.

mod api;
mod store;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::Result;
use crate::core::kernel::{Text, Timestamp};
use crate::core::store::{Commit, Connection, Store};
use crate::platform::config::Net;

pub use api::router;
pub use store::{MakeBlock, forget_expired};

/// Why somebody is kept out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BlockReason)]
pub enum Reason {
    /// He went on after being told to wait.
    RateLimit,
    /// He asked for what only attackers ask for.
    Attack,
    /// An admin said so.
    ByHand,
}

impl Reason {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RateLimit => "rate_limit",
            Self::Attack => "attack",
            Self::ByHand => "by_hand",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::RateLimit, Self::Attack, Self::ByHand].into_iter().find(|r| r.as_str() == word)
    }
}

/// An address or a net that is kept out.
#[derive(Debug, Serialize, ToSchema)]
pub struct Block {
    /// Id.
    pub id: i64,
    /// The address, or a net such as `192.0.2.0/24`.
    pub net: String,
    /// Why.
    pub reason: Reason,
    /// What the admin noted, or what the box saw.
    pub note: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// Who made it; nobody when the box did.
    pub created_by_name: Option<String>,
}

/// One page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockList {
    /// The newest first.
    pub blocks: Vec<Block>,
    /// How many there are in all.
    pub total: i64,
}

/// An address or net to keep out.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BlockCreate {
    /// An address, or a net such as `192.0.2.0/24`. An IPv6 address stands for its /64.
    pub net: Text<2, 50>,
    /// For how many seconds, 60 to 31536000; `rate_limit_block_duration` when left out.
    pub seconds: Option<u32>,
    /// Why.
    pub note: Option<Text<0, 200>>,
}

/// An address or net that is never limited and never blocked.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrustedNet {
    /// Id; none when it stands in the settings.
    pub id: Option<i64>,
    /// The address, or a net such as `192.0.2.0/24`.
    pub net: String,
    /// What it is.
    pub note: Option<String>,
    /// Since when; none when it stands in the settings.
    pub created_at: Option<Timestamp>,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrustedNetList {
    /// Those of the settings first.
    pub nets: Vec<TrustedNet>,
    /// How many there are in all.
    pub total: i64,
}

/// An address or net to trust.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TrustedNetCreate {
    /// An address, or a net such as `192.0.2.0/24`.
    pub net: Text<2, 50>,
    /// What it is, e.g. the office.
    pub note: Option<Text<0, 200>>,
}

/// What counts of a block when somebody knocks.
#[derive(Debug, Clone, Copy)]
pub struct Shut {
    /// Until when.
    pub until: Timestamp,
    /// Whether an admin made it: then it counts for everybody at the address.
    pub by_hand: bool,
}

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
    pub(super) fn observe(&self, commit: &Commit<'_>) -> Vec<IpNet> {
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

/// What counts as one client: an IPv4 address, or the /64 that a device on IPv6 has to choose from.
pub fn net_of(address: IpAddr) -> IpNet {
    let (address, prefix) = match address.to_canonical() {
        IpAddr::V4(v4) => (IpAddr::V4(v4), 32),
        v6 @ IpAddr::V6(_) => (v6, 64),
    };
    IpNet::new(address, prefix).map_or(IpNet::from(address), |net| net.trunc())
}

/// The address for which a client is counted, see [`net_of`].
pub fn client_net(address: IpAddr) -> IpAddr {
    net_of(address).addr()
}

/// As people write it: an IPv4 address without its `/32`.
fn text_of(net: IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}
