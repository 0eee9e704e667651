//! Guessing made hopeless: who fails to sign in too often is kept out for a while that grows.
//!
//! Failures are counted by account *and* where they come from: a paired tablet by itself, anybody
//! else by his address. So a guest who tries PINs does not lock a waiter's tablet out. Where many
//! addresses try one account together, it is closed to all but the tablets and addresses that it is
//! used to.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::DefaultClock;

use super::KnownDevice;
use crate::error::{Error, Result};
use crate::security::{Limiter, client_net, quota};

/// Failures allowed for one account from one place, for one place in all (there may be six tablets
/// behind one address), and for one account from all places that it is not used to.
const PER_PAIR: u32 = 5;
const PER_PLACE: u32 = 50;
const PER_ACCOUNT: u32 = 50;
const WITHIN: Duration = Duration::from_mins(5);
/// For how long the door is shut at first; each time it is twice as long, up to the longest.
const FIRST: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(1);
/// After so long without a failure too many the first one is short again.
const FORGIVEN: Duration = Duration::from_hours(2);
/// Of how many doors it is remembered that they were shut, and of how many places that an account
/// is used to them.
const REMEMBERED: usize = 4096;

/// Where a sign-in comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A paired tablet.
    Device(i64),
    /// An address, or the /64 of one.
    Net(IpAddr),
}

impl Place {
    /// The place of a request.
    pub fn of(address: IpAddr, device: Option<&KnownDevice>) -> Self {
        match device {
            Some(device) => Self::Device(device.id),
            None => Self::Net(client_net(address)),
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Door {
    Pair(Place, String),
    Place(Place),
    Account(String),
}

/// How a door is shut.
#[derive(Clone, Copy)]
struct Shut {
    until: Instant,
    /// How long it was shut this time.
    length: Duration,
}

/// Counts failed sign-ins.
pub struct Failures {
    enabled: bool,
    pairs: Limiter<Door>,
    places: Limiter<Door>,
    accounts: Limiter<Door>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    shut: HashMap<Door, Shut>,
    /// Where each account has signed in, and when.
    used_to: HashMap<(Place, String), Instant>,
}

impl Failures {
    /// Counts nothing when not `enabled`.
    pub fn new(enabled: bool) -> Self {
        let limiter = |most| Limiter::new(quota(most, WITHIN), DefaultClock::default());
        Self {
            enabled,
            // The failure that uses the last of a budget shuts the door.
            pairs: limiter(PER_PAIR - 1),
            places: limiter(PER_PLACE - 1),
            accounts: limiter(PER_ACCOUNT - 1),
            memory: Mutex::default(),
        }
    }

    /// Whether this place may try this account now.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check(&self, place: Place, account: &str) -> Result<()> {
        self.check_at(place, account, Instant::now())
    }

    fn check_at(&self, place: Place, account: &str, now: Instant) -> Result<()> {
        let account = account.to_lowercase();
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let is_used = memory.is_used_to(place, &account);
        let left = doors(place, &account, is_used)
            .filter_map(|(door, _)| memory.shut.get(&door))
            .map(|shut| shut.until.saturating_duration_since(now))
            .max()
            .filter(|left| !left.is_zero());
        let Some(left) = left else { return Ok(()) };
        let seconds = left.as_secs() + 1;
        let detail = format!("Too many failed sign-ins. Try again in {seconds} seconds.");
        Err(Error::too_many("sign_in_shut", detail, seconds).with("seconds", seconds))
    }

    /// Notes a failed try; true when a door is shut by it.
    pub fn note(&self, place: Place, account: &str) -> bool {
        self.enabled && self.note_at(place, account, Instant::now())
    }

    fn note_at(&self, place: Place, account: &str, now: Instant) -> bool {
        let account = account.to_lowercase();
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let is_used = memory.is_used_to(place, &account);
        let mut has_shut = false;
        for (door, limit) in doors(place, &account, is_used) {
            let limiter = match limit {
                Limit::Pair => &self.pairs,
                Limit::Place => &self.places,
                Limit::Account => &self.accounts,
            };
            if limiter.check_key(&door).is_err() {
                has_shut = true;
                memory.shut(door, now);
            }
        }
        has_shut
    }

    /// Notes that an account was opened from a place: its failures there are forgotten.
    pub fn forgive(&self, place: Place, account: &str) {
        let account = account.to_lowercase();
        let pair = Door::Pair(place, account.clone());
        self.pairs.forget(&pair);
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.shut.remove(&pair);
        let now = Instant::now();
        keep_few(&mut memory.used_to, |last| *last);
        memory.used_to.insert((place, account), now);
    }
}

#[derive(Clone, Copy)]
enum Limit {
    Pair,
    Place,
    Account,
}

/// The doors through which an account is reached from a place.
fn doors(place: Place, account: &str, is_used: bool) -> impl Iterator<Item = (Door, Limit)> {
    let whole_account = (!is_used).then(|| (Door::Account(account.to_owned()), Limit::Account));
    let pair = (Door::Pair(place, account.to_owned()), Limit::Pair);
    [pair, (Door::Place(place), Limit::Place)].into_iter().chain(whole_account)
}

impl Memory {
    /// Whether an account is used to a place: a paired tablet, or an address where it signed in.
    fn is_used_to(&self, place: Place, account: &str) -> bool {
        matches!(place, Place::Device(_)) || self.used_to.contains_key(&(place, account.to_owned()))
    }

    fn shut(&mut self, door: Door, now: Instant) {
        let before = self.shut.get(&door).filter(|shut| now < shut.until + FORGIVEN);
        let length = before.map_or(FIRST, |shut| (shut.length * 2).min(LONGEST));
        keep_few(&mut self.shut, |shut| shut.until);
        self.shut.insert(door, Shut { until: now + length, length });
    }
}

/// Makes room for one more: the oldest half goes.
fn keep_few<K: Eq + std::hash::Hash, V>(map: &mut HashMap<K, V>, when: impl Fn(&V) -> Instant) {
    if map.len() < REMEMBERED {
        return;
    }
    let mut times: Vec<_> = map.values().map(&when).collect();
    let (_, middle, _) = times.select_nth_unstable(REMEMBERED / 2);
    let middle = *middle;
    map.retain(|_, value| when(value) > middle);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(last: u8) -> Place {
        Place::of([192, 0, 2, last].into(), None)
    }

    #[test]
    fn guessing_shuts_the_door_for_the_one_who_guesses() {
        let failures = Failures::new(true);
        let (guest, tablet) = (net(7), net(8));
        for failure in 1..=5 {
            assert!(failures.check(guest, "anna").is_ok(), "{failure}");
            assert_eq!(failures.note(guest, "Anna"), failure == 5);
        }
        assert_eq!(failures.check(guest, "anna").unwrap_err().status(), 429);
        assert!(failures.check(tablet, "anna").is_ok());
        assert!(failures.check(Place::Device(1), "anna").is_ok());
        assert!(failures.check(guest, "igor").is_ok());
        for n in 0..60 {
            failures.note(guest, &format!("name {n}"));
        }
        assert_eq!(failures.check(guest, "igor").unwrap_err().status(), 429);
        assert!(failures.check(tablet, "igor").is_ok());
    }

    #[test]
    fn each_time_it_is_shut_longer() {
        let failures = Failures::new(true);
        let began = Instant::now();
        for _ in 0..5 {
            failures.note_at(net(7), "anna", began);
        }
        let is_shut = |after: u64| {
            failures.check_at(net(7), "anna", began + Duration::from_secs(after)).is_err()
        };
        assert!(is_shut(59) && !is_shut(61));
        assert!(failures.note_at(net(7), "anna", began + Duration::from_secs(61)));
        assert!(is_shut(61 + 119) && !is_shut(61 + 121));
        for _ in 0..20 {
            failures.note_at(net(7), "anna", began + Duration::from_secs(200));
        }
        assert!(is_shut(200 + 3599) && !is_shut(200 + 3601), "an hour is the longest");
        failures.forgive(net(7), "anna");
        assert!(!is_shut(0), "who knows the secret begins anew");
    }

    #[test]
    fn many_addresses_together_do_not_get_further() {
        let failures = Failures::new(true);
        let (phone, tablet) = (net(200), net(201));
        failures.forgive(phone, "anna");
        for n in 0..50 {
            failures.note(net(n), "anna");
        }
        assert!(failures.check(net(100), "anna").is_err(), "closed to strangers");
        assert!(failures.check(phone, "anna").is_ok(), "but not where Anna signs in");
        assert!(failures.check(Place::Device(1), "anna").is_ok());
        assert!(failures.check(tablet, "igor").is_ok());
    }

    #[test]
    fn memory_is_bounded_and_ipv6_is_counted_by_its_net() {
        let failures = Failures::new(true);
        for n in 0..20_000u32 {
            let place = Place::of(IpAddr::from(n.to_be_bytes()), None);
            for _ in 0..5 {
                failures.note(place, "anna");
            }
            failures.forgive(place, "igor");
        }
        let memory = failures.memory.lock().unwrap();
        assert!(memory.shut.len() <= REMEMBERED && memory.used_to.len() <= REMEMBERED);
        let place = |text: &str| Place::of(text.parse().unwrap(), None);
        assert_eq!(place("fd00::1"), place("fd00::2"));
        assert_ne!(place("fd00::1"), place("fd00:0:0:1::1"));
        assert_eq!(place("::ffff:192.0.2.7"), net(7));
    }
}
