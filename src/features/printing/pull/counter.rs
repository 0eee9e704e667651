//! What a job waits with lies on a counter in memory: a printer that asks takes it from there, and says
//! what became of it.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::super::wire::{Doubt, End, Manner, Report, Status, Trouble, Work};

/// How long something waits until the printer asks. They ask every few seconds.
const ASKS_WITHIN: Duration = Duration::from_secs(15);
/// How long the printer may print after it took something, and tell.
const TELLS_WITHIN: Duration = Duration::from_mins(1);
/// Who has not asked for so long is not there, and what it said of itself before holds no longer.
const IS_THERE: Duration = Duration::from_secs(30);
/// How often something is given: a second time, because the first answer may be lost.
const MOST_TAKES: u32 = 2;
/// How much of what was given is remembered, to hear of it when nobody waits any more.
const MOST_GIVEN: usize = 64;

/// Where a printer finds its work.
#[derive(Default)]
pub struct Counter {
    inside: Mutex<Inside>,
    moved: Notify,
}

#[derive(Default)]
struct Inside {
    asked_at: Option<Instant>,
    /// How the printer is, and when it said so.
    said: Option<(Status, Instant)>,
    lies: Option<Lies>,
    /// What was given, by name: of nothing else the printer can tell.
    given: VecDeque<String>,
    /// Jobs that are on paper, as the printer said when nobody waited any more.
    late: VecDeque<i64>,
}

/// What lies there for the printer.
struct Lies {
    job_id: i64,
    name: String,
    work: Work,
    /// The same, saying that it may be a repeat: whoever takes something twice may have printed it.
    again: Work,
    /// When it was taken first.
    taken_at: Option<Instant>,
    takes: u32,
    end: Option<End>,
}

impl Inside {
    fn status(&self, now: Instant) -> Option<Status> {
        self.said.filter(|(_, at)| now < *at + IS_THERE).map(|(status, _)| status)
    }

    fn is_there(&self, now: Instant) -> bool {
        self.asked_at.is_some_and(|at| now < at + IS_THERE)
    }

    fn says(&mut self, status: Option<Status>) {
        self.said = status.map(|status| (status, Instant::now())).or(self.said);
    }

    /// What lies there and may be taken.
    fn open(&mut self) -> Option<&mut Lies> {
        self.lies.as_mut().filter(|lies| lies.end.is_none() && lies.takes < MOST_TAKES)
    }

    /// How an attempt ended, and nothing lies there any more; else until when it goes on. In one: what
    /// was not sent cannot be taken after that was said.
    fn decide(&mut self, offered: Instant, now: Instant) -> Result<Report, Instant> {
        let taken = self.lies.as_ref().map(|lies| (lies.end.clone(), lies.taken_at));
        let end = match taken.unwrap_or_default() {
            (Some(end), _) => end,
            (None, Some(taken)) if now < taken + TELLS_WITHIN => return Err(taken + TELLS_WITHIN),
            (None, Some(_)) => End::Unsure(Doubt::NotConfirmed),
            (None, None) if now < offered + ASKS_WITHIN => return Err(offered + ASKS_WITHIN),
            (None, None) => {
                // It said why it takes nothing, or is not there.
                let said = self.status(now).and_then(|status| status.trouble);
                End::NotSent(said.filter(|_| self.is_there(now)).unwrap_or(Trouble::Unreachable))
            }
        };
        self.lies = None;
        let manner = (end == End::Printed).then_some(Manner::Full);
        Ok(Report { end, status: self.status(now), manner })
    }
}

/// What lies there, as it is given to the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The job.
    pub job_id: i64,
    /// By which the printer says what became of it.
    pub name: String,
    /// What is to be done.
    pub work: Work,
}

impl Counter {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lays something there until the printer said what became of it. `again`: the same for who takes it
    /// twice. `nonce`: no two attempts have the same.
    pub async fn serve(&self, job_id: i64, nonce: &str, work: Work, again: Work) -> Report {
        {
            let mut inside = self.inside();
            if let Some(at) = inside.late.iter().position(|known| *known == job_id) {
                inside.late.remove(at);
                let (end, status) = (End::Printed, inside.status(Instant::now()));
                return Report { end, status, manner: Some(Manner::Full) };
            }
            let name = format!("{job_id}-{nonce}");
            inside.lies =
                Some(Lies { job_id, name, work, again, taken_at: None, takes: 0, end: None });
        }
        // Whatever ends the attempt takes it away.
        let _cleared = Cleared(self);
        let offered = Instant::now();
        loop {
            let moved = self.moved.notified();
            let until = match self.inside().decide(offered, Instant::now()) {
                Ok(report) => return report,
                Err(until) => until,
            };
            let _ = timeout_at(until, moved).await;
        }
    }

    /// The printer is there, and says how it is where its language has words for that.
    pub fn hears(&self, status: Option<Status>) {
        let mut inside = self.inside();
        inside.asked_at = Some(Instant::now());
        inside.says(status);
    }

    /// How the printer is, where it said that.
    ///
    /// # Errors
    /// When it did not ask for half a minute.
    pub fn told(&self) -> io::Result<Option<Status>> {
        let (inside, now) = (self.inside(), Instant::now());
        if inside.is_there(now) {
            Ok(inside.status(now))
        } else {
            Err(io::ErrorKind::TimedOut.into())
        }
    }

    /// What lies there, without taking it: its name, and whether it is a page.
    pub fn offers(&self) -> Option<(String, bool)> {
        let mut inside = self.inside();
        let lies = inside.open()?;
        Some((lies.name.clone(), matches!(lies.work, Work::Page(..))))
    }

    /// The printer takes what lies there. Who takes it twice gets the one that says so.
    pub fn take(&self, name: Option<&str>) -> Option<Given> {
        let mut inside = self.inside();
        let lies = inside.open().filter(|lies| name.is_none_or(|name| name == lies.name))?;
        lies.taken_at.get_or_insert_with(Instant::now);
        lies.takes += 1;
        let work = if lies.takes > 1 { lies.again.clone() } else { lies.work.clone() };
        let given = Given { job_id: lies.job_id, name: lies.name.clone(), work };
        if lies.takes == 1 {
            inside.given.push_back(given.name.clone());
            let too_many = inside.given.len().saturating_sub(MOST_GIVEN);
            inside.given.drain(..too_many);
        }
        self.moved.notify_one();
        Some(given)
    }

    /// The printer says what became of it. Said twice it is said once; of what nobody waits for any more
    /// it is remembered that it is on paper.
    pub fn confirm(&self, name: &str, end: End, status: Option<Status>) {
        let mut inside = self.inside();
        inside.says(status);
        let is_it = |lies: &&mut Lies| lies.name == name && lies.taken_at.is_some();
        if let Some(lies) = inside.lies.as_mut().filter(is_it) {
            lies.end.get_or_insert(end);
            self.moved.notify_one();
            return;
        }
        let Some(at) = inside.given.iter().position(|given| given == name) else { return };
        inside.given.remove(at);
        let job_id: Option<i64> = name.split_once('-').and_then(|(id, _)| id.parse().ok());
        inside.late.extend(job_id.filter(|_| end == End::Printed));
    }
}

/// Takes away what lies there.
struct Cleared<'a>(&'a Counter);

impl Drop for Cleared<'_> {
    fn drop(&mut self) {
        self.0.inside().lies = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A job waits there, and the printer does this.
    async fn served(counter: &Counter, then: impl FnOnce(&Counter, &str)) -> Report {
        let taking = async {
            while counter.offers().is_none() {
                tokio::task::yield_now().await;
            }
            let given = counter.take(None).unwrap();
            assert_eq!(given.work, Work::Drawer(2));
            then(counter, &given.name);
        };
        tokio::join!(counter.serve(7, "a", Work::Drawer(2), Work::Drawer(5)), taking).0
    }

    /// A job that waits there, without anybody who waits for it.
    fn laid(counter: &Counter) {
        let (work, again) = (Work::Drawer(2), Work::Drawer(5));
        let lies = Lies {
            job_id: 7,
            name: "7-a".into(),
            work,
            again,
            taken_at: None,
            takes: 0,
            end: None,
        };
        counter.inside().lies = Some(lies);
    }

    #[tokio::test]
    async fn it_is_taken_and_told_of_once() {
        let counter = Counter::default();
        let report = served(&counter, |counter, name| {
            assert_eq!(counter.take(Some("7-b")), None, "what it does not know");
            let again = counter.take(Some(name)).unwrap();
            assert_eq!(again.work, Work::Drawer(5), "a second time it says so");
            assert_eq!(counter.take(None), None, "twice is enough");
            counter.confirm(name, End::Printed, None);
            counter.confirm(name, End::NotSent(Trouble::Broken), None);
        });
        assert_eq!(report.await.end, End::Printed);
        assert_eq!(counter.offers(), None);
    }

    #[test]
    fn what_nobody_takes_was_not_sent_and_cannot_be_taken_after_that() {
        let (counter, offered) = (Counter::default(), Instant::now());
        laid(&counter);
        let later = offered + ASKS_WITHIN;
        assert_eq!(counter.inside().decide(offered, offered), Err(later));
        let end = |report: Result<Report, Instant>| report.unwrap().end;
        let gone = counter.inside().decide(offered, later);
        assert_eq!(end(gone), End::NotSent(Trouble::Unreachable));
        assert_eq!(counter.take(None), None);

        let out = Status { trouble: Some(Trouble::NoPaper), is_paper_low: true };
        counter.hears(Some(out));
        counter.hears(None);
        assert_eq!(counter.told().unwrap(), Some(out), "what it said holds for a while");
        laid(&counter);
        assert_eq!(end(counter.inside().decide(offered, later)), End::NotSent(Trouble::NoPaper));
        let much_later = Instant::now() + IS_THERE;
        assert_eq!(counter.inside().status(much_later), None);
        assert!(!counter.inside().is_there(much_later));
        assert!(Counter::default().told().is_err());
    }

    #[tokio::test]
    async fn what_is_told_late_is_not_printed_again() {
        let (counter, offered) = (Counter::default(), Instant::now());
        laid(&counter);
        counter.take(None).unwrap();
        let until = counter.inside().decide(offered, offered).unwrap_err();
        let report = counter.inside().decide(offered, until).unwrap();
        assert_eq!(report.end, End::Unsure(Doubt::NotConfirmed));
        counter.confirm("7-a", End::Printed, None);
        counter.confirm("7-a", End::Printed, None);
        let work = Work::Drawer(2);
        let report = counter.serve(7, "b", work.clone(), work).await;
        assert_eq!(report.end, End::Printed);
        assert!(counter.inside().late.is_empty());
    }

    #[test]
    fn of_what_it_was_not_given_a_printer_cannot_tell() {
        let counter = Counter::default();
        counter.confirm("7-a", End::Printed, None);
        assert!(counter.inside().late.is_empty());
        for job in 0..1000 {
            laid(&counter);
            counter.inside().lies.as_mut().unwrap().name = format!("{job}-a");
            counter.take(None).unwrap();
        }
        assert_eq!(counter.inside().given.len(), MOST_GIVEN);
        counter.inside().lies = None;
        for job in 0..1000 {
            counter.confirm(&format!("{job}-a"), End::Printed, None);
        }
        assert_eq!(counter.inside().late.len(), MOST_GIVEN);
    }
}
