//! An import in SQL: one command, one transaction.

mod export;
mod menu;
mod rooms;
mod staff;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Params, params_from_iter};
use serde::Serialize;
use serde_json::json;

use super::{Content, PaymentMethod, Restaurant};
use crate::auth::Hasher;
use crate::error::{Error, Result};
use crate::event::{Audience, Kind, NewEvent};
use crate::kernel::Text;
use crate::restaurant::{self, CreateSite, NewSite, SiteRow, UpdateSite};
use crate::store::{Command, Store, Tx};

pub use export::export;

/// What an import did, or would do.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// True when nothing was changed.
    pub dry_run: bool,
    /// By what they are (`dishes`, `tables`, …).
    pub counts: BTreeMap<&'static str, Counts>,
    /// New people who cannot sign in yet: the file has no password for them.
    pub without_password: Vec<String>,
}

/// How many things an import touched.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// That were not there.
    pub created: usize,
    /// That were different.
    pub updated: usize,
    /// That were as the file says.
    pub unchanged: usize,
    /// That a whole menu leaves out.
    #[serde(skip_serializing_if = "is_zero")]
    pub removed: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A file that moves in: all of it, or nothing.
pub struct Import {
    content: Content,
    secrets: staff::Secrets,
    dry_run: bool,
    whole_menu: bool,
}

impl Import {
    /// Hashes the secrets of the people who are new, so that the command itself is quick.
    ///
    /// # Errors
    /// When the hashing or the reading fails.
    pub async fn prepare(
        content: Content,
        store: &Store,
        hasher: &Hasher,
        dry_run: bool,
    ) -> Result<Self> {
        let secrets = staff::hash_secrets(&content.staff, store, hasher).await?;
        Ok(Self { content, secrets, dry_run, whole_menu: false })
    }

    /// The file's menu is all of it: what it leaves out is taken off.
    #[must_use]
    pub fn as_whole_menu(self) -> Self {
        Self { whole_menu: true, ..self }
    }

    fn take_in(self, tx: &mut Tx<'_>) -> Result<Report> {
        let mut importer = Importer::new(tx);
        importer.report.dry_run = self.dry_run;
        if let Some(restaurant) = self.content.restaurant {
            importer.restaurant(restaurant)?;
        }
        importer.menu(self.content.ingredients, self.content.categories)?;
        if self.whole_menu {
            importer.remove_unnamed()?;
        }
        importer.rooms(self.content.locations, self.content.tables)?;
        for (at, method) in self.content.payment_methods.into_iter().enumerate() {
            importer.payment_method(&format!("payment_methods[{at}]"), method)?;
        }
        importer.staff(self.content.staff, self.secrets)?;
        importer.finish()
    }
}

impl Command for Import {
    type Output = Report;

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

/// What happened to one thing of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Created,
    Updated,
    Unchanged,
}

impl Outcome {
    /// The same, where something that belongs to the thing changed too.
    fn or_updated(self, changed: bool) -> Self {
        if self == Self::Unchanged && changed { Self::Updated } else { self }
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
    /// What this file already spoke of: a second mention would silently win.
    seen: BTreeSet<(&'static str, i64)>,
}

impl<'t, 'c> Importer<'t, 'c> {
    fn new(tx: &'t mut Tx<'c>) -> Self {
        Self { tx, report: Report::default(), seen: BTreeSet::new() }
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
    ) -> Result<(i64, Outcome)> {
        let (id, outcome) = match id {
            Some(id) => (id, self.update(table, id, columns)?),
            None => (self.insert(table, columns, first)?, Outcome::Created),
        };
        self.note(place, table, id)?;
        Ok((id, outcome))
    }

    fn note(&mut self, place: &str, table: &'static str, id: i64) -> Result<()> {
        if self.seen.insert((table, id)) {
            return Ok(());
        }
        Err(Error::invalid(place, "stands in the file twice"))
    }

    fn update(&self, table: &str, id: i64, columns: Columns) -> Result<Outcome> {
        let (names, values): (Vec<_>, Vec<_>) = columns.0.into_iter().unzip();
        let marks: Vec<_> = (3..3 + names.len()).map(|n| format!("?{n}")).collect();
        let sets: Vec<_> = names.iter().zip(&marks).map(|(n, m)| format!("{n} = {m}")).collect();
        let sql = format!(
            "UPDATE {table} SET updated_at = ?2, {} WHERE id = ?1 AND ({}) IS NOT ({})",
            sets.join(", "),
            names.join(", "),
            marks.join(", "),
        );
        let known = [Value::from(id), Value::from(self.tx.now().0)];
        let values = params_from_iter(known.into_iter().chain(values));
        let changed = self.tx.prepare_cached(&sql)?.execute(values)?;
        Ok(if changed > 0 { Outcome::Updated } else { Outcome::Unchanged })
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

    fn count(&mut self, what: &'static str, outcome: Outcome) {
        let counts = self.report.counts.entry(what).or_default();
        match outcome {
            Outcome::Created => counts.created += 1,
            Outcome::Updated => counts.updated += 1,
            Outcome::Unchanged => counts.unchanged += 1,
        }
    }

    fn restaurant(&mut self, new: Restaurant) -> Result<()> {
        let Restaurant { currency, timezone, languages, .. } = &new;
        let (currency, timezone) = (currency.as_deref(), timezone.as_deref());
        restaurant::check_facts("restaurant.", currency, timezone, languages.as_deref())?;
        let is_changed = UpdateSite {
            name: new.name.map(Text::into_inner),
            currency: new.currency,
            timezone: new.timezone,
            languages: new.languages,
            guest_orders: None,
        }
        .write(self.tx)?;
        self.count("restaurant", if is_changed { Outcome::Updated } else { Outcome::Unchanged });
        Ok(())
    }

    fn payment_method(&mut self, place: &str, method: PaymentMethod) -> Result<()> {
        let id = self.find(
            "SELECT id FROM payment_methods WHERE name = ?1 AND deleted_at IS NULL",
            [&*method.name],
        )?;
        let columns = Columns::default()
            .set("name", method.name.into_inner())
            .maybe("is_active", method.is_active);
        let (_, outcome) = self.save(place, "payment_methods", id, columns, Columns::default())?;
        self.count("payment_methods", outcome);
        Ok(())
    }

    /// Tells the screens, once for all.
    fn finish(self) -> Result<Report> {
        let changed = |parts: &[&str]| {
            let counts = parts.iter().filter_map(|part| self.report.counts.get(part));
            counts.map(|counts| counts.created + counts.updated + counts.removed).sum::<usize>() > 0
        };
        let what = json!({"what": "import"});
        if changed(&["restaurant", "ingredients", "categories", "dishes", "variations"]) {
            let everybody = Audience::STAFF.and(Audience::GUESTS);
            self.tx.emit(NewEvent::new(Kind::MenuChanged, everybody, None, what.clone()))?;
        }
        if changed(&["locations", "tables"]) {
            self.tx.emit(NewEvent::new(Kind::TableChanged, Audience::STAFF, None, what))?;
        }
        Ok(self.report)
    }
}
