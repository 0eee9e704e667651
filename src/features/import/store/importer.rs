//! How one thing of a file is found, compared and written.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Params};

use super::done::{Done, TWICE};
use super::secrets::Secrets;
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::{Money, Percent};
use crate::core::store::{Columns, Tx};
use crate::features::floor;
use crate::features::import::content::{PaymentMethod, Restaurant};
use crate::features::import::file::File;
use crate::features::import::report::{FieldChange, Outcome};
use crate::features::payments;
use crate::features::restaurant::{self, MenuChanged, MenuPart, UpdateSite};
use crate::platform::site;

/// An import under way, within one transaction.
pub(super) struct Importer<'t, 'c> {
    pub(super) tx: &'t mut Tx<'c>,
    pub(super) file: &'t File,
    pub(super) by: Option<i64>,
    /// The secrets of new people; none in a dry run.
    pub(super) secrets: Option<&'t Secrets>,
    pub(super) done: &'t mut Done,
}

/// A row that was written, or was there already.
pub(super) struct Saved {
    pub(super) id: i64,
    pub(super) outcome: Outcome,
    pub(super) fields: Vec<FieldChange>,
}

impl Saved {
    /// The same, where something that belongs to the row changed too.
    pub(super) fn with(mut self, change: FieldChange) -> Self {
        if self.outcome == Outcome::Created {
            return self;
        }
        self.outcome = Outcome::Updated;
        self.fields.push(change);
        self
    }
}

impl Importer<'_, '_> {
    /// Goes on after a thing that is wrong, so that the person hears of every one. Nothing of such
    /// an import stays.
    pub(super) fn or_wrong<T>(&mut self, outcome: Result<T>) -> Result<Option<T>> {
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.status() == 422 => {
                for wrong in &error.problem().errors {
                    self.done.wrong.note(self.file.lines.name(&wrong.field), wrong.message.clone());
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn find(&self, sql: &str, params: impl Params) -> Result<Option<i64>> {
        Ok(self.tx.prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional()?)
    }

    /// Writes one row: changes `id` where it differs from `columns`, or adds it, with what
    /// `columns` leaves out taken from `first`.
    pub(super) fn save(
        &mut self,
        place: &str,
        table: &'static str,
        id: Option<i64>,
        columns: Columns,
        first: Columns,
    ) -> Result<Saved> {
        self.take_over(place, table, id, &columns)?;
        let saved = if let Some(id) = id {
            self.update(table, id, columns)?
        } else {
            let id = columns.or(first).insert(self.tx, table)?;
            Saved { id, outcome: Outcome::Created, fields: Vec::new() }
        };
        self.note(place, table, saved.id)?;
        Ok(saved)
    }

    pub(super) fn note(&mut self, place: &str, table: &'static str, id: i64) -> Result<()> {
        if self.done.seen.insert((table, id)) {
            return Ok(());
        }
        Err(Error::invalid(place, TWICE))
    }

    fn update(&self, table: &str, id: i64, columns: Columns) -> Result<Saved> {
        let (names, new): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let sql = format!("SELECT {} FROM {table} WHERE id = ?1", names.join(", "));
        let old = self.tx.prepare_cached(&sql)?.query_row([id], |row| {
            (0..names.len()).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()
        })?;
        let (mut changed, mut fields) = (Columns::default(), Vec::new());
        for ((name, old), new) in names.into_iter().zip(old).zip(new) {
            if old != new {
                let (from, to) = (self.shown(name, &old)?, self.shown(name, &new)?);
                fields.push(FieldChange::new(name, from, to));
                changed = changed.set(name, new);
            }
        }
        if fields.is_empty() {
            return Ok(Saved { id, outcome: Outcome::Unchanged, fields });
        }
        changed.update(self.tx, table, id)?;
        Ok(Saved { id, outcome: Outcome::Updated, fields })
    }

    /// A column's value as a person reads it.
    fn shown(&self, column: &str, value: &Value) -> Result<Option<String>> {
        let of_id = |sql: &str, id: i64| {
            let name = self.tx.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
            Ok::<_, Error>(name)
        };
        Ok(match value {
            Value::Integer(id) if column == "category_id" => {
                of_id("SELECT name FROM categories WHERE id = ?1", *id)?
            }
            Value::Integer(id) if column == "location_id" => {
                of_id("SELECT name FROM locations WHERE id = ?1", *id)?
            }
            Value::Integer(id) if column == "tax_class_id" => {
                of_id("SELECT name FROM tax_classes WHERE id = ?1", *id)?
            }
            Value::Integer(amount) if ["price", "amount", "credit_limit"].contains(&column) => {
                Some(Money(*amount).to_string())
            }
            Value::Integer(id) if column == "nested_group_id" => {
                of_id("SELECT name FROM modifier_groups WHERE id = ?1", *id)?
            }
            Value::Integer(percent) if column == "percent" => {
                Some(Percent::new(*percent).to_string())
            }
            Value::Integer(yes) if column.starts_with("is_") || column == "featured" => {
                Some((*yes != 0).to_string())
            }
            Value::Integer(number) => Some(number.to_string()),
            Value::Real(number) => Some(number.to_string()),
            Value::Text(text) => Some(text.clone()),
            Value::Null | Value::Blob(_) => None,
        })
    }

    /// Notes what happened to one thing of the file.
    pub(super) fn count(&mut self, what: &'static str, place: &str, name: String, saved: Saved) {
        let line = self.file.lines.name(place);
        self.done.report.add(what, line, name, saved.outcome, saved.fields);
    }

    pub(super) fn restaurant(&mut self, new: &Restaurant) -> Result<()> {
        let Restaurant { currency, timezone, languages, .. } = new;
        let (currency, timezone) = (currency.as_deref(), timezone.as_deref());
        restaurant::check_facts("restaurant.", currency, timezone, languages.as_deref())?;
        let tax_class = self.tax_class_of("restaurant", new.tax_class.as_ref())?;
        let service = self.tax_class_of("restaurant", new.service_tax_class.as_ref())?;
        let before = self.facts()?;
        let is_changed = UpdateSite {
            name: new.name.as_ref().map(ToString::to_string),
            currency: new.currency.clone(),
            timezone: new.timezone.clone(),
            languages: new.languages.clone(),
            guest_orders: new.guest_orders,
            tax: new.tax_percent,
            tax_class_id: tax_class.or(None),
            service_tax_class_id: service,
            day_begins: new.day_begins_hour,
            house_tips: new.house_tips,
            next_course: new.next_course_minutes.clone(),
            price_grace: new.price_grace_minutes,
            by: self.by,
            ..UpdateSite::default()
        }
        .write(self.tx)?;
        let outcome = if is_changed { Outcome::Updated } else { Outcome::Unchanged };
        let changed = before.iter().zip(self.facts()?).filter(|(before, after)| **before != *after);
        let fields =
            changed.map(|((name, from), (_, to))| FieldChange::new(name, from.clone(), to));
        let fields = fields.collect();
        let name = before.into_iter().next().and_then(|(_, name)| name).unwrap_or_default();
        self.count("restaurant", "restaurant", name, Saved { id: 1, outcome, fields });
        Ok(())
    }

    /// What the box says of the restaurant itself, its name first.
    fn facts(&self) -> Result<Vec<(&'static str, Option<String>)>> {
        let Some(site) = site::load(self.tx)? else { return Ok(Vec::new()) };
        let tax = restaurant::tax_now(self.tx, self.tx.now())?;
        let class =
            |id: Option<i64>| self.shown("tax_class_id", &id.map_or(Value::Null, Value::Integer));
        Ok(vec![
            ("name", Some(site.name)),
            ("currency", Some(site.currency)),
            ("timezone", Some(site.timezone)),
            ("languages", Some(site.languages.join(", "))),
            ("guest_orders", site.guest_orders.map(|choice| choice.as_str().to_owned())),
            ("tax_percent", Some(tax.to_string())),
            ("tax_class", class(Some(site.tax_class_id))?),
            ("service_tax_class", class(site.service_tax_class_id)?),
            ("day_begins_hour", Some(site.day_begins.get().to_string())),
            ("house_tips", Some(site.house_tips.to_string())),
            ("next_course_minutes", site.next_course_minutes.map(|minutes| minutes.to_string())),
            ("price_grace_minutes", Some(site.price_grace_minutes.to_string())),
        ])
    }

    pub(super) fn payment_method(&mut self, place: &str, method: &PaymentMethod) -> Result<()> {
        let id = self.find(
            "SELECT id FROM payment_methods WHERE name = ?1 AND deleted_at IS NULL",
            [&*method.name],
        )?;
        let name = method.name.to_string();
        let columns = Columns::default()
            .set("name", name.clone())
            .maybe("kind", method.kind.map(|kind| kind.as_str().to_owned()))
            .maybe("is_active", method.is_active);
        let saved = self.save(place, "payment_methods", id, columns, Columns::default())?;
        self.count("payment_methods", place, name, saved);
        Ok(())
    }

    /// Tells the screens of what changed, once for all.
    pub(super) fn tell(&mut self) -> Result<()> {
        let report = &self.done.report;
        let changed = |parts: &[&str]| parts.iter().any(|part| report.has_changed(part));
        let menu = changed(&[
            "restaurant",
            "tax_classes",
            "ingredients",
            "modifier_groups",
            "options",
            "categories",
            "dishes",
            "variations",
            "dish_modifier_groups",
            "combos",
            "periods",
            "menu_times",
            "price_lists",
        ]);
        tell(self.tx, menu, changed(&["locations", "tables"]), changed(&["payment_methods"]))
    }
}

/// Lets the screens load anew what changed.
pub(super) fn tell(tx: &mut Tx<'_>, menu: bool, rooms: bool, ways_to_pay: bool) -> Result<()> {
    if menu {
        let details = MenuChanged { what: MenuPart::Import, id: None };
        tx.emit(NewEvent::new(Thing::Dish.any(), None, &details)?)?;
    }
    if rooms {
        tx.emit(floor::floor_imported()?)?;
    }
    if ways_to_pay {
        tx.emit(payments::methods_imported()?)?;
    }
    Ok(())
}
