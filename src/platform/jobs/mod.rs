//! Does the jobs (`core/jobs`): what is to be done after a deed is done here, lane by lane, again
//! when that must be, and told to people where it is not.

mod api;
mod doctor;
mod feature;
mod metrics;
mod resolve;
mod runner;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::jobs::{KeptJob, Resolution};

pub use feature::feature;
pub use runner::Runner;

/// One page of jobs that are not done, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QueuedJobList)]
pub struct JobList {
    /// The page.
    pub jobs: Vec<KeptJob>,
    /// How many there are in all.
    pub total: i64,
}

/// What a person says of a job.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = QueuedJobResolve)]
pub struct JobResolve {
    /// What became of it, or what is to become of it.
    pub resolution: Resolution,
}
