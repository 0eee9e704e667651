//! Moving orders and lines between tables. Every line keeps its id and its price: what leaves one
//! bill stands on another, and both sums are written in the same transaction.

use std::collections::BTreeSet;

use rusqlite::params;

use super::checks::{self, Touch, write_sums};
use super::items::set_total;
use super::{add, combos, events, guests, load, party, permits, place, status, tickets};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Ordered, Quantity};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::checks::Sums;
use crate::features::floor::{self, TableChange};
use crate::features::orders::events::{ChangedLine, LineChange};
use crate::features::orders::line_rules::{self, status_after_joining};
use crate::features::orders::money_rules::check_expected;
use crate::features::orders::notes::joined_within_limit;
use crate::features::orders::order_requests::ItemToMove;
use crate::features::orders::states::{ItemStatus, OrderType, PaymentStatus};
use crate::features::orders::types::{Order, OrderItem, OrderWithDetails};
use crate::features::permissions::Principal;
use crate::platform::auth::Person;

/// Moves a whole order to another table; joins it to that table's open bill if there is one.
pub struct MoveOrder {
    /// The order.
    pub order_id: i64,
    /// Where to.
    pub table_id: i64,
    /// The sum that the person saw; none to move it as it is.
    pub expected: Option<Money>,
    /// Who.
    pub by: Principal,
}

impl Command for MoveOrder {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let order = load::for_change(tx, self.order_id)?;
        check_expected(order.order.number, self.expected, order.order.total_price)?;
        let from = check_can_go(tx, &order.order, self.table_id)?;
        let onto = bill_at(tx, &order.order, self.table_id)?;
        let worth = order.order.total_price;
        let goes = (&order.order, self.table_id, onto.as_ref());
        permits::to_move(tx, &self.by, goes, (worth, Money::ZERO))?;
        whole(tx, &order, from, (self.table_id, onto), &self.by)
    }
}

/// The bill of a table that what is to be paid is put on; none where it needs one of its own.
fn bill_at(tx: &Tx<'_>, order: &Order, table_id: i64) -> Result<Option<Order>> {
    if order.payment_status != PaymentStatus::Unpaid {
        return Ok(None);
    }
    load::open_bill(tx, table_id)?.map(|id| load::order(tx, id)).transpose()
}

/// The table that an order leaves for another.
fn check_can_go(tx: &Tx<'_>, order: &Order, table_id: i64) -> Result<i64> {
    let number = order.number;
    let from = match order.table_id {
        Some(table_id) if order.order_type == OrderType::DineIn => table_id,
        _ => {
            let detail = format!("Order {number} stands at no table, so it cannot be moved.");
            return Err(Error::rule("no_table", detail).with("number", number));
        }
    };
    if order.status.is_closed() {
        let detail = format!("Order {number} is closed; there is nothing to move.");
        return Err(Error::rule("order_closed", detail).with("number", number));
    }
    floor::check_in_use(tx, table_id)?;
    if from == table_id {
        let detail = format!("Order {number} is at this table already. Choose another table.");
        return Err(Error::rule("same_table", detail).with("number", number));
    }
    Ok(from)
}

fn whole(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    from: i64,
    (to, onto): (i64, Option<Order>),
    by: &Person,
) -> Result<Reply> {
    let is_free = !party::is_at(tx, to)?;
    // The guests who leave are told at their old table: after this their tokens open the new one.
    events::moved_away(tx, by.id, order, to)?;
    let all = order.items.iter().map(|item| (item, item.quantity));
    tickets::of_move(tx, &order.order, all, to)?;
    let (now_at, lines) = if let Some(bill) = onto {
        (bill.id, join(tx, order, bill.id, by)?)
    } else {
        tx.prepare_cached("UPDATE orders SET table_id = ?2, updated_at = ?3 WHERE id = ?1")?
            .execute(params![order.order.id, to, tx.now().0])?;
        (order.order.id, Vec::new())
    };
    let seated = floor::take_guests(tx, to)?;
    if let Some(seated) = seated.filter(|_| order.order.guests.is_none()) {
        guests::write(tx, now_at, Some(seated))?;
    }
    checks::follow_facts(tx, now_at)?;
    party::goes_along(tx, from, to, is_free, by.id)?;
    let order = load::order_with_items(tx, now_at)?;
    events::updated(tx, Some(by.id), order, lines)
}

/// All that is on an order goes to another bill, and the order ends.
fn join(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    bill: i64,
    by: &Person,
) -> Result<Vec<ChangedLine>> {
    checks::check_join(tx, order)?;
    let target = load::for_change(tx, bill)?;
    let live: Vec<_> =
        order.items.iter().filter(|item| item.status != ItemStatus::Cancelled).collect();
    add::check_can_grow(tx, &target, live.len())?;
    let ids: Vec<i64> = live.iter().map(|item| item.id).collect();
    let off = checks::off_lines(tx, order, &ids)?;
    let mut moved = Vec::with_capacity(live.len());
    for item in live {
        moved.push(carry(tx, item, item.quantity, bill)?);
        checks::stay_off(tx, bill, &off, (item.id, item.id))?;
    }
    take_over(tx, order, &target, by)?;
    let all = guests::together(target.order.guests, order.order.guests);
    guests::write(tx, bill, all)?;
    close_joined(tx, order, bill, by)?;
    Ok(moved)
}

/// Moves some lines of an unpaid order to another table's bill.
pub struct MoveItems {
    /// The order.
    pub order_id: i64,
    /// Where to.
    pub table_id: i64,
    /// Which lines, and how much of each.
    pub items: Vec<ItemToMove>,
    /// The sum of the whole order that the person saw; none to move them as they are.
    pub expected: Option<Money>,
    /// Who.
    pub by: Principal,
}

impl Command for MoveItems {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let Self { order_id, table_id, items, expected, by } = self;
        let order = load::for_change(tx, order_id)?;
        check_expected(order.order.number, expected, order.order.total_price)?;
        let from = check_can_go(tx, &order.order, table_id)?;
        add::check_can_change(&order.order)?;
        let chosen = choose(&order, &items)?;
        let sum = chosen.iter().map(|(item, quantity)| item.costs(*quantity)).sum();
        let onto = bill_at(tx, &order.order, table_id)?;
        let goes = (&order.order, table_id, onto.as_ref());
        if takes_all(&order, &chosen) {
            permits::to_move(tx, &by, goes, (sum, Money::ZERO))?;
            return whole(tx, &order, from, (table_id, onto), &by);
        }
        for (item, _) in &chosen {
            checks::check_line(tx, &order, item, Touch::Move)?;
        }
        tickets::of_move(tx, &order.order, chosen.iter().copied(), table_id)?;
        let target = match &onto {
            Some(bill) => bill.id,
            None => place::open_beside(tx, order_id, table_id, by.id)?,
        };
        let target = load::for_change(tx, target)?;
        add::check_can_grow(tx, &target, chosen.len())?;
        let charged = service(tx, [order_id, target.order.id])?;
        let ids: Vec<i64> = chosen.iter().map(|(item, _)| item.id).collect();
        let off = checks::off_lines(tx, &order, &ids)?;
        let (mut gone, mut come, mut parted) = (Vec::new(), Vec::new(), Vec::new());
        for (item, quantity) in &chosen {
            let left = less(item.quantity, *quantity);
            gone.push(events::line(tx, item, LineChange::MovedOut, left)?);
            let line = carry(tx, item, *quantity, target.order.id)?;
            checks::stay_off(tx, target.order.id, &off, (item.id, line.id))?;
            let combo = item.combo.clone().filter(|_| line.id != item.id);
            parted.extend(combo.map(|combo| (line.id, combo)));
            come.push(line);
        }
        combos::parted(tx, &parted)?;
        let left = set_total(tx, order_id)?;
        add::trace_money(tx, &order, None, "lines_moved", left, (by.id, None))?;
        take_over(tx, &order, &target, &by)?;
        let lost = charged - service(tx, [order_id, target.order.id])?;
        permits::to_move(tx, &by, goes, (sum, lost))?;
        status::follow_items(tx, order_id, by.id)?;
        checks::follow_lines(tx, order_id, &by)?;
        let rest = load::order_with_items(tx, order_id)?;
        events::updated(tx, Some(by.id), rest, gone)?;
        floor::tell_of(tx, table_id, TableChange::OrderMoved, Some(by.id))?;
        let target = load::order_with_items(tx, target.order.id)?;
        match onto {
            Some(_) => events::updated(tx, Some(by.id), target, come),
            None => events::created(tx, Some(by.id), &target, come),
        }
    }
}

/// What service charges on orders come to together.
fn service(tx: &Tx<'_>, orders: [i64; 2]) -> Result<Money> {
    let of = |id| checks::service_of(tx, id);
    Ok(of(orders[0])? + of(orders[1])?)
}

/// The lines that are meant, each once, and how many of each.
fn choose<'a>(
    order: &'a OrderWithDetails,
    wanted: &[ItemToMove],
) -> Result<Vec<(&'a OrderItem, Quantity)>> {
    let mut seen = BTreeSet::new();
    let mut named = Vec::with_capacity(wanted.len());
    for (at, wanted) in wanted.iter().enumerate() {
        let id = wanted.id.get();
        if !seen.insert(id) {
            return Err(Error::invalid(format!("items[{at}].id"), "stands there twice"));
        }
        let item = load::find_item(order, id)?;
        named.push((id, wanted.quantity.map_or(item.quantity, Ordered::get)));
    }
    let live = order.items.iter().map(|item| (item.id, item.quantity));
    combos::together(order, &live.collect::<Vec<_>>(), &named)?
        .into_iter()
        .map(|(id, quantity)| {
            let item = load::find_item(order, id)?;
            let has = (item.quantity, item.unit);
            line_rules::check_carry(&item.dish_name, item.status, has, quantity)?;
            Ok((item, quantity))
        })
        .collect()
}

/// Whether nothing would stay behind: then the order itself moves, and its guests with it.
fn takes_all(order: &OrderWithDetails, chosen: &[(&OrderItem, Quantity)]) -> bool {
    let mut live = order.items.iter().filter(|item| item.status != ItemStatus::Cancelled);
    let goes = |item: &OrderItem| {
        chosen.iter().any(|(one, quantity)| one.id == item.id && *quantity == item.quantity)
    };
    live.all(goes)
}

/// What stays of a line; nothing where all of it goes.
fn less(has: Quantity, goes: Quantity) -> Quantity {
    has.checked_sub(goes).unwrap_or_default()
}

/// Puts a line, or a part of its quantity, on another order. The line that stands there.
fn carry(tx: &Tx<'_>, item: &OrderItem, quantity: Quantity, to: i64) -> Result<ChangedLine> {
    let now = tx.now().0;
    let line = events::line(tx, item, LineChange::MovedIn, quantity)?;
    if quantity == item.quantity {
        tx.prepare_cached("UPDATE order_items SET order_id = ?2, updated_at = ?3 WHERE id = ?1")?
            .execute(params![item.id, to, now])?;
        return Ok(line);
    }
    tx.prepare_cached(
        "INSERT INTO order_items (order_id, dish_id, dish_variation_id, dish_name, variation_name,
                                  dish_image_url, department, quantity, price, comment, status,
                                  estimated_preparation_time, added_by_id, sent_to_kitchen_at,
                                  preparation_started_at, ready_at, served_at, delayed_at,
                                  created_at, updated_at, seat, unit, modifiers, gross,
                                  price_list_id, course, tax_class_id, tax_rate, tax_is_added,
                                  list_price, chosen, combo_dish_id, combo_name,
                                  held_by_hand)
         SELECT ?2, dish_id, dish_variation_id, dish_name, variation_name, dish_image_url,
                department, ?3, price, comment, status, estimated_preparation_time, added_by_id,
                sent_to_kitchen_at, preparation_started_at, NULL, served_at, delayed_at,
                created_at, ?4, seat, unit, modifiers, ?5, price_list_id, course, tax_class_id,
                tax_rate, tax_is_added, list_price, chosen, combo_dish_id, combo_name,
                held_by_hand
         FROM order_items WHERE id = ?1",
    )?
    .execute(params![item.id, to, quantity.thousandths(), now, item.costs(quantity).0])?;
    let (id, stays) = (tx.last_insert_rowid(), less(item.quantity, quantity));
    // The kitchen's times are counted when a line becomes ready, not when it is inserted.
    if let Some(ready_at) = item.ready_at {
        tx.prepare_cached("UPDATE order_items SET ready_at = ?2 WHERE id = ?1")?
            .execute(params![id, ready_at.0])?;
    }
    tx.prepare_cached(
        "UPDATE order_items SET quantity = ?2, gross = ?3, updated_at = ?4 WHERE id = ?1",
    )?
    .execute(params![item.id, stays.thousandths(), item.costs(stays).0, now])?;
    Ok(ChangedLine { id, ..line })
}

/// The order that lines came to: its sum, where it stands, whose it is, what was noted.
fn take_over(
    tx: &mut Tx<'_>,
    from: &OrderWithDetails,
    target: &OrderWithDetails,
    by: &Person,
) -> Result<()> {
    let id = target.order.id;
    let total = set_total(tx, id)?;
    add::trace_money(tx, target, None, "lines_moved", total, (by.id, None))?;
    let statuses: Vec<_> =
        load::order_with_items(tx, id)?.items.iter().map(|item| item.status).collect();
    let to = status_after_joining(target.order.status, from.order.status, &statuses);
    let (old, new) = (&target.order, &from.order);
    let notes = joined_within_limit(old.notes.as_ref(), new.notes.as_ref());
    let kitchen_notes = joined_within_limit(old.kitchen_notes.as_ref(), new.kitchen_notes.as_ref());
    tx.prepare_cached(
        "UPDATE orders SET waiter_id = coalesce(waiter_id, nullif(?2, 0)),
                           confirmed_at = coalesce(confirmed_at, ?3), notes = ?4,
                           kitchen_notes = ?5
         WHERE id = ?1",
    )?
    .execute(params![
        id,
        from.order.waiter_id,
        from.order.confirmed_at.map(|at| at.0),
        notes,
        kitchen_notes
    ])?;
    if to != target.order.status {
        status::set_status(tx, &load::order(tx, id)?, to, Some(by.id))?;
    }
    Ok(())
}

/// An order whose lines all stand on another bill ends, and says on which.
fn close_joined(tx: &mut Tx<'_>, order: &OrderWithDetails, into: i64, by: &Person) -> Result<()> {
    write_sums(tx, order.order.id, Sums::default())?;
    add::trace_money(tx, order, None, "order_joined", Money::ZERO, (by.id, None))?;
    let now = tx.now().0;
    tx.prepare_cached(
        "UPDATE orders SET status = 'CANCELLED', cancelled_at = ?2, closed_at = ?2,
                           updated_at = ?2, joined_into_id = ?3
         WHERE id = ?1",
    )?
    .execute(params![order.order.id, now, into])?;
    checks::close_all(tx, order.order.id, true)?;
    let closed = load::order(tx, order.order.id)?;
    events::order_status(tx, Some(by.id), &closed, order.order.status)
}
