//! Outside ids and barcodes in SQL.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};

use super::{Barcode, ExternalId};
use crate::core::error::{Error, Result};
use crate::core::store::Tx;

/// How many barcodes one size may have.
const MOST_OF_A_SIZE: usize = 20;

/// Whether nothing else of a table has this outside id. `own`: the row that gets it.
///
/// # Errors
/// 400 `external_id_taken`.
pub fn ensure_free(
    tx: &Tx<'_>,
    table: &'static str,
    own: Option<i64>,
    id: Option<&ExternalId>,
) -> Result<()> {
    let Some(id) = id.filter(|id| !id.is_empty()) else { return Ok(()) };
    let sql = format!(
        "SELECT name FROM {table} WHERE external_id = ?1 AND deleted_at IS NULL AND id IS NOT ?2"
    );
    let other: Option<String> =
        tx.prepare_cached(&sql)?.query_row(params![&**id, own], |row| row.get(0)).optional()?;
    let Some(name) = other else { return Ok(()) };
    let detail = format!("“{name}” has the outside id “{id}” already. Choose another one.");
    Err(Error::rule("external_id_taken", detail).with("external_id", &**id).with("name", name))
}

/// Makes these the barcodes of a size. Says whether they were others.
///
/// # Errors
/// 422 where there are too many; 400 `barcode_taken` where another size has one.
pub fn set_barcodes(tx: &Tx<'_>, variation_id: i64, codes: &[Barcode]) -> Result<bool> {
    let wanted: BTreeSet<&str> = codes.iter().map(|code| &**code).collect();
    if wanted.len() > MOST_OF_A_SIZE {
        let why = format!("must name at most {MOST_OF_A_SIZE} barcodes");
        return Err(Error::invalid("barcodes", why));
    }
    let there: BTreeSet<String> = tx
        .prepare_cached("SELECT code FROM variation_barcodes WHERE dish_variation_id = ?1")?
        .query_map([variation_id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if there.iter().map(String::as_str).eq(wanted.iter().copied()) {
        return Ok(false);
    }
    tx.prepare_cached("DELETE FROM variation_barcodes WHERE dish_variation_id = ?1")?
        .execute([variation_id])?;
    for code in codes {
        take(tx, code)?;
        tx.prepare_cached(
            "INSERT INTO variation_barcodes (dish_variation_id, code) VALUES (?1, ?2)
             ON CONFLICT (code) DO NOTHING",
        )?
        .execute(params![variation_id, &**code])?;
    }
    Ok(true)
}

/// Which size that is sold has a barcode: its id, the dish, and its name.
///
/// # Errors
/// When the database cannot be read.
pub fn barcode_holder(tx: &Tx<'_>, code: &Barcode) -> Result<Option<(i64, String, String)>> {
    Ok(tx
        .prepare_cached(
            "SELECT v.id, d.name, v.name
             FROM variation_barcodes b JOIN dish_variations v ON v.id = b.dish_variation_id
             JOIN dishes d ON d.id = v.dish_id
             WHERE b.code = ?1 AND v.deleted_at IS NULL AND d.deleted_at IS NULL",
        )?
        .query_row([&**code], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?)
}

/// Takes a code off a size that is sold no more.
fn take(tx: &Tx<'_>, code: &Barcode) -> Result<()> {
    if let Some((_, dish, size)) = barcode_holder(tx, code)? {
        let detail = format!("“{dish}”, {size}, has the barcode {code} already.");
        let refusal = Error::rule("barcode_taken", detail).with("barcode", &**code);
        return Err(refusal.with("dish", dish).with("variation", size));
    }
    tx.prepare_cached("DELETE FROM variation_barcodes WHERE code = ?1")?.execute([&**code])?;
    Ok(())
}
