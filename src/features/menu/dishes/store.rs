//! Dishes in SQL.

use rusqlite::{Connection, Row};

use super::types::{Dish, DishCreate, DishList, DishUpdate, DishWithCategory};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Int, Patch, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, course};
use crate::features::menu::categories::CATEGORIES;
use crate::features::menu::combos::ensure_not_needed;
use crate::features::menu::ingredients::{MadeOf, ingredients_of, set_ingredients};
use crate::features::menu::limits::MOST_DISHES;
use crate::features::menu::outside::ensure_free;
use crate::features::menu::store::{department, ensure_room, translations};
use crate::features::menu::{tell, variations};
use crate::features::restaurant::MenuPart;
use crate::features::taxes;

/// Dishes without their ingredients.
const DISHES: Repository<Dish> = Repository {
    table: "dishes",
    one: "dish",
    columns: "id, name, description, category_id, code, main_image_url, cooking_time, weight, \
        calories, ingredients, sort_order, is_popular, is_available, department, translations, \
        created_at, updated_at, tax_class_id, external_id, course",
    order: "sort_order, id",
    unique: "code",
    taken: code_taken,
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<Dish> {
    Ok(Dish {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        category_id: row.get(3)?,
        code: row.get(4)?,
        external_id: row.get(18)?,
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
        tax_class_id: row.get(17)?,
        course: course(row, 19)?,
        ingredient_ids: Vec::new(),
        allergens: Vec::new(),
        created_at: Timestamp(row.get(15)?),
        updated_at: Timestamp(row.get(16)?),
    })
}

fn add_ingredients(db: &Connection, dishes: &mut [Dish]) -> Result<()> {
    let ids: Vec<i64> = dishes.iter().map(|dish| dish.id).collect();
    let mut found = ingredients_of(db, MadeOf::Dishes, &ids)?;
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
    let filter = Filter::default()
        .and("category_id = ?", listed.category_id)
        .and("is_available = ?", listed.is_available)
        .containing(&["name", "description", "code"], listed.search.as_deref());
    let (mut dishes, total) = DISHES.list(db, page, filter)?;
    add_ingredients(db, &mut dishes)?;
    Ok(DishList { dishes, total })
}

/// All dishes, in the order in which they stand in their categories.
pub fn all(db: &Connection) -> Result<Vec<Dish>> {
    let listed = Listed { category_id: None, is_available: None, search: None };
    Ok(list(db, (0, MOST_DISHES), &listed)?.dishes)
}

/// A dish that was not removed, else 404.
pub fn dish(db: &Connection, id: i64) -> Result<Dish> {
    let mut dish = DISHES.get(db, id)?;
    add_ingredients(db, std::slice::from_mut(&mut dish))?;
    Ok(dish)
}

pub fn dish_with_category(db: &Connection, id: i64) -> Result<DishWithCategory> {
    let dish = dish(db, id)?;
    let category = CATEGORIES.get(db, dish.category_id)?;
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
        CATEGORIES.get(tx, new.category_id.get())?;
        taxes::check_class(tx, new.tax_class_id.map(Int::get), None)?;
        ensure_free(tx, "dishes", None, new.external_id.as_ref())?;
        let columns = Columns::default()
            .set("name", new.name)
            .set("description", new.description)
            .set("category_id", new.category_id)
            .text("code", new.code)
            .text("external_id", new.external_id)
            .text("main_image_url", new.main_image_url)
            .maybe("cooking_time", new.cooking_time)
            .maybe("weight", new.weight)
            .maybe("calories", new.calories)
            .text("ingredients", new.ingredients)
            .set("sort_order", new.sort_order)
            .set("is_popular", new.is_popular)
            .set("is_available", new.is_available)
            .set("department", new.department)
            .set("translations", new.translations)
            .maybe("tax_class_id", new.tax_class_id)
            .maybe("course", new.course);
        let id = DISHES.insert(tx, &columns)?;
        set_ingredients(tx, (MadeOf::Dishes, id), &new.ingredient_ids)?;
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
        let old = DISHES.get(tx, self.id)?;
        let new = self.changes;
        CATEGORIES.get(tx, new.category_id.map_or(old.category_id, Int::get))?;
        let tax_class = new.tax_class_id.clone().map(Int::get).or(old.tax_class_id);
        taxes::check_class(tx, tax_class, old.tax_class_id)?;
        if let Patch::Set(id) = &new.external_id {
            ensure_free(tx, "dishes", Some(self.id), Some(id))?;
        }
        let columns = Columns::default()
            .maybe("name", new.name)
            .maybe("description", new.description)
            .maybe("category_id", new.category_id)
            .patch_text("code", new.code)
            .patch_text("external_id", new.external_id)
            .patch_text("main_image_url", new.main_image_url)
            .patch("cooking_time", new.cooking_time)
            .patch("weight", new.weight)
            .patch("calories", new.calories)
            .patch_text("ingredients", new.ingredients)
            .maybe("sort_order", new.sort_order)
            .maybe("is_popular", new.is_popular)
            .maybe("is_available", new.is_available)
            .maybe("department", new.department)
            .maybe("translations", new.translations)
            .patch("tax_class_id", new.tax_class_id)
            .patch("course", new.course);
        DISHES.update(tx, self.id, &columns)?;
        if let Some(ingredients) = &new.ingredient_ids {
            set_ingredients(tx, (MadeOf::Dishes, self.id), ingredients)?;
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
        DISHES.get(tx, self.id)?;
        let columns = Columns::default().set("is_available", self.is_available);
        DISHES.update(tx, self.id, &columns)?;
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
        DISHES.get(tx, self.id)?;
        ensure_not_needed(tx, (self.id, None))?;
        variations::remove_all_of(tx, self.id)?;
        DISHES.remove(tx, self.id)?;
        tell(tx, self.by, MenuPart::Dish, Some(self.id))
    }
}

fn code_taken(code: &str) -> Error {
    let detail = format!("Another dish has the code “{code}”. Choose another one.");
    Error::rule("code_taken", detail).with("code", code)
}
