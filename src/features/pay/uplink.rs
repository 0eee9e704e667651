//! Whether providers can be reached, as far as that was seen last.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::MutexGuard as Turn;

use super::provider::{Told, Trouble};
use super::types::WayProblem;

/// So long what was seen counts.
const FRESH: Duration = Duration::from_secs(15);

/// What was seen of each provider.
#[derive(Default)]
pub struct Uplink {
    seen: Mutex<HashMap<i64, (Instant, Option<WayProblem>)>>,
    looking: tokio::sync::Mutex<()>,
}

impl Uplink {
    fn seen(&self) -> MutexGuard<'_, HashMap<i64, (Instant, Option<WayProblem>)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody asked a provider.
    pub fn note<T>(&self, provider_id: i64, told: &Told<T>) {
        let problem = match told {
            Ok(_) | Err(Trouble::No(_)) => None,
            Err(Trouble::Key(_)) => Some(WayProblem::Key),
            Err(Trouble::Unreached(_) | Trouble::Silent(_)) => Some(WayProblem::Unreachable),
        };
        self.seen().insert(provider_id, (Instant::now(), problem));
    }

    /// A provider was set up anew: what was seen of it counts no more.
    pub fn forget(&self, provider_id: i64) {
        self.seen().remove(&provider_id);
    }

    /// One looks at a time; the others wait for what it sees.
    pub async fn turn(&self) -> Turn<'_, ()> {
        self.looking.lock().await
    }

    /// What was seen a moment ago; none where that is too long ago.
    #[expect(clippy::option_option, reason = "whether it was looked at, and what was the matter")]
    pub fn of(&self, provider_id: i64) -> Option<Option<WayProblem>> {
        let (at, problem) = *self.seen().get(&provider_id)?;
        (at.elapsed() < FRESH).then_some(problem)
    }
}
