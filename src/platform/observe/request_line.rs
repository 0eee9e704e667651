//! The line of a request, on its way to the log: through a bounded queue to a thread of its own,
//! so that a slow journal or disk holds up no reply. What does not fit is counted.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use axum::extract::MatchedPath;
use axum::http::{HeaderValue, Method};
use tracing::Level;

use super::console;
use super::requester::Known;

/// How many lines may wait.
const QUEUE: usize = 4096;
/// For how long lines are gathered before they are written: to wake a thread for each costs a busy
/// box more than the line does.
const GATHERED: Duration = Duration::from_millis(20);
/// How long the end of the program waits for the lines that do.
const PATIENCE: Duration = Duration::from_secs(2);
/// A request that takes longer is a warning.
const SLOW: Duration = Duration::from_millis(500);

/// Where no route fits: a page, a file, or nothing. Its address is not logged: it may be anything.
pub(super) const NO_ROUTE: &str = "(page)";

/// What is logged of a request.
pub(super) struct Line {
    pub id: HeaderValue,
    pub method: Method,
    pub route: Option<MatchedPath>,
    pub status: u16,
    pub took: Duration,
    pub who: Option<Known>,
    pub address: Option<IpAddr>,
    pub agent: Option<String>,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<Line>,
    /// Who is to hear that they are written.
    flushed: Vec<SyncSender<()>>,
}

impl Waiting {
    fn is_urgent(&self) -> bool {
        self.lines.len() > QUEUE / 2 || !self.flushed.is_empty()
    }
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
}

static QUEUED: OnceLock<Queue> = OnceLock::new();
static DROPPED: AtomicU64 = AtomicU64::new(0);

/// Starts the thread that writes.
pub(super) fn start() {
    if QUEUED.set(Queue::default()).is_ok() {
        let name = "qres-log".to_owned();
        let started = std::thread::Builder::new().name(name).spawn(|| {
            if let Some(queue) = QUEUED.get() {
                queue.work();
            }
        });
        if let Err(error) = started {
            tracing::warn!(%error, "requests are not logged: there is no thread for it");
        }
    }
}

/// Whether anybody reads lines of requests.
pub(super) fn is_wanted() -> bool {
    QUEUED.get().is_some() && tracing::enabled!(target: "qres::request", Level::WARN)
}

/// Hands a line over. Never waits.
pub(super) fn write(line: Line) {
    let is_read = line.is_warning() || tracing::enabled!(target: "qres::request", Level::INFO);
    if let Some(queue) = QUEUED.get().filter(|_| is_read) {
        queue.put(line);
    }
}

/// How many lines did not fit.
pub(super) fn dropped() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// Waits until the lines that were handed over are written, or for two seconds.
pub fn flush() {
    let Some(queue) = QUEUED.get() else { return };
    let (done, written) = sync_channel(1);
    queue.waiting().flushed.push(done);
    queue.filled.notify_one();
    let _ = written.recv_timeout(PATIENCE);
}

impl Queue {
    fn put(&self, line: Line) {
        let mut waiting = self.waiting();
        if waiting.lines.len() >= QUEUE {
            DROPPED.fetch_add(1, Ordering::Relaxed);
            return;
        }
        waiting.lines.push(line);
        let count = waiting.lines.len();
        drop(waiting);
        if count == 1 || count == QUEUE / 2 + 1 {
            self.filled.notify_one();
        }
    }

    fn work(&self) {
        let mut lines = Vec::new();
        loop {
            let waiting = self.waiting();
            let is_empty = |waiting: &mut Waiting| waiting.lines.is_empty() && !waiting.is_urgent();
            let waiting = self.filled.wait_while(waiting, is_empty);
            let waiting = waiting.unwrap_or_else(PoisonError::into_inner);
            let gathers = |waiting: &mut Waiting| !waiting.is_urgent();
            let gathered = self.filled.wait_timeout_while(waiting, GATHERED, gathers);
            let (mut waiting, _) = gathered.unwrap_or_else(PoisonError::into_inner);
            std::mem::swap(&mut lines, &mut waiting.lines);
            let flushed = std::mem::take(&mut waiting.flushed);
            drop(waiting);
            console::together(|| lines.drain(..).for_each(|line| line.tell()));
            // A rush is over some time.
            lines.shrink_to(QUEUE / 16);
            for done in flushed {
                let _ = done.try_send(());
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    /// The template of the route, never the address itself: that may hold a code or a token.
    fn template(&self) -> &str {
        self.route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str)
    }

    fn is_warning(&self) -> bool {
        self.status >= 500 || self.took > SLOW
    }

    fn tell(&self) {
        let (method, route, status) = (self.method.as_str(), self.template(), self.status);
        let ms = (self.took.as_secs_f64() * 10_000.0).round() / 10.0;
        let user_id = self.who.as_ref().and_then(|who| who.id);
        let user = self.who.as_ref().and_then(|who| who.name.as_deref());
        let role = self.who.as_ref().map(|who| who.role);
        let address = self.address.map(|address| address.to_string());
        let agent = self.agent.as_deref();
        let request_id = self.id.to_str().unwrap_or_default();
        // A macro's level is a constant.
        macro_rules! tell {
            ($level:expr) => {
                tracing::event!(
                    target: "qres::request", $level, method, route, status, ms, user_id, user, role,
                    address, agent, request_id, "{method} {route} {status}"
                )
            };
        }
        if self.is_warning() { tell!(Level::WARN) } else { tell!(Level::INFO) }
    }
}
