//! What the box knows of its printers while it runs: who is in trouble since when, who answers, and
//! whose line is taken. Nothing of it need outlast a restart.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::pull::Counter;
use super::wire::{Doubt, End, Manner, Report, Status, Trouble, endpoint};

/// For so long a printer is believed to say no more than it did: to find that out costs seconds.
const MANNER_HOLDS: Duration = Duration::from_mins(10);
/// How often something may go to a printer of which nobody hears whether it printed it.
const MOST_UNSURE: u32 = 5;

/// What the box knows of its printers.
#[derive(Default)]
pub struct Desk {
    known: Mutex<Known>,
    /// Woken when somebody got into trouble or out of it.
    pub changed: Notify,
    /// Whoever holds it looks for printers: two at once would call everybody twice.
    pub scanning: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    /// Printers in trouble, by id, and since when.
    troubles: BTreeMap<i64, (Trouble, Instant)>,
    /// How much the printer at an address says, and when that showed.
    manners: HashMap<String, (Manner, Instant)>,
    /// One line an address: most printers take one call at a time.
    lines: HashMap<String, Arc<tokio::sync::Mutex<()>>>,
    /// Where printers that ask find their work, by address.
    counters: HashMap<String, Arc<Counter>>,
    /// How often a job's outcome was unknown.
    unsure: HashMap<i64, u32>,
}

impl Desk {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever holds it speaks to this address, alone.
    pub fn line(&self, address: &str) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(self.known().lines.entry(endpoint(address)).or_default())
    }

    /// Where the printer that asks by this address finds its work.
    pub fn counter(&self, address: &str) -> Arc<Counter> {
        Arc::clone(self.known().counters.entry(endpoint(address)).or_default())
    }

    /// How much the printer at this address says, where that is known.
    pub fn manner(&self, address: &str) -> Option<Manner> {
        let known = self.known();
        let (manner, since) = known.manners.get(&endpoint(address))?;
        (since.elapsed() < MANNER_HOLDS).then_some(*manner)
    }

    /// How much the printer at this address said when a page was sent to it last; none while none was.
    pub fn last_manner(&self, address: &str) -> Option<Manner> {
        self.known().manners.get(&endpoint(address)).map(|(manner, _)| *manner)
    }

    /// What came of a job, and of the printer that had it.
    pub fn reported(&self, printer_id: i64, address: &str, report: &Report) {
        if let Some(manner) = report.manner {
            let is_known = self.manner(address) == Some(manner);
            // Who is not asked does not show anew that it answers nothing.
            if !is_known || manner == Manner::Full {
                let now = (manner, Instant::now());
                self.known().manners.insert(endpoint(address), now);
            }
        }
        let trouble = match &report.end {
            End::Printed => None,
            End::NotSent(trouble) | End::Unsure(Doubt::Is(trouble)) => Some(*trouble),
            End::Unsure(_) => Some(
                report.status.and_then(|status| status.trouble).unwrap_or(Trouble::Unreachable),
            ),
        };
        self.is(printer_id, trouble);
    }

    /// How a printer said that it is, or that it did not answer.
    pub fn asked(&self, printer_id: i64, answer: &std::io::Result<Option<Status>>) {
        self.is(
            printer_id,
            match answer {
                Ok(status) => status.and_then(|status| status.trouble),
                Err(error) => Some(Trouble::of(error)),
            },
        );
    }

    fn is(&self, printer_id: i64, trouble: Option<Trouble>) {
        let mut known = self.known();
        let was = known.troubles.get(&printer_id).copied();
        match trouble {
            Some(trouble) => {
                let since = was.map_or_else(Instant::now, |(_, since)| since);
                known.troubles.insert(printer_id, (trouble, since));
            }
            None => {
                known.troubles.remove(&printer_id);
            }
        }
        if was.map(|(trouble, _)| trouble) != trouble {
            self.changed.notify_one();
        }
    }

    /// Nothing more is known of a printer: it was removed, or is elsewhere now.
    pub fn forget(&self, printer_id: i64) {
        self.is(printer_id, None);
    }

    /// For how long a printer has been in trouble.
    pub fn in_trouble_for(&self, printer_id: i64) -> Option<Duration> {
        self.known().troubles.get(&printer_id).map(|(_, since)| since.elapsed())
    }

    /// All printers in trouble.
    pub fn troubles(&self) -> BTreeMap<i64, Trouble> {
        self.known().troubles.iter().map(|(id, (trouble, _))| (*id, *trouble)).collect()
    }

    /// Counts a job's unknown outcomes. Whether it may be sent once more.
    pub fn may_repeat(&self, job_id: i64) -> bool {
        let mut known = self.known();
        let count = known.unsure.entry(job_id).or_default();
        *count += 1;
        let may = *count < MOST_UNSURE;
        if !may {
            known.unsure.remove(&job_id);
        }
        may
    }

    /// A job has ended.
    pub fn ended(&self, job_id: i64) {
        self.known().unsure.remove(&job_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(end: End) -> Report {
        Report::of(end, None)
    }

    #[test]
    fn trouble_begins_once_and_ends_with_a_page() {
        let desk = Desk::default();
        desk.reported(1, "a", &report(End::NotSent(Trouble::Unreachable)));
        let since = desk.known().troubles[&1].1;
        desk.reported(1, "a", &report(End::NotSent(Trouble::NoPaper)));
        assert_eq!(desk.known().troubles[&1], (Trouble::NoPaper, since));
        assert_eq!(desk.troubles(), BTreeMap::from([(1, Trouble::NoPaper)]));
        desk.reported(1, "a", &report(End::Printed));
        assert_eq!((desk.in_trouble_for(1), desk.troubles().len()), (None, 0));
    }

    #[test]
    fn a_printers_manner_is_its_addresss() {
        let desk = Desk::default();
        let silent = Report { manner: Some(Manner::Silent), ..report(End::Printed) };
        desk.reported(1, "a", &silent);
        desk.reported(1, "a", &report(End::Printed));
        assert_eq!((desk.manner("a"), desk.manner("b")), (Some(Manner::Silent), None));
        let full = Report { manner: Some(Manner::Full), ..report(End::Printed) };
        desk.reported(1, "a", &full);
        assert_eq!(desk.manner("a"), Some(Manner::Full));
    }

    #[test]
    fn what_nobody_knows_is_not_sent_for_ever() {
        let desk = Desk::default();
        let may: Vec<_> = (0..MOST_UNSURE).map(|_| desk.may_repeat(7)).collect();
        assert_eq!(may, [true, true, true, true, false]);
        desk.may_repeat(8);
        desk.ended(8);
        assert!(desk.known().unsure.is_empty());
    }
}
