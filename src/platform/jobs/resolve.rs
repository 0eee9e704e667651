//! What a person says of a job.

use serde_json::json;

use crate::core::error::Result;
use crate::core::jobs::{self, KeptJob, Resolution};
use crate::core::store::{Command, Tx};
use crate::platform::audit;

/// Somebody says what became of a job, or what is to become of it.
pub(super) struct ResolveJob {
    pub id: i64,
    pub is: Resolution,
    pub by: i64,
}

impl Command for ResolveJob {
    type Output = KeptJob;

    fn apply(self, tx: &mut Tx<'_>) -> Result<KeptJob> {
        let before = jobs::find(tx, self.id)?;
        jobs::resolve(tx, self.id, self.is)?;
        let after = jobs::find(tx, self.id)?;
        let change = (
            json!({"kind": before.kind, "state": before.state, "error": before.last_error}),
            json!({"kind": after.kind, "state": after.state}),
        );
        audit::note(tx, Some(self.by), "job_resolved", ("job", Some(self.id)), change)?;
        Ok(after)
    }
}
