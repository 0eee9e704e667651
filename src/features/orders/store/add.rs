//! Adding lines to an order.

use rusqlite::params;
use serde_json::json;

use super::chosen::chosen_json;
use super::combos;
use super::line::{Line, Wanted};
use super::prices::OrderPrices;
use super::source::OrderSource;
use super::{checks, events, guests, load};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Course, Id};
use crate::core::kernel::{Measure, Money, Zone};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::menu;
use crate::features::orders::course_rules::{self, Paced};
use crate::features::orders::events::{ChangedLine, LineChange};
use crate::features::orders::new_order::NewOrder;
use crate::features::orders::notes::{MAX_NOTES, joined};
use crate::features::orders::order_requests::OrderItemCreate;
use crate::features::orders::states::{ItemStatus, OrderType, PaymentStatus};
use crate::features::orders::types::{
    MAX_LINES, MAX_LINES_OF_ORDER, Order, OrderItem, OrderWithDetails,
};
use crate::features::orders::{line_rules, rules};
use crate::features::taxes::{self, TaxesOfDay};
use crate::platform::audit;
use crate::platform::auth::Person;

/// Finds every dish of an order, or says which cannot be had. Each costs what it costs in this place now,
/// and is taxed as its class says today.
pub(super) fn look_up(
    tx: &Tx<'_>,
    by: &OrderSource,
    items: &[OrderItemCreate],
    (taxes, place): (&TaxesOfDay, (OrderType, Option<i64>)),
) -> Result<Vec<Line>> {
    if items.is_empty() {
        return Err(Error::invalid("items", "must hold at least one dish"));
    }
    if items.len() > MAX_LINES {
        return Err(Error::invalid("items", format!("must hold at most {MAX_LINES} lines")));
    }
    let is_staff = matches!(by, OrderSource::Staff(_));
    let prices = OrderPrices::of(tx, place, is_staff)?;
    let mut wrong = Vec::new();
    let mut lines = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let variation = item.dish_variation_id.map(Id::get);
        let dish = menu::sellable(tx, item.dish_id.get(), variation)?;
        let dish = prices.price(dish, item)?;
        let quantity = item.quantity.get();
        if !is_staff {
            line_rules::check_guest_may(&dish.dish_name, dish.measure)?;
        }
        line_rules::check_quantity(&dish.dish_name, dish.measure, quantity)
            .map_err(|why| Error::invalid(format!("items[{at}].quantity"), why))?;
        let is_at_table = place.0 == OrderType::DineIn;
        let tax = |class| taxes.of(class, place.0.eaten());
        let wanted = Wanted { at, item, is_staff, is_at_table, tax: &tax };
        let found = match menu::combo(tx, dish.dish_id)? {
            Some(combo) => combos::lines(tx, &wanted, &dish, &combo)?,
            None if item.combo.as_ref().is_some_and(|parts| !parts.is_empty()) => {
                Err(vec![combos::dissolved(at, &dish)])
            }
            None => wanted.line(tx, dish)?,
        };
        match found {
            Ok(found) => lines.extend(found),
            Err(all) => wrong.extend(all),
        }
    }
    if lines.len() > MAX_LINES {
        let why = format!("must hold at most {MAX_LINES} lines; each part of a combo is one");
        return Err(Error::invalid("items", why));
    }
    if !wrong.is_empty() {
        return Err(menu::wrong(&wrong));
    }
    menu::check_portions(tx, lines.iter().map(Line::portions))?;
    Ok(lines)
}

/// Writes lines of an order beside `others`; those that `wait`, or are of a later course, are not told
/// to the kitchen. Returns them as they are written, and what is told of them.
pub(super) fn insert_lines(
    tx: &mut Tx<'_>,
    (order_id, others): (i64, &[OrderItem]),
    added_by: Option<i64>,
    lines: Vec<Line>,
    wait: bool,
) -> Result<(Vec<OrderItem>, Vec<ChangedLine>)> {
    for (variation, _, quantity) in lines.iter().map(Line::portions) {
        menu::take_portions(tx, variation, quantity)?;
    }
    let mut all = course_rules::paced(others);
    all.extend(lines.iter().map(|line| Paced::new(line.course)));
    let mut insert = tx.prepare_cached(
        "INSERT INTO order_items (order_id, dish_id, dish_variation_id, dish_name, variation_name,
                                  dish_image_url, department, quantity, price, comment, status,
                                  estimated_preparation_time, added_by_id, sent_to_kitchen_at,
                                  created_at, updated_at, seat, unit, gross, tax_class_id,
                                  tax_rate, tax_is_added, price_list_id, list_price,
                                  modifiers, chosen, course)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15, ?16, ?17,
                 ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)",
    )?;
    let (mut items, mut told, mut first) = (Vec::new(), Vec::new(), None);
    for line in lines {
        let one_size = line.dish.one_size;
        let part = line.combo.clone();
        let status = match wait {
            true => ItemStatus::New,
            false if course_rules::goes_at_once(line.course, &all) => ItemStatus::InPreparation,
            false => ItemStatus::Held,
        };
        let mut item = line.into_item(order_id, tx.now(), status);
        insert.execute(params![
            order_id,
            item.dish_id,
            item.dish_variation_id,
            item.dish_name,
            item.variation_name,
            item.dish_image_url,
            item.department.as_str(),
            item.quantity.thousandths(),
            item.price.0,
            item.comment,
            item.status.as_str(),
            item.estimated_preparation_time,
            added_by,
            item.sent_to_kitchen_at.map(|at| at.0),
            item.created_at.0,
            item.seat,
            item.unit.map(Measure::as_str),
            item.total.0,
            item.tax.class_id,
            item.tax.tax.rate().hundredths(),
            item.tax.tax.is_added(),
            item.price_list_id,
            item.list_price.map(|Money(own)| own),
            item.modifiers_price.0,
            chosen_json(&item.modifiers)?,
            item.course.map(Course::get),
        ])?;
        item.id = tx.last_insert_rowid();
        if let Some(part) = part {
            item.combo = Some(combos::mark(tx, item.id, part, &mut first)?);
        }
        let (change, quantity) = (LineChange::Added, item.quantity);
        told.push(ChangedLine { id: item.id, change, quantity, one_size });
        items.push(item);
    }
    Ok((items, told))
}

/// Adds lines to the open bill of a table and tells the whole order.
pub(super) fn to_bill(
    tx: &mut Tx<'_>,
    id: i64,
    (by, zone): (&OrderSource, &Zone),
    new: &NewOrder,
) -> Result<Reply> {
    let old = load::for_change(tx, id)?;
    let taxes = taxes::on_day(tx, zone.day(tx.now()))?;
    let place = (old.order.order_type, old.order.table_id);
    let lines = look_up(tx, by, &new.items, (&*taxes, place))?;
    check_can_grow(tx, &old, lines.len())?;
    let notes = with_notes(&old.order, new)?;
    let wait = match by {
        OrderSource::Staff(_) => false,
        OrderSource::Guest { mode, .. } => mode.wait(old.order.confirmed_at.is_some()),
    };
    let (_, added) = insert_lines(tx, (id, &old.items), by.staff_id(), lines, wait)?;
    if new.guests.is_some() {
        guests::write(tx, id, new.guests)?;
    }
    grow(tx, &old.order, by.staff_id())?;
    if let Some((notes, kitchen_notes)) = notes {
        tx.prepare_cached("UPDATE orders SET notes = ?2, kitchen_notes = ?3 WHERE id = ?1")?
            .execute(params![id, notes, kitchen_notes])?;
    }
    let order = load::order_with_items(tx, id)?;
    if order.order.status != old.order.status {
        events::order_status(tx, by.staff_id(), &order.order, old.order.status)?;
    }
    events::updated(tx, by.staff_id(), order, added)
}

/// A bill has an end: one that grows without it would cost more with every line.
pub(super) fn check_can_grow(tx: &Tx<'_>, order: &OrderWithDetails, more: usize) -> Result<()> {
    if order.items.len() + more <= MAX_LINES_OF_ORDER {
        return checks::check_room(tx, order);
    }
    let detail =
        format!("An order holds at most {MAX_LINES_OF_ORDER} lines. Settle this one first.");
    Err(Error::rule("order_too_long", detail).with("most", MAX_LINES_OF_ORDER))
}

/// The order after lines were added: its sum, its status, and whose it is.
pub(super) fn grow(tx: &Tx<'_>, old: &Order, staff_id: Option<i64>) -> Result<()> {
    let sums = checks::sums_of(tx, old.id)?;
    tx.prepare_cached(
        "UPDATE orders SET total = ?2, status = ?3, waiter_id = coalesce(waiter_id, ?4),
                           updated_at = ?5, tax = ?6
         WHERE id = ?1",
    )?
    .execute(params![
        old.id,
        sums.total.0,
        rules::status_after_adding(old.status).as_str(),
        staff_id,
        tx.now().0,
        sums.tax.0
    ])?;
    Ok(())
}

/// Notes that come with added lines stand below the ones that are there; none when none come.
fn with_notes(old: &Order, new: &NewOrder) -> Result<Option<(Option<String>, Option<String>)>> {
    if new.notes.is_none() && new.kitchen_notes.is_none() {
        return Ok(None);
    }
    let notes = joined(old.notes.as_ref(), new.notes.as_ref());
    let kitchen_notes = joined(old.kitchen_notes.as_ref(), new.kitchen_notes.as_ref());
    check_notes("notes", notes.as_ref())?;
    check_notes("kitchen_notes", kitchen_notes.as_ref())?;
    Ok(Some((notes, kitchen_notes)))
}

fn check_notes(field: &str, notes: Option<&String>) -> Result<()> {
    if notes.is_none_or(|notes| notes.chars().count() <= MAX_NOTES) {
        return Ok(());
    }
    let message = format!(
        "is too long with what is noted there already: at most {MAX_NOTES} characters together"
    );
    Err(Error::invalid(field, message))
}

/// What the caller of [`AddItems`] wants to hear.
#[derive(Debug, Clone, Copy)]
pub enum AddedReply {
    /// The last line.
    Line,
    /// “Done”, with the whole order as its details.
    Done,
}

/// Adds lines to a known order.
pub struct AddItems {
    /// The order.
    pub order_id: i64,
    /// Who.
    pub by: Person,
    /// What.
    pub items: Vec<OrderItemCreate>,
    /// Decides of which day their tax is.
    pub zone: Zone,
    /// What is answered.
    pub reply: AddedReply,
}

impl Command for AddItems {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let old = load::for_change(tx, self.order_id)?;
        check_can_change(&old.order)?;
        let added = NewOrder { items: self.items, ..NewOrder::default() };
        let by = OrderSource::Staff(self.by);
        let whole = to_bill(tx, self.order_id, (&by, &self.zone), &added)?;
        let json = match self.reply {
            AddedReply::Done => format!(
                "{{\"success\":true,\"message\":\"The lines were added.\",\"data\":{}}}",
                whole.json
            ),
            AddedReply::Line => {
                let order = load::order_with_items(tx, self.order_id)?;
                let line =
                    order.items.last().ok_or_else(|| Error::internal("no line was added"))?;
                serde_json::to_string(line).map_err(Error::internal)?
            }
        };
        Ok(Reply { json: json.into(), event_seq: None })
    }
}

/// Lines change only while the order is open and not paid.
pub(super) fn check_can_change(order: &Order) -> Result<()> {
    if order.status.is_closed() {
        let detail = format!("Order {} is closed. Place a new one.", order.number);
        return Err(Error::rule("order_closed", detail).with("number", order.number));
    }
    if order.payment_status != PaymentStatus::Unpaid {
        let detail = format!("Order {} is paid. Place a new one.", order.number);
        return Err(Error::rule("order_paid", detail).with("number", order.number));
    }
    Ok(())
}

/// Leaves a trace of a changed sum: who, what and why.
pub(super) fn trace_money(
    tx: &Tx<'_>,
    order: &OrderWithDetails,
    item_id: Option<i64>,
    what: &str,
    new_total: Money,
    (user_id, reason): (impl Into<Option<i64>>, Option<&str>),
) -> Result<()> {
    let user_id = user_id.into();
    tx.prepare_cached(
        "INSERT INTO money_changes (order_id, item_id, what, old_total, new_total, reason, user_id,
                                    created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        order.order.id,
        item_id,
        what,
        order.order.total_price.0,
        new_total.0,
        reason,
        user_id,
        tx.now().0
    ])?;
    if !matches!(what, "line_removed" | "line_changed" | "order_cancelled" | "closed_unpaid") {
        return Ok(());
    }
    let line = order.items.iter().find(|item| Some(item.id) == item_id);
    let line = line
        .map(|item| json!({"dish": item.dish_name, "quantity": item.quantity, "unit": item.unit}));
    let number = order.order.number;
    let before = json!({"number": number, "total": order.order.total_price, "line": line});
    let after = json!({"number": number, "total": new_total, "reason": reason});
    audit::note(tx, user_id, what, ("order", Some(order.order.id)), (before, after))
}
