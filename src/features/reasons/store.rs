//! Reasons in SQL.

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::{Reason, ReasonCreate, ReasonKind, ReasonUpdate};
use crate::core::error::{Error, Result};
use crate::core::kernel::Translations;
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken, word};
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("reason");

/// More of a kind nobody reads.
const MOST_OF_A_KIND: i64 = 30;

/// Of a kind no two have the same words.
const REASONS: Repository<Reason> = Repository {
    table: "reasons",
    one: "reason",
    columns: "id, kind, name, translations, is_waste, sort_order",
    order: "kind, sort_order, id",
    unique: "name",
    taken: |name| name_taken("a reason of this kind", name),
    from_row,
};

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
    let filter = Filter::default().and("kind = ?", kind.map(ReasonKind::as_str));
    let most = MOST_OF_A_KIND * ReasonKind::ALL.len() as i64;
    Ok(REASONS.list(db, (0, most), filter)?.0)
}

/// The place of a new one, after the last of its kind.
///
/// # Errors
/// 400 when there are as many as there may be.
pub fn next_place(tx: &Tx<'_>, kind: ReasonKind) -> Result<i64> {
    let sql = "SELECT count(*), coalesce(max(sort_order), 0) FROM reasons
               WHERE kind = ?1 AND deleted_at IS NULL";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let (count, last): (i64, i64) = tx.prepare_cached(sql)?.query_row([kind.as_str()], read)?;
    if count < MOST_OF_A_KIND {
        return Ok(last + 1);
    }
    let detail = format!("There are {count} of this kind already. Remove one first.");
    Err(Error::rule("too_many_reasons", detail).with("most", MOST_OF_A_KIND))
}

/// Removes the reasons of the box that are not among these, as long as nobody has touched any: they are
/// those that each box begins with.
///
/// # Errors
/// When the rows cannot be written.
pub fn replace_untouched(tx: &Tx<'_>, kept: &[(ReasonKind, &str)]) -> Result<()> {
    let touched = "SELECT EXISTS (SELECT 1 FROM reasons
                                  WHERE deleted_at IS NOT NULL OR created_at <> updated_at)
                       OR (SELECT count(DISTINCT created_at) > 1 FROM reasons)";
    if tx.query_row(touched, [], |row| row.get(0))? {
        return Ok(());
    }
    for reason in list(tx, None)? {
        if !kept.contains(&(reason.kind, &*reason.name)) {
            REASONS.remove(tx, reason.id)?;
        }
    }
    Ok(())
}

pub struct CreateReason {
    pub reason: ReasonCreate,
    pub by: i64,
}

impl Command for CreateReason {
    type Output = Reason;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reason> {
        let new = self.reason;
        let columns = Columns::default()
            .set("kind", new.kind.as_str().to_owned())
            .set("name", new.name)
            .set("translations", new.translations)
            .set("is_waste", new.is_waste)
            .set("sort_order", next_place(tx, new.kind)?);
        let id = REASONS.insert(tx, &columns)?;
        let added = REASONS.get(tx, id)?;
        TRAIL.note(tx, self.by, "reason_added", id, (Value::Null, json!({"name": added.name})))?;
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
        let old = REASONS.get(tx, id)?;
        let columns = Columns::default()
            .maybe("name", changes.name)
            .maybe("translations", changes.translations)
            .maybe("is_waste", changes.is_waste);
        REASONS.update(tx, id, &columns)?;
        let new = REASONS.get(tx, id)?;
        TRAIL.note(tx, by, "reason_changed", id, audit::differences(&old, &new))?;
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
        let old = REASONS.get(tx, self.id)?;
        REASONS.remove(tx, self.id)?;
        TRAIL.note(tx, self.by, "reason_removed", self.id, (json!({"name": old.name}), Value::Null))
    }
}
