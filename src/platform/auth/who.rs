//! Everything of a box that has to do with who is who, and the way on which secrets are looked at.

use governor::clock::DefaultClock;

use super::failures::{Counted, Failures, Guess};
use super::password::Hasher;
use super::secrets::Secrets;
use super::sessions::Sessions;
use super::token::Tokens;
use super::turns::Turns;
use crate::core::error::Result;
use crate::core::store::Commit;
use crate::platform::config::Settings;

/// Everything of a box that has to do with who is who.
pub struct Auth {
    /// Signs and reads tokens.
    pub tokens: Tokens,
    /// Hashes passwords and PINs.
    pub hasher: Hasher,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Who failed to sign in too often.
    pub failures: Failures,
    turns: Turns,
}

impl Auth {
    /// From the settings and the keys of the data folder.
    ///
    /// # Errors
    /// When the hashing cannot be set up.
    pub fn new(settings: &Settings, secrets: &Secrets) -> Result<Self> {
        Ok(Self {
            tokens: Tokens::new(secrets.keys.clone(), settings.access_token_expire_minutes),
            hasher: Hasher::new(&secrets.pin_key)?,
            sessions: Sessions::default(),
            failures: Failures::new(settings.rate_limit_requests > 0, DefaultClock::default()),
            turns: Turns::default(),
        })
    }

    /// Hears of commits: forgets whom they concern.
    pub fn observe(&self, commit: &Commit<'_>) {
        self.sessions.observe(commit);
    }

    /// Looks at a secret by `check` when its turn comes, if it may still be tried then. What it
    /// finds comes with the try, which is counted as a failure until it is told otherwise.
    ///
    /// # Errors
    /// 429 when too many failed before, 503 when too many wait, or `check`'s own.
    pub async fn look_at<T>(
        &self,
        guess: Guess,
        check: impl Future<Output = Result<T>>,
    ) -> Result<(T, Counted<'_>)> {
        self.failures.check(&guess)?;
        let row =
            if self.failures.knows(&guess) { &self.turns.known } else { &self.turns.strangers };
        let _slot = row.wait().await?;
        // Those who were before it may have used the budget up.
        let counted = self.failures.begin(guess)?;
        match check.await {
            Ok(found) => Ok((found, counted)),
            Err(error) => {
                counted.give_back();
                Err(error)
            }
        }
    }
}
