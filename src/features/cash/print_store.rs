//! X, Z and counts on paper.

use super::bind_store::drawer_at;
use super::drawers_store::DRAWERS;
use super::permits_store::{check_sight, keeps_all};
use super::report_store::{counts, x, z};
use super::shifts_store::shift;
use super::states::CashMoveKind;
use super::sums::CashSums;
use super::types::{ByMethod, CashMove, CashReport, CashShift, CountedCash};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Command, Reply, Tx};
use crate::features::printing::{
    CashPaper, CashPaperKind, CashPaperMove, CashWay, CashWord, DrawerAt, print_cash,
    print_cash_now,
};
use crate::platform::auth::Person;

/// Prints a paper of a shift, because somebody asks for it. It says no more than they may read.
pub struct PrintShift {
    pub shift_id: i64,
    pub what: CashPaperKind,
    pub by: Person,
}

impl Command for PrintShift {
    type Output = Reply;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let (id, by) = (self.shift_id, &self.by);
        let shift = shift(tx, id)?;
        check_sight(by.role, by.id, &shift)?;
        let drawer_id = shift.drawer_id;
        let now = tx.now();
        let paper = match self.what {
            CashPaperKind::X => of_report(self.what, x(tx, shift, (by.role, by.id))?, now),
            CashPaperKind::Z => {
                let stored = serde_json::from_value(z(tx, id)?).map_err(Error::internal)?;
                of_report(self.what, stored, now)
            }
            CashPaperKind::Count => of_count(&shift, last_count(tx, by, id)?, now),
        };
        let at = match DRAWERS.get(tx, drawer_id) {
            Ok(drawer) => drawer_at(drawer.user_id, drawer.printer_id),
            // Its shifts stay when a drawer is removed.
            Err(error) if error.status() == 404 => DrawerAt::First,
            Err(error) => return Err(error),
        };
        print_cash_now(tx, paper, at)?.ok_or_else(|| {
            let detail = "No printer prints such a paper. An admin sets one up under Printers: one that \
                          prints receipts will do.";
            Error::conflict("no_printer", detail).with("document", "cash_report")
        })
    }
}

/// Prints the Z of a shift that was just closed, where a printer prints such by itself.
pub fn print_closed(tx: &Tx<'_>, report: CashReport) -> Result<()> {
    let (id, drawer) = (report.shift.id, DRAWERS.get(tx, report.shift.drawer_id)?);
    let paper = of_report(CashPaperKind::Z, report, tx.now());
    let at = drawer_at(drawer.user_id, drawer.printer_id);
    print_cash(tx, &format!("cash shift {id} closed"), paper, at)
}

/// What was counted last: of who does not keep all drawers, by themselves.
fn last_count(tx: &Tx<'_>, by: &Person, shift_id: i64) -> Result<CountedCash> {
    let mut counts = counts(tx, shift_id)?;
    counts.retain(|count| keeps_all(by.role) || count.user_id == by.id);
    counts.pop().ok_or_else(|| {
        let detail = "Nobody has counted this drawer yet. Send a count first.";
        Error::conflict("not_counted", detail).with("shift_id", shift_id)
    })
}

/// A paper on which nothing stands yet but whose it is.
fn of_shift(what: CashPaperKind, shift: &CashShift, at: Timestamp) -> CashPaper {
    CashPaper {
        what,
        drawer: shift.drawer_name.clone(),
        number: shift.z_number,
        opened: (shift.opened_at, shift.opened_by_name.clone()),
        closed: shift.closed_at.zip(shift.closed_by_name.clone()),
        left_before: shift.left_before.filter(|left| *left != shift.opening),
        sums: Vec::new(),
        expected: None,
        counted: None,
        difference: None,
        reason: shift.reason.clone(),
        pieces: Vec::new(),
        ways: Vec::new(),
        turnover: None,
        grand_total: None,
        moves: Vec::new(),
        strays: Vec::new(),
        at,
    }
}

fn of_count(shift: &CashShift, count: CountedCash, now: Timestamp) -> CashPaper {
    CashPaper {
        number: None,
        closed: Some((count.created_at, count.user_name)),
        counted: Some(count.counted),
        reason: None,
        pieces: count.denominations.iter().map(|one| (one.value, one.count)).collect(),
        ..of_shift(CashPaperKind::Count, shift, now)
    }
}

fn of_report(what: CashPaperKind, report: CashReport, now: Timestamp) -> CashPaper {
    let CashReport { shift, cash, expected, methods, moves, strays, turnover, grand_total, .. } =
        report;
    let is_closed = what == CashPaperKind::Z;
    CashPaper {
        sums: cash.map(sums).unwrap_or_default(),
        expected,
        counted: shift.counted.filter(|_| is_closed),
        difference: shift.difference.filter(|_| is_closed),
        ways: methods.into_iter().map(way).collect(),
        turnover,
        grand_total,
        moves: moves.into_iter().map(one_move).collect(),
        strays: strays.into_iter().map(|stray| (stray.order_number, stray.amount)).collect(),
        ..of_shift(what, &shift, now)
    }
}

/// What is nothing is left out, but for the float and the sales.
fn sums(cash: CashSums) -> Vec<(CashWord, Money)> {
    let out = |amount| Money::ZERO - amount;
    let all = [
        (CashWord::Float, cash.opening),
        (CashWord::Taken, cash.taken),
        (CashWord::Tips, cash.tips),
        (CashWord::Refunded, out(cash.refunded)),
        (CashWord::AccountsIn, cash.accounts_in),
        (CashWord::AccountsOut, out(cash.accounts_out)),
        (CashWord::PaidIn, cash.paid_in),
        (CashWord::PaidOut, out(cash.paid_out)),
        (CashWord::Dropped, out(cash.dropped)),
        (CashWord::TipsOut, out(cash.tips_out)),
    ];
    let always = [CashWord::Float, CashWord::Taken];
    all.into_iter().filter(|(word, sum)| !sum.is_zero() || always.contains(word)).collect()
}

fn way(way: ByMethod) -> CashWay {
    CashWay {
        name: way.method,
        payments: way.payments,
        taken: way.taken,
        tips: way.tips,
        refunded: way.refunded,
    }
}

fn one_move(one: CashMove) -> CashPaperMove {
    let word = match one.kind {
        CashMoveKind::PayIn => CashWord::PaidIn,
        CashMoveKind::PayOut => CashWord::PaidOut,
        CashMoveKind::Drop => CashWord::Dropped,
        CashMoveKind::TipsOut => CashWord::TipsOut,
        CashMoveKind::NoSale => CashWord::NoSale,
    };
    CashPaperMove {
        word,
        amount: if one.kind.is_in() { one.amount } else { Money::ZERO - one.amount },
        is_undo: one.undoes.is_some(),
        reason: one.reason,
        by: one.user_name,
        at: one.created_at,
    }
}
