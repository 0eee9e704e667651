//! Blocks and trusted nets as the API shows them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::{Text, Timestamp};

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

    pub(super) fn parse(word: &str) -> Option<Self> {
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
