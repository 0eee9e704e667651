//! What the kitchen's printers tell of an order: what is new, changed, held again, taken off, moved.
//! Written with the deed; which printer prints what says `features/printing`. What is held of a later
//! course is told when it is fired.

use crate::core::error::Result;
use crate::core::kernel::Quantity;
use crate::core::kernel::fields::Course;
use crate::core::store::Tx;
use crate::features::orders::events::{ChangedLine, LineChange};
use crate::features::orders::states::{ItemStatus, OrderType};
use crate::features::orders::types::{Order, OrderItem, OrderWithDetails};
use crate::features::printing::{
    DocumentKind, OrderFacts, Place, Ticket, TicketKind, TicketLine, print_tickets, prints,
};

/// Tells of lines that were added, sent, fired, held again, changed or removed. Those that move have
/// tickets of their own.
pub fn of_lines(tx: &Tx<'_>, order: &OrderWithDetails, changed: &[ChangedLine]) -> Result<()> {
    if changed.is_empty() || !prints(tx, DocumentKind::Ticket)? {
        return Ok(());
    }
    let mut told = Told::default();
    for one in changed {
        let Some(item) = order.items.iter().find(|item| item.id == one.id) else { continue };
        let is_known = is_known(item);
        let size = |item| (item, one.one_size);
        match one.change {
            LineChange::Added | LineChange::Sent | LineChange::Fired if is_known => {
                told.new.push(size(item));
            }
            LineChange::Held => told.held.push(size(item)),
            LineChange::Changed if is_known && is_to_make(item) => told.changed.push(size(item)),
            LineChange::Removed if is_known => told.void.push(size(item)),
            _ => {}
        }
    }
    told.print(tx, (&order.order, order.order.version))
}

/// Tells of lines that were called off, among those that made a step. Those that go to the kitchen are
/// told of together, when all have gone: [`of_lines`].
pub fn of_steps<'a>(
    tx: &Tx<'_>,
    order: (&Order, i64),
    stepped: impl Iterator<Item = &'a OrderItem>,
) -> Result<()> {
    let is_void = |item: &&OrderItem| item.status == ItemStatus::Cancelled && is_known(item);
    let void: Vec<_> = stepped.filter(is_void).map(|item| (item, false)).collect();
    if void.is_empty() || !prints(tx, DocumentKind::Ticket)? {
        return Ok(());
    }
    Told { void, ..Told::default() }.print(tx, order)
}

/// Tells that lines go to another table, before they do: which, and how much of each.
pub fn of_move<'a>(
    tx: &Tx<'_>,
    order: &Order,
    items: impl Iterator<Item = (&'a OrderItem, Quantity)>,
    to_table: i64,
) -> Result<()> {
    if !prints(tx, DocumentKind::Ticket)? {
        return Ok(());
    }
    let items = items.filter(|(item, _)| is_to_make(item));
    let lines = items.map(|(item, quantity)| TicketLine { quantity, ..line(item, false) });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return Ok(());
    }
    let label = "SELECT label FROM tables WHERE id = ?1";
    let label: String = tx.prepare_cached(label)?.query_row([to_table], |row| row.get(0))?;
    let to = Some(Place::Table(label));
    let ticket = Ticket { to, ..ticket(tx, order, TicketKind::Move, lines) };
    print_tickets(tx, &deed(order, order.version, "move"), &ticket)
}

/// Whether the kitchen was told of it, and still has it.
fn is_known(item: &OrderItem) -> bool {
    item.sent_to_kitchen_at.is_some() && item.served_at.is_none()
}

/// Whether the kitchen has it still to make, or to hand out.
fn is_to_make(item: &OrderItem) -> bool {
    matches!(item.status, ItemStatus::SentToKitchen | ItemStatus::InPreparation | ItemStatus::Ready)
}

/// What is told of one deed: lines, each with whether its size need not be named.
#[derive(Default)]
struct Told<'a> {
    new: Vec<(&'a OrderItem, bool)>,
    changed: Vec<(&'a OrderItem, bool)>,
    held: Vec<(&'a OrderItem, bool)>,
    void: Vec<(&'a OrderItem, bool)>,
}

impl Told<'_> {
    fn print(self, tx: &Tx<'_>, (order, version): (&Order, i64)) -> Result<()> {
        for (what, word, items) in [
            (TicketKind::New, "new", self.new),
            (TicketKind::Changed, "changed", self.changed),
            (TicketKind::Held, "held", self.held),
            (TicketKind::Void, "void", self.void),
        ] {
            if items.is_empty() {
                continue;
            }
            let lines = items.into_iter().map(|(item, one_size)| line(item, one_size)).collect();
            print_tickets(tx, &deed(order, version, word), &ticket(tx, order, what, lines))?;
        }
        Ok(())
    }
}

/// A deed by a word that no other has: an order has each version once.
fn deed(order: &Order, version: i64, what: &str) -> String {
    format!("order {} v{version} {what}", order.id)
}

fn ticket(tx: &Tx<'_>, order: &Order, what: TicketKind, lines: Vec<TicketLine>) -> Ticket {
    let notes = order.kitchen_notes.clone();
    Ticket { what, order: facts(order), to: None, notes, lines, at: tx.now() }
}

/// Of which order paper is.
pub fn facts(order: &Order) -> OrderFacts {
    let table = || order.table_name.clone().unwrap_or_default();
    OrderFacts {
        order_id: order.id,
        number: order.number,
        place: match order.order_type {
            OrderType::DineIn => Place::Table(table()),
            OrderType::Takeaway => Place::Takeaway(order.customer_name.clone()),
            OrderType::Delivery => Place::Delivery(order.customer_name.clone()),
        },
        guests: order.guests,
        waiter: order.waiter_name.clone(),
    }
}

fn line(item: &OrderItem, one_size: bool) -> TicketLine {
    TicketLine {
        station: item.department,
        quantity: item.quantity,
        unit: item.unit,
        name: item.dish_name.clone(),
        size: (!one_size).then(|| item.variation_name.clone()),
        modifiers: item.modifiers.clone(),
        combo: item.combo.as_ref().map(|combo| combo.name.clone()),
        course: item.course.map(Course::get),
        seat: item.seat,
        comment: item.comment.clone(),
    }
}
