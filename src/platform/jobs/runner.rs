//! Does the jobs: the first of each lane when its time comes, some lanes at once. It is woken by the
//! commits that write jobs, and by time; it never asks in between.
//!
//! How long to wait is measured by the monotonic clock. What is under way when the box is killed is
//! found so at its next start, and is UNKNOWN then.

use std::any::Any;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::core::clock;
use crate::core::error::Result;
use crate::core::jobs::{
    self, Begin, Finish, Head, Job, JobKind, Next, Outcome, Resume, State, heads, may_begin,
};
use crate::core::store::Observer;
use crate::platform::app::App;
use crate::platform::feature::Worker;

/// How many jobs are under way at once.
const AT_ONCE: usize = 16;
/// How many lanes are looked at: those whose time comes first.
const LANES: usize = 64;
/// When the database does not answer, it is asked again after this time.
const REST: Duration = Duration::from_secs(5);
/// How long a box that stops waits for what is under way.
const GRACE: Duration = Duration::from_secs(3);

/// Who does which kind of job.
pub struct Runner {
    workers: HashMap<&'static str, Arc<Worker<App>>>,
    wake: Arc<Notify>,
}

/// Since which moment of the monotonic clock the first job of a lane is due, by its id and how often
/// it was begun.
type Due = HashMap<(i64, u32), Instant>;

impl Runner {
    /// One that knows these kinds.
    ///
    /// # Panics
    /// When two parts of the box do the same kind: it is put together wrongly.
    pub fn new(workers: Vec<Worker<App>>) -> Self {
        let kinds = workers.len();
        let by_name = |worker: Worker<App>| (worker.kind.name, Arc::new(worker));
        let workers: HashMap<_, _> = workers.into_iter().map(by_name).collect();
        assert_eq!(workers.len(), kinds, "two parts of the box do the same kind of job");
        Self { workers, wake: Arc::default() }
    }

    /// What wakes it: every commit that writes jobs.
    pub fn observer(&self) -> Observer {
        let wake = Arc::clone(&self.wake);
        Box::new(move |commit| {
            if commit.touched("jobs") {
                wake.notify_one();
            }
        })
    }

    /// Does jobs until the box stops.
    pub async fn run(&self, app: App) {
        let stopping = app.hub.stopping.clone();
        let (mut under_way, mut due) = (JoinSet::new(), Due::new());
        stopping.run_until_cancelled(resume(&app)).await;
        while !stopping.is_cancelled() {
            let next = match self.begin_due(&app, &mut due, &mut under_way).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::warn!(%error, "jobs cannot be begun; it is tried again");
                    Some(Instant::now() + REST)
                }
            };
            tokio::select! {
                () = stopping.cancelled() => {}
                () = self.wake.notified() => {}
                Some(_) = under_way.join_next() => {}
                () = until(next) => {}
            }
        }
        let _ = timeout(GRACE, async { while under_way.join_next().await.is_some() {} }).await;
    }

    /// Begins what is due, as far as there is room. Returns when the next one is.
    async fn begin_due(
        &self,
        app: &App,
        due: &mut Due,
        under_way: &mut JoinSet<()>,
    ) -> Result<Option<Instant>> {
        let room = AT_ONCE - under_way.len();
        if room == 0 {
            return Ok(None);
        }
        let heads = app.store.read(|db| heads(db, LANES)).await?;
        let (mut now_due, mut next) = (Vec::new(), None::<Instant>);
        let (now, mut seen) = (Instant::now(), Due::with_capacity(heads.len()));
        for head in heads {
            let Some(kind) = self.beginnable(app, &head).await? else { continue };
            let key = (head.id, head.attempts);
            let wait = || jobs::wait(kind, head.attempts, head.next_at, clock::now());
            let at = due.get(&key).copied().unwrap_or_else(|| now + wait());
            seen.insert(key, at);
            if at <= now && now_due.len() < room {
                now_due.push(key);
            } else {
                next = Some(next.map_or(at, |next| next.min(at)));
            }
        }
        *due = seen;
        if !now_due.is_empty() {
            for job in app.store.run(Begin(now_due)).await? {
                let Some(worker) = self.workers.get(job.kind.as_str()) else { continue };
                under_way.spawn(attempt(app.clone(), Arc::clone(worker), job));
            }
        }
        Ok(next)
    }

    /// The kind of a lane's first job, if the box may begin it. What nobody here can do is given up,
    /// and what must not be done twice waits for a person: until then its lane stands still.
    async fn beginnable(&self, app: &App, head: &Head) -> Result<Option<&'static JobKind>> {
        let (state, why) = match self.workers.get(head.kind.as_str()) {
            Some(worker) if may_begin(worker.kind, head.state) => return Ok(Some(worker.kind)),
            Some(_) => (State::Unknown, None),
            None => (State::Failed, Some("no part of this version does such a job")),
        };
        let (id, attempt, next) = (head.id, head.attempts, Next::stays(state));
        tell(&head.kind, id, next, why);
        let error = why.map(str::to_owned);
        app.store.run(Finish { id, attempt, next, error }).await?;
        Ok(None)
    }
}

/// Nobody knows how those ended that were under way when this began.
async fn resume(app: &App) {
    loop {
        match app.store.run(Resume).await {
            Ok(0) => return,
            Ok(jobs) => return tracing::warn!(jobs, "jobs were under way when the box stopped"),
            Err(error) => tracing::warn!(%error, "jobs cannot be resumed yet"),
        }
        sleep(REST).await;
    }
}

/// One attempt, and the writing down of its outcome.
async fn attempt(app: App, worker: Arc<Worker<App>>, job: Job) {
    let (id, attempt, kind) = (job.id, job.attempt, worker.kind);
    // `async` around the call, so that a panic before its first await is caught too.
    let working = AssertUnwindSafe(async { (worker.work)(app.clone(), job).await }).catch_unwind();
    let outcome = match timeout(kind.limit, working).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => Outcome::Unknown(broke_off(panic.as_ref())),
        Err(_) => Outcome::Unknown(format!("no answer within {} s", kind.limit.as_secs_f32())),
    };
    let next = jobs::after(kind, attempt, &outcome);
    let error = match outcome {
        Outcome::Done => None,
        Outcome::NotYet(why) | Outcome::Unknown(why) | Outcome::Failed(why) => Some(why),
    };
    tell(kind.name, id, next, error.as_deref());
    // Until it is on the disk: while that is full, the job is not begun again.
    while let Err(problem) = app.store.run(Finish { id, attempt, next, error: error.clone() }).await
    {
        tracing::warn!(error = %problem, kind = kind.name, id, "a job's outcome is not written yet");
        sleep(REST).await;
    }
}

fn tell(kind: &str, id: i64, next: Next, why: Option<&str>) {
    match (next.state, next.pause) {
        (State::Failed, _) => tracing::warn!(kind, id, why, "a job is given up"),
        (State::Unknown, None) => {
            tracing::error!(
                kind,
                id,
                why,
                "nobody knows whether a job was done; a person must say"
            );
        }
        (_, Some(pause)) => tracing::debug!(kind, id, why, ?pause, "a job is tried again"),
        (_, None) => {}
    }
}

fn broke_off(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = panic.downcast_ref::<&str>().copied().or(text).unwrap_or_default();
    format!("it broke off: {text}")
}

async fn until(next: Option<Instant>) {
    match next {
        Some(next) => sleep_until(next).await,
        None => std::future::pending().await,
    }
}
