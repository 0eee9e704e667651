//! A document as it stands on paper, row by row.

use super::super::documents::Document;
use super::head::{Letterhead, Marks};
use super::rows::{Row, Size};
use super::words::Language;
use super::{bill, cash, sheets, ticket};

/// White dots at the head, where the cut of the one before goes, and at the foot.
const MARGIN: usize = 24;

/// What stands on a document.
pub fn rows(document: &Document, marks: &Marks, head: &Letterhead<'_>) -> Vec<Row> {
    let mut rows = vec![Row::Gap(MARGIN)];
    rows.extend(marked(marks, head.language));
    match document {
        Document::Ticket(ticket) => ticket::rows(ticket, head, &mut rows),
        Document::Bill(bill) => bill::rows(bill, head, &mut rows),
        Document::TestSheet => sheets::test(marks, head, &mut rows),
        Document::Alphabets => sheets::alphabets(marks, head, &mut rows),
        Document::TableCode { table, url } => sheets::table_code(table, url, head, &mut rows),
        Document::Cash(paper) => cash::rows(paper, head, &mut rows),
        Document::Drawer => {
            let what = head.language.say("Ящик открыт, без бумаги", "The drawer opens, no paper");
            rows.push(Row::middle(Size::Body, what));
        }
    }
    rows.push(Row::Gap(MARGIN));
    rows
}

fn marked(marks: &Marks, language: Language) -> Vec<Row> {
    let mut rows = Vec::new();
    if marks.may_be_repeat {
        rows.push(Row::Banner(language.say("ПОВТОР", "REPRINT").into()));
        let why = language.say("Возможно, уже напечатано", "May have been printed already");
        rows.push(Row::title(Size::Body, why));
    } else if marks.is_copy {
        rows.push(Row::Banner(language.say("КОПИЯ", "COPY").into()));
    }
    if let Some(printer) = &marks.meant_for {
        let word = language.say("Для принтера", "Meant for");
        rows.push(Row::title(Size::Body, format!("{word}: {printer}")));
    }
    rows
}
