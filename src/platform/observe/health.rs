//! Whether the box does what it is there for: it reads, it commits, and people can sign in. Looked
//! at every few seconds, so that asking costs nothing and a frozen box is seen by whoever asks.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::core::error::Error;

/// A look that is older than this did not come back.
const STALE: Duration = Duration::from_secs(15);

/// What the last look found.
pub struct Health(Mutex<Look>);

struct Look {
    at: Instant,
    stands_still: Option<&'static str>,
}

impl Default for Health {
    fn default() -> Self {
        Self(Mutex::new(Look { at: Instant::now(), stands_still: None }))
    }
}

impl Health {
    /// Which part does not answer; none when the box is well.
    pub fn stands_still(&self) -> Option<&'static str> {
        let look = self.look();
        let is_stale = look.at.elapsed() > STALE;
        look.stands_still.or(is_stale.then_some("the look at its parts"))
    }

    /// `Ok` while the box is well.
    ///
    /// # Errors
    /// 503 that names the part which does not answer.
    pub fn check(&self) -> Result<(), Error> {
        self.stands_still().map_or(Ok(()), |part| Err(Error::unwell(part)))
    }

    fn look(&self) -> MutexGuard<'_, Look> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note(&self, stands_still: Option<&'static str>) {
        if let Some(part) = stands_still {
            tracing::warn!(part, "a part of the box does not answer");
        }
        *self.look() = Look { at: Instant::now(), stands_still };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// N3: what stands still is named, and so is a look that does not come back.
    #[test]
    fn a_part_that_does_not_answer_is_told() {
        let health = Health::default();
        assert!(health.check().is_ok());
        health.note(Some("reading"));
        let error = health.check().unwrap_err();
        assert_eq!(error.status(), 503);
        assert!(error.to_string().contains("reading"), "{error}");
        health.note(None);
        assert!(health.check().is_ok());
        health.look().at = Instant::now().checked_sub(STALE * 2).unwrap();
        assert!(health.check().is_err());
    }
}
