//! Why something is not printed: a code, by which screens find their words, and the words in which it
//! stands in the row of its job.

use serde::Serialize;
use utoipa::ToSchema;

use super::wire::{Doubt, Trouble};
use crate::core::jobs::{BOX_STOPPED, TOO_MANY_WAITED};
use crate::core::store::JOB_RESTORED;

/// Why something is not printed, or is printed once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PrintProblem {
    /// Nobody answers at the printer's address.
    Unreachable,
    /// It has no paper.
    NoPaper,
    /// Its cover is open.
    CoverOpen,
    /// Its cutter or something else in it is stuck.
    Broken,
    /// It is there and takes nothing, it does not say why.
    Offline,
    /// Somebody answers at its address who is no printer.
    NotAPrinter,
    /// The line broke while it was sent.
    LineBroke,
    /// The printer took no more of it.
    Stalled,
    /// The printer took it and never said that it printed it.
    NotConfirmed,
    /// It was sent five times, and nobody knows whether it came out.
    SentOften,
    /// Another slip is printed at this address just now.
    LineTaken,
    /// The box stopped while it was printed.
    BoxStopped,
    /// It waited in a backup that was restored.
    Restored,
    /// It was the oldest of too many that waited.
    TooManyWaited,
    /// Nobody printed it for two hours.
    TooLate,
    /// The printer was removed.
    PrinterRemoved,
    /// It cannot be drawn.
    NotDrawn,
    /// The drawer did not open in time.
    NotOpened,
    /// Nobody knows whether the drawer opened.
    OpenedUnclear,
    /// Something else: `last_error` says it.
    Other,
}

impl PrintProblem {
    const ALL: [Self; 19] = [
        Self::Unreachable,
        Self::NoPaper,
        Self::CoverOpen,
        Self::Broken,
        Self::Offline,
        Self::NotAPrinter,
        Self::LineBroke,
        Self::Stalled,
        Self::NotConfirmed,
        Self::SentOften,
        Self::LineTaken,
        Self::BoxStopped,
        Self::Restored,
        Self::TooManyWaited,
        Self::TooLate,
        Self::PrinterRemoved,
        Self::NotDrawn,
        Self::NotOpened,
        Self::OpenedUnclear,
    ];

    /// In words, for the row of a job and the log.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unreachable => "nobody answers at its address",
            Self::NoPaper => "it has no paper",
            Self::CoverOpen => "its cover is open",
            Self::Broken => "its cutter is stuck, or something else in it",
            Self::Offline => "it is offline",
            Self::NotAPrinter => "something else than a printer answers at its address",
            Self::LineBroke => "the line broke while it was sent",
            Self::Stalled => "the printer took no more of it",
            Self::NotConfirmed => "it took the page and never said that it printed it",
            Self::SentOften => "sent again and again, and nobody knows whether it came out",
            Self::LineTaken => "another job is printed at this address",
            Self::BoxStopped => BOX_STOPPED,
            Self::Restored => JOB_RESTORED,
            Self::TooManyWaited => TOO_MANY_WAITED,
            Self::TooLate => {
                "nobody printed it for two hours; print it again if it is still wanted"
            }
            Self::PrinterRemoved => "the printer was removed",
            Self::NotDrawn => "it cannot be drawn",
            Self::NotOpened => "the drawer did not open in time; it opens with its key",
            Self::OpenedUnclear => "nobody knows whether the drawer opened",
            Self::Other => "something went wrong",
        }
    }

    /// The one that a job's row tells of in these words.
    pub fn of(words: &str) -> Self {
        Self::ALL.into_iter().find(|one| words.starts_with(one.words())).unwrap_or(Self::Other)
    }
}

impl From<Trouble> for PrintProblem {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unreachable => Self::Unreachable,
            Trouble::NoPaper => Self::NoPaper,
            Trouble::CoverOpen => Self::CoverOpen,
            Trouble::Broken => Self::Broken,
            Trouble::Offline => Self::Offline,
            Trouble::NotAPrinter => Self::NotAPrinter,
        }
    }
}

impl From<Doubt> for PrintProblem {
    fn from(doubt: Doubt) -> Self {
        match doubt {
            Doubt::LineBroke => Self::LineBroke,
            Doubt::Stalled => Self::Stalled,
            Doubt::NotConfirmed => Self::NotConfirmed,
            Doubt::Is(trouble) => trouble.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_row_are_of_one_problem() {
        for problem in PrintProblem::ALL {
            assert_eq!(PrintProblem::of(problem.words()), problem);
        }
        assert_eq!(PrintProblem::of("the disk is full"), PrintProblem::Other);
        let stopped = PrintProblem::of("the box stopped while it was under way");
        assert_eq!(stopped, PrintProblem::BoxStopped);
    }
}
