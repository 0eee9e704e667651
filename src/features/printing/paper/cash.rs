//! What the cashier signs and the owner keeps: an X, a Z, and what was counted.

use super::super::cash_paper::{CashPaper, CashPaperKind, CashPaperMove, CashWay, CashWord};
use super::head::Letterhead;
use super::rows::{Row, Size};
use super::words::Language;
use crate::core::kernel::{Money, Timestamp};

/// How far what belongs to a row is moved in.
const INDENT: usize = 24;
/// Dots between two lines on which somebody signs.
const SIGNS: usize = 56;

/// What stands on a paper of a cash drawer.
pub fn rows(paper: &CashPaper, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    rows.push(Row::title(Size::Large, head.restaurant));
    rows.push(Row::title(Size::Large, title(paper, language)));
    rows.push(Row::middle(Size::Body, &*paper.drawer));
    rows.push(Row::Gap(8));
    let mut step = |ru, en, (at, by): &(Timestamp, String)| {
        rows.push(Row::pair(language.say(ru, en), language.moment(*at, head.zone)));
        rows.push(Row::below(Size::Small, false, INDENT, by));
    };
    step("Открыта", "Opened", &paper.opened);
    match &paper.closed {
        Some(counted) if paper.what == CashPaperKind::Count => {
            step("Посчитана", "Counted", counted);
        }
        Some(closed) => step("Закрыта", "Closed", closed),
        None => {
            let now = language.moment(paper.at, head.zone);
            rows.push(Row::pair(language.say("Напечатано", "Printed"), now));
        }
    }
    rows.push(Row::Rule);
    pieces(paper, language, rows);
    cash(paper, head, rows);
    if paper.what != CashPaperKind::Count {
        ways(paper, language, rows);
        moves(paper, head, rows);
    }
    if paper.what != CashPaperKind::X {
        sign(language, rows);
    }
    rows.push(Row::Gap(12));
    let words = language.say("НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ", "NOT A FISCAL DOCUMENT");
    rows.push(Row::title(Size::Small, words));
}

fn title(paper: &CashPaper, language: Language) -> String {
    match (paper.what, paper.number) {
        (CashPaperKind::X, _) => language.say("X-отчёт", "X report").into(),
        (CashPaperKind::Z, None) => language.say("Z-отчёт", "Z report").into(),
        (CashPaperKind::Z, Some(number)) => {
            format!("{} {number}", language.say("Z-отчёт №", "Z report"))
        }
        (CashPaperKind::Count, _) => language.say("Подсчёт кассы", "Cash count").into(),
    }
}

/// The notes and coins that were counted.
fn pieces(paper: &CashPaper, language: Language, rows: &mut Vec<Row>) {
    for (value, count) in &paper.pieces {
        let sum = language.amount(value.times(*count));
        rows.push(Row::pair(format!("{} × {count}", language.amount(*value)), sum));
    }
    if !paper.pieces.is_empty() {
        rows.push(Row::Rule);
    }
}

fn cash(paper: &CashPaper, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    let price = |amount| language.price(amount, head.currency);
    for (word, amount) in &paper.sums {
        rows.push(Row::pair(say(*word, language), language.amount(*amount)));
        if let Some(left) = paper.left_before.filter(|_| *word == CashWord::Float) {
            let was = language.say("в прошлый раз осталось", "the last count left");
            let text = format!("{was}: {}", language.amount(left));
            rows.push(Row::below(Size::Small, false, INDENT, text));
        }
    }
    if let Some(expected) = paper.expected {
        let word = language.say("Должно быть", "Expected");
        rows.push(Row::sum(Size::Body, word, price(expected)));
    }
    if let Some(counted) = paper.counted {
        let size = if paper.expected.is_none() { Size::Large } else { Size::Body };
        rows.push(Row::sum(size, language.say("Посчитано", "Counted"), price(counted)));
    }
    if let Some(difference) = paper.difference {
        let word = match difference.0.signum() {
            0 => language.say("Сошлось", "It adds up"),
            1 => language.say("Излишек", "Over"),
            _ => language.say("Недостача", "Short"),
        };
        rows.push(Row::sum(Size::Large, word, language.amount(difference)));
    }
    if let Some(reason) = &paper.reason {
        rows.push(Row::left(Size::Body, format!("{}: {reason}", language.say("Причина", "Why"))));
    }
    if paper.expected.is_none() && paper.what == CashPaperKind::X {
        let why = language.say(
            "Сколько должно быть наличных, видно после подсчёта",
            "How much cash there should be is shown after the count",
        );
        rows.push(Row::left(Size::Small, why));
    }
}

fn ways(paper: &CashPaper, language: Language, rows: &mut Vec<Row>) {
    rows.push(Row::Rule);
    for way in &paper.ways {
        of_way(way, language, rows);
    }
    if let Some(turnover) = paper.turnover {
        let word = language.say("Выручка смены", "Turnover");
        rows.push(Row::sum(Size::Body, word, language.amount(turnover)));
    }
    if let Some(total) = paper.grand_total {
        let word = language.say("Нарастающий итог", "Grand total");
        rows.push(Row::pair(word, language.amount(total)));
    }
}

fn of_way(way: &CashWay, language: Language, rows: &mut Vec<Row>) {
    let name = way.name.as_deref().unwrap_or(language.say("Без способа", "No method"));
    rows.push(Row::pair(format!("{name} ({})", way.payments), language.amount(way.taken)));
    let mut more = |ru, en, amount: Money| {
        if !amount.is_zero() {
            let word = format!("  {}", language.say(ru, en));
            rows.push(Row::pair(word, language.amount(amount)));
        }
    };
    more("Чаевые", "Tips", way.tips);
    more("Возвраты", "Refunds", Money::ZERO - way.refunded);
}

fn moves(paper: &CashPaper, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    if !paper.moves.is_empty() {
        rows.push(Row::Rule);
    }
    for one in &paper.moves {
        of_move(one, head, rows);
    }
    if paper.strays.is_empty() {
        return;
    }
    rows.push(Row::Rule);
    let title = language.say("Наличные без смены", "Cash without a shift");
    rows.push(Row::bold(Size::Body, title));
    for (order, amount) in &paper.strays {
        let name = match order {
            Some(number) => format!("{} {number}", language.say("Заказ", "Order")),
            None => language.say("Счёт гостя", "House account").into(),
        };
        rows.push(Row::pair(name, language.amount(*amount)));
    }
}

fn of_move(one: &CashPaperMove, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    let undone = if one.is_undo { language.say(", отмена", ", undone") } else { "" };
    let word = format!("{}{undone}", say(one.word, language));
    if one.word == CashWord::NoSale {
        rows.push(Row::left(Size::Body, word));
    } else {
        rows.push(Row::pair(word, language.amount(one.amount)));
    }
    let time = language.time(one.at, head.zone);
    let facts = [Some(&time), Some(&one.by), one.reason.as_ref()];
    let facts: Vec<_> = facts.into_iter().flatten().map(String::as_str).collect();
    rows.push(Row::below(Size::Small, false, INDENT, facts.join(" · ")));
}

/// Lines for who hands the cash over, and who takes it.
fn sign(language: Language, rows: &mut Vec<Row>) {
    for word in [language.say("Сдал", "Handed over"), language.say("Принял", "Taken over")]
    {
        rows.push(Row::Gap(SIGNS));
        rows.push(Row::Rule);
        rows.push(Row::left(Size::Small, word));
    }
}

fn say(word: CashWord, language: Language) -> &'static str {
    match word {
        CashWord::Float => language.say("Размен в начале", "Float"),
        CashWord::Taken => language.say("Наличные за заказы", "Cash for orders"),
        CashWord::Tips => language.say("Чаевые наличными", "Tips in cash"),
        CashWord::Refunded => language.say("Возвращено наличными", "Refunded in cash"),
        CashWord::AccountsIn => language.say("Внесено на счета", "Paid into accounts"),
        CashWord::AccountsOut => language.say("Возвращено со счетов", "Given back from accounts"),
        CashWord::PaidIn => language.say("Внесение", "Put in"),
        CashWord::PaidOut => language.say("Изъятие", "Taken out"),
        CashWord::Dropped => language.say("Инкассация", "Drop to the safe"),
        CashWord::TipsOut => language.say("Выдача чаевых", "Tips paid out"),
        CashWord::NoSale => language.say("Ящик открыт без продажи", "Drawer opened, no sale"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::plain;
    use super::*;
    use crate::core::kernel::Zone;

    fn printed(paper: &CashPaper, language: Language) -> String {
        let zone = Zone::named("Europe/Moscow").unwrap();
        let head =
            Letterhead { restaurant: "Test", language, zone: &zone, currency: "RUB", logo: None };
        let mut all = Vec::new();
        rows(paper, &head, &mut all);
        plain(&all, 384).replace('\u{A0}', " ")
    }

    fn paper(what: CashPaperKind) -> CashPaper {
        let at = Timestamp(1_764_450_000_000);
        CashPaper {
            what,
            drawer: "Till".into(),
            number: None,
            opened: (at, "Vera".into()),
            closed: None,
            left_before: None,
            sums: Vec::new(),
            expected: None,
            counted: None,
            difference: None,
            reason: None,
            pieces: Vec::new(),
            ways: Vec::new(),
            turnover: None,
            grand_total: None,
            moves: Vec::new(),
            strays: Vec::new(),
            at,
        }
    }

    #[test]
    fn a_z_says_what_should_be_there_and_what_was() {
        let at = Timestamp(1_764_450_000_000);
        let z = CashPaper {
            number: Some(7),
            closed: Some((at, "Anna".into())),
            left_before: Some(Money(90_000)),
            sums: vec![(CashWord::Float, Money(100_000)), (CashWord::Dropped, Money(-20_000))],
            expected: Some(Money(80_000)),
            counted: Some(Money(75_000)),
            difference: Some(Money(-5_000)),
            reason: Some("a note was false".into()),
            moves: vec![CashPaperMove {
                word: CashWord::Dropped,
                amount: Money(-20_000),
                is_undo: false,
                reason: None,
                by: "Vera".into(),
                at,
            }],
            ..paper(CashPaperKind::Z)
        };
        let text = printed(&z, Language::En);
        for line in [
            "Z report 7",
            "Float                   1,000.00",
            "  the last count left: 900.00",
            "Drop to the safe         −200.00",
            "Expected                800.00 ₽",
            "Short                     −50.00",
            "Why: a note was false",
            "  00:00 · Vera",
            "Handed over",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(printed(&z, Language::Ru).contains("Недостача"));
    }

    #[test]
    fn who_is_yet_to_count_reads_no_cash() {
        let x = printed(&paper(CashPaperKind::X), Language::En);
        assert!(x.contains("shown after the count") && !x.contains("Expected"), "{x}");
        let pieces = vec![(Money(100_000), 2), (Money(5_000), 5)];
        let count =
            CashPaper { pieces, counted: Some(Money(225_000)), ..paper(CashPaperKind::Count) };
        let count = printed(&count, Language::En);
        assert!(count.contains("1,000.00 × 2            2,000.00"), "{count}");
        assert!(count.contains("Counted               2,250.00 ₽"), "{count}");
    }
}
