//! The ingredients of an import, and what is made of them.

use std::collections::BTreeSet;

use rusqlite::params;

use super::importer::Importer;
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Name;
use crate::core::store::Columns;
use crate::features::import::content::Ingredient;
use crate::features::import::report::FieldChange;

/// What is made of ingredients.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    Dish,
    Option,
}

impl Made {
    /// The table that links it, and its column there.
    fn links(self) -> (&'static str, &'static str) {
        match self {
            Self::Dish => ("dish_ingredients", "dish_id"),
            Self::Option => ("option_ingredients", "option_id"),
        }
    }
}

/// The ingredients of something as a file says them: all, and its allergens alone.
type Lists<'a> = (&'a Option<Vec<Name>>, &'a Option<Vec<Name>>);

/// Which of the ingredients a list in the file speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listed {
    All,
    Allergens,
}

impl Importer<'_, '_> {
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

    /// What guests read of a dish's ingredients: allergens stand elsewhere.
    pub(super) fn sentence(&self, ingredients: &[Name]) -> Result<Option<String>> {
        let sql = "SELECT is_allergen FROM ingredients WHERE name = ?1 AND deleted_at IS NULL";
        let mut plain = Vec::new();
        for name in ingredients {
            if self.find(sql, [&**name])? == Some(0) {
                plain.push(&**name);
            }
        }
        Ok((!plain.is_empty()).then(|| plain.join(", ")))
    }

    /// Makes the ingredients of something those that the file names; returns what changed.
    pub(super) fn made_of(
        &mut self,
        place: &str,
        made: (Made, i64),
        (ingredients, allergens): Lists<'_>,
    ) -> Result<Vec<FieldChange>> {
        let lists = [("ingredients", ingredients, Listed::All)];
        let lists = lists.into_iter().chain([("allergens", allergens, Listed::Allergens)]);
        let mut changes = Vec::new();
        for (field, list, listed) in lists {
            let Some(list) = list else { continue };
            let linked = self.link(&format!("{place}.{field}"), made, list, listed);
            changes.extend(self.or_wrong(linked)?.flatten());
        }
        Ok(changes)
    }

    /// Makes the listed ingredients those that the file names; returns the change, if they were
    /// others.
    fn link(
        &mut self,
        place: &str,
        (made, of): (Made, i64),
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
        let (table, column) = made.links();
        let sql = format!(
            "SELECT i.id, i.name FROM {table} JOIN ingredients i ON i.id = ingredient_id
             WHERE {column} = ?1 AND (?2 OR i.is_allergen = 1) ORDER BY i.name"
        );
        let there = self
            .tx
            .prepare_cached(&sql)?
            .query_map(params![of, listed == Listed::All], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
        let old = there.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
        let there: BTreeSet<i64> = there.into_iter().map(|(id, _)| id).collect();
        let gone = there.difference(&wanted);
        let remove = format!("DELETE FROM {table} WHERE {column} = ?1 AND ingredient_id = ?2");
        // What is no allergen may be named as one, and be linked already.
        let add = format!(
            "INSERT INTO {table} ({column}, ingredient_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
        );
        let mut changed = 0;
        for (sql, ids) in [(&remove, gone), (&add, wanted.difference(&there))] {
            for id in ids {
                changed += self.tx.prepare_cached(sql)?.execute([of, *id])?;
            }
        }
        let new = names.iter().map(|name| &**name).collect::<Vec<_>>().join(", ");
        let field = if listed == Listed::All { "ingredients" } else { "allergens" };
        let some = |text: String| (!text.is_empty()).then_some(text);
        Ok((changed > 0).then(|| FieldChange::new(field, some(old), some(new))))
    }
}
