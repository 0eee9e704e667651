//! What a limiter remembers of each client, in a table of bounded size: however many addresses knock,
//! it does not grow further. Where a place is needed, the one is given up that used least of its budget:
//! to forget it changes least, and who is at his limit stays remembered.

use std::hash::{BuildHasher, Hash, RandomState};
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::{Quota, RateLimiter};

/// How many clients share a row of the table.
const ROW: usize = 8;
/// How many rows a limiter has: 16 Ki clients in some 260 KiB.
const ROWS: usize = 2048;
/// How many rows are made together, when the first client comes to one of them: a box has a dozen
/// limiters, and most of them hear of a few clients.
const PART: usize = 8;

type Row = Mutex<[Place; ROW]>;
type Part = [Row; PART];

type Governor<K, C> = RateLimiter<K, Memory<K>, C, StateInformationMiddleware>;

/// A limiter for clients that `K` tells apart.
pub struct Limiter<K: Hash, C: Clock = DefaultClock> {
    governor: Governor<K, C>,
    memory: Memory<K>,
    /// In which time one request comes back.
    each: Nanos,
}

impl<K: Hash, C: Clock> Limiter<K, C> {
    /// With this budget for each client.
    pub fn new(quota: Quota, clock: C) -> Self {
        let memory = Memory::new();
        let each = quota.replenish_interval().into();
        Self { governor: RateLimiter::new(quota, memory.clone(), clock), memory, each }
    }

    /// Gives a client back what one request took.
    pub fn give_back(&self, key: &K) {
        self.memory.give_back(key, self.each);
    }

    /// Forgets what a client used.
    pub fn forget(&self, key: &K) {
        self.memory.forget(key);
    }
}

impl<K: Hash, C: Clock> Deref for Limiter<K, C> {
    type Target = Governor<K, C>;
    fn deref(&self) -> &Governor<K, C> {
        &self.governor
    }
}

/// Until when each client has used its budget up.
pub struct Memory<K> {
    parts: Arc<[OnceLock<Box<Part>>]>,
    /// Seeded at each start: nobody can choose addresses that share a row.
    hasher: RandomState,
    keys: PhantomData<fn(&K)>,
}

/// `key` 0 is an empty place.
#[derive(Clone, Copy, Default)]
struct Place {
    key: u64,
    until: u64,
}

impl<K> Clone for Memory<K> {
    fn clone(&self) -> Self {
        Self { parts: Arc::clone(&self.parts), hasher: self.hasher.clone(), keys: PhantomData }
    }
}

impl<K: Hash> Memory<K> {
    fn new() -> Self {
        let parts = (0..ROWS / PART).map(|_| OnceLock::new()).collect();
        Self { parts, hasher: RandomState::new(), keys: PhantomData }
    }

    fn row(&self, key: &K) -> (u64, &Row) {
        let hash = self.hasher.hash_one(key).max(1);
        let row = usize::try_from(hash >> 32).unwrap_or(0) % ROWS;
        let part = self.parts[row / PART].get_or_init(Box::default);
        (hash, &part[row % PART])
    }

    fn forget(&self, key: &K) {
        let (key, row) = self.row(key);
        let mut row = row.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = row.iter_mut().find(|place| place.key == key) {
            *place = Place::default();
        }
    }

    fn give_back(&self, key: &K, each: Nanos) {
        let (key, row) = self.row(key);
        let mut row = row.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = row.iter_mut().find(|place| place.key == key) {
            place.until = place.until.saturating_sub(each.as_u64());
        }
    }
}

impl<K: Hash> StateStore for Memory<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let (key, row) = self.row(key);
        let mut row = row.lock().unwrap_or_else(PoisonError::into_inner);
        let known = row.iter().position(|place| place.key == key);
        let (outcome, until) = measure(known.map(|at| Nanos::new(row[at].until)))?;
        let least = || (0..ROW).min_by_key(|&at| row[at].until).unwrap_or(0);
        let at = known.unwrap_or_else(least);
        row[at] = Place { key, until: until.as_u64() };
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;
    use std::net::Ipv4Addr;
    use std::num::NonZeroU32;
    use std::time::Duration;

    fn quota(most: u32, within: Duration) -> Quota {
        let most = NonZeroU32::new(most).unwrap();
        Quota::with_period(within / most.get()).unwrap().allow_burst(most)
    }

    #[test]
    fn a_million_addresses_take_no_more_room_and_hide_nobody() {
        let limiter =
            Limiter::new(quota(10, Duration::from_hours(1)), FakeRelativeClock::default());
        let greedy = Ipv4Addr::new(192, 0, 2, 7);
        while limiter.check_key(&greedy).is_ok() {}
        for address in 0..1_000_000 {
            let _ = limiter.check_key(&Ipv4Addr::from_bits(0x0a00_0000 + address));
        }
        assert!(limiter.check_key(&greedy).is_err(), "who is at his limit stays remembered");
        assert_eq!(bytes(&limiter.memory), ROWS * size_of::<Row>(), "the table does not grow");
        assert!(bytes(&limiter.memory) < 400 * 1024);
    }

    /// What the rows take that were made so far.
    fn bytes<K>(memory: &Memory<K>) -> usize {
        memory.parts.iter().filter_map(OnceLock::get).map(|part| size_of_val(&**part)).sum()
    }

    #[test]
    fn who_hears_of_few_clients_takes_little() {
        let limiter = Limiter::new(quota(1, Duration::from_hours(1)), DefaultClock::default());
        for address in 1..=9 {
            assert!(limiter.check_key(&address).is_ok());
            assert!(limiter.check_key(&address).is_err());
        }
        assert!(bytes(&limiter.memory) <= 9 * PART * size_of::<Row>());
    }

    #[test]
    fn time_gives_a_budget_back() {
        let clock = FakeRelativeClock::default();
        let limiter = Limiter::new(quota(3, Duration::from_mins(1)), clock.clone());
        for _ in 0..3 {
            assert!(limiter.check_key(&"a").is_ok());
        }
        assert!(limiter.check_key(&"a").is_err());
        assert!(limiter.check_key(&"b").is_ok());
        clock.advance(Duration::from_secs(20));
        assert!(limiter.check_key(&"a").is_ok());
        assert!(limiter.check_key(&"a").is_err());
        limiter.forget(&"a");
        assert!((0..3).all(|_| limiter.check_key(&"a").is_ok()), "a forgotten one begins anew");
        limiter.give_back(&"a");
        assert!(limiter.check_key(&"a").is_ok(), "what was given back can be used");
        assert!(limiter.check_key(&"a").is_err());
    }
}
