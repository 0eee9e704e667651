//! Second factors in SQL: a secret for each person, and codes for the day when the phone is lost.

use rusqlite::{Connection, OptionalExtension, params};

use super::{digest_of, totp};
use crate::core::error::{Error, Result};
use crate::core::store::Tx;

/// A person's second factor, as far as he is told of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct FactorState {
    /// Whether a code is asked for when he signs in.
    pub is_on: bool,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
}

/// Whether a person has a second factor.
///
/// # Errors
/// When the database cannot be read.
pub fn factor_state(db: &Connection, user_id: i64) -> Result<FactorState> {
    let is_on = "SELECT EXISTS (SELECT 1 FROM second_factors
                                WHERE user_id = ?1 AND confirmed_at IS NOT NULL)";
    let left = "SELECT count(*) FROM recovery_codes WHERE user_id = ?1";
    Ok(FactorState {
        is_on: db.prepare_cached(is_on)?.query_row([user_id], |row| row.get(0))?,
        recovery_codes: db.prepare_cached(left)?.query_row([user_id], |row| row.get(0))?,
    })
}

/// Checks the code of somebody whose password was right. A code is taken once, whichever it is.
///
/// # Errors
/// 401 when he has a second factor and the code is missing or wrong.
pub(super) fn check_code(tx: &Tx<'_>, user_id: i64, code: Option<&str>) -> Result<()> {
    let Some((secret, last)) = secret_of(tx, user_id, true)? else { return Ok(()) };
    let Some(code) = code else {
        let detail = "Type the six digits that your authenticator app shows, or one of your \
                      recovery codes.";
        return Err(Error::unauthorized("second_factor_needed", detail));
    };
    if let Some(step) = totp::step_of(&secret, code, tx.now(), last) {
        tx.prepare_cached("UPDATE second_factors SET last_step = ?2 WHERE user_id = ?1")?
            .execute([user_id, step])?;
        return Ok(());
    }
    let spent = tx
        .prepare_cached("DELETE FROM recovery_codes WHERE user_id = ?1 AND code_hash = ?2")?
        .execute(params![user_id, digest_of(&tidy(code))])?;
    if spent == 0 {
        let detail = "This code is wrong or was used already. Wait for the next one.";
        return Err(Error::unauthorized("wrong_code", detail));
    }
    Ok(())
}

/// The same of somebody beside the one who is signed in: a 401 would sign that one out.
///
/// # Errors
/// 403 when they have a second factor and the code is missing or wrong.
pub fn check_second_factor(tx: &Tx<'_>, user_id: i64, code: Option<&str>) -> Result<()> {
    check_code(tx, user_id, code).map_err(|error| match error.status() {
        401 => Error::forbidden(error.problem().code, error.to_string()),
        _ => error,
    })
}

/// A recovery code in the form in which such codes are compared.
fn tidy(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

fn secret_of(db: &Connection, user_id: i64, is_confirmed: bool) -> Result<Option<(Vec<u8>, i64)>> {
    let sql = "SELECT secret, last_step FROM second_factors
               WHERE user_id = ?1 AND (confirmed_at IS NOT NULL) = ?2";
    let found = db
        .prepare_cached(sql)?
        .query_row(params![user_id, is_confirmed], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found)
}

/// Gives a person a secret that does not count yet.
///
/// # Errors
/// 409 when he has a second factor already.
pub fn begin_factor(tx: &Tx<'_>, user_id: i64, secret: &[u8]) -> Result<()> {
    if factor_state(tx, user_id)?.is_on {
        let detail = "You have a second factor already. Take it away first.";
        return Err(Error::conflict("second_factor_on", detail));
    }
    tx.execute(
        "INSERT INTO second_factors (user_id, secret, created_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (user_id) DO UPDATE SET secret = ?2, created_at = ?3",
        params![user_id, secret, tx.now().0],
    )?;
    Ok(())
}

/// Lets a secret count from now on: the first code shows that the phone has it.
///
/// # Errors
/// 400 when nothing was begun, or the code is wrong.
pub fn confirm_factor(
    tx: &Tx<'_>,
    user_id: i64,
    code: &str,
    recovery_codes: &[String],
) -> Result<()> {
    let Some((secret, last)) = secret_of(tx, user_id, false)? else {
        let detail = "Begin first: there is no second factor that waits for its first code.";
        return Err(Error::rule("no_second_factor", detail));
    };
    let Some(step) = totp::step_of(&secret, code, tx.now(), last) else {
        let detail = "This is not the code that the app shows now. Check that the phone's clock is \
                      right, and try the next one.";
        return Err(Error::rule("wrong_code", detail));
    };
    tx.execute(
        "UPDATE second_factors SET confirmed_at = ?2, last_step = ?3 WHERE user_id = ?1",
        params![user_id, tx.now().0, step],
    )?;
    tx.execute("DELETE FROM recovery_codes WHERE user_id = ?1", [user_id])?;
    for code in recovery_codes {
        tx.execute(
            "INSERT INTO recovery_codes (user_id, code_hash) VALUES (?1, ?2)",
            params![user_id, digest_of(&tidy(code))],
        )?;
    }
    Ok(())
}

/// Takes a person's second factor away; false when he had none.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn remove_factor(tx: &Tx<'_>, user_id: i64) -> Result<bool> {
    tx.execute("DELETE FROM recovery_codes WHERE user_id = ?1", [user_id])?;
    let removed = tx.execute("DELETE FROM second_factors WHERE user_id = ?1", [user_id])?;
    Ok(removed > 0)
}
