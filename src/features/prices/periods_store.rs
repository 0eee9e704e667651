//! Periods in SQL.

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::store::tell;
use super::types::{MenuPeriod, MenuPeriodBody};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Day, TimeOfDay};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken};
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("period");

/// More nobody tells apart, and each is looked at with each line that is ordered.
const MOST: i64 = 50;

const PERIODS: Repository<MenuPeriod> = Repository {
    table: "periods",
    one: "period",
    columns: "id, name, days, from_minute, to_minute, valid_from, valid_to, \
        (SELECT count(*) FROM price_lists WHERE period_id = periods.id AND deleted_at IS NULL) \
        + (SELECT count(*) FROM menu_times WHERE period_id = periods.id)",
    order: "id",
    unique: "name",
    taken: |name| name_taken("a period", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<MenuPeriod> {
    let days: i64 = row.get(2)?;
    let time = |column| -> rusqlite::Result<TimeOfDay> {
        TimeOfDay::of_minute(row.get(column)?).ok_or(rusqlite::Error::InvalidQuery)
    };
    Ok(MenuPeriod {
        id: row.get(0)?,
        name: row.get(1)?,
        weekdays: (1..=7).filter(|day| days & (1 << (day - 1)) != 0).collect(),
        time_from: time(3)?,
        time_to: time(4)?,
        date_from: row.get::<_, Option<i64>>(5)?.and_then(Day::of_number),
        date_to: row.get::<_, Option<i64>>(6)?.and_then(Day::of_number),
        used_by: row.get(7)?,
    })
}

/// All periods.
pub fn list(db: &Connection) -> Result<Vec<MenuPeriod>> {
    Ok(PERIODS.list(db, (0, MOST), Filter::default())?.0)
}

/// Refuses a period that is not there.
pub fn check(db: &Connection, field: &str, id: Option<i64>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    match PERIODS.get(db, id) {
        Err(error) if error.status() == 404 => Err(Error::invalid(field, "is not there any more")),
        found => found.map(drop),
    }
}

fn columns(body: MenuPeriodBody) -> Result<Columns> {
    if body.weekdays.is_empty() {
        return Err(Error::invalid("weekdays", "must name at least one day"));
    }
    if body.date_from.zip(body.date_to).is_some_and(|(from, to)| to < from) {
        return Err(Error::invalid("date_to", "must not be earlier than date_from"));
    }
    let days = body.weekdays.iter().fold(0_i64, |days, day| days | 1 << (day.get() - 1));
    Ok(Columns::default()
        .set("name", body.name)
        .set("days", days)
        .set("from_minute", i64::from(body.time_from.minute()))
        .set("to_minute", i64::from(body.time_to.minute()))
        .set("valid_from", body.date_from.map(Day::number))
        .set("valid_to", body.date_to.map(Day::number)))
}

/// Adds a period.
pub struct CreatePeriod {
    /// The period.
    pub period: MenuPeriodBody,
    /// Who does; none is somebody with a shell, or the cloud.
    pub by: Option<i64>,
}

impl Command for CreatePeriod {
    type Output = MenuPeriod;

    fn apply(self, tx: &mut Tx<'_>) -> Result<MenuPeriod> {
        let (_, there) = PERIODS.list(tx, (0, 1), Filter::default())?;
        if there >= MOST {
            let detail = format!("There are {there} periods already. Remove one first.");
            return Err(Error::rule("too_many_periods", detail).with("most", MOST));
        }
        let id = PERIODS.insert(tx, &columns(self.period)?)?;
        let added = PERIODS.get(tx, id)?;
        TRAIL.note(tx, self.by, "period_added", id, (Value::Null, json!(added)))?;
        Ok(added)
    }
}

/// Writes a period anew. What was ordered keeps its price.
pub struct ReplacePeriod {
    /// The period.
    pub id: i64,
    /// What it is from now on.
    pub period: MenuPeriodBody,
    /// Who does; none is somebody with a shell, or the cloud.
    pub by: Option<i64>,
}

impl Command for ReplacePeriod {
    type Output = MenuPeriod;

    fn apply(self, tx: &mut Tx<'_>) -> Result<MenuPeriod> {
        let old = PERIODS.get(tx, self.id)?;
        PERIODS.update(tx, self.id, &columns(self.period)?)?;
        let new = PERIODS.get(tx, self.id)?;
        TRAIL.note(tx, self.by, "period_changed", self.id, audit::differences(&old, &new))?;
        if old.used_by > 0 {
            tell(tx, self.by)?;
        }
        Ok(new)
    }
}

/// Removes a period that nothing names.
pub struct DeletePeriod {
    pub id: i64,
    pub by: i64,
}

impl Command for DeletePeriod {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = PERIODS.get(tx, self.id)?;
        if old.used_by > 0 {
            let (name, used_by) = (&old.name, old.used_by);
            let detail = format!(
                "“{name}” is the period of {used_by} price lists and menu times. \
                 Give them another first."
            );
            let refusal = Error::conflict("period_in_use", detail);
            return Err(refusal.with("name", name.clone()).with("used_by", used_by));
        }
        PERIODS.remove(tx, self.id)?;
        TRAIL.note(tx, Some(self.by), "period_removed", self.id, (json!(old), Value::Null))
    }
}
