//! What all connections share, and the one who does the work.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use super::machine::{Machine, Step};

/// The simulator, as its connections see it.
pub(super) struct Server {
    machine: Mutex<Machine>,
    /// There is something to do.
    bell: Notify,
    /// Counts what was done.
    done: watch::Sender<u64>,
}

impl Server {
    pub(super) fn new(machine: Machine) -> Arc<Self> {
        let (done, _) = watch::channel(0);
        Arc::new(Self { machine: Mutex::new(machine), bell: Notify::new(), done })
    }

    pub(super) fn machine(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Does what is in the queue, one task after another, for ever.
    pub(super) async fn work(&self) {
        let looks_after = self.machine().register.setup.looks_after;
        loop {
            let step = self.machine().step();
            match step {
                Step::Rest => self.bell.notified().await,
                Step::LookAfter => {
                    let _ = tokio::time::timeout(looks_after, self.bell.notified()).await;
                    tell(self.machine().recover());
                }
                Step::Do(seq) => self.do_task(seq).await,
            }
            self.done.send_modify(|done| *done += 1);
        }
    }

    async fn do_task(&self, seq: i64) {
        let slow = {
            let mut machine = self.machine();
            tell(machine.begin(seq));
            machine.slowness()
        };
        if let Some(slow) = slow {
            tokio::time::sleep(slow.pause()).await;
        }
        tell(self.machine().finish(seq));
    }

    /// Waits until a request is done with.
    pub(super) async fn done_with(&self, uuid: &str) {
        let mut done = self.done.subscribe();
        let is_open = || {
            let machine = self.machine();
            machine.request(uuid).is_some_and(|request| request.done_at.is_none())
        };
        while is_open() {
            if done.changed().await.is_err() {
                return;
            }
        }
    }
}

/// A memory that cannot be written is told on the terminal: nobody else waits for it.
fn tell(outcome: Result<(), super::refusal::Refusal>) {
    if let Err(refusal) = outcome {
        eprintln!("{}", refusal.description);
    }
}
