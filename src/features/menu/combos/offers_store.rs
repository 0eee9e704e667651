//! What orders ask of combos, as the writer remembers it.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::Connection;

use super::rules::{Combo, OfferedChoice, OfferedPart};
use crate::core::error::Result;
use crate::core::kernel::Money;
use crate::core::store::Tx;

/// What orders asked for lately: most dishes are no combos.
type Combos = HashMap<i64, Option<Arc<Combo>>>;
/// More dishes than a menu has; above it all are read anew.
const REMEMBERED: usize = 4096;
/// The tables that the statement reads.
const READ: [&str; 4] = ["combo_parts", "combo_choices", "dish_variations", "dishes"];

/// A choice whose dish is gone is none. In brackets, as one table of their own, all choices of all combos
/// would be put together for each dish.
const PARTS: &str = "SELECT p.id, p.name, c.id, v.dish_id, v.id, d.name, c.surcharge, c.is_default
    FROM combo_parts p
    LEFT JOIN combo_choices c ON c.part_id = p.id AND c.deleted_at IS NULL
        AND EXISTS (SELECT 1 FROM dish_variations s JOIN dishes o ON o.id = s.dish_id
                    WHERE s.id = c.dish_variation_id AND s.deleted_at IS NULL
                      AND o.deleted_at IS NULL)
    LEFT JOIN dish_variations v ON v.id = c.dish_variation_id
    LEFT JOIN dishes d ON d.id = v.dish_id
    WHERE p.dish_id = ?1 AND p.deleted_at IS NULL
    ORDER BY p.sort_order, p.id, c.sort_order, c.id";

/// The parts of a dish, where it is a combo.
///
/// # Errors
/// When the database cannot be read.
pub fn combo(tx: &Tx<'_>, dish_id: i64) -> Result<Option<Arc<Combo>>> {
    let known = tx.remembered::<Combos>(&READ);
    if let Some(combo) = known.and_then(|combos| combos.get(&dish_id).cloned()) {
        return Ok(combo);
    }
    let combo = look_up(tx, dish_id)?.map(Arc::new);
    if let Some(mut combos) = tx.remembered::<Combos>(&READ) {
        if combos.len() >= REMEMBERED {
            combos.clear();
        }
        combos.insert(dish_id, combo.clone());
    }
    Ok(combo)
}

fn look_up(db: &Connection, dish_id: i64) -> Result<Option<Combo>> {
    let mut statement = db.prepare_cached(PARTS)?;
    let mut rows = statement.query([dish_id])?;
    let mut parts = Vec::<(i64, OfferedPart)>::new();
    while let Some(row) = rows.next()? {
        let part: i64 = row.get(0)?;
        if parts.last().is_none_or(|(id, _)| *id != part) {
            parts.push((part, OfferedPart { name: row.get(1)?, choices: Vec::new() }));
        }
        // A part of which all is gone stays a part: nobody gets the rest at the price of the whole.
        let Some(id) = row.get(2)? else { continue };
        if let Some((_, part)) = parts.last_mut() {
            part.choices.push(OfferedChoice {
                id,
                dish_id: row.get(3)?,
                variation_id: row.get(4)?,
                name: row.get(5)?,
                surcharge: Money(row.get(6)?),
                is_default: row.get(7)?,
            });
        }
    }
    let parts: Vec<OfferedPart> = parts.into_iter().map(|(_, part)| part).collect();
    Ok((!parts.is_empty()).then_some(Combo { parts }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::store::tables_read;

    /// What is remembered is forgotten when one of these tables changes, so no other may be read.
    #[test]
    fn a_combo_is_read_of_the_tables_that_are_named() {
        assert_eq!(tables_read(&[PARTS]), READ.map(str::to_owned).into());
    }
}
