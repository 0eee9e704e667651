//! Lines as the printer sets them, and the totals of a shift. Pure.

use crate::simulators::fiscal::decimal::Money;
use crate::simulators::fiscal::store::{CashMoves, KindTotals};
use crate::simulators::fiscal::words::PAYMENT_NAMES;

/// Characters of a line.
pub(in super::super) const WIDTH: usize = 42;

/// A word on the left and one on the right; a left one that is too long takes lines of its own.
pub(in super::super) fn pair(left: &str, right: &str) -> String {
    let taken = left.chars().count() + right.chars().count();
    if taken < WIDTH {
        return format!("{left}{}{right}", " ".repeat(WIDTH - taken));
    }
    format!("{left}\n{right:>WIDTH$}")
}

/// In the middle.
pub(super) fn center(text: &str) -> String {
    let space = WIDTH.saturating_sub(text.chars().count()) / 2;
    format!("{}{text}", " ".repeat(space))
}

/// What a kind of receipt is called on paper.
pub(super) fn kind_name(kind: &str) -> &'static str {
    match kind {
        "sell" => "ПРИХОД",
        "sellReturn" => "ВОЗВРАТ ПРИХОДА",
        "buy" => "РАСХОД",
        "buyReturn" => "ВОЗВРАТ РАСХОДА",
        "sellCorrection" => "КОРРЕКЦИЯ ПРИХОДА",
        "sellReturnCorrection" => "КОРРЕКЦИЯ ВОЗВРАТА ПРИХОДА",
        "buyCorrection" => "КОРРЕКЦИЯ РАСХОДА",
        "buyReturnCorrection" => "КОРРЕКЦИЯ ВОЗВРАТА РАСХОДА",
        "openShift" => "ОТЧЕТ ОБ ОТКРЫТИИ СМЕНЫ",
        "closeShift" => "ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ",
        "reportOfdExchangeStatus" => "ОТЧЕТ О ТЕКУЩЕМ СОСТОЯНИИ РАСЧЕТОВ",
        "reportX" => "X-ОТЧЕТ",
        "cashIn" => "ВНЕСЕНИЕ",
        "cashOut" => "ВЫПЛАТА",
        _ => "",
    }
}

/// What a shift came to.
pub(in super::super) fn totals(
    totals: &[KindTotals],
    cash_in: CashMoves,
    cash_out: CashMoves,
    drawer: Money,
) -> Vec<String> {
    let mut lines = Vec::new();
    for of_kind in totals {
        lines.push(pair(
            &format!("{} ({})", kind_name(&of_kind.kind), of_kind.count),
            &of_kind.sum.text(),
        ));
        let paid = PAYMENT_NAMES.iter().zip(of_kind.paid).filter(|(_, sum)| sum.0 != 0);
        lines.extend(paid.map(|(name, sum)| pair(&format!("  {name}"), &sum.text())));
    }
    for (name, moves) in [("ВНЕСЕНО", cash_in), ("ВЫПЛАЧЕНО", cash_out)] {
        lines.push(pair(&format!("{name} ({})", moves.count), &moves.sum.text()));
    }
    lines.push(pair("НАЛИЧНЫХ В КАССЕ", &drawer.text()));
    lines
}
