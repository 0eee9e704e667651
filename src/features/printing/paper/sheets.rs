//! Sheets that belong to no order: what a printer can, and the way to the menu for a table.

use super::code_page::CodePage;
use super::head::{Letterhead, Marks};
use super::rows::{Row, Size};
use crate::core::kernel::Money;

/// What a person holds against the paper in hand.
pub fn test(marks: &Marks, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    let amount = language.price(Money(123_456), head.currency);
    rows.push(Row::title(Size::Large, head.restaurant));
    rows.push(Row::middle(Size::Body, language.say("Пробная печать", "Test sheet")));
    rows.push(Row::title(Size::Large, &*marks.printer));
    let dots = language.say("точек в строке", "dots a row");
    rows.push(Row::middle(Size::Body, format!("{} {dots}", marks.width_dots)));
    rows.push(Row::Rule);
    rows.push(Row::left(Size::Small, "ABC abc 0123456789 АБВ абв ЁёІіҚқ ΑΒΓ αβγ ÄöüßçÉ"));
    rows.push(Row::left(Size::Body, "ABC abc 0123456789 АБВ абв"));
    rows.push(Row::bold(Size::Body, "ABC abc 0123456789 АБВ абв"));
    rows.push(Row::bold(Size::Large, "ABC 123 АБВ абв"));
    rows.push(Row::bold(Size::Huge, "12 Аб"));
    rows.push(Row::pair(language.say("Колонка", "Column"), amount.clone()));
    rows.push(Row::sum(Size::Large, language.say("ИТОГО", "TOTAL"), amount));
    rows.push(Row::Rule);
    let edges = language.say(
        "Линия видна от края до края? Если нет, выберите другую ширину.",
        "Does the line reach from edge to edge? If not, choose another width.",
    );
    rows.push(Row::left(Size::Small, edges));
    rows.push(Row::Banner(language.say("ПОВТОР", "REPRINT").into()));
    let reprint = language.say(
        "Так отмечен листок, который, возможно, уже напечатан.",
        "This marks a slip that may have been printed already.",
    );
    rows.push(Row::left(Size::Small, reprint));
}

/// How the lines below are read, which the printer writes in its own letters.
pub fn alphabets(marks: &Marks, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    rows.push(Row::middle(
        Size::Body,
        language.say("Алфавиты принтера", "The printer's alphabets"),
    ));
    rows.push(Row::title(Size::Large, &*marks.printer));
    let how = language.say(
        "Найдите ниже строку, где после буквы столбца стоит то же, что здесь. Выберите в настройках \
         принтера эту кодовую страницу и впишите номер строки.",
        "Find the line below in which the same stands behind a column's letter as here. Choose that \
         code page in the printer's settings, and write the line's number.",
    );
    rows.push(Row::left(Size::Small, how));
    for (column, (page, sample)) in ('A'..).zip(CodePage::SAMPLES) {
        rows.push(Row::pair(format!("{column} {sample}"), page.name()));
    }
    let none = language.say(
        "Нет такой строки? Оставьте рисованный текст: он печатается всегда.",
        "No such line? Leave the text drawn: that always prints.",
    );
    rows.push(Row::left(Size::Small, none));
    rows.push(Row::Rule);
}

/// A table's code, to stand on it for an evening.
pub fn table_code(table: &str, url: &str, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    rows.push(Row::title(Size::Large, head.restaurant));
    let name = format!("{} {table}", language.say("Стол", "Table"));
    rows.push(Row::title(Size::Huge, name));
    rows.push(Row::Gap(24));
    rows.push(Row::Qr(url.into()));
    rows.push(Row::Gap(24));
    let how = language.say("Наведите камеру: меню и заказ", "Point your camera: menu and orders");
    rows.push(Row::middle(Size::Body, how));
}
