//! What a name in a table means.

use rusqlite::{Connection, OptionalExtension, params};

use crate::core::error::Result;

/// The good of this name.
///
/// # Errors
/// When the database cannot be read.
pub fn good_called(db: &Connection, name: &str) -> Result<Option<i64>> {
    let sql = "SELECT id FROM stock_goods WHERE name = ?1 AND deleted_at IS NULL";
    Ok(db.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?)
}

/// The supplier of this name.
///
/// # Errors
/// When the database cannot be read.
pub fn supplier_called(db: &Connection, name: &str) -> Result<Option<i64>> {
    let sql = "SELECT id FROM suppliers WHERE name = ?1 AND deleted_at IS NULL";
    Ok(db.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()?)
}

/// The sizes of dishes of this name, so many that one knows whether there are several.
///
/// # Errors
/// When the database cannot be read.
pub fn sizes_called(db: &Connection, dish: &str, size: Option<&str>) -> Result<Vec<i64>> {
    let mut found = db.prepare_cached(
        "SELECT v.id FROM dishes d JOIN dish_variations v ON v.dish_id = d.id
         WHERE d.name = ?1 AND (?2 IS NULL OR v.name = ?2) AND d.deleted_at IS NULL
           AND v.deleted_at IS NULL LIMIT 2",
    )?;
    let found = found.query_map(params![dish, size], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The options of this name in groups of that, so many that one knows whether there are several.
///
/// # Errors
/// When the database cannot be read.
pub fn options_called(db: &Connection, group: &str, option: &str) -> Result<Vec<i64>> {
    let mut found = db.prepare_cached(
        "SELECT o.id FROM modifier_groups g JOIN modifier_options o ON o.group_id = g.id
         WHERE g.name = ?1 AND o.name = ?2 AND g.deleted_at IS NULL AND o.deleted_at IS NULL
         LIMIT 2",
    )?;
    let found = found.query_map([group, option], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Whose pack bears a code.
///
/// # Errors
/// When the database cannot be read.
pub fn barcode_of(db: &Connection, code: &str) -> Result<Option<i64>> {
    let sql = "SELECT good_id FROM stock_packs WHERE barcode = ?1 AND deleted_at IS NULL";
    Ok(db.prepare_cached(sql)?.query_row([code], |row| row.get(0)).optional()?)
}
