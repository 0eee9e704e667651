//! Who came is forgotten, in SQL; how many, when and where stays.

use rusqlite::Connection;

use super::changes_store::digits_of;
use crate::core::error::Result;
use crate::core::store::{Tx, forget_replies};

/// Forgets all that the book knows of whoever has a telephone: name, telephone, notes, allergies, and what
/// replies told of them. Returns how many reservations there were. Who erases a guest calls it.
///
/// # Errors
/// When the rows cannot be written.
pub fn forget_person(tx: &Tx<'_>, phone: &str) -> Result<usize> {
    let Some(digits) = digits_of(phone) else { return Ok(0) };
    let found = of_phone(tx, &digits)?;
    for (id, code) in &found {
        tx.prepare_cached(
            "UPDATE reservations SET name = '', phone = NULL, phone_digits = NULL, notes = NULL,
                                     allergies = NULL, reason = NULL, code = NULL, updated_at = ?2
             WHERE id = ?1",
        )?
        .execute([*id, tx.now().0])?;
        // As replies about it begin: those to staff, and those to the guest.
        let mut replies = vec![format!(r#"{{"id":{id},"kind":"PARTY","#)];
        replies.extend(code.as_ref().map(|code| format!(r#"{{"code":"{code}","#)));
        forget_replies(tx, &replies)?;
    }
    Ok(found.len())
}

fn of_phone(db: &Connection, digits: &str) -> Result<Vec<(i64, Option<String>)>> {
    let sql = "SELECT id, code FROM reservations WHERE phone_digits = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([digits], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
