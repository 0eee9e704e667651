//! More of a line that would cost something else by now: what is added stands beside it, as a line of its
//! own at the price and the tax of now (docs/adr/0073, 0077).

use super::add::{check_can_grow, grow, insert_lines};
use super::checks;
use super::events;
use super::line::Line;
use super::load;
use super::prices::OrderPrices;
use crate::core::error::{Error, Result};
use crate::core::kernel::Quantity;
use crate::core::store::Tx;
use crate::features::menu;
use crate::features::orders::adjustment_rules::{self, are_alike};
use crate::features::orders::events::ChangedLine;
use crate::features::orders::states::ItemStatus;
use crate::features::orders::types::{Order, OrderItem, OrderWithDetails};
use crate::features::taxes;
use crate::platform::auth::Person;
use crate::platform::site;

/// What comes to a line, where its quantity is raised and that costs something else than what is there:
/// `new` is then as it was. None where it costs the same.
///
/// # Errors
/// 400 when the dish cannot be had now.
pub(super) fn beside(
    tx: &Tx<'_>,
    order: &Order,
    item: &OrderItem,
    new: &mut OrderItem,
) -> Result<Option<(Line, bool)>> {
    let is_same = (new.dish_variation_id, &new.modifiers, new.unit)
        == (item.dish_variation_id, &item.modifiers, None);
    let Some(more) = new.quantity.checked_sub(item.quantity).filter(|more| *more != Quantity::ZERO)
    else {
        return Ok(None);
    };
    if !is_same || item.unit.is_some() {
        return Ok(None);
    }
    let dish = menu::sellable(tx, item.dish_id, Some(item.dish_variation_id))?;
    let dish = OrderPrices::of(tx, (order.order_type, order.table_id), true)?.now(dish)?;
    let row = site::load(tx)?.ok_or_else(|| Error::internal("the restaurant's row is missing"))?;
    let zone = row.zone()?;
    let taxes = taxes::on_day(tx, zone.day(tx.now()))?;
    let tax = taxes.of(dish.tax_class_id, order.order_type.eaten());
    let rules = adjustment_rules::active(tx)?;
    let costs_the_same = dish.price == item.price
        && tax.tax == item.tax.tax
        && are_alike(&rules, &zone, (item.created_at, tx.now()))
        && !checks::is_spared(tx, (order.id, item.id))?;
    if costs_the_same {
        return Ok(None);
    }
    (new.quantity, new.total) = (item.quantity, item.total);
    Ok(Some((Line::more_of(new, (dish, tax), more), item.status == ItemStatus::New)))
}

/// Puts it on the order. What is told of it.
///
/// # Errors
/// 400 when the order is too long, 409 when so much is not left.
pub(super) fn add(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    more: Option<(Line, bool)>,
    by: &Person,
) -> Result<Vec<ChangedLine>> {
    let Some((line, wait)) = more else { return Ok(Vec::new()) };
    check_can_grow(tx, order, 1)?;
    let (old, who) = (&order.order, Some(by.id));
    menu::check_portions(tx, [line.portions()].into_iter())?;
    let (_, told) = insert_lines(tx, (old.id, &order.items), who, vec![line], wait)?;
    grow(tx, old, who)?;
    let now = load::order(tx, old.id)?;
    if now.status != old.status {
        events::order_status(tx, who, &now, old.status)?;
    }
    Ok(told)
}
