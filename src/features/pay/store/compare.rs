//! Attempts held against a provider's list: what a lost reply hid is found.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::attempts::find;
use super::settle::{note_late, see, tell};
use crate::core::error::Result;
use crate::core::store::{Command, Priority, Tx};
use crate::features::pay::provider::Seen;
use crate::features::pay::types::ComparisonView;

/// What a paid one of the list is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adopted {
    /// It was known.
    Known,
    /// It was not known, and is now.
    Found,
    /// It is of nobody here.
    Stranger,
}

/// Whether money of the list is in our books.
///
/// # Errors
/// When the database cannot be read.
pub fn is_known(db: &Connection, provider_id: i64, reference: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pay_attempts
                              WHERE provider_id = ?1 AND reference = ?2 AND state IN ('PAID', 'LATE'))";
    Ok(db.prepare_cached(sql)?.query_row(params![provider_id, reference], |row| row.get(0))?)
}

/// Takes in money that the provider's list names.
pub struct Adopt {
    /// The provider.
    pub provider_id: i64,
    /// What it lists.
    pub seen: Seen,
}

impl Command for Adopt {
    type Output = Adopted;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Adopted> {
        let Self { provider_id, seen } = self;
        if is_known(tx, provider_id, &seen.reference)? {
            return Ok(Adopted::Known);
        }
        let uuid = seen.uuid.as_deref().unwrap_or_default();
        let ours = find(tx, uuid)?.filter(|row| row.provider_id == provider_id);
        let Some(row) = ours else { return Ok(Adopted::Stranger) };
        if row.reference.as_ref().is_none_or(|known| *known == seen.reference) {
            see(tx, &row, &seen, true)?;
            return Ok(Adopted::Found);
        }
        // Money came twice for one attempt.
        let came = seen.amount.unwrap_or(row.sum());
        tx.prepare_cached(
            "INSERT INTO pay_attempts (uuid, provider_id, order_id, check_id, amount, tip, body, state,
                                       is_open, reference, charge, came, reason, settled_at, created_at,
                                       updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, 0, '', 'LATE', 0, ?6, ?7, ?8, ?9, ?10, ?10, ?10)",
        )?
        .execute(params![
            Uuid::new_v4().to_string(),
            provider_id,
            row.order_id,
            row.check_id,
            came.0,
            seen.reference,
            seen.charge,
            came.0,
            format!("it came a second time; the first was {}", row.id),
            tx.now().0,
        ])?;
        let id = tx.last_insert_rowid();
        note_late(tx, &row, came, &seen.reference)?;
        tell(tx, id)?;
        Ok(Adopted::Found)
    }
}

/// Whether a day was held against a provider's list.
///
/// # Errors
/// When the database cannot be read.
pub fn is_compared(db: &Connection, provider_id: i64, day: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pay_days WHERE provider_id = ?1 AND day = ?2)";
    Ok(db.prepare_cached(sql)?.query_row([provider_id, day], |row| row.get(0))?)
}

/// When a provider's list was read last (ms).
///
/// # Errors
/// When the database cannot be read.
pub fn last_compared(db: &Connection, provider_id: i64) -> Result<Option<i64>> {
    let sql = "SELECT checked_at FROM pay_days WHERE provider_id = ?1 ORDER BY day DESC LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([provider_id], |row| row.get(0)).optional()?)
}

/// Writes down what came of it.
pub struct NoteDay {
    /// The provider.
    pub provider_id: i64,
    /// The day.
    pub day: i64,
    /// What came of it.
    pub outcome: ComparisonView,
}

impl Command for NoteDay {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let ComparisonView { listed, sum, found, strangers, .. } = self.outcome;
        tx.prepare_cached(
            "INSERT INTO pay_days (provider_id, day, listed, sum, found, strangers, checked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (provider_id, day) DO UPDATE SET
                 listed = excluded.listed, sum = excluded.sum, found = pay_days.found + excluded.found,
                 strangers = excluded.strangers, checked_at = excluded.checked_at",
        )?
        .execute(params![
            self.provider_id,
            self.day,
            listed,
            sum.0,
            found,
            strangers,
            tx.now().0
        ])?;
        Ok(())
    }
}
