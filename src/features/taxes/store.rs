//! Taxes in SQL.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::rules::{ClassOnDay, TaxesOfDay, in_order};
use super::{ClassRate, TaxClass, TaxClassCreate, TaxClassUpdate, TaxKind};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Day, TaxRate, Translations};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken, word};
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("tax_class");

/// More nobody tells apart.
const MOST_CLASSES: i64 = 50;

const CLASSES: Repository<TaxClass> = Repository {
    table: "tax_classes",
    one: "tax class",
    columns: "id, name, translations, kind, is_active, \
        (SELECT count(*) FROM dishes d WHERE d.tax_class_id = tax_classes.id AND d.deleted_at IS NULL) \
        + (SELECT count(*) FROM categories c WHERE c.tax_class_id = tax_classes.id \
           AND c.deleted_at IS NULL)",
    order: "id",
    unique: "name",
    taken: |name| name_taken("a tax class", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<TaxClass> {
    Ok(TaxClass {
        id: row.get(0)?,
        name: row.get(1)?,
        translations: Translations::from_json(row.get_ref(2)?.as_str()?),
        kind: word(row, 3, TaxKind::parse)?,
        is_active: row.get(4)?,
        rates: Vec::new(),
        used_by: row.get(5)?,
    })
}

pub(super) fn list(db: &Connection) -> Result<Vec<TaxClass>> {
    let mut classes = CLASSES.list(db, (0, MOST_CLASSES), Filter::default())?.0;
    for class in &mut classes {
        class.rates = rates_of(db, class.id)?;
    }
    Ok(classes)
}

fn class(db: &Connection, id: i64) -> Result<TaxClass> {
    Ok(TaxClass { rates: rates_of(db, id)?, ..CLASSES.get(db, id)? })
}

/// The rates of a class, the oldest first.
///
/// # Errors
/// When the database cannot be read.
pub fn rates_of(db: &Connection, class_id: i64) -> Result<Vec<ClassRate>> {
    let mut statement = db.prepare_cached(
        "SELECT valid_from, rate, takeaway_rate, delivery_rate FROM tax_rates
         WHERE class_id = ?1 ORDER BY valid_from",
    )?;
    let rates = statement.query_map([class_id], |row| {
        Ok(ClassRate {
            valid_from: Day::of_number(row.get(0)?),
            percent: TaxRate::new(row.get(1)?),
            takeaway_percent: row.get::<_, Option<i64>>(2)?.map(TaxRate::new),
            delivery_percent: row.get::<_, Option<i64>>(3)?.map(TaxRate::new),
        })
    })?;
    Ok(rates.collect::<rusqlite::Result<_>>()?)
}

/// The tables that the statement reads.
const READ: [&str; 3] = ["site", "tax_classes", "tax_rates"];
const ON_DAY: &str =
    "SELECT c.id, c.kind, r.rate, r.takeaway_rate, r.delivery_rate, s.tax_class_id,
        s.service_tax_class_id
    FROM site s CROSS JOIN tax_classes c JOIN tax_rates r ON r.id =
        (SELECT id FROM tax_rates WHERE class_id = c.id AND valid_from <= ?1
         ORDER BY valid_from DESC LIMIT 1)";

/// What the writer remembers: the day that orders asked for last.
#[derive(Default)]
struct Known(Option<(i64, Arc<TaxesOfDay>)>);

/// What all classes say on a day (YYYYMMDD), for a command: read once for the orders of a day.
///
/// # Errors
/// When the database cannot be read.
pub fn on_day(tx: &Tx<'_>, day: i64) -> Result<Arc<TaxesOfDay>> {
    let known = tx.remembered::<Known>(&READ).and_then(|known| known.0.clone());
    if let Some((_, taxes)) = known.filter(|(known, _)| *known == day) {
        return Ok(taxes);
    }
    let taxes = Arc::new(read(tx, day)?);
    if let Some(mut known) = tx.remembered::<Known>(&READ) {
        known.0 = Some((day, Arc::clone(&taxes)));
    }
    Ok(taxes)
}

fn read(db: &Connection, day: i64) -> Result<TaxesOfDay> {
    let mut statement = db.prepare_cached(ON_DAY)?;
    let mut rows = statement.query([day])?;
    let mut taxes = TaxesOfDay { classes: Vec::new(), usual: 0, service: None };
    while let Some(row) = rows.next()? {
        taxes.classes.push(ClassOnDay {
            id: row.get(0)?,
            kind: word(row, 1, TaxKind::parse)?,
            here: TaxRate::new(row.get(2)?),
            away: row.get::<_, Option<i64>>(3)?.map(TaxRate::new),
            delivered: row.get::<_, Option<i64>>(4)?.map(TaxRate::new),
        });
        (taxes.usual, taxes.service) = (row.get(5)?, row.get(6)?);
    }
    Ok(taxes)
}

/// The rate on a day of what names no class.
///
/// # Errors
/// When the database cannot be read.
pub fn usual_rate(db: &Connection, day: i64) -> Result<TaxRate> {
    Ok(read(db, day)?.usual_rate())
}

/// Lets another rate hold, from a day on, for what names no class. Says whether it is another.
///
/// # Errors
/// When the rows cannot be written.
pub fn set_usual_rate(tx: &Tx<'_>, day: i64, rate: TaxRate, by: Option<i64>) -> Result<bool> {
    let taxes = on_day(tx, day)?;
    let old = taxes.usual_rate();
    if old == rate {
        return Ok(false);
    }
    tx.prepare_cached(
        "INSERT INTO tax_rates (class_id, valid_from, rate) VALUES (?1, ?2, ?3)
         ON CONFLICT (class_id, valid_from) DO UPDATE SET rate = excluded.rate",
    )?
    .execute(params![taxes.usual, day, rate.hundredths()])?;
    let change = (json!({"percent": old}), json!({"percent": rate, "valid_from": day}));
    audit::note(tx, by, "tax_class_changed", ("tax_class", Some(taxes.usual)), change)?;
    Ok(true)
}

/// Refuses a class that is not there, or is not offered any more. What has it already may keep it.
///
/// # Errors
/// 404, or 400 `tax_class_inactive`.
pub fn check_class(db: &Connection, id: Option<i64>, old: Option<i64>) -> Result<()> {
    let Some(id) = id.filter(|id| Some(*id) != old) else { return Ok(()) };
    let class = CLASSES.get(db, id)?;
    if class.is_active {
        return Ok(());
    }
    let detail = format!("The tax class “{}” is not offered any more. Choose another.", class.name);
    Err(Error::rule("tax_class_inactive", detail).with("name", class.name))
}

/// The class that is called so, in whatever language.
///
/// # Errors
/// When the database cannot be read.
pub fn class_named(db: &Connection, name: &str) -> Result<Option<i64>> {
    let is_it = |class: &TaxClass| {
        let name = name.to_lowercase();
        class.name.to_lowercase() == name
            || class.translations.names().any(|other| other.to_lowercase() == name)
    };
    Ok(list(db)?.iter().find(|class| is_it(class)).map(|class| class.id))
}

/// Writes the rates of a class in the place of those that it has.
///
/// # Errors
/// 422 where none holds before all others, or two begin on one day.
pub fn write_rates(tx: &Tx<'_>, class_id: i64, rates: Vec<ClassRate>) -> Result<()> {
    let rates = in_order(rates)?;
    let days: Vec<i64> = rates.iter().map(|rate| rate.valid_from.map_or(0, Day::number)).collect();
    let mut write = tx.prepare_cached(
        "INSERT INTO tax_rates (class_id, valid_from, rate, takeaway_rate, delivery_rate)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (class_id, valid_from) DO UPDATE SET rate = excluded.rate,
            takeaway_rate = excluded.takeaway_rate, delivery_rate = excluded.delivery_rate",
    )?;
    let hundredths = |rate: Option<TaxRate>| rate.map(TaxRate::hundredths);
    for (rate, day) in rates.iter().zip(&days) {
        let ClassRate { percent, takeaway_percent, delivery_percent, .. } = *rate;
        let others = (hundredths(takeaway_percent), hundredths(delivery_percent));
        write.execute(params![class_id, day, percent.hundredths(), others.0, others.1])?;
    }
    let mut there =
        tx.prepare_cached("SELECT id, valid_from FROM tax_rates WHERE class_id = ?1")?;
    let there = there.query_map([class_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (id, day) in there.collect::<rusqlite::Result<Vec<(i64, i64)>>>()? {
        if !days.contains(&day) {
            tx.prepare_cached("DELETE FROM tax_rates WHERE id = ?1")?.execute([id])?;
        }
    }
    Ok(())
}

/// Adds a class.
pub(super) struct CreateClass {
    pub class: TaxClassCreate,
    pub by: i64,
}

impl Command for CreateClass {
    type Output = TaxClass;

    fn apply(self, tx: &mut Tx<'_>) -> Result<TaxClass> {
        let TaxClassCreate { name, translations, kind, rates } = self.class;
        let count = Filter::new("deleted_at IS NULL").count(tx, "tax_classes")?;
        if count >= MOST_CLASSES {
            let detail = format!("There are {count} tax classes already. Remove one first.");
            return Err(Error::rule("too_many_tax_classes", detail).with("most", MOST_CLASSES));
        }
        let columns = Columns::default()
            .set("name", name)
            .set("translations", translations)
            .set("kind", kind.as_str().to_owned());
        let id = CLASSES.insert(tx, &columns)?;
        write_rates(tx, id, rates)?;
        let added = class(tx, id)?;
        TRAIL.note(tx, self.by, "tax_class_added", id, (Value::Null, json!(added)))?;
        Ok(added)
    }
}

/// Changes a class, for what is ordered from now on.
pub(super) struct UpdateClass {
    pub id: i64,
    pub changes: TaxClassUpdate,
    pub by: i64,
}

impl Command for UpdateClass {
    type Output = TaxClass;

    fn apply(self, tx: &mut Tx<'_>) -> Result<TaxClass> {
        let Self { id, changes, by } = self;
        let old = class(tx, id)?;
        if changes.is_active == Some(false) && is_the_restaurants(tx, id)? {
            return Err(in_use(&old));
        }
        let columns = Columns::default()
            .maybe("name", changes.name)
            .maybe("translations", changes.translations)
            .maybe("kind", changes.kind.map(|kind| kind.as_str().to_owned()))
            .maybe("is_active", changes.is_active);
        CLASSES.update(tx, id, &columns)?;
        if let Some(rates) = changes.rates {
            write_rates(tx, id, rates)?;
        }
        let new = class(tx, id)?;
        TRAIL.note(tx, by, "tax_class_changed", id, audit::differences(&old, &new))?;
        Ok(new)
    }
}

/// Removes a class that nothing names.
pub(super) struct DeleteClass {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteClass {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = class(tx, self.id)?;
        if old.used_by > 0 || is_the_restaurants(tx, self.id)? {
            return Err(in_use(&old));
        }
        CLASSES.remove(tx, self.id)?;
        TRAIL.note(tx, self.by, "tax_class_removed", self.id, (json!(old), Value::Null))
    }
}

/// Whether it is the one of what names none, or of service charges.
fn is_the_restaurants(db: &Connection, id: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM site WHERE tax_class_id = ?1 OR service_tax_class_id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([id], |_| Ok(())).optional()?.is_some())
}

fn in_use(class: &TaxClass) -> Error {
    let (name, used_by) = (&class.name, class.used_by);
    let detail = if used_by > 0 {
        format!(
            "“{name}” is the tax class of {used_by} dishes and categories. Give them another first."
        )
    } else {
        format!(
            "“{name}” is the restaurant's usual tax class, or that of service charges. Choose another for that first."
        )
    };
    Error::conflict("tax_class_in_use", detail).with("name", name.clone()).with("used_by", used_by)
}

/// How many classes there are, and the names of those by which something is sold and nobody knows how it
/// is taxed: without a rate, or removed.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn unsure_classes(db: &Connection) -> Result<(i64, Vec<String>)> {
    let known = "SELECT count(*) FROM tax_classes WHERE deleted_at IS NULL";
    let known = db.query_row(known, [], |row| row.get(0))?;
    let mut unsure = db.prepare(
        "SELECT name FROM tax_classes c
         WHERE iif(deleted_at IS NULL,
                   NOT EXISTS (SELECT 1 FROM tax_rates r WHERE r.class_id = c.id),
                   EXISTS (SELECT 1 FROM dishes d
                           WHERE d.tax_class_id = c.id AND d.deleted_at IS NULL)
                   OR EXISTS (SELECT 1 FROM categories g
                              WHERE g.tax_class_id = c.id AND g.deleted_at IS NULL)
                   OR EXISTS (SELECT 1 FROM site s
                              WHERE c.id IN (s.tax_class_id, s.service_tax_class_id)))
         ORDER BY id",
    )?;
    let unsure = unsure.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok((known, unsure))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::store::tables_read;

    /// What is remembered is forgotten when one of these tables changes, so no other may be read.
    #[test]
    fn taxes_of_a_day_are_read_of_the_tables_that_are_named() {
        assert_eq!(tables_read(&[ON_DAY]), READ.map(str::to_owned).into());
    }
}
