//! The line of a request, on its way to the log: through a bounded queue to a thread of its own,
//! so that a slow journal or disk holds up no reply. What does not fit is counted.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use axum::extract::MatchedPath;
use axum::http::{HeaderValue, Method};
use tracing::Level;

use super::requester::Known;

/// How many lines may wait.
const QUEUE: usize = 4096;
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

enum Job {
    Write(Box<Line>),
    Flush(SyncSender<()>),
}

static QUEUED: OnceLock<SyncSender<Job>> = OnceLock::new();
static DROPPED: AtomicU64 = AtomicU64::new(0);

/// Starts the thread that writes.
pub(super) fn start() {
    let (sender, jobs) = sync_channel(QUEUE);
    if QUEUED.set(sender).is_ok() {
        let name = "qres-log".to_owned();
        let started = std::thread::Builder::new().name(name).spawn(move || work(&jobs));
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
    let job = Job::Write(Box::new(line));
    if QUEUED.get().is_some_and(|queue| queue.try_send(job).is_err()) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

/// How many lines did not fit.
pub(super) fn dropped() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// Waits until the lines that were handed over are written, or for two seconds.
pub fn flush() {
    let (done, written) = sync_channel(1);
    if QUEUED.get().is_some_and(|queue| queue.try_send(Job::Flush(done)).is_ok()) {
        let _ = written.recv_timeout(PATIENCE);
    }
}

fn work(jobs: &Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        match job {
            Job::Write(line) => line.tell(),
            Job::Flush(done) => drop(done.try_send(())),
        }
    }
}

impl Line {
    /// The template of the route, never the address itself: that may hold a code or a token.
    fn template(&self) -> &str {
        self.route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str)
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
        if status >= 500 || self.took > SLOW { tell!(Level::WARN) } else { tell!(Level::INFO) }
    }
}
