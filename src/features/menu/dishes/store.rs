//! Dishes in SQL.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::types::{Dish, DishCreate, DishList, DishUpdate, DishWithCategory};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Code, Line, Name, Weight};
use crate::core::kernel::{Int, Text, Timestamp};
use crate::core::store::{Command, Filter, Tx, is_unique_violation};
use crate::features::menu::categories::category;
use crate::features::menu::ingredients::{ingredients_of, set_ingredients};
use crate::features::menu::limits::MOST_DISHES;
use crate::features::menu::store::{department, ensure_room, translations};
use crate::features::menu::{tell, variations};
use crate::features::restaurant::MenuPart;

const SELECT: &str = "SELECT id, name, description, category_id, code, main_image_url, \
    cooking_time, weight, calories, ingredients, sort_order, is_popular, is_available, \
    department, translations, created_at, updated_at FROM dishes";

/// A dish without its ingredients.
fn from_row(row: &Row<'_>) -> rusqlite::Result<Dish> {
    Ok(Dish {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        category_id: row.get(3)?,
        code: row.get(4)?,
        main_image_url: row.get(5)?,
        cooking_time: row.get(6)?,
        weight: row.get(7)?,
        calories: row.get(8)?,
        ingredients: row.get(9)?,
        sort_order: row.get(10)?,
        is_popular: row.get(11)?,
        is_available: row.get(12)?,
        department: department(row, 13)?,
        translations: translations(row, 14)?,
        ingredient_ids: Vec::new(),
        allergens: Vec::new(),
        created_at: Timestamp(row.get(15)?),
        updated_at: Timestamp(row.get(16)?),
    })
}

fn add_ingredients(db: &Connection, dishes: &mut [Dish]) -> Result<()> {
    let ids: Vec<i64> = dishes.iter().map(|dish| dish.id).collect();
    let mut found = ingredients_of(db, &ids)?;
    for dish in dishes {
        let ingredients = found.remove(&dish.id).unwrap_or_default();
        dish.ingredient_ids = ingredients.ids;
        dish.allergens = ingredients.allergens;
    }
    Ok(())
}

/// Which dishes a list has.
pub struct Listed {
    pub category_id: Option<i64>,
    pub is_available: Option<bool>,
    pub search: Option<String>,
}

pub fn list(db: &Connection, page: (i64, i64), listed: &Listed) -> Result<DishList> {
    let filter = Filter::new("deleted_at IS NULL")
        .and("category_id = ?", listed.category_id)
        .and("is_available = ?", listed.is_available)
        .containing(&["name", "description", "code"], listed.search.as_deref());
    let mut dishes = filter.page(db, SELECT, "sort_order, id", page, from_row)?;
    add_ingredients(db, &mut dishes)?;
    Ok(DishList { dishes, total: filter.count(db, "dishes")? })
}

/// All dishes, in the order in which they stand in their categories.
pub fn all(db: &Connection) -> Result<Vec<Dish>> {
    let listed = Listed { category_id: None, is_available: None, search: None };
    Ok(list(db, (0, MOST_DISHES), &listed)?.dishes)
}

/// A dish that was not removed, else 404.
pub fn dish(db: &Connection, id: i64) -> Result<Dish> {
    let mut dish = db
        .prepare_cached(&format!("{SELECT} WHERE id = ?1 AND deleted_at IS NULL"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("dish", id))?;
    add_ingredients(db, std::slice::from_mut(&mut dish))?;
    Ok(dish)
}

pub fn dish_with_category(db: &Connection, id: i64) -> Result<DishWithCategory> {
    let dish = dish(db, id)?;
    let category = category(db, dish.category_id)?;
    Ok(DishWithCategory {
        dish,
        category_name: category.name,
        category_sort_order: category.sort_order,
        variations: variations::of_dish(db, id)?,
    })
}

/// Adds a dish, as yet without variations.
pub struct CreateDish {
    /// The dish.
    pub dish: DishCreate,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateDish {
    type Output = Dish;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Dish> {
        let new = self.dish;
        ensure_room(tx, "dishes", MOST_DISHES)?;
        category(tx, new.category_id.get())?;
        let code = new.code.and_then(Code::non_empty);
        tx.execute(
            "INSERT INTO dishes (name, description, category_id, code, main_image_url,
                cooking_time, weight, calories, ingredients, sort_order, is_popular,
                is_available, department, translations, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)",
            params![
                &*new.name,
                &*new.description,
                new.category_id.get(),
                code,
                new.main_image_url.and_then(Line::non_empty),
                new.cooking_time.map(Int::get),
                new.weight.map(Weight::get),
                new.calories.map(Int::get),
                new.ingredients.and_then(Text::non_empty),
                new.sort_order.get(),
                new.is_popular,
                new.is_available,
                new.department.as_str(),
                new.translations.to_json(),
                tx.now().0,
            ],
        )
        .map_err(|error| code_taken(error, code))?;
        let id = tx.last_insert_rowid();
        set_ingredients(tx, id, &new.ingredient_ids)?;
        tell(tx, self.by, MenuPart::Dish, Some(id))?;
        dish(tx, id)
    }
}

pub struct UpdateDish {
    pub id: i64,
    pub changes: DishUpdate,
    pub by: i64,
}

impl Command for UpdateDish {
    type Output = Dish;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Dish> {
        let old = dish(tx, self.id)?;
        let new = self.changes;
        let category_id = new.category_id.map_or(old.category_id, Int::get);
        category(tx, category_id)?;
        let code = new.code.text_or(old.code);
        tx.execute(
            "UPDATE dishes SET name = ?2, description = ?3, category_id = ?4, code = ?5,
                main_image_url = ?6, cooking_time = ?7, weight = ?8, calories = ?9,
                ingredients = ?10, sort_order = ?11, is_popular = ?12, is_available = ?13,
                department = ?14, translations = ?15, updated_at = ?16
             WHERE id = ?1",
            params![
                self.id,
                new.name.map_or(old.name, Name::into_inner),
                new.description.map_or(old.description, Text::into_inner),
                category_id,
                code,
                new.main_image_url.text_or(old.main_image_url),
                new.cooking_time.map(Int::get).or(old.cooking_time),
                new.weight.map(Weight::get).or(old.weight),
                new.calories.map(Int::get).or(old.calories),
                new.ingredients.text_or(old.ingredients),
                new.sort_order.map_or(old.sort_order, Int::get),
                new.is_popular.unwrap_or(old.is_popular),
                new.is_available.unwrap_or(old.is_available),
                new.department.unwrap_or(old.department).as_str(),
                new.translations.unwrap_or(old.translations).to_json(),
                tx.now().0,
            ],
        )
        .map_err(|error| code_taken(error, code))?;
        if let Some(ingredients) = &new.ingredient_ids {
            set_ingredients(tx, self.id, ingredients)?;
        }
        tell(tx, self.by, MenuPart::Dish, Some(self.id))?;
        dish(tx, self.id)
    }
}

pub struct SwitchDish {
    pub id: i64,
    pub is_available: bool,
    pub by: i64,
}

impl Command for SwitchDish {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        dish(tx, self.id)?;
        tx.execute(
            "UPDATE dishes SET is_available = ?2, updated_at = ?3 WHERE id = ?1",
            params![self.id, self.is_available, tx.now().0],
        )?;
        tell(tx, self.by, MenuPart::Dish, Some(self.id))
    }
}

pub struct DeleteDish {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteDish {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        dish(tx, self.id)?;
        variations::remove_all_of(tx, self.id)?;
        tx.execute(
            "UPDATE dishes SET deleted_at = ?2, updated_at = ?2 WHERE id = ?1",
            params![self.id, tx.now().0],
        )?;
        tell(tx, self.by, MenuPart::Dish, Some(self.id))
    }
}

fn code_taken(error: rusqlite::Error, code: Option<String>) -> Error {
    if is_unique_violation(&error, "dishes.code") {
        let code = code.unwrap_or_default();
        let detail = format!("Another dish has the code “{code}”. Choose another one.");
        return Error::rule("code_taken", detail).with("code", code);
    }
    error.into()
}
