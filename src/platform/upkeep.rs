//! What the box does by itself now and again: what its features ask for, and what is past its time
//! forgotten, the clock watched, memory given back.

use std::any::Any;
use std::collections::VecDeque;
use std::future::ready;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::core::clock::{self, ClockNews};
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::{
    Connection, EventTrim, KeptKey, Steps, Tx, delete_keys, newest_before, old_keys, trim,
};
use crate::platform::app::App;
use crate::platform::feature::{Chore, Trim, Trimmer};
use crate::platform::security::events::{Kind, SecurityEvent};

const LOOK_AT_CLOCK: Duration = Duration::from_secs(2);
const GIVE_MEMORY_BACK: Duration = Duration::from_secs(2);
/// What broke off is begun again after this time.
const REST: Duration = Duration::from_secs(1);
/// How many rows go before it is looked whether an order waits.
const TRIMMED_AT_ONCE: usize = 200;
/// Too large a piece for the allocator to keep at hand, in bytes.
const LARGE: usize = 1024 * 1024;
/// How many bytes of events are kept, whatever their age; twice as many for a subscription that has
/// not read them.
const EVENT_BYTES: i64 = 128 * 1024 * 1024;

const DAY: i64 = 24 * 3_600_000;
/// So many milliseconds a box must have lived by a time before it forgets by it.
const BELIEVED_AFTER: i64 = 3 * DAY;
/// So many milliseconds nothing may have happened in a restaurant whose clock did not leap. After a
/// longer rest it forgets again three days later.
const SILENCE: i64 = 7 * DAY;

/// Runs until the box stops.
pub async fn run(app: App, chores: Arc<Vec<Chore<App>>>) {
    let stopping = &app.hub.stopping;
    let of_features =
        chores.iter().map(|(period, chore)| every(*period, stopping, || chore(app.clone())));
    tokio::join!(
        every(LOOK_AT_CLOCK, stopping, || {
            tell_of_clock(&app);
            ready(Ok(()))
        }),
        every(GIVE_MEMORY_BACK, stopping, || {
            give_memory_back();
            ready(Ok(()))
        }),
        join_all(of_features),
    );
}

/// Does a job now and again. One that fails or panics is tried again at the next time: an evening
/// without word of late orders is worse than a wrong one of them.
pub async fn every<F>(period: Duration, stopping: &CancellationToken, mut job: impl FnMut() -> F)
where
    F: Future<Output = Result<()>>,
{
    let mut tick = interval(period);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stopping.run_until_cancelled(tick.tick()).await.is_some() {
        // `async` around the call, so that a panic before its first await is caught too.
        match AssertUnwindSafe(async { job().await }).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a job of the box failed; it is tried again"),
            Err(panic) => tell_of_panic(panic.as_ref()),
        }
    }
}

/// Keeps a part of the box going that should end only with it: one that panics is begun anew.
pub async fn keep_going<F>(stopping: CancellationToken, mut part: impl FnMut() -> F)
where
    F: Future<Output = ()>,
{
    while let Err(panic) = AssertUnwindSafe(async { part().await }).catch_unwind().await {
        tell_of_panic(panic.as_ref());
        if stopping.run_until_cancelled(sleep(REST)).await.is_none() {
            return;
        }
    }
}

fn tell_of_panic(panic: &(dyn Any + Send)) {
    let text = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!(panic = text.as_deref(), "a part of the box broke off; it is begun again");
}

/// Tells admins what is new of the clock.
fn tell_of_clock(app: &App) {
    let (what, detail) = match clock::take_news() {
        None => return,
        Some(ClockNews::SetBack { from, to }) => ("clock_set_back", format!("{from} → {to}")),
        Some(ClockNews::Behind { time, wall }) => ("clock_behind", format!("{wall}, {time}")),
    };
    tracing::warn!(what, detail, "the clock of this machine");
    app.security_events.record(SecurityEvent::new(Kind::Clock, what).detail(&detail));
}

/// Makes the allocator look at what has been free for a second, and give it back. It has no clock
/// of its own: it looks when a large piece is freed, and in a box that rests nobody frees one.
fn give_memory_back() {
    drop(black_box(Vec::<u8>::with_capacity(LARGE)));
}

/// Deletes what is past its time: kept replies, events, and what the features forget. By a clock that
/// leapt nothing is forgotten, whatever its age; only what would fill the card goes.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_what_is_old(app: &App, trimmers: &[Trimmer]) -> Result<()> {
    let (now, days) = (clock::now(), i64::from(app.settings.event_days));
    let before = Timestamp(now.0 - days * DAY);
    let look = move |db: &_| {
        let is_believed = is_believed(db, now)?;
        let before = if is_believed { before } else { Timestamp(i64::MIN) };
        let events = EventTrim::look(db, before, EVENT_BYTES)?;
        let keys = if is_believed { old_keys(db, now)? } else { Vec::new() };
        Ok((is_believed, events, keys))
    };
    let (is_believed, events, keys) = app.store.read_long(look).await?;
    let trimmers = if is_believed { trimmers } else { &[] };
    let of_features = trimmers.iter().map(|trimmer| trimmer(before));
    app.store.run_in_steps(Forget::new(of_features, events, keys)).await
}

/// Whether the box has lived by this time for some days: something happened that long ago, and what
/// happened before did not happen years ago. So a clock that leapt ten years ahead is not believed
/// at once, nor after a restart, and what it would have wiped is there when it is set right.
fn is_believed(db: &Connection, now: Timestamp) -> Result<bool> {
    let past = newest_before(db, Timestamp(now.0 - BELIEVED_AFTER))?;
    Ok(past.is_some_and(|past| now.0 - past.0 <= BELIEVED_AFTER + SILENCE))
}

/// Deletes a few rows at a time, kind after kind.
struct Forget(VecDeque<Trim>);

impl Forget {
    fn new(
        of_features: impl Iterator<Item = Trim>,
        events: EventTrim,
        mut keys: Vec<KeptKey>,
    ) -> Self {
        let mut kinds: VecDeque<Trim> = of_features.collect();
        kinds.push_back(Box::new(move |tx, most| {
            delete_keys(tx, &keys.split_off(keys.len().saturating_sub(most)))
        }));
        kinds.push_back(Box::new(move |tx, most| trim(tx, &events, most)));
        Self(kinds)
    }
}

impl Steps for Forget {
    type Output = ();

    fn step(&mut self, tx: &mut Tx<'_>) -> Result<ControlFlow<()>> {
        while let Some(trim) = self.0.front_mut() {
            if trim(tx, TRIMMED_AT_ONCE)? == 0 {
                self.0.pop_front();
            }
            if !tx.has_time() {
                return Ok(ControlFlow::Continue(()));
            }
        }
        Ok(ControlFlow::Break(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // B12: one panic, and no order was ever late again.
    #[tokio::test]
    async fn a_job_that_panics_is_tried_again() {
        let stopping = CancellationToken::new();
        let mut tries = 0;
        let job = || {
            tries += 1;
            assert!(tries > 1, "the first time breaks off");
            stopping.cancel();
            async { Ok(()) }
        };
        every(Duration::from_millis(1), &stopping, job).await;
        assert_eq!(tries, 2);
    }

    #[tokio::test]
    async fn a_part_that_panics_is_begun_anew() {
        let mut tries = 0;
        let part = || {
            tries += 1;
            let is_first = tries == 1;
            async move { assert!(!is_first) }
        };
        keep_going(CancellationToken::new(), part).await;
        assert_eq!(tries, 2);
    }
}
