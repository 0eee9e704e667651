//! How much a client may ask for: one budget for each kind of route, in multiples of what the
//! settings call a client's requests per window (docs/adr/0022).

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::Quota;
use governor::clock::{Clock, DefaultClock};
use uuid::Uuid;

use super::memory::Limiter;
use crate::platform::config::Settings;
use crate::platform::security::Class;

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// Pages, files, pictures, what anybody may read, and printers that ask.
    Static,
    /// Guests read and listen.
    GuestReads,
    /// Guests write.
    GuestWrites,
    /// What one phone at a table writes, and how often one address sits down there.
    Phone,
    /// Secrets are tried.
    SignIn,
    /// A member of staff works.
    Staff,
    /// Somebody calls staff's routes without being signed in.
    Strangers,
}

impl Budget {
    const ALL: [Self; 7] = [
        Self::Static,
        Self::GuestReads,
        Self::GuestWrites,
        Self::Phone,
        Self::SignIn,
        Self::Staff,
        Self::Strangers,
    ];

    /// How many times `rate_limit_requests` it is. One address may be sixty guests behind one
    /// access point, or six tablets behind one router; a member of staff is counted alone.
    fn times(self) -> u32 {
        match self {
            Self::Static => 600,
            Self::GuestReads | Self::Staff => 200,
            Self::GuestWrites => 30,
            Self::Phone => 2,
            Self::SignIn | Self::Strangers => 10,
        }
    }

    /// The budget from which a request that nobody signed is taken.
    pub fn of(class: Class) -> Self {
        match class {
            Class::Page | Class::StaffPage | Class::Open | Class::Printer => Self::Static,
            Class::GuestRead | Class::Live => Self::GuestReads,
            Class::GuestWrite => Self::GuestWrites,
            Class::SignIn => Self::SignIn,
            Class::Staff | Class::Upload => Self::Strangers,
        }
    }

    /// The word for it in problems and headers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::GuestReads => "guest_reads",
            Self::GuestWrites => "guest_writes",
            Self::Phone => "phone",
            Self::SignIn => "sign_in",
            Self::Staff => "staff",
            Self::Strangers => "strangers",
        }
    }
}

/// Whose budget it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Who {
    /// An address, or the /64 of one.
    Net(IpAddr),
    /// A member of staff's sign-in.
    Session(Uuid),
    /// A paired tablet.
    Device(i64),
    /// A guest's phone, by the hash of its token.
    Phone([u8; 32]),
    /// Whoever comes from an address, or the /64 of one, with the code of a table.
    AtCode(IpAddr, String),
}

/// What is left of a budget, as `RateLimit-*` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Requests within a window.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
    /// Seconds until all are there again; after a refusal, until the next one is.
    pub reset: u64,
}

/// The budgets of all clients.
pub struct Budgets<C: Clock = DefaultClock> {
    /// In the order of [`Budget::ALL`].
    limiters: Vec<Limiter<Who, C>>,
    clock: C,
    /// The window in seconds.
    pub window: u32,
}

/// A quota of so many within this time, all at once if need be.
pub fn quota(most: u32, within: Duration) -> Quota {
    let most = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
    let each = (within / most.get()).max(Duration::from_nanos(1));
    Quota::with_period(each).unwrap_or(Quota::per_second(most)).allow_burst(most)
}

impl<C: Clock + Clone> Budgets<C> {
    /// From the settings.
    pub fn new(settings: &Settings, clock: C) -> Self {
        let window = settings.rate_limit_window.max(1);
        let within = Duration::from_secs(window.into());
        let limiters = Budget::ALL.map(|budget| {
            let most = settings.rate_limit_requests.saturating_mul(budget.times());
            Limiter::new(quota(most, within), clock.clone())
        });
        Self { limiters: limiters.into(), clock, window }
    }

    /// Takes one request from a budget; `Err` when there is none left.
    pub fn take(&self, budget: Budget, who: &Who) -> Result<Left, Left> {
        match self.limiters[budget as usize].check_key(who) {
            Ok(state) => {
                let (limit, each) =
                    (state.quota().burst_size().get(), state.quota().replenish_interval());
                let remaining = state.remaining_burst_capacity();
                let reset = (each * (limit - remaining.min(limit))).as_secs_f64().ceil();
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                Ok(Left { limit, remaining, reset: reset as u64 })
            }
            Err(until) => {
                let limit = until.quota().burst_size().get();
                let wait = until.wait_time_from(self.clock.now());
                Err(Left { limit, remaining: 0, reset: wait.as_secs() + 1 })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn evening() -> (Budgets<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Budgets::new(&Settings::default(), clock.clone()), clock)
    }

    #[test]
    fn sixty_guests_behind_one_access_point_never_wait() {
        let (budgets, clock) = evening();
        let router = Who::Net([192, 168, 1, 1].into());
        let take = |budget, times: u32| {
            for _ in 0..times {
                assert!(budgets.take(budget, &router).is_ok(), "{budget:?}");
            }
        };
        // A coach arrives: sixty phones load the page with forty photos each at once.
        take(Budget::Static, 60 * 60);
        take(Budget::GuestWrites, 60);
        for table in 0..15 {
            let at_code = Who::AtCode([192, 168, 1, 1].into(), format!("table {table}"));
            for _ in 0..4 {
                assert!(budgets.take(Budget::Phone, &at_code).is_ok());
            }
        }
        for minute in 0..5 * 60 {
            // Each phone hears of something every half a minute, and looks.
            take(Budget::GuestReads, 60 * 2);
            // In turn they open the menu again, order, and call.
            take(Budget::Static, 60 * 5);
            if minute % 5 == 0 {
                take(Budget::GuestWrites, 60);
                for phone in 0..60 {
                    assert!(budgets.take(Budget::Phone, &Who::Phone([phone; 32])).is_ok());
                }
            }
            clock.advance(Duration::from_mins(1));
        }
    }

    #[test]
    fn six_tablets_behind_one_router_never_wait() {
        let (budgets, clock) = evening();
        let router = Who::Net([192, 168, 1, 1].into());
        let tablets: Vec<_> = (0..6).map(|_| Who::Session(Uuid::new_v4())).collect();
        for _ in 0..8 * 60 {
            for tablet in &tablets {
                // The kitchen's wall on a busy evening: taps, and looks after a lost link.
                for _ in 0..120 {
                    assert!(budgets.take(Budget::Staff, tablet).is_ok());
                }
            }
            // Tablets lock themselves; unpaired ones are unlocked by the router's budget.
            for _ in 0..12 {
                assert!(budgets.take(Budget::SignIn, &router).is_ok());
            }
            clock.advance(Duration::from_mins(1));
        }
    }

    #[test]
    fn a_flood_is_bounded_and_told_when_to_come_again() {
        let (budgets, clock) = evening();
        let who = Who::Net([192, 168, 1, 66].into());
        let taken = (0..5000).filter(|_| budgets.take(Budget::GuestWrites, &who).is_ok()).count();
        assert_eq!(taken, 3000);
        let left = budgets.take(Budget::GuestWrites, &who).unwrap_err();
        assert_eq!((left.limit, left.remaining), (3000, 0));
        clock.advance(Duration::from_secs(left.reset));
        assert!(budgets.take(Budget::GuestWrites, &who).is_ok());
    }
}
