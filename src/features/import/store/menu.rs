//! The menu of an import.

use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};

use super::alike::{DISHES, Described, SIZES, said};
use super::done::Owed;
use super::importer::{Importer, Saved};
use super::ingredients::Made;
use super::named::within;
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Name;
use crate::core::store::{Columns, word};
use crate::features::import::content::{Category, Dish, Variation};
use crate::features::import::report::FieldChange;
use crate::features::menu::{SaleUnit, set_barcodes};
use crate::platform::audit;

/// The tables of which a whole menu takes off what it does not name, with what they hold; parts before
/// what they are parts of.
pub(super) const NAMED: [(&str, &str); 7] = [
    ("price_lists", "price_lists"),
    ("combo_parts", "combos"),
    ("dish_variations", "variations"),
    ("dishes", "dishes"),
    ("categories", "categories"),
    ("modifier_options", "options"),
    ("modifier_groups", "modifier_groups"),
];

/// How many rows are taken off at once.
const REMOVED_AT_ONCE: usize = 100;

impl Importer<'_, '_> {
    /// Takes off some of what the file did not name. Says whether it is all.
    pub(super) fn remove_unnamed(&mut self, (table, what): (&'static str, &str)) -> Result<bool> {
        let sql = format!("SELECT id FROM {table} WHERE deleted_at IS NULL");
        let ids: Vec<i64> = self
            .tx
            .prepare_cached(&sql)?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let remove = format!("UPDATE {table} SET deleted_at = ?2, updated_at = ?2 WHERE id = ?1");
        let mut unnamed = ids.into_iter().filter(|id| !self.done.seen.contains(&(table, *id)));
        let mut removed = 0;
        for id in unnamed.by_ref().take(REMOVED_AT_ONCE) {
            self.tx.prepare_cached(&remove)?.execute([id, self.tx.now().0])?;
            removed += 1;
        }
        let is_all = unnamed.next().is_none();
        if table == "modifier_groups" {
            // Nothing asks for what is gone.
            let gone = "IN (SELECT id FROM modifier_groups WHERE deleted_at IS NOT NULL)";
            self.tx.execute_batch(&format!(
                "DELETE FROM dish_modifier_groups WHERE group_id {gone};
                 UPDATE modifier_options SET nested_group_id = NULL WHERE nested_group_id {gone};"
            ))?;
        }
        self.done.report.counts.entry(what.into()).or_default().removed += removed;
        Ok(is_all)
    }

    pub(super) fn category(&mut self, place: &str, at: usize, new: &Category) -> Result<()> {
        let id = self.category_id(&new.name)?;
        let name = new.name.to_string();
        let columns = Columns::default()
            .set("name", name.clone())
            .text("description", new.description.clone())
            .text("image_url", new.image_url.clone())
            .maybe("color", new.color.clone())
            .maybe("featured", new.featured)
            .maybe("is_active", new.is_active)
            .maybe("sort_order", new.sort_order)
            .maybe("course", new.course)
            .maybe("translations", new.translations.clone());
        let columns =
            columns.patch("tax_class_id", self.tax_class_of(place, new.tax_class.as_ref())?);
        let first = Columns::default().set("sort_order", at as i64);
        let saved = self.save(place, "categories", id, columns, first)?;
        self.count("categories", place, name, saved);
        Ok(())
    }

    pub(super) fn category_id(&self, name: &Name) -> Result<Option<i64>> {
        self.category_called(name)
    }

    pub(super) fn category_called(&self, name: &str) -> Result<Option<i64>> {
        self.find("SELECT id FROM categories WHERE name = ?1 AND deleted_at IS NULL", [name])
    }

    pub(super) fn dish(
        &mut self,
        place: &str,
        at: usize,
        category: &Name,
        new: &Dish,
    ) -> Result<()> {
        // It was written just before, unless somebody took it off meanwhile.
        let category_id = self.category_id(category)?.ok_or_else(|| {
            let message = format!("stands in “{category}”, which is not on the menu any more");
            Error::invalid(place, message)
        })?;
        let id = self.dish_id(place, category_id, new)?;
        if id.is_none() && new.department.is_none() {
            return Err(Error::invalid(format!("{place}.department"), "is missing"));
        }
        let sentence = match (&new.ingredients_text, &new.ingredients) {
            (Some(text), _) => Some(text.clone().non_empty()),
            (None, Some(names)) => Some(self.sentence(names)?),
            (None, None) => None,
        };
        let name = new.name.to_string();
        let columns = Columns::default()
            .set("category_id", category_id)
            .set("name", name.clone())
            .maybe("description", new.description.clone())
            .text("code", new.code.clone())
            .text("external_id", new.external_id.clone())
            .text("main_image_url", new.main_image_url.clone())
            .maybe("department", new.department)
            .maybe("cooking_time", new.cooking_time)
            .maybe("weight", new.weight)
            .maybe("calories", new.calories)
            .maybe("is_popular", new.is_popular)
            .maybe("is_available", new.is_available)
            .maybe("sort_order", new.sort_order)
            .maybe("ingredients", sentence)
            .maybe("course", new.course)
            .patch("tax_class_id", self.tax_class_of(place, new.tax_class.as_ref())?)
            .maybe("translations", new.translations.clone());
        let first = self.place_of_new(&DISHES, category_id, described(new), at)?;
        let first = Columns::default().set("sort_order", first).set("description", String::new());
        let mut saved = self.save(place, "dishes", id, columns, first)?;
        self.note_described(
            place,
            (&DISHES, category_id),
            described(new),
            (saved.id, id.is_none()),
        );
        let lists = (&new.ingredients, &new.allergens);
        for change in self.made_of(place, (Made::Dish, saved.id), lists)? {
            saved = saved.with(change);
        }
        if let Some(groups) = &new.modifier_groups {
            let asked = self.dish_groups(&format!("{place}.modifier_groups"), saved.id, groups);
            if let Some(change) = self.or_wrong(asked)?.flatten() {
                saved = saved.with(change);
            }
        }
        let variations = format!("{place}.variations");
        if let Some(change) = self.variations(&variations, saved.id, &name, &new.variations)? {
            saved = saved.with(change);
        }
        self.count("dishes", place, name, saved);
        Ok(())
    }

    /// The dish that the file means: the one with its outside id or its code; else the one with its name in
    /// the category, unless both have codes, and different ones.
    fn dish_id(&mut self, place: &str, category_id: i64, new: &Dish) -> Result<Option<i64>> {
        let file = self.file;
        let others = file.content.categories.iter().flat_map(|category| &category.dishes);
        self.described(place, &DISHES, category_id, described(new), &others.map(described))
    }

    /// The variations of a dish; returns the change, if another one is the default now.
    fn variations(
        &mut self,
        place: &str,
        dish_id: i64,
        dish: &str,
        new: &[Variation],
    ) -> Result<Option<FieldChange>> {
        if new.iter().filter(|variation| variation.is_default == Some(true)).count() > 1 {
            return Err(Error::invalid(place, "must have one default at most"));
        }
        let mut default = None;
        for (at, variation) in new.iter().enumerate() {
            let is_default = variation.is_default == Some(true);
            let place = format!("{place}[{at}]");
            let saved = self.variation(&place, at, (dish_id, dish, new), variation);
            let id = self.or_wrong(saved)?;
            default = default.or(id.filter(|_| is_default));
        }
        self.set_default(dish_id, default)
    }

    fn variation(
        &mut self,
        place: &str,
        at: usize,
        (dish_id, dish, all): (i64, &str, &[Variation]),
        new: &Variation,
    ) -> Result<i64> {
        let meant = size_described(new);
        let others = all.iter().map(size_described);
        let id = self.described(place, &SIZES, dish_id, meant, &others)?;
        let unit = self.sale_unit(id, new)?;
        unit.check_price(new.price).map_err(|why| Error::invalid(format!("{place}.price"), why))?;
        // A spreadsheet without sizes calls the only one as its dish.
        let has_own = *new.name != *dish;
        let name = if has_own { format!("{dish} · {}", new.name) } else { dish.to_owned() };
        let columns = Columns::default()
            .set("dish_id", dish_id)
            .set("name", new.name.to_string())
            .text("description", new.description.clone())
            .set("price", new.price.0)
            .maybe("unit", new.unit)
            .text("image_url", new.image_url.clone())
            .maybe("weight", new.weight)
            .maybe("calories", new.calories)
            .text("sku", new.sku.clone())
            .text("external_id", new.external_id.clone())
            .maybe("is_available", new.is_available)
            .maybe("sort_order", new.sort_order)
            .maybe("translations", new.translations.clone());
        let first = self.place_of_new(&SIZES, dish_id, meant, at)?;
        let first = Columns::default().set("sort_order", first);
        let had_more = self.take_over_barcodes(place, id, new)?;
        let is_new = id.is_none();
        let mut saved = self.save(place, "dish_variations", id, columns, first)?;
        let id = saved.id;
        self.note_described(place, (&SIZES, dish_id), meant, (id, is_new));
        self.note_price("dish_variation", &saved)?;
        if let Some(change) = self.barcodes(place, id, new, had_more)? {
            saved = saved.with(change);
        }
        if !unit.is_piece() {
            let place = self.file.lines.name(&format!("{place}.unit"));
            self.done.owed.push(Owed::Weighed { size: id, place });
        }
        self.count("variations", place, name, saved);
        Ok(id)
    }

    /// Makes the barcodes of a size those that the file names; returns the change, if they were others.
    fn barcodes(
        &mut self,
        place: &str,
        id: i64,
        new: &Variation,
        had_more: bool,
    ) -> Result<Option<FieldChange>> {
        let Some(codes) = &new.barcodes else { return Ok(None) };
        let changed = set_barcodes(self.tx, id, codes).map_err(|error| within(place, error))?;
        let told = codes.iter().map(|code| &**code).collect::<Vec<_>>().join(", ");
        Ok((changed || had_more).then(|| FieldChange::new("barcodes", None, Some(told))))
    }

    /// Of what the price is: as the file says, else as it was.
    fn sale_unit(&self, id: Option<i64>, new: &Variation) -> Result<SaleUnit> {
        let sql = "SELECT unit FROM dish_variations WHERE id = ?1";
        match (new.unit, id) {
            (Some(unit), _) => Ok(unit),
            (None, None) => Ok(SaleUnit::default()),
            (None, Some(id)) => Ok(self
                .tx
                .prepare_cached(sql)?
                .query_row([id], |row| word(row, 0, SaleUnit::parse))?),
        }
    }

    /// A price that changed, or is of something else now, leaves a trace.
    pub(super) fn note_price(&self, subject: &str, saved: &Saved) -> Result<()> {
        let is_price = |change: &&FieldChange| ["price", "unit"].contains(&change.field.as_str());
        let changes: Vec<&FieldChange> = saved.fields.iter().filter(is_price).collect();
        if changes.is_empty() {
            return Ok(());
        }
        let state = |of: fn(&FieldChange) -> &Option<String>| -> Value {
            changes.iter().map(|change| (change.field.clone(), json!(of(change)))).collect()
        };
        let change = (state(|change| &change.from), state(|change| &change.to));
        audit::note(self.tx, self.by, "price_changed", (subject, Some(saved.id)), change)
    }

    /// Makes one variation the default: the one the file says, else the first of a dish that has
    /// none. Returns the change, if that changed something.
    fn set_default(&mut self, dish_id: i64, wanted: Option<i64>) -> Result<Option<FieldChange>> {
        let old = self.find(
            "SELECT id FROM dish_variations
             WHERE dish_id = ?1 AND is_default = 1 AND deleted_at IS NULL",
            [dish_id],
        )?;
        let first = "SELECT id FROM dish_variations WHERE dish_id = ?1 AND deleted_at IS NULL
                     ORDER BY sort_order, id LIMIT 1";
        let new = match wanted.or(old) {
            Some(id) => Some(id),
            None => self.find(first, [dish_id])?,
        };
        if new == old {
            return Ok(None);
        }
        for (id, is_default) in [(old, false), (new, true)] {
            let sql = "UPDATE dish_variations SET is_default = ?2, updated_at = ?3 WHERE id = ?1";
            self.tx.prepare_cached(sql)?.execute(params![id, is_default, self.tx.now().0])?;
        }
        let name = |id: Option<i64>| -> Result<Option<String>> {
            let sql = "SELECT name FROM dish_variations WHERE id = ?1";
            Ok(self.tx.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
        };
        Ok(Some(FieldChange::new("default", name(old)?, name(new)?)))
    }
}

fn described(dish: &Dish) -> Described<'_> {
    Described {
        name: &dish.name,
        number: dish.number,
        outside: said(dish.external_id.as_deref()),
        code: said(dish.code.as_deref()),
    }
}

fn size_described(size: &Variation) -> Described<'_> {
    Described {
        name: &size.name,
        number: size.number,
        outside: said(size.external_id.as_deref()),
        code: said(size.sku.as_deref()),
    }
}
