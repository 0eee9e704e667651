//! Ingredients, and which dishes have them, in SQL.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    Allergen, DishIngredients, Ingredient, IngredientCreate, IngredientList, IngredientUpdate,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::kernel::fields::{Comment, Id, Name};
use crate::core::store::{Command, Filter, Tx, is_unique_violation};
use crate::features::menu::limits::MOST_INGREDIENTS;
use crate::features::menu::store::{ensure_room, translations};
use crate::features::menu::tell;
use crate::features::restaurant::MenuPart;

/// How many ingredients one dish may have.
const MOST_OF_A_DISH: usize = 100;

const SELECT: &str = "SELECT id, name, description, is_allergen, translations, created_at, \
    updated_at FROM ingredients";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Ingredient> {
    Ok(Ingredient {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        is_allergen: row.get(3)?,
        translations: translations(row, 4)?,
        created_at: Timestamp(row.get(5)?),
        updated_at: Timestamp(row.get(6)?),
    })
}

pub fn list(
    db: &Connection,
    page: (i64, i64),
    allergen: Option<bool>,
    search: Option<&str>,
) -> Result<IngredientList> {
    let filter = Filter::new("deleted_at IS NULL")
        .and("is_allergen = ?", allergen)
        .containing(&["name", "description"], search);
    Ok(IngredientList {
        ingredients: filter.page(db, SELECT, "name, id", page, from_row)?,
        total: filter.count(db, "ingredients")?,
    })
}

/// An ingredient that was not removed, else 404.
pub fn ingredient(db: &Connection, id: i64) -> Result<Ingredient> {
    db.prepare_cached(&format!("{SELECT} WHERE id = ?1 AND deleted_at IS NULL"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("ingredient", id))
}

/// What each of some dishes is made of; a dish without ingredients is not in the map.
pub fn ingredients_of(db: &Connection, dishes: &[i64]) -> Result<HashMap<i64, DishIngredients>> {
    let mut statement = db.prepare_cached(
        "SELECT l.dish_id, i.id, i.name, i.is_allergen, i.translations
         FROM dish_ingredients l JOIN ingredients i ON i.id = l.ingredient_id
         WHERE l.dish_id IN (SELECT value FROM json_each(?1))
         ORDER BY i.name, i.id",
    )?;
    let mut rows = statement.query([serde_json::to_string(dishes).unwrap_or_default()])?;
    let mut found = HashMap::<_, DishIngredients>::new();
    while let Some(row) = rows.next()? {
        let of_dish = found.entry(row.get(0)?).or_default();
        let id = row.get(1)?;
        of_dish.ids.push(id);
        if row.get(3)? {
            let translations = translations(row, 4)?;
            of_dish.allergens.push(Allergen { id, name: row.get(2)?, translations });
        }
    }
    Ok(found)
}

/// Makes a dish consist of these ingredients and no others.
pub fn set_ingredients(tx: &Tx<'_>, dish_id: i64, ingredients: &BTreeSet<Id>) -> Result<()> {
    if ingredients.len() > MOST_OF_A_DISH {
        let message = format!("must have at most {MOST_OF_A_DISH} ingredients");
        return Err(Error::invalid("ingredient_ids", message));
    }
    tx.execute("DELETE FROM dish_ingredients WHERE dish_id = ?1", [dish_id])?;
    for id in ingredients {
        let added = tx
            .prepare_cached(
                "INSERT INTO dish_ingredients (dish_id, ingredient_id)
                 SELECT ?1, id FROM ingredients WHERE id = ?2 AND deleted_at IS NULL",
            )?
            .execute([dish_id, id.get()])?;
        if added == 0 {
            return Err(Error::not_found("ingredient", id.get()));
        }
    }
    Ok(())
}

/// Adds an ingredient.
pub struct CreateIngredient {
    /// The ingredient.
    pub ingredient: IngredientCreate,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateIngredient {
    type Output = Ingredient;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Ingredient> {
        let new = self.ingredient;
        ensure_room(tx, "ingredients", MOST_INGREDIENTS)?;
        tx.execute(
            "INSERT INTO ingredients (name, description, is_allergen, translations, created_at,
                updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            params![
                &*new.name,
                new.description.and_then(Comment::non_empty),
                new.is_allergen,
                new.translations.to_json(),
                tx.now().0,
            ],
        )
        .map_err(|error| name_taken(error, &new.name))?;
        let id = tx.last_insert_rowid();
        tell(tx, self.by, MenuPart::Ingredient, Some(id))?;
        ingredient(tx, id)
    }
}

pub struct UpdateIngredient {
    pub id: i64,
    pub changes: IngredientUpdate,
    pub by: i64,
}

impl Command for UpdateIngredient {
    type Output = Ingredient;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Ingredient> {
        let old = ingredient(tx, self.id)?;
        let new = self.changes;
        let name = new.name.map_or(old.name, Name::into_inner);
        tx.execute(
            "UPDATE ingredients SET name = ?2, description = ?3, is_allergen = ?4,
                translations = ?5, updated_at = ?6
             WHERE id = ?1",
            params![
                self.id,
                name,
                new.description.text_or(old.description),
                new.is_allergen.unwrap_or(old.is_allergen),
                new.translations.unwrap_or(old.translations).to_json(),
                tx.now().0,
            ],
        )
        .map_err(|error| name_taken(error, &name))?;
        tell(tx, self.by, MenuPart::Ingredient, Some(self.id))?;
        ingredient(tx, self.id)
    }
}

pub struct DeleteIngredient {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteIngredient {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        ingredient(tx, self.id)?;
        tx.execute("DELETE FROM dish_ingredients WHERE ingredient_id = ?1", [self.id])?;
        tx.execute(
            "UPDATE ingredients SET deleted_at = ?2, updated_at = ?2 WHERE id = ?1",
            params![self.id, tx.now().0],
        )?;
        tell(tx, self.by, MenuPart::Ingredient, Some(self.id))
    }
}

fn name_taken(error: rusqlite::Error, name: &str) -> Error {
    if is_unique_violation(&error, "ingredients.name") {
        let detail = format!("There is already an ingredient “{name}”. Choose another name.");
        return Error::rule("name_taken", detail).with("name", name);
    }
    error.into()
}
