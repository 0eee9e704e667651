//! What the doctor looks at: jobs that wait, have failed or are unknown, and readers of the event log
//! that were cut off.

use crate::core::clock;
use crate::core::jobs::{State, Summary, summaries};
use crate::core::kernel::Timestamp;
use crate::core::store::{Subscription, open_read_only, subscriptions};
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// Looks at the jobs. A database that cannot be read is told of elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    let now = clock::now();
    let jobs = summaries(&db).map(|jobs| of_jobs(&jobs, now));
    let readers = subscriptions(&db).map(|readers| of_readers(&readers));
    jobs.into_iter().chain(readers.into_iter().flatten()).collect()
}

fn of_jobs(jobs: &[Summary], now: Timestamp) -> Check {
    if jobs.is_empty() {
        return Check::new("jobs", true, "nothing waits and nothing has failed");
    }
    let detail = jobs.iter().map(|of| line(of, now)).collect::<Vec<_>>().join("; ");
    let for_person: usize = jobs.iter().map(|of| of.for_person).sum();
    if for_person > 0 {
        let advice = format!("{for_person} wait for a person who says how they ended: GET /jobs");
        return Check::new("jobs", false, format!("{detail}. {advice}."));
    }
    Check::note("jobs", detail)
}

fn line(of: &Summary, now: Timestamp) -> String {
    let state = match of.state {
        State::Waiting => "wait",
        State::Running => "under way",
        State::Unknown => "unknown",
        State::Done => "done",
        State::Failed => "failed",
    };
    let minutes = now.minutes_since(of.oldest).max(0);
    let why = of.last_error.as_ref().map(|why| format!(", {why}")).unwrap_or_default();
    format!("{}: {} {state}, the oldest for {minutes} min{why}", of.kind, of.jobs)
}

fn of_readers(readers: &[Subscription]) -> Option<Check> {
    let cut_off: Vec<_> =
        readers.iter().filter(|reader| reader.is_cut_off).map(|reader| &*reader.name).collect();
    let detail = format!(
        "{} stayed away from the event log for so long that it was cut off, and must begin anew",
        cut_off.join(", ")
    );
    (!cut_off.is_empty()).then(|| Check::new("readers", false, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_told_and_what_waits_for_a_person_is_wrong() {
        let summary = |state, for_person| Summary {
            kind: "webhook".into(),
            state,
            jobs: 3,
            for_person,
            oldest: Timestamp(0),
            last_error: Some("connection refused".into()),
        };
        let check = |jobs: &[Summary]| of_jobs(jobs, Timestamp(12 * 60_000));
        assert!(check(&[]).ok && !check(&[]).is_note);
        let waits = check(&[summary(State::Waiting, 0)]);
        assert!(waits.ok && waits.is_note);
        assert_eq!(waits.detail, "webhook: 3 wait, the oldest for 12 min, connection refused");
        assert!(!check(&[summary(State::Waiting, 0), summary(State::Unknown, 1)]).ok);
    }

    #[test]
    fn a_reader_that_was_cut_off_is_wrong() {
        let reader = |is_cut_off| Subscription { name: "stock".into(), behind: 7, is_cut_off };
        assert!(of_readers(&[reader(false)]).is_none());
        assert!(of_readers(&[reader(true)]).is_some_and(|check| !check.ok));
    }
}
