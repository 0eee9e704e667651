//! What orders ask of groups and options: what there is to choose with a dish. Remembered by the
//! writer, so that an order asks the database nothing about options it has seen since the menu changed.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, Row};

use super::rows::{halves, prefixes};
use crate::core::error::Result;
use crate::core::kernel::Money;
use crate::core::store::Tx;
use crate::features::menu::modifiers::offered::{
    Offer, OfferedGroup, OfferedOption, OfferedOptions,
};
use crate::features::menu::modifiers::rules::{Reason, Wrong};
use crate::features::menu::modifiers::types::{LineModifier, Prefix};

/// What orders asked for lately: by dish, and by group, since dishes share them.
#[derive(Default)]
struct Offers {
    dishes: HashMap<i64, Arc<Offer>>,
    groups: HashMap<i64, Arc<OfferedGroup>>,
}

/// More dishes than a menu has; above it all are read anew.
const REMEMBERED: usize = 4096;
/// The tables that the statements read.
const READ: [&str; 3] = ["dish_modifier_groups", "modifier_groups", "modifier_options"];

const OF_DISH: &str = "SELECT l.group_id, coalesce(l.min_choices, g.min_choices),
        coalesce(l.max_choices, g.max_choices)
    FROM dish_modifier_groups l JOIN modifier_groups g ON g.id = l.group_id
    WHERE l.dish_id = ?1 AND g.deleted_at IS NULL ORDER BY l.sort_order, l.id";
const GROUP: &str = "SELECT id, name, min_choices, max_choices, free_choices, halves, prefixes
    FROM modifier_groups WHERE id = ?1";
const OPTIONS: &str =
    "SELECT id, name, kitchen_name, price, is_default, max_quantity, is_available,
        nested_group_id
    FROM modifier_options WHERE group_id = ?1 AND deleted_at IS NULL ORDER BY sort_order, id";

/// What there is to choose with a dish.
///
/// # Errors
/// When the database cannot be read.
pub fn offer(tx: &Tx<'_>, dish_id: i64) -> Result<Arc<Offer>> {
    let known = tx.remembered::<Offers>(&READ);
    if let Some(offer) = known.and_then(|offers| offers.dishes.get(&dish_id).cloned()) {
        return Ok(offer);
    }
    let offer = Arc::new(look_up(tx, dish_id)?);
    if let Some(mut offers) = tx.remembered::<Offers>(&READ) {
        if offers.dishes.len() >= REMEMBERED {
            *offers = Offers::default();
        }
        offers.dishes.insert(dish_id, Arc::clone(&offer));
    }
    Ok(offer)
}

fn look_up(tx: &Tx<'_>, dish_id: i64) -> Result<Offer> {
    let mut statement = tx.prepare_cached(OF_DISH)?;
    let links = statement
        .query_map([dish_id], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?
        .collect::<rusqlite::Result<Vec<(i64, (i64, i64))>>>()?;
    let mut offer = Offer::default();
    for (group_id, bounds) in links {
        offer.groups.push((group(tx, group_id)?, bounds));
    }
    let options = offer.groups.iter().flat_map(|(group, _)| group.options.iter());
    let mut nested: Vec<i64> = options.filter_map(|option| option.nested_group_id).collect();
    nested.sort_unstable();
    nested.dedup();
    offer.nested = nested.into_iter().map(|id| group(tx, id)).collect::<Result<_>>()?;
    Ok(offer)
}

fn group(tx: &Tx<'_>, id: i64) -> Result<Arc<OfferedGroup>> {
    let known = tx.remembered::<Offers>(&READ);
    if let Some(group) = known.and_then(|offers| offers.groups.get(&id).cloned()) {
        return Ok(group);
    }
    let group = Arc::new(read_group(tx, id)?);
    if let Some(mut offers) = tx.remembered::<Offers>(&READ) {
        offers.groups.insert(id, Arc::clone(&group));
    }
    Ok(group)
}

fn read_group(db: &Connection, id: i64) -> Result<OfferedGroup> {
    let options = db
        .prepare_cached(OPTIONS)?
        .query_map([id], option)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(db.prepare_cached(GROUP)?.query_row([id], |row| {
        Ok(OfferedGroup {
            id: row.get(0)?,
            name: row.get(1)?,
            bounds: (row.get(2)?, row.get(3)?),
            free: row.get(4)?,
            halves: halves(row, 5)?,
            prefixes: prefixes(row, 6)?,
            options: OfferedOptions::new(options),
        })
    })?)
}

fn option(row: &Row<'_>) -> rusqlite::Result<OfferedOption> {
    Ok(OfferedOption {
        id: row.get(0)?,
        name: row.get(1)?,
        kitchen_name: row.get(2)?,
        price: row.get(3)?,
        is_default: row.get(4)?,
        max_quantity: row.get(5)?,
        is_available: row.get(6)?,
        nested_group_id: row.get(7)?,
    })
}

/// What of a line that was ordered cannot be had any more: asked where there is to be more of it.
///
/// # Errors
/// When the database cannot be read.
pub fn gone(tx: &Tx<'_>, dish_id: i64, modifiers: &[LineModifier]) -> Result<Vec<Wrong>> {
    if modifiers.is_empty() {
        return Ok(Vec::new());
    }
    let offer = offer(tx, dish_id)?;
    let wanted = modifiers.iter().filter(|chosen| chosen.prefix != Some(Prefix::No));
    Ok(wanted
        .filter_map(|chosen| match offer.find_any(chosen.option_id) {
            Some(option) if option.is_available => None,
            Some(_) => Some((chosen, Reason::SoldOut)),
            None => Some((chosen, Reason::Gone)),
        })
        .map(|(chosen, reason)| Wrong {
            reason,
            option_id: Some(chosen.option_id),
            group_id: Some(chosen.group_id),
            name: chosen.name.clone(),
            limit: None,
            price: None::<Money>,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::store::tables_read;

    /// What is remembered is forgotten when one of these tables changes, so no other may be read.
    #[test]
    fn what_is_offered_is_read_of_the_tables_that_are_named() {
        assert_eq!(tables_read(&[OF_DISH, GROUP, OPTIONS]), READ.map(str::to_owned).into());
    }
}
