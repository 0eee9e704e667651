//! What is chosen with the dishes of an order: asked of the menu, and what holds for a line beside.

use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::Tx;
use crate::features::menu::{self, Chosen, ModifierChoice, Reason, Sellable, Wrong};
use crate::features::orders::types::OrderItem;

/// What is chosen with a dish, or all that does not hold of it. `shown` is what one was said to cost.
pub(super) fn choose(
    tx: &Tx<'_>,
    dish: &Sellable,
    asked: Option<&[ModifierChoice]>,
    shown: Option<Money>,
) -> Result<Result<Chosen, Vec<Wrong>>> {
    let chosen = match menu::choose(&*menu::offer(tx, dish.dish_id)?, asked) {
        Ok(chosen) => chosen,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let price = dish.price + chosen.adds;
    let about = |reason| Wrong {
        reason,
        option_id: None,
        group_id: None,
        name: dish.dish_name.clone(),
        limit: None,
        price: Some(price),
    };
    let reason = if price < Money::ZERO || price > Money::max_price() {
        Reason::Price
    } else if dish.measure.is_some() && !chosen.adds.is_zero() {
        Reason::Weighed
    } else if shown.is_some_and(|shown| shown != price) {
        Reason::PriceChanged
    } else {
        return Ok(Ok(chosen));
    };
    Ok(Err(vec![about(reason)]))
}

/// The same for a line that is changed.
pub(super) fn choose_anew(
    tx: &Tx<'_>,
    dish: &Sellable,
    asked: &[ModifierChoice],
) -> Result<Chosen> {
    choose(tx, dish, Some(asked), None)?.map_err(|all| one_line(&dish.dish_name, all))
}

/// Whether what was chosen with a line can still be had.
pub(super) fn check_there(tx: &Tx<'_>, item: &OrderItem) -> Result<()> {
    let gone = menu::gone(tx, item.dish_id, &item.modifiers)?;
    if gone.is_empty() { Ok(()) } else { Err(one_line(&item.dish_name, gone)) }
}

fn one_line(dish: &str, wrong: Vec<Wrong>) -> Error {
    menu::wrong(&[(0, dish.to_owned(), wrong)])
}
