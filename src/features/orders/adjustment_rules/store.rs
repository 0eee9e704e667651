//! The rules of the house in SQL.

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::{AdjustmentRule, AdjustmentRuleBody, AdjustmentRuleKind, Conditions};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Percent, Translations};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken, word};
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("adjustment_rule");

/// More nobody oversees, and each is asked with each order.
const MOST: i64 = 50;

const RULES: Repository<AdjustmentRule> = Repository {
    table: "adjustment_rules",
    one: "rule",
    columns: "id, kind, name, translations, percent, amount, per_guest, conditions, is_active",
    order: "id",
    unique: "name",
    taken: |name| name_taken("a rule", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<AdjustmentRule> {
    let (translations, conditions): (String, String) = (row.get(3)?, row.get(7)?);
    let unread = |error| {
        let text = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(7, text, Box::new(error))
    };
    Ok(AdjustmentRule {
        id: row.get(0)?,
        kind: word(row, 1, AdjustmentRuleKind::parse)?,
        name: row.get(2)?,
        translations: Translations::from_json(&translations),
        percent: row.get::<_, Option<i64>>(4)?.map(Percent::new),
        amount: row.get::<_, Option<i64>>(5)?.map(Money),
        per_guest: row.get(6)?,
        conditions: serde_json::from_str(&conditions).map_err(unread)?,
        is_active: row.get(8)?,
    })
}

/// All rules, also those that do not hold now.
///
/// # Errors
/// When the database cannot be read.
pub fn list(db: &Connection) -> Result<Vec<AdjustmentRule>> {
    Ok(RULES.list(db, (0, MOST), Filter::default())?.0)
}

/// Those that hold.
///
/// # Errors
/// When the database cannot be read.
pub fn active(db: &Connection) -> Result<Vec<AdjustmentRule>> {
    if !are_any_active(db)? {
        return Ok(Vec::new());
    }
    let filter = Filter::default().and("is_active = ?", Some(true));
    Ok(RULES.list(db, (0, MOST), filter)?.0)
}

/// Whether the house has a rule at all: what every order asks, most often of an empty table.
///
/// # Errors
/// When the database cannot be read.
fn are_any_active(db: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM adjustment_rules
                              WHERE is_active = 1 AND deleted_at IS NULL)";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// The columns of a rule.
///
/// # Errors
/// 422 where it can be no rule.
pub fn columns(tx: &Tx<'_>, body: AdjustmentRuleBody) -> Result<Columns> {
    body.check()?;
    check_places(tx, &body.conditions)?;
    let conditions = serde_json::to_string(&body.conditions).map_err(Error::internal)?;
    Ok(Columns::default()
        .set("kind", body.kind.as_str().to_owned())
        .set("name", body.name)
        .set("translations", body.translations)
        .set("percent", body.percent.map(Percent::hundredths))
        .set("amount", body.amount.map(|Money(amount)| amount))
        .set("per_guest", body.per_guest)
        .set("conditions", conditions)
        .set("is_active", body.is_active))
}

/// A rule for a room or a table that is not there would hold nowhere.
fn check_places(tx: &Connection, conditions: &Conditions) -> Result<()> {
    let room = "SELECT EXISTS (SELECT 1 FROM locations WHERE id = ?1 AND deleted_at IS NULL)";
    let table = "SELECT EXISTS (SELECT 1 FROM tables WHERE id = ?1 AND deleted_at IS NULL)";
    let places = [
        ("conditions.location_id", room, conditions.location_id),
        ("conditions.table_id", table, conditions.table_id),
    ];
    for (field, sql, id) in places {
        let Some(id) = id else { continue };
        if !tx.prepare_cached(sql)?.query_row([id.get()], |row| row.get(0))? {
            return Err(Error::invalid(field, "is not there any more"));
        }
    }
    Ok(())
}

/// Whether there may be one more.
///
/// # Errors
/// 400 when there are as many as there may be.
pub fn check_room(tx: &Tx<'_>) -> Result<()> {
    let (_, there) = RULES.list(tx, (0, 1), Filter::default())?;
    if there < MOST {
        return Ok(());
    }
    let detail = format!("There are {there} rules already. Remove one first.");
    Err(Error::rule("too_many_rules", detail).with("most", MOST))
}

/// How many rules there are, and the names of those that hold nowhere: what they ask for was removed.
///
/// # Errors
/// When the database cannot be read.
pub fn holding_nowhere(db: &Connection) -> Result<(usize, Vec<String>)> {
    let rules = list(db)?;
    let mut gone = Vec::new();
    for rule in &rules {
        if check_places(db, &rule.conditions).is_err() {
            gone.push(rule.name.clone());
        }
    }
    Ok((rules.len(), gone))
}

/// Adds a rule.
pub struct CreateRule {
    pub rule: AdjustmentRuleBody,
    pub by: i64,
}

impl Command for CreateRule {
    type Output = AdjustmentRule;

    fn apply(self, tx: &mut Tx<'_>) -> Result<AdjustmentRule> {
        check_room(tx)?;
        let columns = columns(tx, self.rule)?;
        let id = RULES.insert(tx, &columns)?;
        let added = RULES.get(tx, id)?;
        TRAIL.note(tx, self.by, "adjustment_rule_added", id, (Value::Null, json!(added)))?;
        Ok(added)
    }
}

/// Writes a rule anew. Open checks follow with their next change; what was presented stays.
pub struct ReplaceRule {
    pub id: i64,
    pub rule: AdjustmentRuleBody,
    pub by: i64,
}

impl Command for ReplaceRule {
    type Output = AdjustmentRule;

    fn apply(self, tx: &mut Tx<'_>) -> Result<AdjustmentRule> {
        let old = RULES.get(tx, self.id)?;
        let columns = columns(tx, self.rule)?;
        RULES.update(tx, self.id, &columns)?;
        let new = RULES.get(tx, self.id)?;
        let changed = audit::differences(&old, &new);
        TRAIL.note(tx, self.by, "adjustment_rule_changed", self.id, changed)?;
        Ok(new)
    }
}

/// Removes a rule.
pub struct DeleteRule {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteRule {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = RULES.get(tx, self.id)?;
        RULES.remove(tx, self.id)?;
        let change = (json!({"name": old.name}), Value::Null);
        TRAIL.note(tx, self.by, "adjustment_rule_removed", self.id, change)
    }
}
