//! Who is who: signing in by password or PIN, tokens that really end, and what a role may.

mod api;
mod benches;
mod common;
mod factor_store;
mod failures;
mod feature;
mod guard;
mod password;
mod secrets;
mod sessions;
mod store;
mod token;
mod totp;
mod turns;

use std::sync::Arc;

use governor::clock::DefaultClock;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::Commit;
use crate::platform::config::Settings;

pub use api::{note_failure, pin_needs_device};
pub use common::check_new_password;
pub use factor_store::{FactorState, begin_factor, confirm_factor, factor_state, remove_factor};
pub use failures::{Counted, Failures, Guess, Place, Secret};
pub use feature::feature;
pub use guard::{By, FromDevice, PROTOCOL, bearer_token, token_of};
pub use password::Hasher;
pub use secrets::{Keys, Secrets, digest_of, random_bytes, random_key, rotate_keys};
pub use sessions::Sessions;
pub use store::{USER_COLUMNS, end_sessions_of, trim_sessions, user_by_id, user_from_row, user_id};
pub use token::Tokens;
pub use totp::{base32, code_now, url as totp_url};

/// What a person may do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = UserRole)]
pub enum Role {
    /// Everything.
    Admin,
    /// Reads reports, orders, staff and stock.
    Manager,
    /// Takes orders, serves, takes payments.
    Waiter,
    /// Cooks.
    Kitchen,
}

/// Set of roles for [`By`]: admins.
pub const ADMIN: u8 = 1;
/// Set of roles for [`By`]: managers.
pub const MANAGER: u8 = 2;
/// Set of roles for [`By`]: waiters.
pub const WAITER: u8 = 4;
/// Set of roles for [`By`]: the kitchen.
pub const KITCHEN: u8 = 8;
/// Set of roles for [`By`]: everybody who works here.
pub const ANYONE: u8 = ADMIN | MANAGER | WAITER | KITCHEN;

impl Role {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Waiter => "waiter",
            Self::Kitchen => "kitchen",
        }
    }

    /// The role by its word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Admin, Self::Manager, Self::Waiter, Self::Kitchen]
            .into_iter()
            .find(|role| role.as_str() == word)
    }

    /// The role as a set of one, see [`ADMIN`] and its neighbours.
    pub fn bit(self) -> u8 {
        match self {
            Self::Admin => ADMIN,
            Self::Manager => MANAGER,
            Self::Waiter => WAITER,
            Self::Kitchen => KITCHEN,
        }
    }
}

/// A member of staff who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The user's id.
    pub id: i64,
    /// What he may.
    pub role: Role,
    /// His name, as guests and colleagues see it.
    pub full_name: Arc<str>,
}

impl Person {
    /// Whether he is an admin.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }
}

/// A member of staff, as the API shows him: without secrets.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct User {
    /// Id.
    pub id: i64,
    /// The name to sign in with.
    pub username: String,
    /// The name colleagues see.
    pub full_name: String,
    /// What he may.
    pub role: Role,
    /// Telephone.
    pub phone: Option<String>,
    /// Picture.
    pub avatar_url: Option<String>,
    /// An inactive person cannot sign in.
    pub is_active: bool,
    /// Whether he is at work now.
    pub shift_active: bool,
    /// Whether he can sign in by PIN.
    pub has_pin: bool,
    /// Who created him.
    pub created_by_id: Option<i64>,
    /// When he last signed in.
    pub last_login: Option<Timestamp>,
    /// When he was created.
    pub created_at: Timestamp,
    /// When he was last changed.
    pub updated_at: Timestamp,
}

/// A tablet that an admin paired with the box.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KnownDevice {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
}

/// Everything of a box that has to do with who is who.
pub struct Auth {
    /// Signs and reads tokens.
    pub tokens: Tokens,
    /// Hashes passwords and PINs.
    pub hasher: Hasher,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Who failed to sign in too often.
    pub failures: Failures,
    turns: turns::Turns,
}

impl Auth {
    /// From the settings and the keys of the data folder.
    ///
    /// # Errors
    /// When the hashing cannot be set up.
    pub fn new(settings: &Settings, secrets: &Secrets) -> Result<Self> {
        Ok(Self {
            tokens: Tokens::new(secrets.keys.clone(), settings.access_token_expire_minutes),
            hasher: Hasher::new(&secrets.pin_key)?,
            sessions: Sessions::default(),
            failures: Failures::new(settings.rate_limit_requests > 0, DefaultClock::default()),
            turns: turns::Turns::default(),
        })
    }

    /// Hears of commits: forgets whom they concern.
    pub fn observe(&self, commit: &Commit<'_>) {
        self.sessions.observe(commit);
    }
}
