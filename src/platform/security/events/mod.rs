//! Security events: who signed in, who was kept out, who looked for holes. Written down for the
//! owner, told to admins at once, and sent to a webhook where one is set.
//!
//! [`SecurityEvents::record`] counts in memory and never waits; what repeats becomes one row with
//! a count, so that an attack fills neither the disk nor the admins' screens.

mod alert;
mod api;
mod keeper;
mod recorder;
mod store;

use std::borrow::Cow;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::Timestamp;
use crate::platform::auth::Role;

pub use alert::SecurityAlert;
pub(super) use api::router;
pub use keeper::keep;
pub use recorder::SecurityEvents;
pub use store::trim;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SecurityEventKind)]
pub enum Kind {
    /// Somebody signed in.
    SignIn,
    /// Somebody tried to, with a wrong secret.
    SignInFailed,
    /// An address is kept out from now on.
    AddressBlocked,
    /// It may come in again.
    AddressUnblocked,
    /// Requests as a scanner makes them.
    Suspicious,
    /// More requests than one client may make.
    RateLimited,
    /// A request that only an attack makes.
    Violation,
    /// An admin changed something.
    AdminAction,
    /// The clock of the machine was wrong, or is.
    Clock,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::SignIn,
        Self::SignInFailed,
        Self::AddressBlocked,
        Self::AddressUnblocked,
        Self::Suspicious,
        Self::RateLimited,
        Self::Violation,
        Self::AdminAction,
        Self::Clock,
    ];

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignInFailed => "sign_in_failed",
            Self::AddressBlocked => "address_blocked",
            Self::AddressUnblocked => "address_unblocked",
            Self::Suspicious => "suspicious",
            Self::RateLimited => "rate_limited",
            Self::Violation => "violation",
            Self::AdminAction => "admin_action",
            Self::Clock => "clock",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether admins are told at once.
    fn is_alarming(self) -> bool {
        matches!(self, Self::AddressBlocked | Self::Suspicious | Self::Violation | Self::Clock)
    }
}

/// Something that happened at the door. Two that differ in nothing but `detail` are one, twice.
#[derive(Debug, Clone)]
pub struct SecurityEvent {
    kind: Kind,
    what: Cow<'static, str>,
    address: Option<IpAddr>,
    username: Option<String>,
    role: Option<Role>,
    detail: Option<String>,
}

/// The longest name and the longest detail that are kept, in characters.
const LONGEST_NAME: usize = 50;
const LONGEST_DETAIL: usize = 200;

impl SecurityEvent {
    /// `what` is a stable word for the reason, such as `wrong_secret`.
    pub fn new(kind: Kind, what: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, what: what.into(), address: None, username: None, role: None, detail: None }
    }

    /// From which address.
    #[must_use]
    pub fn from(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// Under which name.
    #[must_use]
    pub fn named(mut self, username: &str) -> Self {
        self.username = Some(short(username, LONGEST_NAME));
        self
    }

    /// In which role.
    #[must_use]
    pub fn acting_as(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    /// More, for a person who reads it: a path, a duration. Never a secret.
    #[must_use]
    pub fn detail(mut self, detail: &str) -> Self {
        self.detail = Some(short(detail, LONGEST_DETAIL));
        self
    }
}

/// The beginning of a text, without characters that would confuse a terminal.
fn short(text: &str, most: usize) -> String {
    text.chars().take(most).map(|c| if c.is_control() { '·' } else { c }).collect()
}

/// A security event as the API shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SecurityEvent)]
pub struct KeptEvent {
    /// Id.
    pub id: i64,
    /// What kind of thing happened.
    pub kind: Kind,
    /// A stable word for the reason.
    pub what: String,
    /// When it happened first.
    pub at: Timestamp,
    /// When it happened last.
    pub last_at: Timestamp,
    /// How often.
    pub count: i64,
    /// From which address.
    pub address: Option<String>,
    /// Under which name.
    pub username: Option<String>,
    /// In which role.
    pub role: Option<Role>,
    /// More about the first time.
    pub detail: Option<String>,
}

/// One page of security events, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecurityEventList {
    /// The page.
    pub events: Vec<KeptEvent>,
    /// How many there are in all.
    pub total: i64,
}
