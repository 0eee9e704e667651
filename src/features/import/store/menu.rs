//! The menu of an import.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};

use super::importer::{Importer, Saved};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Code, Name};
use crate::core::store::{Columns, word};
use crate::features::import::content::{Category, Dish, Ingredient, Variation};
use crate::features::import::report::FieldChange;
use crate::features::menu::SaleUnit;
use crate::platform::audit;

/// Which of a dish's ingredients a list in the file speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listed {
    All,
    Allergens,
}

/// The tables of which a whole menu takes off what it does not name, variations first.
pub(super) const NAMED: [(&str, &str); 3] =
    [("dish_variations", "variations"), ("dishes", "dishes"), ("categories", "categories")];

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
        self.done.report.counts.entry(what.into()).or_default().removed += removed;
        Ok(is_all)
    }

    pub(super) fn ingredient(&mut self, place: &str, new: &Ingredient) -> Result<()> {
        let id = self.ingredient_id(&new.name)?;
        let name = new.name.to_string();
        let columns = Columns::default()
            .set("name", name.clone())
            .text("description", new.description.clone())
            .maybe("is_allergen", new.is_allergen)
            .maybe("translations", new.translations.clone());
        let saved = self.save(place, "ingredients", id, columns, Columns::default())?;
        self.count("ingredients", place, name, saved);
        Ok(())
    }

    fn ingredient_id(&self, name: &Name) -> Result<Option<i64>> {
        self.find("SELECT id FROM ingredients WHERE name = ?1 AND deleted_at IS NULL", [&**name])
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

    fn category_id(&self, name: &Name) -> Result<Option<i64>> {
        self.find("SELECT id FROM categories WHERE name = ?1 AND deleted_at IS NULL", [&**name])
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
        let id = self.dish_id(category_id, new)?;
        if id.is_none() && new.department.is_none() {
            return Err(Error::invalid(format!("{place}.department"), "is missing"));
        }
        if id.is_none() && new.variations.is_empty() {
            let message = "must hold at least one variation: a dish is sold as one";
            return Err(Error::invalid(format!("{place}.variations"), message));
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
        let first =
            Columns::default().set("sort_order", at as i64).set("description", String::new());
        let mut saved = self.save(place, "dishes", id, columns, first)?;
        let lists = [("ingredients", &new.ingredients, Listed::All)];
        let lists = lists.into_iter().chain([("allergens", &new.allergens, Listed::Allergens)]);
        for (field, list, listed) in lists {
            let Some(list) = list else { continue };
            let linked = self.link(&format!("{place}.{field}"), saved.id, list, listed);
            if let Some(change) = self.or_wrong(linked)?.flatten() {
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

    /// The dish that the file means: the one with its code; else the one with its name in the
    /// category, unless both have codes, and different ones.
    fn dish_id(&self, category_id: i64, new: &Dish) -> Result<Option<i64>> {
        let code = code_of(new.code.as_ref());
        if let Some(code) = code {
            let sql = "SELECT id FROM dishes WHERE code = ?1 AND deleted_at IS NULL";
            if let Some(id) = self.find(sql, [code])? {
                return Ok(Some(id));
            }
        }
        self.find(
            "SELECT id FROM dishes WHERE category_id = ?1 AND name = ?2 AND deleted_at IS NULL
                AND (code IS NULL OR ?3 IS NULL) ORDER BY id LIMIT 1",
            params![category_id, &*new.name, code],
        )
    }

    /// What guests read of a dish's ingredients: allergens stand elsewhere.
    fn sentence(&self, ingredients: &[Name]) -> Result<Option<String>> {
        let sql = "SELECT is_allergen FROM ingredients WHERE name = ?1 AND deleted_at IS NULL";
        let mut plain = Vec::new();
        for name in ingredients {
            if self.find(sql, [&**name])? == Some(0) {
                plain.push(&**name);
            }
        }
        Ok((!plain.is_empty()).then(|| plain.join(", ")))
    }

    /// Makes the listed ingredients of a dish those that the file names; returns the change, if
    /// they were others.
    fn link(
        &mut self,
        place: &str,
        dish_id: i64,
        names: &[Name],
        listed: Listed,
    ) -> Result<Option<FieldChange>> {
        let mut wanted = BTreeSet::new();
        for (at, name) in names.iter().enumerate() {
            let id = self.ingredient_id(name)?.ok_or_else(|| {
                let message = format!("names “{name}”, which is not among the ingredients");
                Error::invalid(format!("{place}[{at}]"), message)
            })?;
            wanted.insert(id);
        }
        let there = self
            .tx
            .prepare_cached(
                "SELECT i.id, i.name FROM dish_ingredients JOIN ingredients i ON i.id = ingredient_id
                 WHERE dish_id = ?1 AND (?2 OR i.is_allergen = 1) ORDER BY i.name",
            )?
            .query_map(params![dish_id, listed == Listed::All], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
        let old = there.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
        let there: BTreeSet<i64> = there.into_iter().map(|(id, _)| id).collect();
        let gone = there.difference(&wanted);
        let remove = "DELETE FROM dish_ingredients WHERE dish_id = ?1 AND ingredient_id = ?2";
        // What is no allergen may be named as one, and be linked already.
        let add = "INSERT INTO dish_ingredients (dish_id, ingredient_id) VALUES (?1, ?2)
                   ON CONFLICT DO NOTHING";
        let mut changed = 0;
        for (sql, ids) in [(remove, gone), (add, wanted.difference(&there))] {
            for id in ids {
                changed += self.tx.prepare_cached(sql)?.execute([dish_id, *id])?;
            }
        }
        let new = names.iter().map(|name| &**name).collect::<Vec<_>>().join(", ");
        let field = if listed == Listed::All { "ingredients" } else { "allergens" };
        let some = |text: String| (!text.is_empty()).then_some(text);
        Ok((changed > 0).then(|| FieldChange::new(field, some(old), some(new))))
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
            let saved = self.variation(&format!("{place}[{at}]"), at, (dish_id, dish), variation);
            let id = self.or_wrong(saved)?;
            default = default.or(id.filter(|_| is_default));
        }
        self.set_default(dish_id, default)
    }

    fn variation(
        &mut self,
        place: &str,
        at: usize,
        (dish_id, dish): (i64, &str),
        new: &Variation,
    ) -> Result<i64> {
        let id = self.variation_id(place, dish_id, new)?;
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
            .maybe("is_available", new.is_available)
            .maybe("sort_order", new.sort_order)
            .maybe("translations", new.translations.clone());
        let first = Columns::default().set("sort_order", at as i64);
        let saved = self.save(place, "dish_variations", id, columns, first)?;
        let id = saved.id;
        self.note_price(&saved)?;
        self.count("variations", place, name, saved);
        Ok(id)
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
    fn note_price(&self, saved: &Saved) -> Result<()> {
        let is_price = |change: &&FieldChange| ["price", "unit"].contains(&change.field.as_str());
        let changes: Vec<&FieldChange> = saved.fields.iter().filter(is_price).collect();
        if changes.is_empty() {
            return Ok(());
        }
        let state = |of: fn(&FieldChange) -> &Option<String>| -> Value {
            changes.iter().map(|change| (change.field.clone(), json!(of(change)))).collect()
        };
        let change = (state(|change| &change.from), state(|change| &change.to));
        audit::note(self.tx, self.by, "price_changed", ("dish_variation", Some(saved.id)), change)
    }

    /// The variation that the file means: as with dishes, but a SKU of another dish is refused.
    fn variation_id(&self, place: &str, dish_id: i64, new: &Variation) -> Result<Option<i64>> {
        let sku = code_of(new.sku.as_ref());
        if let Some(sku) = sku {
            let of_dish = "SELECT id FROM dish_variations
                           WHERE sku = ?1 AND deleted_at IS NULL AND (dish_id = ?2) = ?3";
            if self.find(of_dish, params![sku, dish_id, false])?.is_some() {
                let message = format!("is “{sku}”, which another dish has already");
                return Err(Error::invalid(format!("{place}.sku"), message));
            }
            if let Some(id) = self.find(of_dish, params![sku, dish_id, true])? {
                return Ok(Some(id));
            }
        }
        self.find(
            "SELECT id FROM dish_variations WHERE dish_id = ?1 AND name = ?2
                AND deleted_at IS NULL AND (sku IS NULL OR ?3 IS NULL) ORDER BY id LIMIT 1",
            params![dish_id, &*new.name, sku],
        )
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

fn code_of(code: Option<&Code>) -> Option<&str> {
    code.map(|code| &**code).filter(|code| !code.is_empty())
}
