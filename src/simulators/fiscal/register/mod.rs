//! The register itself: its drawer, its printer, its storage of fiscal documents.

mod documents;
mod marks;
mod questions;
mod tlv;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::marks::Marks;
use super::clock::{Clock, DAY};
use super::refusal::{
    COVER_OPEN, LINK_LOST, NO_LINK, NO_PAPER, NOT_SUPPORTED, Refusal, STORAGE_LINK,
};
use super::setup::Setup;
use super::store::{Shift, Store};
use super::task;

/// What goes wrong at a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Damage {
    /// The link breaks before the register hears of the task.
    LinkBefore(Duration),
    /// The link breaks after the task was done.
    LinkAfter(Duration),
    /// The storage does not answer, and makes no document.
    Storage,
    /// The paper is out before the task.
    PaperOut,
    /// The paper ends in the middle of it: the document is made, and not printed.
    PaperMid,
    /// The storage holds no document more.
    Full,
}

/// Names under which the register remembers what is no paper.
mod notes {
    pub(super) const CLOCK: &str = "clock_ahead";
    pub(super) const MADE: &str = "made_at";
    pub(super) const NO_PAPER: &str = "paper_out";
    pub(super) const COVER: &str = "cover_open";
    pub(super) const OFD_SILENT: &str = "ofd_silent";
    pub(super) const AGED: &str = "shift_aged";
}

/// What keeps it from printing.
struct Printer {
    paper_out: bool,
    cover_open: bool,
}

/// A register, as it stands on the counter.
pub(super) struct Register {
    store: Store,
    pub(super) setup: Setup,
    clock: Clock,
    /// Since when it is there.
    made_at: i64,
    printer: Printer,
    ofd_silent: bool,
    is_full: bool,
    /// So much older the shift counts than it is, in milliseconds.
    aged: i64,
    link_back: Option<Instant>,
    marks: Marks,
}

impl Register {
    /// The register whose memory this is.
    pub(super) fn new(store: Store, setup: Setup) -> Result<Self, Refusal> {
        let note = |name| store.note(name).map(Option::unwrap_or_default);
        let clock = Clock::ahead_by(note(notes::CLOCK)?);
        let made_at = store.note(notes::MADE)?.unwrap_or_else(|| clock.now());
        store.set_note(notes::MADE, made_at)?;
        Ok(Self {
            clock,
            made_at,
            printer: Printer {
                paper_out: note(notes::NO_PAPER)? != 0,
                cover_open: note(notes::COVER)? != 0,
            },
            ofd_silent: note(notes::OFD_SILENT)? != 0,
            is_full: false,
            aged: note(notes::AGED)?,
            link_back: None,
            marks: Marks::default(),
            store,
            setup,
        })
    }

    /// Does a task, or says why not.
    pub(super) fn perform(
        &mut self,
        uuid: &str,
        task: &Value,
        damage: Option<Damage>,
    ) -> Result<Value, Refusal> {
        self.check_link()?;
        match damage {
            Some(Damage::LinkBefore(pause)) => {
                self.break_link(pause);
                return Err(NO_LINK);
            }
            Some(Damage::Storage) => return Err(STORAGE_LINK),
            Some(Damage::PaperOut) => self.set_paper(false)?,
            _ => {}
        }
        if task::is_fiscal(task) {
            self.is_full = damage == Some(Damage::Full);
        }
        let result = self.carry_out(uuid, task, damage == Some(Damage::PaperMid))?;
        if let Some(Damage::LinkAfter(pause)) = damage {
            self.break_link(pause);
            return Err(LINK_LOST);
        }
        Ok(result)
    }

    fn carry_out(&mut self, uuid: &str, task: &Value, paper_ends: bool) -> Result<Value, Refusal> {
        match task::kind(task) {
            "openShift" => self.open_shift(uuid, task, paper_ends),
            "closeShift" => self.close_shift(uuid, task, paper_ends),
            "reportOfdExchangeStatus" => self.exchange_report(uuid, task, paper_ends),
            "sell"
            | "sellReturn"
            | "buy"
            | "buyReturn"
            | "sellCorrection"
            | "sellReturnCorrection"
            | "buyCorrection"
            | "buyReturnCorrection" => self.receipt(uuid, task, paper_ends),
            "reportX" => self.x_report(uuid, task),
            "cashIn" | "cashOut" => self.cash_move(uuid, task),
            "nonFiscal" => self.slip(uuid, task),
            "printLastReceiptCopy" => self.copy(uuid),
            "continuePrint" => self.continue_print(),
            "openCashDrawer" => Ok(Value::Null),
            "setDateTime" => self.set_date_time(task),
            "beginMarkingCodeValidation" => self.marks.begin(task, self.setup.ffd),
            "getMarkingCodeValidationStatus" => self.marks.status(),
            "acceptMarkingCode" => self.marks.accept(),
            "declineMarkingCode" | "cancelMarkingCodeValidation" => self.marks.put_away(),
            "clearMarkingCodeValidationResult" => {
                self.marks = Marks::default();
                Ok(Value::Null)
            }
            other => self.question(other, task)?.ok_or_else(|| NOT_SUPPORTED.about(other)),
        }
    }

    /// Whether the register answers.
    pub(super) fn check_link(&mut self) -> Result<(), Refusal> {
        match self.link_back {
            Some(back) if Instant::now() < back => Err(NO_LINK),
            _ => {
                self.link_back = None;
                Ok(())
            }
        }
    }

    fn break_link(&mut self, pause: Duration) {
        self.link_back = Instant::now().checked_add(pause);
    }

    /// The number of the last fiscal document, as the server asks before a fiscal task.
    pub(super) fn last_number(&mut self) -> Result<i64, Refusal> {
        self.check_link()?;
        Ok(self.store.last_number()?)
    }

    fn can_print(&self) -> Result<(), Refusal> {
        if self.printer.cover_open {
            return Err(COVER_OPEN);
        }
        if self.printer.paper_out { Err(NO_PAPER) } else { Ok(()) }
    }

    /// Prints what waited for paper.
    pub(super) fn continue_print(&mut self) -> Result<Value, Refusal> {
        self.can_print()?;
        self.store.print_the_rest()?;
        Ok(Value::Null)
    }

    /// The shift, and whether it is older than a day.
    fn shift(&self) -> Result<(Shift, bool), Refusal> {
        let shift = self.store.shift()?;
        let age = self.clock.now() - shift.opened_at + self.aged;
        Ok((shift, shift.is_open && age >= DAY))
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// What its clock shows.
    pub(super) fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Moves its clock, in milliseconds.
    pub(super) fn move_clock(&mut self, by: i64) -> Result<(), Refusal> {
        self.clock.move_by(by);
        Ok(self.store.set_note(notes::CLOCK, self.clock.ahead())?)
    }

    pub(super) fn set_clock(&mut self, now: i64) -> Result<(), Refusal> {
        self.clock.set(now);
        Ok(self.store.set_note(notes::CLOCK, self.clock.ahead())?)
    }

    /// Lets the shift count as older than a day.
    pub(super) fn age_shift(&mut self) -> Result<(), Refusal> {
        self.set_aged(DAY)
    }

    fn set_aged(&mut self, aged: i64) -> Result<(), Refusal> {
        self.aged = aged;
        Ok(self.store.set_note(notes::AGED, aged)?)
    }

    pub(super) fn set_paper(&mut self, present: bool) -> Result<(), Refusal> {
        self.printer.paper_out = !present;
        Ok(self.store.set_note(notes::NO_PAPER, i64::from(!present))?)
    }

    pub(super) fn set_cover(&mut self, open: bool) -> Result<(), Refusal> {
        self.printer.cover_open = open;
        Ok(self.store.set_note(notes::COVER, i64::from(open))?)
    }

    /// Whether the operator of fiscal data takes documents; when he does again, all that waits goes.
    pub(super) fn set_ofd(&mut self, connected: bool) -> Result<(), Refusal> {
        self.ofd_silent = !connected;
        self.store.set_note(notes::OFD_SILENT, i64::from(!connected))?;
        if connected {
            self.store.send_all()?;
        }
        Ok(())
    }

    /// How it stands, for whoever plays with it.
    pub(super) fn state(&self) -> Result<Value, Refusal> {
        let (shift, is_expired) = self.shift()?;
        Ok(json!({
            "now": super::clock::moment(self.clock.now(), &self.setup.zone),
            "ffd": self.setup.ffd.text(),
            "shift": {
                "number": shift.number,
                "state": shift.state(is_expired),
                "receipts": shift.receipts,
            },
            "documents": self.store.last_number()?,
            "drawer": self.store.drawer()?.json(),
            "paper": !self.printer.paper_out,
            "cover_open": self.printer.cover_open,
            "ofd": !self.ofd_silent,
            "not_sent": self.store.unsent()?.count,
        }))
    }
}
