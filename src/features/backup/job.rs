//! The one long thing that the box does for an admin at a time, and how far it is. It runs in a
//! thread of its own: a stop does not wait for it, and what it leaves half done counts for nothing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use utoipa::ToSchema;

use super::{Step, Watch};
use crate::core::background::{BEHIND, go_behind};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// A backup is made.
    Backup,
    /// A backup is brought back.
    Restore,
}

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It goes on.
    Running,
    /// It is done. After a restore the box starts anew.
    Done,
    /// It failed; nothing was changed.
    Failed,
}

/// A long thing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Job {
    /// What is done.
    pub kind: JobKind,
    /// How it stands.
    pub state: JobState,
    /// What is done right now.
    pub step: Step,
    /// How much of the whole is done, 0 to 100.
    pub percent: u8,
    /// When it began.
    pub started_at: Timestamp,
    /// The backup's name.
    pub name: Option<String>,
    /// Why it failed: the code of a problem.
    pub code: Option<String>,
    /// The same as a sentence.
    pub detail: Option<String>,
}

/// What share of the whole each step takes, and where it begins, in percent.
fn share(kind: JobKind, step: Step) -> (u64, u64) {
    match (kind, step) {
        (JobKind::Backup, Step::Copy) => (0, 25),
        (JobKind::Backup, Step::Check) => (25, 20),
        (JobKind::Backup, Step::Pack) => (45, 40),
        (JobKind::Backup, _) => (85, 15),
        (JobKind::Restore, Step::Check) => (75, 25),
        (JobKind::Restore, _) => (0, 75),
    }
}

/// Does one job at a time. Cheap to clone.
#[derive(Clone, Default)]
pub struct Jobs(Arc<Mutex<Option<Job>>>);

impl Jobs {
    fn last_one(&self) -> MutexGuard<'_, Option<Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The job that runs, or the last one since the start.
    pub fn last(&self) -> Option<Job> {
        self.last_one().clone()
    }

    /// Starts one. `work` returns the name of the backup that it made or brought back; `after` is
    /// done when it went well.
    ///
    /// # Errors
    /// 409 while another runs.
    pub fn start(
        &self,
        kind: JobKind,
        work: impl FnOnce(Watch<'_>) -> Result<String> + Send + 'static,
        after: impl FnOnce() + Send + 'static,
    ) -> Result<Job> {
        let mut last = self.last_one();
        if last.as_ref().is_some_and(|job| job.state == JobState::Running) {
            let detail = "A backup or a restore is at work already. Wait until it is done.";
            return Err(Error::conflict("job_running", detail));
        }
        let job = Job {
            kind,
            state: JobState::Running,
            step: if kind == JobKind::Backup { Step::Copy } else { Step::Unpack },
            percent: 0,
            started_at: clock::now(),
            name: None,
            code: None,
            detail: None,
        };
        let jobs = self.clone();
        std::thread::Builder::new()
            .name("qres-backup".into())
            .spawn(move || {
                go_behind(BEHIND);
                let outcome = work(&|step, done, all| {
                    jobs.progress(step, done, all);
                    Ok(())
                });
                let went_well = outcome.is_ok();
                jobs.end(outcome);
                if went_well {
                    after();
                }
            })
            .map_err(Error::internal)?;
        *last = Some(job.clone());
        Ok(job)
    }

    fn progress(&self, step: Step, done: u64, all: u64) {
        let mut last = self.last_one();
        let Some(job) = last.as_mut() else { return };
        let (begin, share) = share(job.kind, step);
        let percent = begin + share * done.min(all) / all.max(1);
        job.step = step;
        job.percent = u8::try_from(percent).unwrap_or(100).max(job.percent);
    }

    fn end(&self, outcome: Result<String>) {
        let mut last = self.last_one();
        let Some(job) = last.as_mut() else { return };
        match outcome {
            Ok(name) => {
                job.state = JobState::Done;
                job.percent = 100;
                job.name = Some(name);
            }
            Err(error) => {
                tracing::warn!(%error, "a backup or a restore failed");
                job.state = JobState::Failed;
                job.code = Some(error.problem().code.to_owned());
                job.detail = Some(error.to_string());
            }
        }
    }
}
