//! The one question that orders ask of the menu, and what its tables share.

use std::collections::HashMap;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row};

use super::limits::{
    MOST_CATEGORIES, MOST_DISHES, MOST_INGREDIENTS, MOST_MODIFIER_GROUPS, MOST_MODIFIER_OPTIONS,
};
use super::{Department, SaleUnit, Sellable};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Translations};
use crate::core::store::{Filter, Tx, course, word};

/// What orders asked for lately, and got: four looks into four tables an order otherwise. Of its tax
/// only the class: what a class says is asked anew with each order.
type Sold = HashMap<(i64, Option<i64>), Sellable>;
/// More sizes than a menu has; above it all are read anew.
const REMEMBERED: usize = 4096;
/// The tables that the two statements read.
const READ: [&str; 3] = ["categories", "dishes", "dish_variations"];

const NAMED: &str = "SELECT d.name, d.department, d.cooking_time, d.main_image_url,
        d.is_available AND c.is_active, v.id, v.name, v.price, v.image_url, v.is_available, v.unit,
        NOT EXISTS (SELECT 1 FROM dish_variations
                    WHERE dish_id = d.id AND id <> v.id AND deleted_at IS NULL),
        coalesce(d.tax_class_id, c.tax_class_id), d.category_id, coalesce(d.course, c.course)
    FROM dishes d JOIN categories c ON c.id = d.category_id
    LEFT JOIN dish_variations v ON v.id = ?2 AND v.dish_id = d.id AND v.deleted_at IS NULL
    WHERE d.id = ?1 AND d.deleted_at IS NULL";
const UNNAMED: &str = "SELECT d.name, d.department, d.cooking_time, d.main_image_url,
        d.is_available AND c.is_active, v.id, v.name, v.price, v.image_url, v.is_available, v.unit,
        NOT EXISTS (SELECT 1 FROM dish_variations
                    WHERE dish_id = d.id AND id <> v.id AND deleted_at IS NULL),
        coalesce(d.tax_class_id, c.tax_class_id), d.category_id, coalesce(d.course, c.course)
    FROM dishes d JOIN categories c ON c.id = d.category_id
    LEFT JOIN dish_variations v ON v.id = coalesce(
        (SELECT id FROM dish_variations WHERE dish_id = d.id AND is_default = 1
            AND is_available = 1 AND deleted_at IS NULL),
        (SELECT id FROM dish_variations WHERE dish_id = d.id
            AND is_available = 1 AND deleted_at IS NULL ORDER BY sort_order, id LIMIT 1))
    WHERE d.id = ?1 AND d.deleted_at IS NULL";

struct Found {
    dish: String,
    is_offered: bool,
    variation: Option<(Sellable, bool)>,
}

/// A dish as it can be sold now. Without a variation it is the default one if that is available,
/// else the first available one.
///
/// # Errors
/// 404 when there is no such dish or it has no such variation; 400 `dish_unavailable`.
pub fn sellable(tx: &Tx<'_>, dish_id: i64, variation_id: Option<i64>) -> Result<Sellable> {
    let asked = (dish_id, variation_id);
    let known = tx.remembered::<Sold>(&READ).and_then(|sold| sold.get(&asked).cloned());
    if let Some(known) = known {
        return Ok(known);
    }
    let found = look_up(tx, dish_id, variation_id)?;
    if let Some(mut sold) = tx.remembered::<Sold>(&READ) {
        if sold.len() >= REMEMBERED {
            sold.clear();
        }
        sold.insert(asked, found.clone());
    }
    Ok(found)
}

fn look_up(db: &Connection, dish_id: i64, variation_id: Option<i64>) -> Result<Sellable> {
    let read = |row: &Row<'_>| found(row, dish_id);
    let row = match variation_id {
        Some(id) => db.prepare_cached(NAMED)?.query_row([dish_id, id], read),
        None => db.prepare_cached(UNNAMED)?.query_row([dish_id], read),
    };
    let found = row.optional()?.ok_or_else(|| Error::not_found("dish", dish_id))?;
    match (found.variation, variation_id) {
        (Some((sellable, true)), _) if found.is_offered => Ok(sellable),
        (None, Some(id)) => Err(Error::not_found("variation", id).with("dish_id", dish_id)),
        _ => Err(unavailable(&found.dish, dish_id)),
    }
}

fn found(row: &Row<'_>, dish_id: i64) -> rusqlite::Result<Found> {
    let dish: String = row.get(0)?;
    let variation = match row.get::<_, Option<i64>>(5)? {
        None => None,
        Some(variation_id) => {
            let unit = unit(row, 10)?;
            let sellable = Sellable {
                dish_id,
                dish_name: dish.clone(),
                variation_id,
                variation_name: row.get(6)?,
                category_id: row.get(13)?,
                menu_price: Money(row.get(7)?),
                price: unit.price_of_one(Money(row.get(7)?)),
                list: None,
                unit,
                measure: unit.measure(),
                department: department(row, 1)?,
                cooking_time: row.get(2)?,
                image_url: row.get::<_, Option<String>>(3)?.or(row.get(8)?),
                one_size: row.get(11)?,
                tax_class_id: row.get(12)?,
                course: course(row, 14)?,
            };
            Some((sellable, row.get(9)?))
        }
    };
    Ok(Found { dish, is_offered: row.get(4)?, variation })
}

/// Whether a dish is sold in this size only.
///
/// # Errors
/// When the database cannot be read.
pub fn is_one_size(db: &Connection, dish_id: i64, variation_id: i64) -> Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM dish_variations
                                  WHERE dish_id = ?1 AND id <> ?2 AND deleted_at IS NULL)";
    Ok(db.prepare_cached(sql)?.query_row([dish_id, variation_id], |row| row.get(0))?)
}

/// 400: a dish that is not on sale now.
pub fn unavailable(dish: &str, dish_id: i64) -> Error {
    let detail = format!("“{dish}” is not available now. Choose something else.");
    Error::rule("dish_unavailable", detail).with("dish", dish).with("dish_id", dish_id)
}

/// Refuses a dish that is not there, or was removed: 404.
pub(super) fn ensure_dish(db: &Connection, id: i64) -> Result<()> {
    let sql = "SELECT 1 FROM dishes WHERE id = ?1 AND deleted_at IS NULL";
    if db.prepare_cached(sql)?.exists([id])? { Ok(()) } else { Err(Error::not_found("dish", id)) }
}

/// Refuses one more row than `most`: the guests' menu is read whole, by every phone.
pub(super) fn ensure_room(db: &Connection, table: &'static str, most: i64) -> Result<()> {
    if rows(db, table)? < most { Ok(()) } else { Err(full(table, most)) }
}

/// Refuses a menu that many changes at once have made too large: see [`ensure_room`].
///
/// # Errors
/// 400 `menu_full`.
pub fn ensure_fits(db: &Connection) -> Result<()> {
    for (table, most) in [
        ("categories", MOST_CATEGORIES),
        ("dishes", MOST_DISHES),
        ("ingredients", MOST_INGREDIENTS),
        ("modifier_groups", MOST_MODIFIER_GROUPS),
        ("modifier_options", MOST_MODIFIER_OPTIONS),
    ] {
        if rows(db, table)? > most {
            return Err(full(table, most));
        }
    }
    Ok(())
}

fn rows(db: &Connection, table: &str) -> Result<i64> {
    Filter::new("deleted_at IS NULL").count(db, table)
}

fn full(table: &'static str, most: i64) -> Error {
    let detail = format!("The menu takes {most} {table}, and more do not fit. Remove some first.");
    Error::rule("menu_full", detail).with("what", table).with("most", most)
}

/// The department in a column.
pub(super) fn department(row: &Row<'_>, column: usize) -> rusqlite::Result<Department> {
    let word = row.get_ref(column)?.as_str()?;
    Department::parse(word).ok_or(rusqlite::Error::InvalidQuery)
}

/// Barcodes in a column, as a JSON list.
pub(super) fn barcodes(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let list = row.get_ref(column)?.as_str()?;
    serde_json::from_str(list).map_err(|_| rusqlite::Error::InvalidQuery)
}

/// The unit in a column.
pub(super) fn unit(row: &Row<'_>, column: usize) -> rusqlite::Result<SaleUnit> {
    word(row, column, SaleUnit::parse)
}

impl From<Department> for Value {
    fn from(department: Department) -> Self {
        Self::Text(department.as_str().to_owned())
    }
}

impl From<SaleUnit> for Value {
    fn from(unit: SaleUnit) -> Self {
        Self::Text(unit.as_str().to_owned())
    }
}

/// The translations in a column.
pub(super) fn translations(row: &Row<'_>, column: usize) -> rusqlite::Result<Translations> {
    Ok(Translations::from_json(row.get_ref(column)?.as_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::store::{tables_read, with_newest_schema};

    /// What is remembered is forgotten when one of these tables changes, so no other may be read.
    #[test]
    fn what_is_sold_is_read_of_the_tables_that_are_named() {
        assert_eq!(tables_read(&[NAMED, UNNAMED]), READ.map(str::to_owned).into());
    }

    /// The limit itself fits, one more does not, and what was removed does not count.
    #[test]
    fn a_menu_is_full_at_its_limit() {
        with_newest_schema(|db| {
            db.execute_batch(
                "INSERT INTO categories (name, created_at, updated_at) VALUES ('c', 0, 0)",
            )?;
            let add = |count: i64| {
                db.execute(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                     INSERT INTO dishes (category_id, name, description, department, created_at,
                                         updated_at)
                     SELECT 1, 'd', 'd', 'hot', 0, 0 FROM n",
                    [count],
                )
            };
            add(MOST_DISHES - 1)?;
            ensure_room(db, "dishes", MOST_DISHES)?;
            add(1)?;
            ensure_fits(db)?;
            let full = ensure_room(db, "dishes", MOST_DISHES).unwrap_err();
            assert_eq!((full.status(), full.problem().code), (400, "menu_full"));
            add(1)?;
            let over = ensure_fits(db).unwrap_err();
            assert!(over.to_string().contains("takes 2000 dishes"), "{over}");
            db.execute("UPDATE dishes SET deleted_at = 1 WHERE id = 1", [])?;
            ensure_fits(db)
        })
        .unwrap();
    }
}
