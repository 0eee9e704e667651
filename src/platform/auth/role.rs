//! Roles, and sets of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    /// Does what a waiter does, and takes payments of all tables.
    Cashier,
    /// Seats guests: sees the floor and who sits where.
    Host,
}

/// Set of roles for [`By`]: admins.
pub const ADMIN: u8 = 1;
/// Set of roles for [`By`]: managers.
pub const MANAGER: u8 = 2;
/// Set of roles for [`By`]: waiters.
pub const WAITER: u8 = 4;
/// Set of roles for [`By`]: the kitchen.
pub const KITCHEN: u8 = 8;
/// Set of roles for [`By`]: cashiers.
pub const CASHIER: u8 = 16;
/// Set of roles for [`By`]: hosts.
pub const HOST: u8 = 32;
/// Set of roles for [`By`]: everybody who works here.
pub const ANYONE: u8 = ADMIN | MANAGER | WAITER | KITCHEN | CASHIER | HOST;

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Admin, Self::Manager, Self::Waiter, Self::Cashier, Self::Host, Self::Kitchen];

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Waiter => "waiter",
            Self::Kitchen => "kitchen",
            Self::Cashier => "cashier",
            Self::Host => "host",
        }
    }

    /// The role by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// The role as a set of one, see [`ADMIN`] and its neighbours.
    pub fn bit(self) -> u8 {
        match self {
            Self::Admin => ADMIN,
            Self::Manager => MANAGER,
            Self::Waiter => WAITER,
            Self::Kitchen => KITCHEN,
            Self::Cashier => CASHIER,
            Self::Host => HOST,
        }
    }
}
