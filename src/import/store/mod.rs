//! An import in SQL: one command, one transaction.

mod export;
mod menu;
mod rooms;
mod staff;

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Params, params_from_iter};
use serde::Serialize;
use serde_json::json;

use super::file::{File, Lines, Wrong};
use super::report::{FieldChange, Outcome, Report};
use super::{Content, PaymentMethod, Restaurant};
use crate::auth::Hasher;
use crate::error::{Error, Result};
use crate::event::{Audience, Kind, NewEvent};
use crate::kernel::{Money, Text};
use crate::menu::ensure_fits;
use crate::restaurant::{self, CreateSite, NewSite, SiteRow, UpdateSite};
use crate::store::{Command, Priority, Store, Tx};

pub use export::export;

/// A file that moves in: all of it, or nothing.
pub struct Import {
    file: File,
    secrets: staff::Secrets,
    dry_run: bool,
    whole_menu: bool,
    by: Option<i64>,
}

impl Import {
    /// Hashes the secrets of the people who are new, so that the command itself is quick.
    ///
    /// # Errors
    /// When the hashing or the reading fails.
    pub async fn prepare(
        file: impl Into<File>,
        store: &Store,
        hasher: &Hasher,
        dry_run: bool,
    ) -> Result<Self> {
        let file = file.into();
        let secrets = staff::hash_secrets(&file.content.staff, store, hasher).await?;
        Ok(Self { file, secrets, dry_run, whole_menu: false, by: None })
    }

    /// The file's menu is all of it: what it leaves out is taken off.
    #[must_use]
    pub fn as_whole_menu(self) -> Self {
        Self { whole_menu: true, ..self }
    }

    /// Who brings it; without this it is somebody with a shell, or the cloud.
    #[must_use]
    pub fn by(self, user_id: i64) -> Self {
        Self { by: Some(user_id), ..self }
    }

    fn take_in(self, tx: &mut Tx<'_>) -> Result<Report> {
        let File { content, lines } = self.file;
        let mut importer = Importer::new(tx, lines);
        importer.report.dry_run = self.dry_run;
        importer.by = self.by;
        let outcome = importer.all(content, self.secrets);
        // What was wrong before the import broke off is more to the point than why it did.
        std::mem::take(&mut importer.wrong).refuse_if_any()?;
        outcome?;
        if self.whole_menu {
            importer.remove_unnamed()?;
        }
        importer.finish()
    }
}

impl Command for Import {
    type Output = Report;
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Report> {
        if self.dry_run {
            return tx.rehearse(|tx| self.take_in(tx));
        }
        self.take_in(tx)
    }
}

/// A restaurant that begins with what a file holds, in one transaction: a demo that was cut off
/// half-way would never be filled.
pub struct Found {
    /// The restaurant.
    pub site: NewSite,
    /// What it begins with.
    pub import: Import,
}

impl Command for Found {
    type Output = SiteRow;

    fn apply(self, tx: &mut Tx<'_>) -> Result<SiteRow> {
        let row = CreateSite(self.site).apply(tx)?;
        self.import.apply(tx)?;
        Ok(restaurant::load(tx)?.unwrap_or(row))
    }
}

/// The columns of a row that the file speaks of.
#[derive(Default)]
struct Columns(Vec<(&'static str, Value)>);

impl Columns {
    fn set(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// Left out where the file says nothing.
    fn maybe(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// An optional text: an empty one clears the column.
    fn text<const MIN: usize, const MAX: usize>(
        self,
        name: &'static str,
        text: Option<Text<MIN, MAX>>,
    ) -> Self {
        self.maybe(name, text.map(Text::non_empty))
    }

    fn json(self, name: &'static str, value: Option<&impl Serialize>) -> Result<Self> {
        let text = value.map(serde_json::to_string).transpose().map_err(Error::internal)?;
        Ok(self.maybe(name, text))
    }
}

/// An import under way.
struct Importer<'t, 'c> {
    tx: &'t mut Tx<'c>,
    report: Report,
    lines: Lines,
    by: Option<i64>,
    wrong: Wrong,
    /// What this file already spoke of: a second mention would silently win.
    seen: BTreeSet<(&'static str, i64)>,
}

/// A row that was written, or was there already.
struct Saved {
    id: i64,
    outcome: Outcome,
    fields: Vec<FieldChange>,
}

impl Saved {
    /// The same, where something that belongs to the row changed too.
    fn with(mut self, change: FieldChange) -> Self {
        if self.outcome == Outcome::Created {
            return self;
        }
        self.outcome = Outcome::Updated;
        self.fields.push(change);
        self
    }
}

impl<'t, 'c> Importer<'t, 'c> {
    fn new(tx: &'t mut Tx<'c>, lines: Lines) -> Self {
        let (report, wrong, seen) = (Report::default(), Wrong::default(), BTreeSet::new());
        Self { tx, report, lines, by: None, wrong, seen }
    }

    fn all(&mut self, content: Content, secrets: staff::Secrets) -> Result<()> {
        if let Some(restaurant) = content.restaurant {
            self.restaurant(restaurant)?;
        }
        self.menu(content.ingredients, content.categories)?;
        self.rooms(content.locations, content.tables)?;
        for (at, method) in content.payment_methods.into_iter().enumerate() {
            let saved = self.payment_method(&format!("payment_methods[{at}]"), method);
            self.or_wrong(saved)?;
        }
        self.staff(content.staff, secrets)
    }

    /// Goes on after a thing that is wrong, so that the person hears of every one. Nothing of such
    /// an import stays.
    fn or_wrong<T>(&mut self, outcome: Result<T>) -> Result<Option<T>> {
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.status() == 422 => {
                for wrong in &error.problem().errors {
                    self.wrong.note(self.lines.name(&wrong.field), wrong.message.clone());
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn find(&self, sql: &str, params: impl Params) -> Result<Option<i64>> {
        Ok(self.tx.prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional()?)
    }

    /// Writes one row: changes `id` where it differs from `columns`, or adds it, with what
    /// `columns` leaves out taken from `first`.
    fn save(
        &mut self,
        place: &str,
        table: &'static str,
        id: Option<i64>,
        columns: Columns,
        first: Columns,
    ) -> Result<Saved> {
        let saved = if let Some(id) = id {
            self.update(table, id, columns)?
        } else {
            let id = self.insert(table, columns, first)?;
            Saved { id, outcome: Outcome::Created, fields: Vec::new() }
        };
        self.note(place, table, saved.id)?;
        Ok(saved)
    }

    fn note(&mut self, place: &str, table: &'static str, id: i64) -> Result<()> {
        if self.seen.insert((table, id)) {
            return Ok(());
        }
        Err(Error::invalid(place, "stands in the file twice"))
    }

    fn update(&self, table: &str, id: i64, columns: Columns) -> Result<Saved> {
        let (names, new): (Vec<_>, Vec<_>) = columns.0.into_iter().unzip();
        let sql = format!("SELECT {} FROM {table} WHERE id = ?1", names.join(", "));
        let old = self.tx.prepare_cached(&sql)?.query_row([id], |row| {
            (0..names.len()).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()
        })?;
        let (mut sets, mut values, mut fields) = (String::new(), Vec::new(), Vec::new());
        for ((name, old), new) in names.into_iter().zip(old).zip(new) {
            if old != new {
                let (from, to) = (self.shown(name, &old)?, self.shown(name, &new)?);
                fields.push(FieldChange::new(name, from, to));
                sets.push_str(&format!(", {name} = ?{}", values.len() + 3));
                values.push(new);
            }
        }
        if fields.is_empty() {
            return Ok(Saved { id, outcome: Outcome::Unchanged, fields });
        }
        let sql = format!("UPDATE {table} SET updated_at = ?2{sets} WHERE id = ?1");
        let known = [Value::from(id), Value::from(self.tx.now().0)];
        let values = params_from_iter(known.into_iter().chain(values));
        self.tx.prepare_cached(&sql)?.execute(values)?;
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
            Value::Integer(amount) if column == "price" => Some(Money(*amount).to_string()),
            Value::Integer(yes) if column.starts_with("is_") || column == "featured" => {
                Some((*yes != 0).to_string())
            }
            Value::Integer(number) => Some(number.to_string()),
            Value::Real(number) => Some(number.to_string()),
            Value::Text(text) => Some(text.clone()),
            Value::Null | Value::Blob(_) => None,
        })
    }

    fn insert(&self, table: &str, columns: Columns, first: Columns) -> Result<i64> {
        let now = self.tx.now().0;
        let mut all = columns.set("created_at", now).set("updated_at", now).0;
        for (name, value) in first.0 {
            if !all.iter().any(|(given, _)| *given == name) {
                all.push((name, value));
            }
        }
        let (names, values): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", "));
        self.tx.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        Ok(self.tx.last_insert_rowid())
    }

    /// Notes what happened to one thing of the file.
    fn count(&mut self, what: &'static str, place: &str, name: String, saved: Saved) {
        let line = self.lines.name(place);
        self.report.add(what, line, name, saved.outcome, saved.fields);
    }

    fn restaurant(&mut self, new: Restaurant) -> Result<()> {
        let Restaurant { currency, timezone, languages, .. } = &new;
        let (currency, timezone) = (currency.as_deref(), timezone.as_deref());
        restaurant::check_facts("restaurant.", currency, timezone, languages.as_deref())?;
        let before = restaurant::load(self.tx)?;
        let is_changed = UpdateSite {
            name: new.name.map(Text::into_inner),
            currency: new.currency,
            timezone: new.timezone,
            day_begins: new.day_begins_hour,
            languages: new.languages,
            guest_orders: new.guest_orders,
            tax: new.tax_percent,
            by: self.by,
        }
        .write(self.tx)?;
        let outcome = if is_changed { Outcome::Updated } else { Outcome::Unchanged };
        let fields = match before.as_ref().zip(restaurant::load(self.tx)?) {
            Some((before, after)) => different_facts(before, &after),
            None => Vec::new(),
        };
        let name = before.map(|site| site.name).unwrap_or_default();
        self.count("restaurant", "restaurant", name, Saved { id: 1, outcome, fields });
        Ok(())
    }

    fn payment_method(&mut self, place: &str, method: PaymentMethod) -> Result<()> {
        let id = self.find(
            "SELECT id FROM payment_methods WHERE name = ?1 AND deleted_at IS NULL",
            [&*method.name],
        )?;
        let name = method.name.into_inner();
        let columns =
            Columns::default().set("name", name.clone()).maybe("is_active", method.is_active);
        let saved = self.save(place, "payment_methods", id, columns, Columns::default())?;
        self.count("payment_methods", place, name, saved);
        Ok(())
    }

    /// Tells the screens, once for all.
    fn finish(self) -> Result<Report> {
        let changed = |parts: &[&str]| {
            let counts = parts.iter().filter_map(|part| self.report.counts.get(*part));
            counts.map(|counts| counts.created + counts.updated + counts.removed).sum::<usize>() > 0
        };
        ensure_fits(self.tx)?;
        let what = json!({"what": "import"});
        if changed(&["restaurant", "ingredients", "categories", "dishes", "variations"]) {
            let everybody = Audience::STAFF.and(Audience::GUESTS);
            self.tx.emit(NewEvent::new(Kind::MenuChanged, everybody, None, what.clone()))?;
        }
        if changed(&["locations", "tables"]) {
            self.tx.emit(NewEvent::new(Kind::TableChanged, Audience::STAFF, None, what.clone()))?;
        }
        if changed(&["payment_methods"]) {
            let kind = Kind::PaymentMethodsChanged;
            self.tx.emit(NewEvent::new(kind, Audience::STAFF, None, what))?;
        }
        Ok(self.report)
    }
}

/// What is different of the restaurant itself.
fn different_facts(before: &SiteRow, after: &SiteRow) -> Vec<FieldChange> {
    let facts = |site: &SiteRow| {
        [
            ("name", Some(site.name.clone())),
            ("currency", Some(site.currency.clone())),
            ("timezone", Some(site.timezone.clone())),
            ("day_begins_hour", Some(site.day_begins.get().to_string())),
            ("languages", Some(site.languages.join(", "))),
            ("guest_orders", site.guest_orders.map(|choice| choice.as_str().to_owned())),
            ("tax_percent", Some(site.tax.to_string())),
        ]
    };
    let pairs = facts(before).into_iter().zip(facts(after));
    pairs
        .filter(|((_, from), (_, to))| from != to)
        .map(|((name, from), (_, to))| FieldChange::new(name, from, to))
        .collect()
}
