//! Who came is forgotten, in SQL; how many, when and where stays.

use rusqlite::{Connection, OptionalExtension, Row};

use super::changes_store::key_of_phone;
use crate::core::error::Result;
use crate::core::store::{Tx, forget_replies};

/// Forgets all that the book knows of whoever has a telephone, in one of their reservations: name, telephone,
/// notes, allergies, and what replies told of them. Says whether there was one. Who erases a guest calls it
/// until there is none.
///
/// # Errors
/// When the rows cannot be written.
pub fn forget_next(tx: &Tx<'_>, phone: &str) -> Result<bool> {
    let Some((id, code)) = of_phone(tx, phone)? else { return Ok(false) };
    tx.prepare_cached(
        "UPDATE reservations SET name = '', phone = NULL, phone_digits = NULL, notes = NULL,
                                 allergies = NULL, reason = NULL, code = NULL, updated_at = ?2
         WHERE id = ?1",
    )?
    .execute([id, tx.now().0])?;
    // As replies about it begin: those to staff, and those to the guest.
    let mut replies = vec![format!(r#"{{"id":{id},"kind":"PARTY","#)];
    replies.extend(code.map(|code| format!(r#"{{"code":"{code}","#)));
    forget_replies(tx, &replies)?;
    Ok(true)
}

fn of_phone(db: &Connection, phone: &str) -> Result<Option<(i64, Option<String>)>> {
    let Some(key) = key_of_phone(phone) else { return Ok(None) };
    let sql = "SELECT id, code FROM reservations WHERE phone_digits = ?1 LIMIT 1";
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    Ok(db.prepare_cached(sql)?.query_row([key], row).optional()?)
}
