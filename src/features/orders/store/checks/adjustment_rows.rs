//! The rows of what was agreed about checks: they are only added to.

use rusqlite::params;

use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::{Connection, Tx, word};
use crate::features::orders::check_adjustments::RuleKind;

/// What was agreed: an adjustment, or that one is taken back.
#[derive(Debug, Clone)]
pub struct AdjustmentRow {
    pub id: i64,
    pub check_id: i64,
    pub item_id: Option<i64>,
    pub kind: RuleKind,
    pub value: i64,
    pub reason: Option<String>,
    /// The rule of the house by which it is there, and what bills call it: as it was called then.
    pub rule_id: Option<i64>,
    pub name: Option<String>,
    pub translations: Option<String>,
    pub undoes: Option<i64>,
    pub user_id: Option<i64>,
    /// Whose word it needed.
    pub approved_by_id: Option<i64>,
    /// The loyalty account that it is taken from, or the promo code that was said.
    pub account_id: Option<i64>,
    pub promo_code_id: Option<i64>,
    pub created_at: Timestamp,
}

/// What was agreed about the checks of an order.
pub fn adjustments(db: &Connection, order_id: i64) -> Result<Vec<AdjustmentRow>> {
    let mut statement = db.prepare_cached(
        "SELECT id, check_id, item_id, kind, value, reason, undoes, user_id, created_at,
                approved_by_id, rule_id, name, translations, account_id, promo_code_id
         FROM adjustments WHERE order_id = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([order_id], |row| {
        Ok(AdjustmentRow {
            id: row.get(0)?,
            check_id: row.get(1)?,
            item_id: row.get(2)?,
            kind: word(row, 3, RuleKind::parse)?,
            value: row.get(4)?,
            reason: row.get(5)?,
            undoes: row.get(6)?,
            user_id: row.get(7)?,
            created_at: Timestamp(row.get(8)?),
            approved_by_id: row.get(9)?,
            rule_id: row.get(10)?,
            name: row.get(11)?,
            translations: row.get(12)?,
            account_id: row.get(13)?,
            promo_code_id: row.get(14)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes what was agreed, or that it is taken back. Returns its id.
pub fn agree(tx: &Tx<'_>, order_id: i64, row: &AdjustmentRow) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO adjustments (order_id, check_id, item_id, kind, value, reason, undoes, user_id,
                                  created_at, approved_by_id, rule_id, name, translations,
                                  account_id, promo_code_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?
    .execute(params![
        order_id,
        row.check_id,
        row.item_id,
        row.kind.as_str(),
        row.value,
        row.reason,
        row.undoes,
        row.user_id,
        row.created_at.0,
        row.approved_by_id,
        row.rule_id,
        row.name,
        row.translations,
        row.account_id,
        row.promo_code_id
    ])?;
    Ok(tx.last_insert_rowid())
}
