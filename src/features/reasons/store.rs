//! Reasons in SQL.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::{Reason, ReasonCreate, ReasonKind, ReasonUpdate};
use crate::core::error::{Error, Result};
use crate::core::kernel::Text;
use crate::core::store::{Command, Filter, Tx, word};
use crate::features::menu::Translations;
use crate::platform::audit::{self, Change};

/// More of a kind nobody reads.
const MOST_OF_A_KIND: i64 = 30;

const SELECT: &str = "SELECT id, kind, name, translations, is_waste, sort_order FROM reasons";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Reason> {
    let translations: String = row.get(3)?;
    Ok(Reason {
        id: row.get(0)?,
        kind: word(row, 1, ReasonKind::parse)?,
        name: row.get(2)?,
        translations: Translations::from_json(&translations),
        is_waste: row.get(4)?,
        sort_order: row.get(5)?,
    })
}

pub fn list(db: &Connection, kind: Option<ReasonKind>) -> Result<Vec<Reason>> {
    let filter = Filter::new("1").and("kind = ?", kind.map(ReasonKind::as_str));
    let most = MOST_OF_A_KIND * ReasonKind::ALL.len() as i64;
    filter.page(db, SELECT, "kind, sort_order, id", (0, most), from_row)
}

fn reason(db: &Connection, id: i64) -> Result<Reason> {
    db.prepare_cached(&format!("{SELECT} WHERE id = ?1"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("reason", id))
}

pub struct CreateReason {
    pub reason: ReasonCreate,
    pub by: i64,
}

impl Command for CreateReason {
    type Output = Reason;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reason> {
        let Self { reason: new, by } = self;
        let kind = new.kind.as_str();
        let (count, last): (i64, i64) = tx
            .prepare_cached(
                "SELECT count(*), coalesce(max(sort_order), 0) FROM reasons WHERE kind = ?1",
            )?
            .query_row([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if count >= MOST_OF_A_KIND {
            let detail = format!("There are {count} of this kind already. Remove one first.");
            return Err(Error::rule("too_many_reasons", detail).with("most", MOST_OF_A_KIND));
        }
        check_name(tx, new.kind, &new.name, 0)?;
        tx.prepare_cached(
            "INSERT INTO reasons (kind, name, translations, is_waste, sort_order)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            kind,
            &*new.name,
            new.translations.to_json(),
            new.is_waste,
            last + 1
        ])?;
        let added = reason(tx, tx.last_insert_rowid())?;
        note(tx, by, "reason_added", added.id, (Value::Null, json!({"name": added.name})))?;
        Ok(added)
    }
}

pub struct UpdateReason {
    pub id: i64,
    pub changes: ReasonUpdate,
    pub by: i64,
}

impl Command for UpdateReason {
    type Output = Reason;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reason> {
        let Self { id, changes, by } = self;
        let old = reason(tx, id)?;
        let name = changes.name.map_or_else(|| old.name.clone(), Text::into_inner);
        check_name(tx, old.kind, &name, id)?;
        let translations = changes.translations.unwrap_or_else(|| old.translations.clone());
        let is_waste = changes.is_waste.unwrap_or(old.is_waste);
        tx.prepare_cached(
            "UPDATE reasons SET name = ?2, translations = ?3, is_waste = ?4 WHERE id = ?1",
        )?
        .execute(params![id, name, translations.to_json(), is_waste])?;
        let new = reason(tx, id)?;
        note(tx, by, "reason_changed", id, audit::differences(&old, &new))?;
        Ok(new)
    }
}

pub struct DeleteReason {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteReason {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = reason(tx, self.id)?;
        tx.prepare_cached("DELETE FROM reasons WHERE id = ?1")?.execute([self.id])?;
        note(tx, self.by, "reason_removed", self.id, (json!({"name": old.name}), Value::Null))
    }
}

/// Two buttons with the same words would be one too many.
fn check_name(db: &Connection, kind: ReasonKind, name: &str, own: i64) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM reasons WHERE kind = ?1 AND name = ?2 AND id <> ?3)";
    let is_taken: bool =
        db.prepare_cached(sql)?.query_row(params![kind.as_str(), name, own], |row| row.get(0))?;
    if !is_taken {
        return Ok(());
    }
    let detail = format!("There is already a reason “{name}” of this kind. Choose other words.");
    Err(Error::rule("name_taken", detail).with("name", name))
}

fn note(tx: &Tx<'_>, by: i64, action: &str, id: i64, change: Change) -> Result<()> {
    audit::note(tx, Some(by), action, ("reason", Some(id)), change)
}
