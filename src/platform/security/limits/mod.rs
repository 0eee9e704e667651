//! How often a client may come (docs/adr/0022). Each kind of route has its budget; who is over it
//! is told when to come again, who goes on all the same is kept out for a while, and so is who asks
//! for what only attackers ask for.

mod budgets;
mod memory;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::DefaultClock;
use governor::{DefaultDirectRateLimiter, RateLimiter};
use ipnet::IpNet;

pub use budgets::{Budget, Left, Who, quota};
pub use memory::Limiter;

use super::attacks;
use super::blocks::{Blocks, Shut, client_net};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::Commit;
use crate::platform::config::Settings;

/// Within this time the points of an attacker are counted.
pub const SCORED: Duration = Duration::from_mins(10);
/// How many blocks the box makes by itself in a minute: each is written to the card.
const MADE: u32 = 30;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What pages of another origin may read of a reply.
pub const HEADERS: [HeaderName; 4] = [LIMIT, REMAINING, RESET, POLICY];

/// All limits of a box.
pub struct Limits {
    /// Who is kept out, and who is never limited.
    pub blocks: Blocks,
    is_on: bool,
    budgets: budgets::Budgets,
    /// Refusals of those who go on.
    overruns: Limiter<IpAddr>,
    points: Limiter<IpAddr>,
    made: DefaultDirectRateLimiter,
    block_seconds: u32,
}

impl Limits {
    /// From the settings, with the blocks of the database.
    pub fn new(settings: &Settings, blocks: Blocks) -> Self {
        let clock = DefaultClock::default;
        let window = Duration::from_secs(settings.rate_limit_window.max(1).into());
        Self {
            blocks,
            is_on: settings.rate_limit_requests > 0,
            budgets: budgets::Budgets::new(settings, clock()),
            overruns: Limiter::new(quota(settings.rate_limit_requests, window), clock()),
            points: Limiter::new(quota(attacks::TOO_MANY, SCORED), clock()),
            made: RateLimiter::direct(quota(MADE, Duration::from_mins(1))),
            block_seconds: settings.rate_limit_block_duration.max(1),
        }
    }

    /// Hears of commits: who is kept out no longer begins anew.
    pub fn observe(&self, commit: &Commit<'_>) {
        for net in self.blocks.observe(commit) {
            self.forgive(net);
        }
    }

    /// Takes one request from a budget. Nothing is counted where limits are off.
    pub fn take(&self, budget: Budget, who: &Who) -> Result<Option<Left>, Left> {
        if !self.is_on {
            return Ok(None);
        }
        self.budgets.take(budget, who).map(Some)
    }

    /// Takes one write from the budget of a guest's phone: what one device spends, others have.
    ///
    /// # Errors
    /// 429 when it has none left.
    pub fn take_write(&self, phone: &Who) -> Result<()> {
        self.take(Budget::Phone, phone).map(drop).map_err(|left| too_many(Budget::Phone, left))
    }

    /// Notes that an address was refused; true when it goes on and on.
    pub fn note_refusal(&self, address: IpAddr) -> bool {
        self.overruns.check_key(&client_net(address)).is_err()
    }

    /// Adds to the points of an address; true when they are too many.
    pub fn note_attack(&self, address: IpAddr, points: u32) -> bool {
        let Some(points) = NonZeroU32::new(points).filter(|_| self.is_on) else { return false };
        let added = self.points.check_key_n(&client_net(address), points);
        !matches!(added, Ok(Ok(_)))
    }

    /// Keeps a net out from this moment on, before the database has it; none when the box has kept
    /// out too many in this minute. Returns for how many seconds.
    pub fn keep_out(&self, net: IpNet, now: Timestamp) -> Option<u32> {
        self.made.check().ok()?;
        let until = Timestamp(now.0 + i64::from(self.block_seconds) * 1000);
        self.blocks.add(net, Shut { until, by_hand: false });
        Some(self.block_seconds)
    }

    /// Forgets what the single address of a block did that is over.
    fn forgive(&self, net: IpNet) {
        let address = client_net(net.addr());
        self.points.forget(&address);
        self.overruns.forget(&address);
    }

    /// What a reply says of a budget.
    pub fn say(&self, headers: &mut HeaderMap, left: Left) {
        let policy = format!("{};w={}", left.limit, self.budgets.window);
        let policy = HeaderValue::try_from(policy);
        headers.insert(LIMIT, HeaderValue::from(left.limit));
        headers.insert(REMAINING, HeaderValue::from(left.remaining));
        headers.insert(RESET, HeaderValue::from(left.reset));
        headers.extend(policy.ok().map(|policy| (POLICY, policy)));
    }
}

/// What somebody hears whose budget is used up.
pub fn too_many(budget: Budget, left: Left) -> Error {
    let seconds = left.reset;
    let detail = format!(
        "Too many requests from this device. Nothing was changed; go on in {seconds} seconds."
    );
    let error = Error::too_many("rate_limited", detail, seconds);
    error.with("seconds", seconds).with("budget", budget.as_str())
}

/// What somebody hears who is kept out.
pub fn kept_out(shut: Shut, now: Timestamp) -> Error {
    let seconds = u64::try_from((shut.until.0 - now.0) / 1000 + 1).unwrap_or(1);
    let detail = format!(
        "This address is kept out for another {} minutes. An admin can let it in: Security, Blocks.",
        seconds.div_ceil(60)
    );
    Error::kept_out(detail, seconds).with("seconds", seconds)
}
