//! Whether providers can be reached, as far as that was seen last. Who asks hears within three seconds.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::time::timeout;

use super::provider::{Provider, Told, Trouble};
use super::steps::reached;
use super::store;
use super::types::{WayProblem, WayView};
use crate::core::error::Result;
use crate::platform::app::App;

/// So long what was seen counts.
const FRESH: Duration = Duration::from_secs(15);
/// The longest that anybody waits to be told.
const PATIENCE: Duration = Duration::from_millis(2500);

/// What was seen of each provider.
#[derive(Default)]
pub struct Uplink {
    seen: Mutex<HashMap<i64, (Instant, Option<WayProblem>)>>,
    /// One looks, the others wait for what it sees.
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

    fn of(&self, provider_id: i64) -> Option<Option<WayProblem>> {
        let (at, problem) = *self.seen().get(&provider_id)?;
        (at.elapsed() < FRESH).then_some(problem)
    }
}

/// The ways to pay over the wire, each with whether it can be taken now.
///
/// # Errors
/// When the database cannot be read.
pub async fn ways(app: &App) -> Result<Vec<WayView>> {
    let mut ways = app.store.read(store::ways).await?;
    let uplink = app.state::<Uplink>();
    let is_old = |way: &WayView| way.kind.is_asked() && uplink.of(way.provider_id).is_none();
    if ways.iter().any(is_old) {
        let _turn = uplink.looking.lock().await;
        let old = ways.iter().filter(|way| is_old(way));
        join_all(old.map(|way| look(app, way.provider_id))).await;
    }
    for way in ways.iter_mut().filter(|way| way.kind.is_asked()) {
        way.problem = uplink.of(way.provider_id).flatten();
        way.is_up = way.problem.is_none();
    }
    Ok(ways)
}

async fn look(app: &App, provider_id: i64) {
    let told = match reached(app, provider_id).await {
        Ok(provider) => timeout(PATIENCE, provider.probe())
            .await
            .unwrap_or_else(|_| Err(Trouble::Silent("no answer in time".into()))),
        Err(error) => Err(Trouble::Key(error.to_string())),
    };
    app.state::<Uplink>().note(provider_id, &told);
}
