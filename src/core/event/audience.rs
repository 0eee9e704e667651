//! Who hears of an event.

/// Who hears of an event: a set of groups, stored with the event so that a replay tells nobody
/// more than the live feed did. A bit is never used for another group; those from 128 on are free,
/// for the roles and places that are to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audience(pub i64);

impl Audience {
    /// Nobody: the event is for the log alone.
    pub const NOBODY: Self = Self(0);
    /// Admins.
    pub const ADMIN: Self = Self(1);
    /// Managers.
    pub const MANAGER: Self = Self(2);
    /// Every waiter.
    pub const WAITERS: Self = Self(4);
    /// The kitchen.
    pub const KITCHEN: Self = Self(8);
    /// The waiter of the event's order; every waiter while it has none.
    pub const ORDERS_WAITER: Self = Self(16);
    /// The guests at the event's table.
    pub const TABLE_GUESTS: Self = Self(32);
    /// All guests.
    pub const GUESTS: Self = Self(64);
    /// Everybody who works here.
    pub const STAFF: Self = Self(1 | 2 | 4 | 8);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one of `groups` is in it.
    pub const fn has(self, groups: Self) -> bool {
        self.0 & groups.0 != 0
    }
}
