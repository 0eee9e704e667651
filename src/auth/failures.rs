//! Guessing made hopeless: who fails to sign in too often is kept out for a while. Counted by
//! account *and* address, so that a guest who tries PINs does not lock a waiter's tablet out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::{Error, Result};

/// Failures allowed for one account from one address, and for one address in all.
const PER_ACCOUNT: NonZeroU32 = NonZeroU32::new(5).unwrap();
const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(50).unwrap();
const WITHIN: Duration = Duration::from_mins(5);
/// For how long the door then stays shut.
const SHUT_FOR: Duration = Duration::from_mins(1);
/// Above so many remembered keys the stale ones are thrown away.
const REMEMBERED: usize = 4096;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Account(IpAddr, String),
    Address(IpAddr),
}

/// Counts failed sign-ins.
pub struct Failures {
    enabled: bool,
    accounts: DefaultKeyedRateLimiter<Key>,
    addresses: DefaultKeyedRateLimiter<Key>,
    shut: Mutex<HashMap<Key, Instant>>,
}

impl Failures {
    /// Counts nothing when not `enabled`.
    pub fn new(enabled: bool) -> Self {
        let quota = |most: NonZeroU32| {
            Quota::with_period(WITHIN / most.get())
                .unwrap_or(Quota::per_minute(most))
                .allow_burst(most)
        };
        Self {
            enabled,
            accounts: RateLimiter::keyed(quota(PER_ACCOUNT)),
            addresses: RateLimiter::keyed(quota(PER_ADDRESS)),
            shut: Mutex::default(),
        }
    }

    /// Whether this address may try this account now.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check(&self, address: IpAddr, username: &str) -> Result<()> {
        let mut shut = self.shut.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(address, username) {
            let Some(&until) = shut.get(&key) else { continue };
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                shut.remove(&key);
                continue;
            }
            let seconds = left.as_secs() + 1;
            let detail = format!("Too many failed sign-ins. Try again in {seconds} seconds.");
            return Err(Error::too_many("sign_in_shut", detail, seconds).with("seconds", seconds));
        }
        Ok(())
    }

    /// Notes a failed try; true when the door is shut by it.
    pub fn note(&self, address: IpAddr, username: &str) -> bool {
        if !self.enabled {
            return false;
        }
        let mut has_shut = false;
        let [account, whole_address] = keys(address, username);
        for (limiter, key) in [(&self.accounts, account), (&self.addresses, whole_address)] {
            if limiter.check_key(&key).is_err() {
                has_shut = true;
                let mut shut = self.shut.lock().unwrap_or_else(PoisonError::into_inner);
                if shut.len() >= REMEMBERED {
                    let now = Instant::now();
                    shut.retain(|_, until| *until > now);
                }
                if shut.len() < REMEMBERED {
                    shut.insert(key, Instant::now() + SHUT_FOR);
                }
            }
            if limiter.len() > REMEMBERED {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
        has_shut
    }
}

fn keys(address: IpAddr, username: &str) -> [Key; 2] {
    [Key::Account(address, username.to_lowercase()), Key::Address(address)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_shuts_the_door_for_the_one_who_guesses() {
        let failures = Failures::new(true);
        let guest: IpAddr = [192, 0, 2, 7].into();
        let tablet: IpAddr = [192, 0, 2, 8].into();
        for _ in 0..6 {
            assert!(failures.check(guest, "anna").is_ok());
            failures.note(guest, "Anna");
        }
        assert_eq!(failures.check(guest, "anna").unwrap_err().status(), 429);
        assert!(failures.check(tablet, "anna").is_ok());
        assert!(failures.check(guest, "igor").is_ok());
        for n in 0..60 {
            failures.note(guest, &format!("name {n}"));
        }
        assert_eq!(failures.check(guest, "igor").unwrap_err().status(), 429);
    }
}
