//! The figures of jobs for a monitoring system, in the text format of Prometheus.

use std::fmt::Write;

use crate::core::clock;
use crate::core::jobs::summaries;
use crate::core::store::{Store, subscriptions};

/// What is not done, and how far the readers of the event log are behind.
pub(super) async fn metrics(store: Store) -> String {
    let asked = store.read(|db| Ok((summaries(db)?, subscriptions(db)?))).await;
    let Ok((jobs, readers)) = asked else { return String::new() };
    let now = clock::now();
    let mut text = String::new();
    text.push_str("# TYPE qres_jobs gauge\n");
    for of in &jobs {
        let (kind, state) = (&of.kind, of.state.as_str());
        let _ = writeln!(text, "qres_jobs{{kind=\"{kind}\",state=\"{state}\"}} {}", of.jobs);
    }
    text.push_str("# TYPE qres_jobs_oldest_seconds gauge\n");
    for of in &jobs {
        let (kind, state) = (&of.kind, of.state.as_str());
        let age = (now.0 - of.oldest.0).max(0) / 1000;
        let _ =
            writeln!(text, "qres_jobs_oldest_seconds{{kind=\"{kind}\",state=\"{state}\"}} {age}");
    }
    text.push_str("# TYPE qres_event_subscription_behind gauge\n");
    for reader in readers {
        let (name, behind) = (reader.name, reader.behind);
        let _ = writeln!(text, "qres_event_subscription_behind{{name=\"{name}\"}} {behind}");
    }
    text
}
