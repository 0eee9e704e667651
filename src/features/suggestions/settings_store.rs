//! How suggestions are made, and what the house says of dishes, in SQL.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use super::types::{Mark, MarkedDish, MarkedDishes, SuggestionSettings};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Day, Int};
use crate::core::store::{Command, Tx};
use crate::platform::audit;

/// What the audit trail calls a dish of which something is said.
const TRAIL: audit::Subject = audit::Subject("dish");
/// More marks nobody oversees, and each question reads them.
const MOST_MARKS: i64 = 500;

/// What is said of which dish.
pub type Marks = HashMap<i64, Mark>;

/// How suggestions are made; on, and of what guests know, where nobody has said anything.
///
/// # Errors
/// When the database cannot be read.
pub fn settings(db: &Connection) -> Result<SuggestionSettings> {
    let said = db
        .prepare_cached("SELECT is_on, surprise FROM suggestion_settings")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (is_on, surprise) = said.unwrap_or((true, 0));
    Ok(SuggestionSettings { is_on, surprise: Int::new(surprise).unwrap_or_default() })
}

/// Says how suggestions are made.
pub struct SetSettings {
    /// So.
    pub settings: SuggestionSettings,
    /// Who says it.
    pub by: i64,
}

impl Command for SetSettings {
    type Output = SuggestionSettings;

    fn apply(self, tx: &mut Tx<'_>) -> Result<SuggestionSettings> {
        let before = settings(tx)?;
        if before != self.settings {
            tx.prepare_cached(
                "INSERT INTO suggestion_settings (id, is_on, surprise) VALUES (1, ?1, ?2)
                 ON CONFLICT DO UPDATE SET is_on = excluded.is_on, surprise = excluded.surprise",
            )?
            .execute(params![self.settings.is_on, self.settings.surprise.get()])?;
            let change = (json!(before), json!(self.settings));
            let about = ("restaurant", None);
            audit::note(tx, Some(self.by), "suggestions_changed", about, change)?;
        }
        Ok(self.settings)
    }
}

/// What holds on a day. A dish that is banned is so also where there is too much of it.
///
/// # Errors
/// When the database cannot be read.
pub fn marks(db: &Connection, today: Day) -> Result<Marks> {
    let all = marked(db, today)?.dishes;
    Ok(all.into_iter().map(|dish| (dish.dish_id, dish.mark)).collect())
}

/// The same, with the names of the dishes.
///
/// # Errors
/// When the database cannot be read.
pub fn marked(db: &Connection, today: Day) -> Result<MarkedDishes> {
    let mut statement = db.prepare_cached(
        "SELECT m.dish_id, d.name, m.mark FROM suggestion_marks m JOIN dishes d ON d.id = m.dish_id
         WHERE d.deleted_at IS NULL AND (m.mark IS NOT NULL OR m.surplus_day = ?1)
         ORDER BY d.name, d.id LIMIT ?2",
    )?;
    let rows = statement.query_map([today.number(), MOST_MARKS], |row| {
        let said: Option<String> = row.get(2)?;
        let mark = said.as_deref().and_then(Mark::parse).unwrap_or(Mark::Surplus);
        Ok(MarkedDish { dish_id: row.get(0)?, dish_name: row.get(1)?, mark })
    })?;
    Ok(MarkedDishes { dishes: rows.collect::<rusqlite::Result<_>>()? })
}

/// Something that the house says of a dish.
#[derive(Debug, Clone, Copy)]
pub enum Said {
    /// It is pinned, banned, or neither.
    Mark(Option<Mark>),
    /// The kitchen has too much of it, or not.
    Surplus(bool),
}

/// Says something of a dish.
pub struct SetMark {
    /// Of which.
    pub dish_id: i64,
    /// What.
    pub said: Said,
    /// The restaurant's day.
    pub today: Day,
    /// Who says it.
    pub by: i64,
}

impl Command for SetMark {
    type Output = MarkedDishes;

    fn apply(self, tx: &mut Tx<'_>) -> Result<MarkedDishes> {
        let dish_id = self.dish_id;
        let there = "SELECT EXISTS (SELECT 1 FROM dishes WHERE id = ?1 AND deleted_at IS NULL)";
        if !tx.prepare_cached(there)?.query_row([dish_id], |row| row.get::<_, bool>(0))? {
            return Err(Error::not_found("dish", dish_id));
        }
        let before = row(tx, dish_id)?;
        let mut after = before.clone();
        match self.said {
            Said::Mark(Some(Mark::Surplus)) => {
                return Err(Error::invalid("mark", "must be PIN, BAN or null"));
            }
            Said::Mark(mark) => after.0 = mark.map(|mark| mark.as_str().to_owned()),
            Said::Surplus(is_so) => after.1 = is_so.then_some(self.today.number()),
        }
        if before != after {
            write(tx, dish_id, &after)?;
            let change = (json!({"said": before}), json!({"said": after}));
            TRAIL.note(tx, self.by, "suggestion_marked", dish_id, change)?;
        }
        marked(tx, self.today)
    }
}

type MarkRow = (Option<String>, Option<i64>);

fn row(db: &Connection, dish_id: i64) -> Result<MarkRow> {
    let found = db
        .prepare_cached("SELECT mark, surplus_day FROM suggestion_marks WHERE dish_id = ?1")?
        .query_row([dish_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn write(tx: &Tx<'_>, dish_id: i64, (mark, surplus_day): &MarkRow) -> Result<()> {
    if mark.is_none() && surplus_day.is_none() {
        tx.prepare_cached("DELETE FROM suggestion_marks WHERE dish_id = ?1")?.execute([dish_id])?;
        return Ok(());
    }
    let most = "SELECT count(*) FROM suggestion_marks WHERE dish_id <> ?1";
    if tx.prepare_cached(most)?.query_row([dish_id], |row| row.get::<_, i64>(0))? >= MOST_MARKS {
        let detail = format!("{MOST_MARKS} dishes are pinned or banned. Take some off first.");
        return Err(Error::rule("too_many_marks", detail).with("most", MOST_MARKS));
    }
    tx.prepare_cached(
        "INSERT INTO suggestion_marks (dish_id, mark, surplus_day) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET mark = excluded.mark, surplus_day = excluded.surplus_day",
    )?
    .execute(params![dish_id, mark, surplus_day])?;
    Ok(())
}
