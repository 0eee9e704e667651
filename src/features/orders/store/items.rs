//! Changing single lines: their status, what they are, and whether they are there at all.

use rusqlite::params;

use super::add::{check_can_change, trace_money};
use super::checks::{self, Touch};
use super::chosen::chosen_json;
use super::item_status::set_item_status;
use super::prices::OrderPrices;
use super::{
    actor, choices, combos, courses, events, load, permits, portions, raised, seats, status,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Int, Measure, Money, Ordered, Patch, Quantity, Text};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::menu;
use crate::features::orders::course_rules;
use crate::features::orders::events::{LineChange, TakenOn};
use crate::features::orders::line_rules::{self, Touched};
use crate::features::orders::money_rules::check_expected;
use crate::features::orders::order_requests::OrderItemUpdate;
use crate::features::orders::states::{ItemStatus, OrderType};
use crate::features::orders::step_rules;
use crate::features::orders::types::{Order, OrderItem, OrderWithDetails};
use crate::features::permissions::Principal;

/// Moves one line on.
pub struct SetItemStatus {
    /// The line.
    pub item_id: i64,
    /// The order it must belong to, where the caller names one.
    pub order_id: Option<i64>,
    /// Where to.
    pub status: ItemStatus,
    /// Who.
    pub by: Principal,
    /// Why, where it is cancelled.
    pub reason: Option<String>,
    /// The line's sum as the person saw it.
    pub expected: Option<Money>,
}

impl Command for SetItemStatus {
    /// Where the line stands then.
    type Output = ItemStatus;
    const PRIORITY: Priority = Priority::Orders;

    fn checks_first(&self) -> bool {
        // What is taken off is asked of checks and permissions on the way.
        self.status != ItemStatus::Cancelled
    }

    fn apply(self, tx: &mut Tx<'_>) -> Result<ItemStatus> {
        let order_id = match self.order_id {
            Some(order_id) => order_id,
            None => load::order_of_item(tx, self.item_id)?,
        };
        let order = load::for_change(tx, order_id)?;
        let item = load::find_item(&order, self.item_id)?;
        check_expected(order.order.number, self.expected, item.total)?;
        let step = (self.item_id, self.status);
        step_item(tx, order, step, (&self.by, self.reason.as_deref()))
    }
}

/// Makes one step of one line, and what follows from it for its order.
fn step_item(
    tx: &mut Tx<'_>,
    mut order: OrderWithDetails,
    (item_id, to): (i64, ItemStatus),
    (by, reason): (&Principal, Option<&str>),
) -> Result<ItemStatus> {
    let order_id = order.order.id;
    let item = load::find_item(&order, item_id)?;
    let (to, moved) = move_item(tx, &order, item, to, (by, reason))?;
    if is_sent(item, to) {
        tell_sent(tx, order_id, &[item], by)?;
    }
    if let Some(moved) = moved {
        order.put(moved);
        status::follow(tx, &order, by.id)?;
        return Ok(to);
    }
    status::follow_items(tx, order_id, by.id)?;
    checks::follow_lines(tx, order_id, by)?;
    Ok(to)
}

/// Where a guest's line stands that goes to the kitchen: one of a later course is held.
fn sent_as(order: &OrderWithDetails, item: &OrderItem, to: ItemStatus) -> ItemStatus {
    let goes = course_rules::goes_at_once(item.course, &course_rules::paced(&order.items));
    if goes { to } else { ItemStatus::Held }
}

/// Whether a guest's waiting line went to the kitchen with this step. What is held then did not.
pub(super) fn is_sent(item: &OrderItem, to: ItemStatus) -> bool {
    use ItemStatus::{Cancelled, Held, New};
    item.status == New && !matches!(to, New | Held | Cancelled)
}

/// Tells that lines go to the kitchen, however that was said.
pub(super) fn tell_sent(
    tx: &mut Tx<'_>,
    order_id: i64,
    items: &[&OrderItem],
    by: &Principal,
) -> Result<()> {
    let sent = |item: &&OrderItem| events::line(tx, item, LineChange::Sent, item.quantity);
    let lines = items.iter().map(sent).collect::<Result<_>>()?;
    let order = load::order_with_items(tx, order_id)?;
    events::updated(tx, Some(by.id), order, lines).map(drop)
}

/// Checks and makes one step of one line, and tells of it. Where it stands then; and the line, where
/// nothing else of its order changed.
pub(super) fn move_item(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    item: &OrderItem,
    to: ItemStatus,
    (by, reason): (&Principal, Option<&str>),
) -> Result<(ItemStatus, Option<OrderItem>)> {
    if order.order.status.is_closed() {
        let detail = format!("Order {} is closed.", order.order.number);
        return Err(Error::rule("order_closed", detail).with("number", order.order.number));
    }
    step_rules::check_item_step(item.status, to, actor(by, &order.order))?;
    if to == ItemStatus::Cancelled {
        cancel_item(tx, order, item, by, reason)?;
        return Ok((to, None));
    }
    if item.status == ItemStatus::New {
        // A guest may have waited while the dish ran out.
        check_sold(tx, item)?;
        let to = sent_as(order, item, to);
        let taken = take_on(tx, &order.order, by)?;
        let moved = set_item_status(tx, item, to, by.id)?;
        let Order { waiter_id, confirmed_at, .. } = taken;
        let waiter_name = taken.waiter_name.clone();
        let taken_on = Some(TakenOn { waiter_id, waiter_name, confirmed_at });
        events::item_status(tx, Some(by.id), &taken, (&moved, item.status), taken_on)?;
        return Ok((to, None));
    }
    if item.status == to && item.preparation_started_at.is_some() {
        return Ok((to, Some(item.clone())));
    }
    let moved = set_item_status(tx, item, to, by.id)?;
    events::item_status(tx, Some(by.id), &order.order, (&moved, item.status), None)?;
    Ok((to, Some(moved)))
}

/// A member of staff takes a guest's order on. The order as it is then.
fn take_on(tx: &Tx<'_>, order: &Order, by: &Principal) -> Result<Order> {
    tx.prepare_cached(
        "UPDATE orders SET confirmed_at = coalesce(confirmed_at, ?2),
                           waiter_id = coalesce(waiter_id, ?3), updated_at = ?2
         WHERE id = ?1",
    )?
    .execute(params![order.id, tx.now().0, by.id])?;
    let mut taken = Order { updated_at: tx.now(), ..order.clone() };
    taken.confirmed_at.get_or_insert(tx.now());
    if taken.waiter_id == 0 {
        taken.waiter_id = by.id;
        taken.waiter_name = by.full_name.to_string();
    }
    Ok(taken)
}

/// Takes a line off.
pub struct RemoveItem {
    /// The order.
    pub order_id: i64,
    /// The line.
    pub item_id: i64,
    /// Who.
    pub by: Principal,
    /// Why.
    pub reason: Option<String>,
    /// The line's sum as the person saw it.
    pub expected: Option<Money>,
}

impl Command for RemoveItem {
    type Output = ();
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let order = load::for_change(tx, self.order_id)?;
        let item = load::find_item(&order, self.item_id)?;
        check_can_change(&order.order)?;
        check_expected(order.order.number, self.expected, item.total)?;
        step_rules::check_item_step(
            item.status,
            ItemStatus::Cancelled,
            actor(&self.by, &order.order),
        )?;
        cancel_item(tx, &order, item, &self.by, self.reason.as_deref())?;
        status::follow_items(tx, self.order_id, self.by.id)?;
        checks::follow_lines(tx, self.order_id, &self.by)
    }
}

/// Whether more of what a line holds can be had: what makes more of a dish asks what a new line
/// asks. A dish or size that was removed is not on sale either.
fn check_sold(tx: &Tx<'_>, item: &OrderItem) -> Result<()> {
    let found = menu::sellable(tx, item.dish_id, Some(item.dish_variation_id));
    found.map(drop).map_err(|error| match error.status() {
        404 => menu::unavailable(&item.dish_name, item.dish_id),
        _ => error,
    })?;
    choices::check_there(tx, item)
}

/// Whether somebody may touch a line, when the guests pay so much less by it, or more.
fn check_touch(
    tx: &Tx<'_>,
    order: &OrderWithDetails,
    (item, is_weighed_again): (&OrderItem, bool),
    (by, reason): (&Principal, Option<&str>),
    less: Money,
) -> Result<()> {
    let line = Touched::of(item, is_weighed_again);
    line_rules::check_touch(line, actor(by, &order.order))?;
    // What weighs more than was thought is no loss: nobody's word is needed for it.
    let is_more = is_weighed_again && less <= Money::ZERO;
    permits::touch(tx, by, &order.order, (item, line.is_begun() && !is_more), less)?;
    line_rules::check_reason(line, reason.is_some())
}

/// A line that is taken off costs nothing any more, and leaves a trace.
fn cancel_item(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    item: &OrderItem,
    by: &Principal,
    reason: Option<&str>,
) -> Result<()> {
    check_can_change(&order.order)?;
    // A combo has one price: all of it is taken off, and whoever may do that for the part that is
    // furthest may do it for the others.
    let lines = combos::all_of(order, item);
    for line in &lines {
        checks::check_line(tx, order, line, Touch::Remove)?;
        line_rules::check_touch(Touched::of(line, false), actor(by, &order.order))?;
    }
    let costs = lines.iter().map(|line| line.total).sum();
    let furthest = lines.iter().copied().find(|line| Touched::of(line, false).is_begun());
    check_touch(tx, order, (furthest.unwrap_or(item), false), (by, reason), costs)?;
    let mut removed = Vec::with_capacity(lines.len());
    for line in &lines {
        set_item_status(tx, line, ItemStatus::Cancelled, by.id)?;
        removed.push(events::line(tx, line, LineChange::Removed, Quantity::ZERO)?);
    }
    let total = set_total(tx, order.order.id)?;
    for line in &lines {
        trace_money(tx, order, Some(line.id), "line_removed", total, (by.id, reason))?;
    }
    let changed = load::order_with_items(tx, order.order.id)?;
    events::updated(tx, Some(by.id), changed, removed).map(drop)
}

/// Writes what an order comes to after its lines changed, and says it.
pub(super) fn set_total(tx: &Tx<'_>, order_id: i64) -> Result<Money> {
    let sums = checks::sums_of(tx, order_id)?;
    checks::write_sums(tx, order_id, sums)?;
    Ok(sums.total)
}

/// Changes a line.
pub struct UpdateItem {
    /// The order.
    pub order_id: i64,
    /// The line.
    pub item_id: i64,
    /// What.
    pub changes: OrderItemUpdate,
    /// Who.
    pub by: Principal,
}

impl Command for UpdateItem {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let Self { order_id, item_id, changes, by } = self;
        let (step, reason) = (changes.status, changes.reason.clone());
        if changes.expected_total.is_some() {
            let order = load::order_with_items(tx, order_id)?;
            let item = load::find_item(&order, item_id)?;
            check_expected(order.order.number, changes.expected_total, item.total)?;
        }
        let changes_line = changes.quantity.is_some()
            || changes.dish_variation_id.is_some()
            || changes.modifiers.is_some()
            || changes.comment != Patch::Keep;
        if changes.course != Patch::Keep {
            let order = load::for_change(tx, order_id)?;
            let course = changes.course.clone().or(None);
            courses::put(tx, &order, load::find_item(&order, item_id)?, course, &by)?;
        }
        if changes.seat != Patch::Keep {
            let order = load::for_change(tx, order_id)?;
            let seat = changes.seat.clone().map(Int::get).or(None);
            let seat = seat.and_then(|seat| u32::try_from(seat).ok());
            seats::put(tx, &order, load::find_item(&order, item_id)?, seat, by.id)?;
        }
        if changes_line {
            let order = load::for_change(tx, order_id)?;
            change_line(tx, &order, load::find_item(&order, item_id)?, changes, &by)?;
        }
        if let Some(to) = step {
            let order = load::for_change(tx, order_id)?;
            let reason = reason.and_then(Text::non_empty);
            step_item(tx, order, (item_id, to), (&by, reason.as_deref()))?;
        }
        let order = load::order_with_items(tx, order_id)?;
        let line = load::find_item(&order, item_id)?;
        let json = serde_json::to_string(line).map_err(Error::internal)?;
        Ok(Reply { json: json.into(), event_seq: None })
    }
}

fn change_line(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    item: &OrderItem,
    changes: OrderItemUpdate,
    by: &Principal,
) -> Result<()> {
    check_can_change(&order.order)?;
    let place = (order.order.order_type, order.order.table_id);
    let mut new = changed(tx, place, item, &changes)?;
    let reason = changes.reason.and_then(Text::non_empty);
    let is_chosen_anew = new.modifiers != item.modifiers;
    let touch = if is_chosen_anew { Touch::Choose } else { Touch::Change };
    checks::check_line(tx, order, item, touch)?;
    let touched = (item, is_weighed_again(item, &new));
    check_touch(tx, order, touched, (by, reason.as_deref()), item.total - new.total)?;
    let more = raised::beside(tx, &order.order, item, &mut new)?;
    portions::take_difference(tx, item, &new, is_weighed_again(item, &new))?;
    write_line(tx, &new)?;
    let mut lines = raised::add(tx, order, more, by)?;
    if new.total != item.total || !lines.is_empty() {
        let total = set_total(tx, order.order.id)?;
        trace_money(tx, order, Some(item.id), "line_changed", total, (by.id, reason.as_deref()))?;
    }
    let now = load::order_with_items(tx, order.order.id)?;
    lines.push(events::line(tx, &new, LineChange::Changed, new.quantity)?);
    events::updated(tx, Some(by.id), now, lines).map(drop)
}

/// A line as it is to be. Where its size is another, at the price of now.
fn changed(
    tx: &Tx<'_>,
    place: (OrderType, Option<i64>),
    item: &OrderItem,
    changes: &OrderItemUpdate,
) -> Result<OrderItem> {
    if changes.quantity.is_some_and(|quantity| quantity.get() != item.quantity)
        || changes.dish_variation_id.is_some_and(|id| id.get() != item.dish_variation_id)
    {
        combos::check_alone(item)?;
    }
    let mut new = item.clone();
    let another = changes.dish_variation_id.map(Id::get).filter(|id| *id != item.dish_variation_id);
    if let Some(variation) = another {
        let dish = menu::sellable(tx, item.dish_id, Some(variation))?;
        let dish = OrderPrices::of(tx, place, true)?.now(dish)?;
        (new.price_list_id, new.list_price) = dish.list.unzip();
        (new.dish_variation_id, new.variation_name) = (dish.variation_id, dish.variation_name);
        (new.price, new.unit) = (dish.price, dish.measure);
        if new.unit != item.unit && changes.quantity.is_none() {
            let why = format!("is to be named: “{}” is sold in another unit", new.variation_name);
            return Err(Error::invalid("quantity", why));
        }
    }
    if let Some(asked) = &changes.modifiers {
        let dish = menu::sellable(tx, item.dish_id, Some(new.dish_variation_id))?;
        let chosen = choices::choose_anew(tx, &dish, asked)?;
        (new.modifiers, new.modifiers_price) = (chosen.modifiers, chosen.adds);
    }
    new.quantity = changes.quantity.map_or(item.quantity, Ordered::get);
    line_rules::check_quantity(&item.dish_name, new.unit, new.quantity)
        .map_err(|why| Error::invalid("quantity", why))?;
    new.comment = changes.comment.clone().text_or(item.comment.clone());
    // What is on the scales is there, also when the kitchen has no more of it.
    if new.quantity > item.quantity && !is_weighed_again(item, &new) {
        check_sold(tx, &new)?;
    }
    new.total = new.costs(new.quantity);
    Ok(new)
}

/// Whether nothing of a line changes but how much it weighs.
fn is_weighed_again(was: &OrderItem, now: &OrderItem) -> bool {
    let what = |item: &OrderItem| (item.dish_variation_id, item.unit);
    let is_as_it_was = was.comment == now.comment && was.modifiers == now.modifiers;
    was.unit.is_some() && what(was) == what(now) && is_as_it_was
}

fn write_line(tx: &Tx<'_>, line: &OrderItem) -> Result<()> {
    tx.prepare_cached(
        "UPDATE order_items SET dish_variation_id = ?2, variation_name = ?3, quantity = ?4,
                                price = ?5, comment = ?6, updated_at = ?7, unit = ?8, gross = ?9,
                                price_list_id = ?10, list_price = ?11,
                                modifiers = ?12, chosen = ?13
         WHERE id = ?1",
    )?
    .execute(params![
        line.id,
        line.dish_variation_id,
        line.variation_name,
        line.quantity.thousandths(),
        line.price.0,
        line.comment,
        tx.now().0,
        line.unit.map(Measure::as_str),
        line.total.0,
        line.price_list_id,
        line.list_price.map(|Money(own)| own),
        line.modifiers_price.0,
        chosen_json(&line.modifiers)?,
    ])?;
    Ok(())
}
