//! The rules of the book in SQL.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use super::events::rules_changed;
use super::policy::ReservationRules;
use crate::core::error::{Error, Result};
use crate::core::store::{Command, Tx};
use crate::features::floor;
use crate::platform::audit;

/// As they are; the usual ones where nobody has set any.
pub fn rules(db: &Connection) -> Result<ReservationRules> {
    let text: Option<String> = db
        .prepare_cached("SELECT rules FROM reservation_rules WHERE id = 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let rules =
        text.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()?;
    Ok(rules.unwrap_or_default())
}

/// Other rules. What is booked stays.
pub struct SetRules {
    pub rules: ReservationRules,
    pub by: i64,
}

impl Command for SetRules {
    type Output = ReservationRules;

    fn apply(self, tx: &mut Tx<'_>) -> Result<ReservationRules> {
        self.rules.check()?;
        for id in self.rules.joins.iter().flat_map(|join| &join.table_ids) {
            floor::table(tx, id.get())?;
        }
        let before = rules(tx)?;
        if before != self.rules {
            let text = serde_json::to_string(&self.rules).map_err(Error::internal)?;
            tx.prepare_cached(
                "INSERT INTO reservation_rules (id, rules, updated_at) VALUES (1, ?1, ?2)
                 ON CONFLICT (id) DO UPDATE SET rules = excluded.rules,
                                                updated_at = excluded.updated_at",
            )?
            .execute(params![text, tx.now().0])?;
            let change = (json!(before), json!(self.rules));
            audit::note(
                tx,
                Some(self.by),
                "reservation_rules_changed",
                ("reservation", None),
                change,
            )?;
            tx.emit(rules_changed(self.by)?)?;
        }
        Ok(self.rules)
    }
}
