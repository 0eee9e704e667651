//! What waits for the writer: a bounded queue for each priority, and whose turn it is.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::command::Pending;
use super::priority::{Priority, SLICE};

/// How many commands share one commit at most.
const BATCH: usize = 128;
/// Before a commit whoever is about to send a command may come first: so often, and so long, are the
/// other threads let go before. Where nobody waits for a core it costs some microseconds.
const LOOKS: u32 = 16;
const LOOKING: Duration = Duration::from_micros(300);
/// While others always wait, upkeep gets a slice this often: it must not stand still for ever.
const UPKEEP_EVERY: Duration = Duration::from_millis(100);

/// A command that waits since a moment.
pub(super) struct Waiting {
    pub(super) pending: Box<dyn Pending>,
    pub(super) priority: Priority,
    pub(super) since: Instant,
}

/// One batch, as far as it has come.
pub(super) struct Batch {
    upkeep: bool,
    size: usize,
    /// How often, and since when, it has looked for more.
    looks: u32,
    looks_since: Option<Instant>,
    /// What work that is no order has spent of its slice.
    spent: Duration,
}

impl Batch {
    /// Whether it holds one command so far.
    pub(super) fn is_first(&self) -> bool {
        self.size == 1
    }

    /// Notes how long a command of the batch took.
    pub(super) fn note(&mut self, priority: Priority, took: Duration) {
        if priority != Priority::Orders {
            self.spent += took;
        }
    }

    /// Whether it is to look once more before it ends. A commit costs about as much for one command as
    /// for many, and on a board whose cores are all busy those who read what the next tablets sent wait
    /// for this thread: what they bring shares the commit.
    fn looks_again(&mut self) -> bool {
        if self.upkeep || self.size >= BATCH || self.spent >= SLICE {
            return false;
        }
        let since = *self.looks_since.get_or_insert_with(Instant::now);
        self.looks += 1;
        self.looks <= LOOKS && since.elapsed() < LOOKING
    }
}

#[derive(Default)]
struct Lines {
    /// By priority.
    waiting: [VecDeque<Waiting>; 3],
    close: Option<oneshot::Sender<()>>,
    closed: bool,
    /// Whether the writer waits to be woken. A word to one who does not costs a call of the system too.
    idle: bool,
    last_upkeep: Option<Instant>,
}

impl Lines {
    fn of(&mut self, priority: Priority) -> &mut VecDeque<Waiting> {
        &mut self.waiting[priority as usize]
    }

    fn length(&self) -> usize {
        self.waiting.iter().map(VecDeque::len).sum()
    }

    fn begin(&mut self) -> Batch {
        let others = self.length() - self.of(Priority::Upkeep).len();
        let is_due = self.last_upkeep.is_none_or(|last| last.elapsed() >= UPKEEP_EVERY);
        let upkeep = !self.of(Priority::Upkeep).is_empty() && (others == 0 || is_due);
        Batch { upkeep, size: 0, looks: 0, looks_since: None, spent: Duration::ZERO }
    }

    fn next(&mut self, batch: &Batch) -> Option<Waiting> {
        let in_slice = batch.spent < SLICE;
        if batch.upkeep {
            let may_go_on = batch.size == 0 || (in_slice && self.of(Priority::Orders).is_empty());
            return may_go_on.then(|| self.of(Priority::Upkeep).pop_front()).flatten();
        }
        if batch.size < BATCH
            && let Some(order) = self.of(Priority::Orders).pop_front()
        {
            return Some(order);
        }
        // One even beside a full batch of orders.
        let fits = batch.size < BATCH || batch.spent.is_zero();
        (fits && in_slice).then(|| self.of(Priority::Staff).pop_front()).flatten()
    }
}

/// The queue between the callers and the writer's thread.
#[derive(Default)]
pub(super) struct Queue {
    lines: Mutex<Lines>,
    filled: Condvar,
}

impl Queue {
    /// Puts a command in its line; says no when the line is full or the store is closed. The next
    /// step of `admitted` work always finds room.
    pub(super) fn push(&self, waiting: Waiting, admitted: bool) -> bool {
        let mut lines = self.lines();
        let line = lines.of(waiting.priority);
        let is_full = line.len() >= waiting.priority.capacity() && !admitted;
        if is_full || lines.closed {
            return false;
        }
        lines.of(waiting.priority).push_back(waiting);
        let wakes = std::mem::take(&mut lines.idle);
        drop(lines);
        if wakes {
            self.filled.notify_one();
        }
        true
    }

    /// Takes no more in; the receiver hears when all that waits is done.
    pub(super) fn close(&self) -> Option<oneshot::Receiver<()>> {
        let (done, is_done) = oneshot::channel();
        let mut lines = self.lines();
        if lines.closed {
            return None;
        }
        lines.closed = true;
        lines.close = Some(done);
        self.filled.notify_one();
        Some(is_done)
    }

    /// Waits until there is something to do, and begins a batch. What is to hear of the end when
    /// the store is closed and all is done.
    pub(super) fn begin(&self) -> Result<Batch, Option<oneshot::Sender<()>>> {
        let mut lines = self.lines();
        while lines.length() == 0 {
            if lines.closed {
                return Err(lines.close.take());
            }
            lines.idle = true;
            lines = self.filled.wait(lines).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(lines.begin())
    }

    /// The next command of a batch, or nothing: it is to be committed now.
    pub(super) fn next(&self, batch: &mut Batch) -> Option<Waiting> {
        let mut lines = self.lines();
        let mut next = lines.next(batch);
        while next.is_none() && batch.looks_again() {
            drop(lines);
            std::thread::yield_now();
            lines = self.lines();
            next = lines.next(batch);
        }
        match next {
            Some(_) => batch.size += 1,
            None if batch.upkeep => lines.last_upkeep = Some(Instant::now()),
            None => {}
        }
        next
    }

    /// How many commands wait.
    pub(super) fn length(&self) -> usize {
        self.lines().length()
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
