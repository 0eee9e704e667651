//! What is off the menu, in one query: a menu is small and has its own limits.

use rusqlite::{Connection, Row};

use super::{SoldOut, SoldOutDish, SoldOutVariation};
use crate::core::error::Result;
use crate::features::menu::store::{department, translations};

pub fn load(db: &Connection) -> Result<SoldOut> {
    let mut statement = db.prepare_cached(
        "SELECT d.id, d.name, d.translations, d.department, d.is_available,
                v.id, v.name, v.translations
         FROM dishes d
         LEFT JOIN dish_variations v
             ON v.dish_id = d.id AND v.is_available = 0 AND v.deleted_at IS NULL
         WHERE d.deleted_at IS NULL AND (d.is_available = 0 OR v.id IS NOT NULL)
         ORDER BY d.name, d.id, v.sort_order, v.id",
    )?;
    let mut rows = statement.query([])?;
    let mut dishes = Vec::<SoldOutDish>::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if dishes.last().is_none_or(|dish| dish.id != id) {
            dishes.push(dish(row)?);
        }
        if let (Some(dish), Some(id)) = (dishes.last_mut(), row.get(5)?) {
            dish.variations.push(SoldOutVariation {
                id,
                name: row.get(6)?,
                translations: translations(row, 7)?,
            });
        }
    }
    Ok(SoldOut { dishes })
}

fn dish(row: &Row<'_>) -> rusqlite::Result<SoldOutDish> {
    Ok(SoldOutDish {
        id: row.get(0)?,
        name: row.get(1)?,
        translations: translations(row, 2)?,
        department: department(row, 3)?,
        is_available: row.get(4)?,
        variations: Vec::new(),
    })
}
