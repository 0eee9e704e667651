//! What the kitchen reads: the table largest, dishes large, wishes not smaller.

use super::super::documents::{Ticket, TicketKind, TicketLine};
use super::head::Letterhead;
use super::rows::{Row, Size};

/// How far what belongs to a dish is moved in.
const INDENT: usize = 44;

/// What stands on a ticket.
pub fn rows(ticket: &Ticket, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    let order = &ticket.order;
    if let Some(word) = language.ticket(ticket.what) {
        rows.push(Row::Banner(word.into()));
    }
    rows.push(Row::bold(Size::Huge, language.place(&order.place)));
    if let Some(to) = &ticket.to {
        rows.push(Row::bold(Size::Huge, format!("→ {}", language.place(to))));
    }
    let number = format!("№ {}", order.number);
    rows.push(Row::sum(Size::Large, number, language.time(ticket.at, head.zone)));
    let guests = order.guests.map(|count| format!("{count} {}", language.say("гост.", "guests")));
    let who = [Some(order.waiter.clone()).filter(|name| !name.is_empty()), guests];
    let who: Vec<_> = who.into_iter().flatten().collect();
    if !who.is_empty() {
        rows.push(Row::left(Size::Body, who.join(" · ")));
    }
    let (mut station, mut course) = (None, None);
    let is_shared = ticket.lines.iter().any(|line| line.station != ticket.lines[0].station);
    for line in &ticket.lines {
        if station != Some(line.station) {
            rows.push(Row::Rule);
            if is_shared {
                rows.push(Row::bold(Size::Body, language.station(line.station)));
            }
            station = Some(line.station);
            course = None;
        }
        if line.course != course
            && let Some(number) = line.course
        {
            let word = language.say("Подача", "Course");
            rows.push(Row::bold(Size::Body, format!("{word} {number}")));
        }
        course = line.course;
        of_line(line, ticket.what, head, rows);
    }
    // Who takes something off needs no notes on the rest.
    if let Some(notes) = ticket.notes.as_ref().filter(|_| ticket.what == TicketKind::New) {
        rows.push(Row::Rule);
        rows.push(Row::bold(Size::Large, format!("! {notes}")));
    }
}

fn of_line(line: &TicketLine, what: TicketKind, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    let quantity = language.quantity(line.quantity, line.unit);
    let times = if line.unit.is_some() { "" } else { " ×" };
    let sign = if what == TicketKind::Void { "− " } else { "" };
    let size = line.size.as_ref().map(|size| format!(", {size}")).unwrap_or_default();
    rows.push(Row::bold(Size::Large, format!("{sign}{quantity}{times} {}{size}", line.name)));
    let mut below = |size, bold, text| rows.push(Row::below(size, bold, INDENT, text));
    if let Some(combo) = &line.combo {
        below(Size::Body, false, format!("{} {combo}", language.say("из комбо", "of combo")));
    }
    for option in &line.modifiers {
        below(Size::Large, false, format!("+ {}", language.option(option, true)));
    }
    if let Some(comment) = &line.comment {
        below(Size::Large, true, format!("! {comment}"));
    }
    if let Some(seat) = line.seat {
        below(Size::Body, false, format!("{} {seat}", language.say("место", "seat")));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::documents::{OrderFacts, Place};
    use super::super::plain::plain;
    use super::super::words::Language;
    use super::*;
    use crate::core::kernel::{Quantity, Timestamp, Zone};
    use crate::features::menu::Department;

    #[test]
    fn courses_stand_apart_and_what_has_none_stands_first() {
        let line = |station, course, name: &str| TicketLine {
            station,
            quantity: Quantity::pieces(1),
            unit: None,
            name: name.into(),
            size: None,
            modifiers: Vec::new(),
            combo: None,
            course,
            seat: None,
            comment: None,
        };
        let place = Place::Table("5".into());
        let ticket = Ticket {
            what: TicketKind::New,
            order: OrderFacts {
                order_id: 1,
                number: 7,
                place,
                guests: None,
                waiter: String::new(),
            },
            to: None,
            notes: None,
            lines: vec![
                line(Department::Hot, None, "Bread"),
                line(Department::Hot, Some(1), "Soup"),
                line(Department::Hot, Some(2), "Steak"),
                line(Department::Hot, Some(2), "Fish"),
                line(Department::Cold, Some(2), "Salad"),
            ],
            at: Timestamp(1_764_450_000_000),
        };
        let zone = Zone::named("Europe/Moscow").unwrap();
        let head = Letterhead {
            restaurant: "",
            language: Language::En,
            zone: &zone,
            currency: "EUR",
            logo: None,
        };
        let mut rows = Vec::new();
        super::rows(&ticket, &head, &mut rows);
        let text = plain(&rows, 240);
        let body: Vec<_> = text.lines().skip(2).filter(|line| !line.starts_with('-')).collect();
        let expected = [
            "Hot",
            "1 × Bread",
            "Course 1",
            "1 × Soup",
            "Course 2",
            "1 × Steak",
            "1 × Fish",
            "Cold",
            "Course 2",
            "1 × Salad",
        ];
        assert_eq!(body, expected);
    }
}
