//! What dishes and their sizes may not become while they are in a combo.

use rusqlite::{OptionalExtension, Row, params};

use crate::core::error::{Error, Result};
use crate::core::store::Tx;

/// Refuses a size that is weighed and a choice of a combo, or one of a combo: nobody could order it.
///
/// # Errors
/// 400 `combo_by_piece`.
pub fn ensure_by_piece(tx: &Tx<'_>, variation_id: i64) -> Result<()> {
    let sql =
        "SELECT d.name, v.name, c.name FROM dish_variations v JOIN dishes d ON d.id = v.dish_id
               JOIN dishes c ON c.id = coalesce(
                   (SELECT p.dish_id FROM combo_choices o JOIN combo_parts p ON p.id = o.part_id
                    JOIN dishes w ON w.id = p.dish_id AND w.deleted_at IS NULL
                    WHERE o.dish_variation_id = v.id AND o.deleted_at IS NULL
                      AND p.deleted_at IS NULL LIMIT 1),
                   (SELECT p.dish_id FROM combo_parts p
                    WHERE p.dish_id = v.dish_id AND p.deleted_at IS NULL LIMIT 1))
               WHERE v.id = ?1 AND v.unit <> 'piece' AND v.deleted_at IS NULL
                 AND d.deleted_at IS NULL";
    let mut statement = tx.prepare_cached(sql)?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found: Option<(String, String, String)> =
        statement.query_row([variation_id], row).optional()?;
    let Some((dish, size, combo)) = found else { return Ok(()) };
    let detail = if dish == combo {
        format!(
            "“{combo}” is a combo, and combos are sold by the piece: what would “{size}” weigh?"
        )
    } else {
        format!(
            "“{dish}”, {size}, is a part of the combo “{combo}”, whose parts are sold by the piece. \
             Take it out of the combo first."
        )
    };
    Err(Error::rule("combo_by_piece", detail).with("dish", dish).with("combo", combo))
}

/// Refuses to take off all that there is to choose for a part of a combo: a size, or a whole dish.
///
/// # Errors
/// 400 `combo_needs_it`.
pub fn ensure_not_needed(tx: &Tx<'_>, (dish_id, size): (i64, Option<i64>)) -> Result<()> {
    let sql = "SELECT c.name, p.name FROM dish_variations v
               JOIN combo_choices o ON o.dish_variation_id = v.id AND o.deleted_at IS NULL
               JOIN combo_parts p ON p.id = o.part_id AND p.deleted_at IS NULL
               JOIN dishes c ON c.id = p.dish_id AND c.deleted_at IS NULL AND c.id <> ?1
               WHERE v.dish_id = ?1 AND (?2 IS NULL OR v.id = ?2) AND v.deleted_at IS NULL
                 AND NOT EXISTS (
                     SELECT 1 FROM combo_choices o2
                     JOIN dish_variations v2 ON v2.id = o2.dish_variation_id
                     JOIN dishes d2 ON d2.id = v2.dish_id AND d2.deleted_at IS NULL
                     WHERE o2.part_id = p.id AND o2.deleted_at IS NULL AND v2.deleted_at IS NULL
                       AND iif(?2 IS NULL, d2.id <> ?1, v2.id <> ?2))
               LIMIT 1";
    let mut statement = tx.prepare_cached(sql)?;
    let found = statement.query_row(params![dish_id, size], names).optional()?;
    let Some((combo, part)) = found else { return Ok(()) };
    let detail = format!(
        "It is all that there is to choose for “{part}” of the combo “{combo}”. Change the combo first."
    );
    Err(Error::rule("combo_needs_it", detail).with("combo", combo).with("part", part))
}

/// Refuses a menu with a combo that has nothing to choose for one of its parts.
///
/// # Errors
/// 400 `combo_part_empty`.
pub fn ensure_no_empty_part(tx: &Tx<'_>) -> Result<()> {
    let sql = "SELECT c.name, p.name FROM combo_parts p
               JOIN dishes c ON c.id = p.dish_id AND c.deleted_at IS NULL
               WHERE p.deleted_at IS NULL AND NOT EXISTS (
                   SELECT 1 FROM combo_choices o
                   JOIN dish_variations v ON v.id = o.dish_variation_id AND v.deleted_at IS NULL
                   JOIN dishes d ON d.id = v.dish_id AND d.deleted_at IS NULL
                   WHERE o.part_id = p.id AND o.deleted_at IS NULL)
               LIMIT 1";
    let found = tx.prepare_cached(sql)?.query_row([], names).optional()?;
    let Some((combo, part)) = found else { return Ok(()) };
    let detail = format!(
        "The combo “{combo}” would have nothing to choose for “{part}”: what it has is not on this menu."
    );
    Err(Error::rule("combo_part_empty", detail).with("combo", combo).with("part", part))
}

/// What a combo and its part are called.
fn names(row: &Row<'_>) -> rusqlite::Result<(String, String)> {
    Ok((row.get(0)?, row.get(1)?))
}
