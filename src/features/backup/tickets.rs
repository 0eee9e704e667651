//! Tickets for downloads: a browser that saves a file sends no token, and a token in an address
//! would stand in histories and logs.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::core::error::{Error, Result};
use crate::platform::auth::random_key;

/// How long a ticket is good.
const GOOD_FOR: Duration = Duration::from_mins(1);
/// How many are out at once; one more makes the oldest worthless.
const MOST: usize = 16;

/// The tickets that are out.
#[derive(Default)]
pub struct Tickets(Mutex<VecDeque<(String, String, Instant)>>);

impl Tickets {
    /// A ticket for a file.
    pub(super) fn issue(&self, name: &str) -> Result<String> {
        let ticket = random_key()?;
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.truncate(MOST - 1);
        out.push_front((ticket.clone(), name.to_owned(), Instant::now()));
        Ok(ticket)
    }

    /// Takes a ticket back; it is good for its own file, once, within a minute.
    pub(super) fn redeem(&self, ticket: &str, name: &str) -> Result<()> {
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = out.iter().position(|(known, of, _)| known == ticket && of == name);
        match place.and_then(|place| out.remove(place)) {
            Some((_, _, issued)) if issued.elapsed() < GOOD_FOR => Ok(()),
            _ => {
                let detail = "This address was good for one download within a minute. Ask again.";
                Err(Error::forbidden("ticket_used", detail))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_good_once_and_for_its_own_file() {
        let tickets = Tickets::default();
        let ticket = tickets.issue("a").unwrap();
        assert_eq!(tickets.redeem(&ticket, "b").unwrap_err().status(), 403);
        tickets.redeem(&ticket, "a").unwrap();
        assert_eq!(tickets.redeem(&ticket, "a").unwrap_err().status(), 403);
        let old = tickets.issue("a").unwrap();
        for _ in 0..MOST {
            tickets.issue("a").unwrap();
        }
        assert_eq!(tickets.redeem(&old, "a").unwrap_err().status(), 403);
    }
}
