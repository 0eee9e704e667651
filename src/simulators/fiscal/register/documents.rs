//! What the register makes: fiscal documents, and other papers.

use serde_json::{Value, json};

use super::Register;
use super::marks::Marks;
use crate::simulators::fiscal::clock::{DAY, moment, shown};
use crate::simulators::fiscal::decimal::Money;
use crate::simulators::fiscal::paper::report;
use crate::simulators::fiscal::refusal::{
    EARLIER_THAN_LAST, MARK_NOT_CHECKED, NO_CASH, NO_SUCH_RECORD, OFD_SILENT, Refusal,
    SHIFT_CLOSED, SHIFT_EXPIRED, SHIFT_OPEN, STORAGE_ENDED, STORAGE_FULL, WRONG_DATE, WRONG_SUM,
};
use crate::simulators::fiscal::rules;
use crate::simulators::fiscal::setup::{REGISTRATION, TAX_OFFICE};
use crate::simulators::fiscal::store::{NewPaper, Paper, Shift};
use crate::simulators::fiscal::task::{self, CashMove, Plain, Receipt, Slip};

/// How long a storage is good.
const STORAGE_LIFE: i64 = 450 * DAY;
/// How long documents may wait for the operator of fiscal data before the storage shuts.
const UNSENT_LIFE: i64 = 30 * DAY;
const NOTHING: [Money; 5] = [Money(0); 5];

/// What a paper is to be.
struct Draft<'a> {
    uuid: &'a str,
    kind: &'a str,
    is_fiscal: bool,
    shift: i64,
    receipt: Option<i64>,
    total: Money,
    paid: [Money; 5],
    drawer: Money,
    body: Value,
    /// Whether it is to come out of the printer, and whether the paper ends meanwhile.
    electronically: bool,
    paper_ends: bool,
}

impl<'a> Draft<'a> {
    fn of(uuid: &'a str, kind: &'a str, shift: i64, task: &Value) -> Self {
        Self {
            uuid,
            kind,
            is_fiscal: false,
            shift,
            receipt: None,
            total: Money(0),
            paid: NOTHING,
            drawer: Money(0),
            body: json!({ "task": task }),
            electronically: false,
            paper_ends: false,
        }
    }

    fn fiscal(mut self, electronically: bool, paper_ends: bool) -> Self {
        self.is_fiscal = true;
        self.electronically = electronically;
        self.paper_ends = paper_ends && !electronically;
        self
    }

    fn with_lines(mut self, lines: Vec<String>) -> Self {
        self.body["lines"] = lines.into();
        self
    }
}

impl Register {
    pub(super) fn open_shift(
        &mut self,
        uuid: &str,
        task: &Value,
        ends: bool,
    ) -> Result<Value, Refusal> {
        let plain: Plain = task::read(task)?;
        rules::operator(plain.operator.as_ref())?;
        let (shift, _) = self.shift()?;
        if shift.is_open {
            return Err(SHIFT_OPEN);
        }
        let draft = Draft::of(uuid, "openShift", shift.number + 1, task);
        let made = self.make(&draft.fiscal(plain.electronically, ends))?;
        self.set_aged(0)?;
        Ok(self.proof(&made))
    }

    pub(super) fn close_shift(
        &mut self,
        uuid: &str,
        task: &Value,
        ends: bool,
    ) -> Result<Value, Refusal> {
        let plain: Plain = task::read(task)?;
        rules::operator(plain.operator.as_ref())?;
        let (shift, _) = self.shift()?;
        if !shift.is_open {
            return Err(SHIFT_CLOSED);
        }
        let lines = self.totals_on_paper(&shift)?;
        let draft = Draft::of(uuid, "closeShift", shift.number, task).with_lines(lines);
        let made = self.make(&draft.fiscal(plain.electronically, ends))?;
        let mut proof = self.proof(&made);
        proof["fiscalParams"]["receiptsCount"] = shift.receipts.into();
        Ok(proof)
    }

    pub(super) fn exchange_report(
        &mut self,
        uuid: &str,
        task: &Value,
        ends: bool,
    ) -> Result<Value, Refusal> {
        let plain: Plain = task::read(task)?;
        rules::operator(plain.operator.as_ref())?;
        let (shift, _) = self.shift()?;
        let unsent = self.store.unsent()?;
        let lines = vec![report::pair("НЕ ПЕРЕДАНО ФД", &unsent.count.to_string())];
        let draft = Draft::of(uuid, "reportOfdExchangeStatus", shift.number, task);
        let made = self.make(&draft.with_lines(lines).fiscal(plain.electronically, ends))?;
        Ok(self.proof(&made))
    }

    pub(super) fn receipt(
        &mut self,
        uuid: &str,
        task: &Value,
        ends: bool,
    ) -> Result<Value, Refusal> {
        let receipt: Receipt = task::read(task)?;
        let today = shown(self.clock.now(), &self.setup.zone, "%Y.%m.%d");
        let sums = rules::receipt(&receipt, self.setup.ffd, &today)?;
        for mark in receipt.positions().filter_map(|position| position.imc_params.as_ref()) {
            let is_checked = if receipt.validate_marking_codes {
                Marks::is_good(mark)?
            } else {
                self.marks.is_accepted(mark)
            };
            if !is_checked {
                return Err(MARK_NOT_CHECKED);
            }
        }
        let shift = self.working_shift()?;
        let drawer =
            if receipt.kind.takes_cash_in() { sums.paid[0] } else { Money(-sums.paid[0].0) };
        let mut draft = Draft::of(uuid, task::kind(task), shift.number, task);
        draft.receipt = Some(shift.receipts + 1);
        draft.total = sums.total;
        draft.paid = sums.paid;
        draft.drawer = drawer;
        draft.body["change"] = sums.change.0.into();
        let made = self.make(&draft.fiscal(receipt.electronically, ends))?;
        self.marks.forget();
        Ok(self.proof(&made))
    }

    pub(super) fn x_report(&mut self, uuid: &str, task: &Value) -> Result<Value, Refusal> {
        let plain: Plain = task::read(task)?;
        rules::operator(plain.operator.as_ref())?;
        let (shift, _) = self.shift()?;
        let lines = self.totals_on_paper(&shift)?;
        self.make(&Draft::of(uuid, "reportX", shift.number, task).with_lines(lines))?;
        Ok(Value::Null)
    }

    pub(super) fn cash_move(&mut self, uuid: &str, task: &Value) -> Result<Value, Refusal> {
        let moved: CashMove = task::read(task)?;
        rules::operator(moved.operator.as_ref())?;
        if moved.cash_sum.0 <= 0 {
            return Err(WRONG_SUM);
        }
        let shift = self.working_shift()?;
        let mut draft = Draft::of(uuid, task::kind(task), shift.number, task);
        draft.total = moved.cash_sum;
        draft.drawer = moved.cash_sum;
        if draft.kind == "cashOut" {
            if self.store.drawer()? < moved.cash_sum {
                return Err(NO_CASH);
            }
            draft.drawer = Money(-moved.cash_sum.0);
        }
        self.make(&draft)?;
        Ok(json!({ "counters": { "cashSum": self.store.drawer()?.json() } }))
    }

    pub(super) fn slip(&mut self, uuid: &str, task: &Value) -> Result<Value, Refusal> {
        task::read::<Slip>(task)?;
        let (shift, _) = self.shift()?;
        self.make(&Draft::of(uuid, "nonFiscal", shift.number, task))?;
        Ok(Value::Null)
    }

    pub(super) fn copy(&mut self, uuid: &str) -> Result<Value, Refusal> {
        let last = self.store.last(true)?.ok_or(NO_SUCH_RECORD)?;
        let mut draft = Draft::of(uuid, "copy", last.shift, &last.body["task"]);
        draft.body["copy_of"] = last.number.into();
        self.make(&draft)?;
        Ok(Value::Null)
    }

    pub(super) fn set_date_time(&mut self, task: &Value) -> Result<Value, Refusal> {
        let text = task["dateTime"].as_str().unwrap_or_default().replace('.', "-");
        let wrong = || WRONG_DATE.about("dateTime");
        let at: jiff::civil::DateTime = text.parse().map_err(|_| wrong())?;
        let at = at.to_zoned_datetime(self.setup.zone.clone()).map_err(|_| wrong())?;
        self.set_clock(at.timestamp().as_millisecond())?;
        Ok(Value::Null)
    }

    /// The shift, when it may still make receipts.
    fn working_shift(&self) -> Result<Shift, Refusal> {
        match self.shift()? {
            (shift, _) if !shift.is_open => Err(SHIFT_CLOSED),
            (_, true) => Err(SHIFT_EXPIRED),
            (shift, false) => Ok(shift),
        }
    }

    /// Whether the storage takes one more document now.
    fn check_storage(&self, at: i64) -> Result<(), Refusal> {
        if self.is_full {
            return Err(STORAGE_FULL);
        }
        if at - self.made_at >= STORAGE_LIFE {
            return Err(STORAGE_ENDED);
        }
        let unsent = self.store.unsent()?;
        if unsent.count > 0 && at - unsent.first_at >= UNSENT_LIFE {
            return Err(OFD_SILENT);
        }
        match self.store.last(false)? {
            Some(last) if last.at > at => Err(EARLIER_THAN_LAST),
            _ => Ok(()),
        }
    }

    /// Makes a paper: it is in the memory before anybody hears of it.
    fn make(&mut self, draft: &Draft) -> Result<Paper, Refusal> {
        if !draft.electronically {
            self.can_print()?;
        }
        let at = self.clock.now();
        let mut number = None;
        let mut sign = String::new();
        if draft.is_fiscal {
            self.check_storage(at)?;
            let next = self.store.last_number()? + 1;
            let before = self.store.last(false)?.map(|last| last.sign).unwrap_or_default();
            let storage = &self.setup.storage;
            sign = fiscal_sign(&format!("{storage}|{next}|{at}|{}|{before}", draft.total.0));
            number = Some(next);
        }
        let id = self.store.add(&NewPaper {
            number,
            kind: draft.kind,
            shift: draft.shift,
            receipt: draft.receipt,
            at,
            sign,
            total: draft.total,
            paid: draft.paid,
            drawer: draft.drawer,
            uuid: draft.uuid,
            body: &draft.body,
            printed: !draft.paper_ends,
            sent: !draft.is_fiscal || !self.ofd_silent,
        })?;
        if draft.paper_ends {
            self.set_paper(false)?;
        }
        self.store.paper(id)?.ok_or(NO_SUCH_RECORD)
    }

    /// What is told of a fiscal document when it was made.
    pub(super) fn proof(&self, made: &Paper) -> Value {
        let mut params = json!({
            "fiscalDocumentDateTime": moment(made.at, &self.setup.zone),
            "fiscalDocumentNumber": made.number,
            "fiscalDocumentSign": made.sign,
            "fnNumber": self.setup.storage,
            "registrationNumber": REGISTRATION,
            "shiftNumber": made.shift,
            "fnsUrl": TAX_OFFICE,
        });
        if let Some(receipt) = made.receipt {
            params["fiscalReceiptNumber"] = receipt.into();
            params["total"] = made.total.json();
        }
        json!({ "fiscalParams": params, "warnings": { "notPrinted": !made.printed } })
    }

    fn totals_on_paper(&self, shift: &Shift) -> Result<Vec<String>, Refusal> {
        let moves = |kind| self.store.cash_moves(shift.number, kind);
        let totals = self.store.totals(shift.number)?;
        Ok(report::totals(&totals, moves("cashIn")?, moves("cashOut")?, self.store.drawer()?))
    }
}

/// The fiscal sign: here only a number that follows from what it signs and from the one before.
fn fiscal_sign(of: &str) -> String {
    let hash = of
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash.to_string()
}
