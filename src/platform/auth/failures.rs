//! Guessing made hopeless: who fails to sign in too often is kept out for a while that grows.
//!
//! A try is counted *before* its secret is looked at, and forgiven when it was right: of three
//! hundred that come at once, no more are looked at than the budgets hold.
//!
//! Failures are counted by account *and* where they come from: a paired tablet by itself, anybody
//! else by their address. So a guest who tries PINs does not lock a waiter's tablet out. Where many
//! addresses try one account together, it is closed to all but the tablets and addresses that it is
//! used to; where they try PINs of any account, so are all PINs.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock, Reference};

use super::KnownDevice;
use crate::core::error::{Error, Result};
use crate::platform::security::{Limiter, client_net, quota};

/// Failures allowed for one account from one origin, and within which time they come back.
const PER_PAIR: (u32, Duration) = (5, Duration::from_mins(5));
/// For one origin in all: there may be six tablets behind one address.
const PER_PLACE: (u32, Duration) = (50, Duration::from_hours(1));
/// For one account from all origins that it is not used to.
const PER_ACCOUNT: (u32, Duration) = (50, Duration::from_hours(1));
/// For the PINs of all accounts together, from origins that they are not used to. There are ten
/// thousand PINs of four digits: an hour's tries must not be a fair part of them.
const PINS: (u32, Duration) = (100, Duration::from_hours(1));
/// For how long the door is shut at first; each time it is twice as long, up to the longest.
const FIRST: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(1);
/// After so long without a failure too many the first one is short again.
const FORGIVEN: Duration = Duration::from_hours(2);
/// Of how many doors it is remembered that they were shut, and of how many origins that an account
/// is used to them.
const REMEMBERED: usize = 4096;

/// Where a sign-in comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A paired tablet.
    Device(i64),
    /// An address, or the /64 of one.
    Net(IpAddr),
}

impl Origin {
    /// The origin of a request.
    pub fn of(address: IpAddr, device: Option<&KnownDevice>) -> Self {
        match device {
            Some(device) => Self::Device(device.id),
            None => Self::Net(client_net(address)),
        }
    }
}

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// A password, to sign in.
    Password,
    /// A PIN, to sign in.
    Pin,
    /// The password of somebody who is signed in, asked for once more.
    OwnPassword,
    /// A code that the box made: it is so long that only the one who tries it is counted.
    Code,
}

/// One try at a secret.
#[derive(Debug, Clone)]
pub struct Guess {
    origin: Origin,
    account: String,
    secret: Secret,
}

impl Guess {
    /// A try from a origin at the secret of an account.
    pub fn new(origin: Origin, account: &str, secret: Secret) -> Self {
        Self { origin, account: account.to_lowercase(), secret }
    }

    /// The doors that it must pass. `is_used`: the account is used to the origin.
    fn doors(&self, is_used: bool) -> impl Iterator<Item = Door> {
        let pair = Door::Pair(self.origin, self.account.clone());
        let is_strange = !is_used && self.secret != Secret::Code;
        let account = is_strange.then(|| Door::Account(self.account.clone()));
        let pins = (is_strange && self.secret == Secret::Pin).then_some(Door::Pins);
        [pair, Door::Origin(self.origin)].into_iter().chain(account).chain(pins)
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Door {
    Pair(Origin, String),
    Origin(Origin),
    Account(String),
    Pins,
}

/// How a door is shut. Moments are counted from the box's start.
#[derive(Clone, Copy)]
struct Shut {
    until: Duration,
    /// How long it was shut this time.
    length: Duration,
}

/// Counts failed sign-ins.
pub struct Failures<C: Clock = DefaultClock> {
    enabled: bool,
    pairs: Limiter<Door, C>,
    origins: Limiter<Door, C>,
    accounts: Limiter<Door, C>,
    pins: Limiter<Door, C>,
    clock: C,
    began: C::Instant,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    shut: HashMap<Door, Shut>,
    /// Where each account has signed in, and when.
    used_to: HashMap<(Origin, String), Duration>,
}

impl<C: Clock + Clone> Failures<C> {
    /// Counts nothing when not `enabled`.
    pub fn new(enabled: bool, clock: C) -> Self {
        let limiter = |(most, within)| Limiter::new(quota(most, within), clock.clone());
        Self {
            enabled,
            pairs: limiter(PER_PAIR),
            origins: limiter(PER_PLACE),
            accounts: limiter(PER_ACCOUNT),
            pins: limiter(PINS),
            began: clock.now(),
            clock,
            memory: Mutex::default(),
        }
    }

    /// Whether an account is used to the origin of a try, so that strangers' tries do not count
    /// there, nor make it wait.
    pub fn knows(&self, guess: &Guess) -> bool {
        guess.secret == Secret::OwnPassword || !self.enabled || self.memory().is_used_to(guess)
    }

    /// Whether a try would be let in now.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check(&self, guess: &Guess) -> Result<()> {
        self.memory().check(guess, self.now())
    }

    /// Lets a try in and counts it as a failure until it is known to be none.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn begin(&self, guess: Guess) -> Result<Counted<'_, C>> {
        let mut counted = Counted { failures: self, taken: Vec::new(), guess };
        if !self.enabled {
            return Ok(counted);
        }
        let memory = self.memory();
        memory.check(&counted.guess, self.now())?;
        let doors: Vec<_> = counted.guess.doors(memory.is_used_to(&counted.guess)).collect();
        for door in doors {
            match self.limiter(&door).check_key(&door) {
                Ok(state) => counted.taken.push((door, state.remaining_burst_capacity() == 0)),
                Err(until) => {
                    drop(memory);
                    counted.give_back();
                    return Err(too_often(until.wait_time_from(self.clock.now())));
                }
            }
        }
        drop(memory);
        Ok(counted)
    }

    fn limiter(&self, door: &Door) -> &Limiter<Door, C> {
        match door {
            Door::Pair(..) => &self.pairs,
            Door::Origin(_) => &self.origins,
            Door::Account(_) => &self.accounts,
            Door::Pins => &self.pins,
        }
    }

    fn now(&self) -> Duration {
        self.clock.now().duration_since(self.began).into()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A try that was let in. Dropped without a word, as when the caller hangs up, it is a failure.
#[must_use = "dropped, it counts as a failure"]
pub struct Counted<'a, C: Clock + Clone = DefaultClock> {
    failures: &'a Failures<C>,
    guess: Guess,
    /// From which budgets it was taken, and whether it was the last of each.
    taken: Vec<(Door, bool)>,
}

impl<C: Clock + Clone> Counted<'_, C> {
    /// The secret was right: the failures before it are forgotten too, and the account is used to
    /// the origin from now on.
    pub fn forgive(mut self) {
        let Self { failures, guess, taken } = &mut self;
        if !failures.enabled {
            return;
        }
        let now = failures.now();
        let mut memory = failures.memory();
        give_back(failures, taken);
        let pair = Door::Pair(guess.origin, guess.account.clone());
        failures.pairs.forget(&pair);
        memory.shut.remove(&pair);
        if guess.secret != Secret::Code {
            keep_few(&mut memory.used_to, |last| *last);
            memory.used_to.insert((guess.origin, guess.account.clone()), now);
        }
    }

    /// The secret was not looked at, or was right but is not all: it is as if nobody had tried.
    pub fn give_back(mut self) {
        give_back(self.failures, &mut self.taken);
    }

    /// The secret was wrong. True when a door is shut by it: it was the last of a budget.
    pub fn fail(mut self) -> bool {
        self.shut_doors()
    }

    fn shut_doors(&mut self) -> bool {
        let last: Vec<_> = self.taken.drain(..).filter(|(_, is_last)| *is_last).collect();
        if last.is_empty() {
            return false;
        }
        let now = self.failures.now();
        let mut memory = self.failures.memory();
        for (door, _) in last {
            memory.shut(door, now);
        }
        true
    }
}

impl<C: Clock + Clone> Drop for Counted<'_, C> {
    fn drop(&mut self) {
        self.shut_doors();
    }
}

fn give_back<C: Clock + Clone>(failures: &Failures<C>, taken: &mut Vec<(Door, bool)>) {
    for (door, _) in taken.drain(..) {
        failures.limiter(&door).give_back(&door);
    }
}

fn too_often(left: Duration) -> Error {
    let seconds = left.as_secs() + 1;
    let detail = format!("Too many failed sign-ins. Try again in {seconds} seconds.");
    Error::too_many("sign_in_shut", detail, seconds).with("seconds", seconds)
}

impl Memory {
    /// Whether an account is used to a origin: a paired tablet, or an address where it signed in.
    fn is_used_to(&self, guess: &Guess) -> bool {
        matches!(guess.origin, Origin::Device(_))
            || self.used_to.contains_key(&(guess.origin, guess.account.clone()))
    }

    fn check(&self, guess: &Guess, now: Duration) -> Result<()> {
        let left = guess
            .doors(self.is_used_to(guess))
            .filter_map(|door| self.shut.get(&door))
            .map(|shut| shut.until.saturating_sub(now))
            .max()
            .filter(|left| !left.is_zero());
        left.map_or(Ok(()), |left| Err(too_often(left)))
    }

    fn shut(&mut self, door: Door, now: Duration) {
        let before = self.shut.get(&door).filter(|shut| now < shut.until + FORGIVEN);
        let length = before.map_or(FIRST, |shut| (shut.length * 2).min(LONGEST));
        keep_few(&mut self.shut, |shut| shut.until);
        self.shut.insert(door, Shut { until: now + length, length });
    }
}

/// Makes room for one more: the oldest half goes.
fn keep_few<K: Eq + std::hash::Hash, V>(map: &mut HashMap<K, V>, when: impl Fn(&V) -> Duration) {
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
    use governor::clock::FakeRelativeClock;

    type Shop = Failures<FakeRelativeClock>;

    fn shop() -> (Shop, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Failures::new(true, clock.clone()), clock)
    }

    fn net(last: u8) -> Origin {
        Origin::of([192, 0, 2, last].into(), None)
    }

    fn pin(origin: Origin, account: &str) -> Guess {
        Guess::new(origin, account, Secret::Pin)
    }

    /// Whether a wrong secret is looked at.
    fn is_looked_at(failures: &Shop, guess: Guess) -> bool {
        failures.begin(guess).map(Counted::fail).is_ok()
    }

    #[test]
    fn guessing_shuts_the_door_for_the_one_who_guesses() {
        let (failures, _) = shop();
        let (guest, tablet) = (net(7), net(8));
        for failure in 1..=5 {
            let counted = failures.begin(pin(guest, "Anna")).unwrap();
            assert_eq!(counted.fail(), failure == 5);
        }
        assert_eq!(failures.check(&pin(guest, "anna")).unwrap_err().status(), 429);
        assert!(failures.check(&pin(tablet, "anna")).is_ok());
        assert!(failures.check(&pin(Origin::Device(1), "anna")).is_ok());
        assert!(failures.check(&pin(guest, "igor")).is_ok());
        for n in 0..60 {
            is_looked_at(&failures, pin(guest, &format!("name {n}")));
        }
        assert_eq!(failures.check(&pin(guest, "igor")).unwrap_err().status(), 429);
        assert!(failures.check(&pin(tablet, "igor")).is_ok());
    }

    /// N2: three hundred at once are counted before any of them is looked at.
    #[test]
    fn tries_under_way_are_counted_like_failures() {
        let (failures, _) = shop();
        let at_once: Vec<_> = (0..300).map(|_| failures.begin(pin(net(7), "anna"))).collect();
        assert_eq!(at_once.iter().filter(|try_| try_.is_ok()).count(), 5);
        for counted in at_once.into_iter().flatten() {
            drop(counted); // Who hangs up before the answer has tried all the same.
        }
        assert!(failures.check(&pin(net(7), "anna")).is_err());
        // Of as many who know their PIN nobody waits.
        for _ in 0..300 {
            failures.begin(pin(net(8), "igor")).unwrap().forgive();
            failures.begin(pin(net(8), "nino")).unwrap().give_back();
        }
        assert!(failures.check(&pin(net(8), "igor")).is_ok());
    }

    #[test]
    fn each_time_it_is_shut_longer() {
        let (failures, clock) = shop();
        let anna = || pin(net(7), "anna");
        let is_shut = || failures.check(&anna()).is_err();
        for _ in 0..5 {
            assert!(is_looked_at(&failures, anna()));
        }
        for length in [60, 120, 240, 480, 960, 1920, 3600, 3600] {
            clock.advance(Duration::from_secs(length - 1));
            assert!(is_shut(), "{length}");
            clock.advance(Duration::from_secs(2));
            assert!(!is_shut(), "{length}");
            while is_looked_at(&failures, anna()) {}
        }
        clock.advance(Duration::from_secs(3602));
        failures.begin(anna()).unwrap().forgive();
        for _ in 0..5 {
            assert!(is_looked_at(&failures, anna()), "who knows the secret begins anew");
        }
    }

    #[test]
    fn many_addresses_together_do_not_get_further() {
        let (failures, _) = shop();
        let (phone, tablet) = (net(200), net(201));
        failures.begin(pin(phone, "anna")).unwrap().forgive();
        for n in 0..50 {
            is_looked_at(&failures, pin(net(n), "anna"));
        }
        assert!(failures.check(&pin(net(100), "anna")).is_err(), "closed to strangers");
        assert!(failures.check(&pin(phone, "anna")).is_ok(), "but not where Anna signs in");
        assert!(failures.check(&pin(Origin::Device(1), "anna")).is_ok());
        assert!(failures.check(&pin(tablet, "igor")).is_ok());
    }

    /// N2: what an hour gives to somebody who never stops, however they spread it.
    #[test]
    fn an_hour_is_too_short_for_a_pin() {
        type Way<'a> = (&'a str, u32, &'a dyn Fn(u32) -> Guess);
        let spread = |n: u32| net(u8::try_from(n % 250).unwrap());
        let ways: [Way<'_>; 4] = [
            ("one account", 30, &|_| pin(Origin::Device(1), "anna")),
            ("one tablet", 100, &|n| pin(Origin::Device(1), &format!("name {n}"))),
            ("one account, many addresses", 100, &|n| pin(spread(n), "anna")),
            ("anything", 200, &|n| pin(spread(n), &format!("name {}", n % 97))),
        ];
        for (what, most, guess) in ways {
            let (failures, clock) = shop();
            let mut looked_at = 0;
            for n in 0..36_000 {
                looked_at += u32::from(is_looked_at(&failures, guess(n)));
                clock.advance(Duration::from_millis(100));
            }
            assert!(looked_at <= most, "{what}: {looked_at} of 10,000");
        }
    }

    #[test]
    fn memory_is_bounded_and_ipv6_is_counted_by_its_net() {
        let (failures, _) = shop();
        for n in 0..20_000u32 {
            let origin = Origin::of(IpAddr::from(n.to_be_bytes()), None);
            let code = || Guess::new(origin, "set-up code", Secret::Code);
            for _ in 0..5 {
                is_looked_at(&failures, code());
            }
            failures.begin(Guess::new(origin, "igor", Secret::Password)).unwrap().forgive();
        }
        let memory = failures.memory.lock().unwrap();
        assert!(memory.shut.len() <= REMEMBERED && memory.used_to.len() <= REMEMBERED);
        let origin = |text: &str| Origin::of(text.parse().unwrap(), None);
        assert_eq!(origin("fd00::1"), origin("fd00::2"));
        assert_ne!(origin("fd00::1"), origin("fd00:0:0:1::1"));
        assert_eq!(origin("::ffff:192.0.2.7"), net(7));
    }
}
