//! Asks providers about what is under way, by a schedule, whoever's page is open. What is to be asked about is
//! in the database, so a restart forgets nothing; when it is asked next is kept here, so a question whose
//! answer is the old one writes nothing, and 500 that wait cost an order nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::rules::{pause, refund_pause};
use super::steps::{give_back, go_on};
use super::store::{self, AttemptRow, RefundRow, TakeUp};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::store::Observer;
use crate::platform::app::App;

/// How many are asked about at once.
const AT_ONCE: usize = 16;
/// When the database does not answer, it is asked again after this time.
const REST: Duration = Duration::from_secs(5);
/// Refunds of so long a time are taken up together.
const GATHERS: Duration = Duration::from_millis(500);
/// How long a box that stops waits for what is under way.
const GRACE: Duration = Duration::from_secs(3);

/// Who asks.
pub struct Poller {
    wake: Arc<Notify>,
    money_moved: Arc<Notify>,
    pace: AtomicU32,
}

impl Default for Poller {
    fn default() -> Self {
        Self { wake: Arc::default(), money_moved: Arc::default(), pace: AtomicU32::new(1) }
    }
}

/// Something that is under way.
enum Task {
    Attempt(Box<AttemptRow>),
    Refund(Box<RefundRow>),
}

/// An attempt, or a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Attempt(i64),
    Refund(i64),
}

impl Task {
    fn key(&self) -> Key {
        match self {
            Self::Attempt(row) => Key::Attempt(row.id),
            Self::Refund(row) => Key::Refund(row.id),
        }
    }

    /// How long it rests when it was asked about so often.
    fn pause(&self, asked: u32) -> Duration {
        match self {
            Self::Attempt(row) => {
                let now = clock::now().0;
                let past = row.expires_at.map_or(i64::MIN, |ends| now.saturating_sub(ends));
                pause(now - row.sent_at.unwrap_or(now), past)
            }
            Self::Refund(_) => refund_pause(asked),
        }
    }
}

/// When each is asked about next, and how often it was.
#[derive(Default)]
struct Plans {
    next: HashMap<Key, (Instant, u32)>,
    under_way: HashSet<Key>,
}

impl Poller {
    /// What wakes it: every commit that writes something to ask about, or may have written a refund.
    pub fn observer(&self) -> Observer {
        let (wake, money_moved) = (Arc::clone(&self.wake), Arc::clone(&self.money_moved));
        Box::new(move |commit| {
            if commit.touched("pay_attempts") || commit.touched("pay_refunds") {
                wake.notify_one();
            }
            if commit.touched("payments") {
                money_moved.notify_one();
            }
        })
    }

    /// Takes refunds of checks up that are to go back over the wire, until the box stops. Not after each
    /// payment of a rush, but once for many.
    pub async fn take_up(&self, app: App) {
        let stopping = app.hub.stopping.clone();
        while !stopping.is_cancelled() {
            if let Err(error) = take_up(&app).await {
                tracing::warn!(%error, "refunds are not on their way back yet");
            }
            let moved = async {
                self.money_moved.notified().await;
                sleep(GATHERS / self.pace.load(Ordering::Relaxed)).await;
            };
            stopping.run_until_cancelled(moved).await;
        }
    }

    /// Asks so many times as often as it should: for tests, which have no hour.
    pub fn hurry(&self, times: u32) {
        self.pace.store(times.max(1), Ordering::Relaxed);
        self.wake.notify_one();
    }

    /// Asks until the box stops.
    pub async fn run(&self, app: App) {
        let stopping = app.hub.stopping.clone();
        let (mut under_way, mut plans) = (JoinSet::new(), Plans::default());
        while !stopping.is_cancelled() {
            let next = match self.begin_due(&app, &mut plans, &mut under_way).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::warn!(%error, "payments cannot be asked about; it is tried again");
                    Some(Instant::now() + REST)
                }
            };
            tokio::select! {
                () = stopping.cancelled() => {}
                () = self.wake.notified() => {}
                Some(done) = under_way.join_next() => {
                    if let Ok(task) = done {
                        self.plan(&mut plans, &task);
                    }
                }
                () = until(next) => {}
            }
        }
        let _ = timeout(GRACE, async { while under_way.join_next().await.is_some() {} }).await;
    }

    fn plan(&self, plans: &mut Plans, task: &Task) {
        let key = task.key();
        plans.under_way.remove(&key);
        let asked = plans.next.get(&key).map_or(1, |(_, asked)| asked + 1);
        let pause = task.pause(asked) / self.pace.load(Ordering::Relaxed);
        plans.next.insert(key, (Instant::now() + pause, asked));
    }

    /// Asks about what is due, as far as there is room. Returns when the next one is.
    async fn begin_due(
        &self,
        app: &App,
        plans: &mut Plans,
        under_way: &mut JoinSet<Task>,
    ) -> Result<Option<Instant>> {
        let read = |db: &_| Ok((store::open_attempts(db)?, store::open_refunds(db)?));
        let (attempts, refunds) = app.store.read(read).await?;
        let attempts = attempts.into_iter().map(|row| Task::Attempt(Box::new(row)));
        let tasks = attempts.chain(refunds.into_iter().map(|row| Task::Refund(Box::new(row))));
        let (now, mut next, mut seen) = (Instant::now(), None::<Instant>, HashSet::new());
        for task in tasks {
            let key = task.key();
            seen.insert(key);
            let at = plans.next.get(&key).map_or(now, |(at, _)| *at);
            if plans.under_way.contains(&key) {
                continue;
            }
            if at <= now && plans.under_way.len() < AT_ONCE {
                plans.under_way.insert(key);
                under_way.spawn(ask(app.clone(), task));
            } else if at > now {
                next = Some(next.map_or(at, |next| next.min(at)));
            }
        }
        plans.next.retain(|key, _| seen.contains(key));
        Ok(next)
    }
}

async fn take_up(app: &App) -> Result<()> {
    if app.store.read(store::are_to_take_up).await? {
        app.store.run(TakeUp { currency: app.site().currency.clone() }).await?;
    }
    Ok(())
}

/// Asks once. What the box itself could not do is done the next time.
async fn ask(app: App, task: Task) -> Task {
    let (asked, task) = match task {
        Task::Attempt(row) => (go_on(&app, (*row).clone()).await, Task::Attempt(row)),
        Task::Refund(row) => (give_back(&app, (*row).clone()).await, Task::Refund(row)),
    };
    if let Err(error) = asked {
        tracing::warn!(%error, "what became of a payment is not written down yet");
    }
    task
}

async fn until(next: Option<Instant>) {
    match next {
        Some(next) => sleep_until(next).await,
        None => std::future::pending().await,
    }
}
