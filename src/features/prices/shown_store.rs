//! When what is on the menu, in SQL.

use rusqlite::{Connection, params};
use serde_json::json;

use super::lists_store::is_there;
use super::periods_store;
use super::store::{channel, tell};
use super::types::{MenuTime, MenuTimes, MenuTimesBody};
use super::{Channel, PriceScope};
use crate::core::error::{Error, Result};
use crate::core::kernel::Int;
use crate::core::kernel::fields::Id;
use crate::core::store::{Command, Tx, word};
use crate::platform::audit;

/// More nobody tells apart.
const MOST: usize = 20;

/// What is not always on the menu.
///
/// # Errors
/// When the database cannot be read.
pub fn list(db: &Connection) -> Result<Vec<MenuTimes>> {
    let mut statement = db.prepare_cached(
        "SELECT scope, target_id, period_id, channel FROM menu_times ORDER BY scope, target_id, id",
    )?;
    let mut rows = statement.query([])?;
    let mut all: Vec<MenuTimes> = Vec::new();
    while let Some(row) = rows.next()? {
        let (scope, target_id) = (word(row, 0, PriceScope::parse)?, row.get(1)?);
        let period: Option<i64> = row.get(2)?;
        let time = MenuTime {
            period_id: period.and_then(|id| Int::new(id).ok()),
            channel: channel(row, 3)?,
        };
        match all.last_mut() {
            Some(last) if (last.scope, last.target_id) == (scope, target_id) => {
                last.times.push(time);
            }
            _ => all.push(MenuTimes { scope, target_id, times: vec![time] }),
        }
    }
    Ok(all)
}

/// Writes when a category or a dish is on the menu, in the place of what was said before.
pub struct SetMenuTimes {
    /// Of what, and when.
    pub times: MenuTimesBody,
    /// Who does; none is somebody with a shell, or the cloud.
    pub by: Option<i64>,
}

impl Command for SetMenuTimes {
    type Output = MenuTimes;

    fn apply(self, tx: &mut Tx<'_>) -> Result<MenuTimes> {
        let MenuTimesBody { scope, target_id, times } = self.times;
        let target_id = target_id.get();
        if !matches!(scope, PriceScope::Category | PriceScope::Dish) {
            return Err(Error::invalid("scope", "must be CATEGORY or DISH"));
        }
        if !is_there(tx, scope, target_id)? {
            return Err(Error::invalid("target_id", "is not on the menu any more"));
        }
        if times.len() > MOST {
            return Err(Error::invalid("times", format!("must hold at most {MOST} times")));
        }
        let before: Vec<_> = list(tx)?
            .into_iter()
            .filter(|one| (one.scope, one.target_id) == (scope, target_id))
            .flat_map(|one| one.times)
            .collect();
        tx.prepare_cached("DELETE FROM menu_times WHERE scope = ?1 AND target_id = ?2")?
            .execute(params![scope.as_str(), target_id])?;
        for (at, time) in times.iter().enumerate() {
            let period = time.period_id.map(Id::get);
            periods_store::check(tx, &format!("times[{at}].period_id"), period)?;
            tx.prepare_cached(
                "INSERT INTO menu_times (scope, target_id, period_id, channel)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                scope.as_str(),
                target_id,
                period,
                time.channel.map(Channel::as_str)
            ])?;
        }
        let subject = if scope == PriceScope::Dish { "dish" } else { "category" };
        let change = (json!({"times": before}), json!({"times": times}));
        audit::note(tx, self.by, "menu_times_changed", (subject, Some(target_id)), change)?;
        tell(tx, self.by)?;
        Ok(MenuTimes { scope, target_id, times })
    }
}
