//! The whole menu read at one moment, and its order written in one transaction.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, params};

use super::{DishOrder, Order, WholeCategory, WholeDish, WholeMenu};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::store::{Command, Tx};
use crate::features::menu::tell;
use crate::features::menu::{categories, dishes, variations};
use crate::features::restaurant::MenuPart;

/// Reads the menu as it stands at one moment.
pub fn whole(db: &Connection) -> Result<WholeMenu> {
    let mut variations = variations::of_all_dishes(db)?;
    let mut dishes_of = HashMap::<i64, Vec<WholeDish>>::new();
    for dish in dishes::all(db)? {
        let variations = variations.remove(&dish.id).unwrap_or_default();
        dishes_of.entry(dish.category_id).or_default().push(WholeDish { dish, variations });
    }
    let with_dishes = categories::all(db)?.into_iter().map(|category| {
        let dishes = dishes_of.remove(&category.id).unwrap_or_default();
        WholeCategory { category, dishes }
    });
    Ok(WholeMenu { categories: with_dishes.collect() })
}

pub struct OrderCategories {
    pub order: Order,
    pub by: i64,
}

impl Command for OrderCategories {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let wanted = each_once(self.order.ids)?;
        for id in &wanted {
            categories::CATEGORIES.get(tx, *id)?;
        }
        let standing = ids(
            tx,
            "SELECT id FROM categories WHERE deleted_at IS NULL
            ORDER BY sort_order, id",
            None,
        )?;
        place(tx, "categories", &wanted, &standing)?;
        tell(tx, self.by, MenuPart::Category, None)
    }
}

pub struct OrderDishes {
    pub order: DishOrder,
    pub by: i64,
}

impl Command for OrderDishes {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let wanted = each_once(self.order.ids)?;
        let category_id = self.order.category_id.get();
        categories::CATEGORIES.get(tx, category_id)?;
        for id in &wanted {
            if dishes::dish(tx, *id)?.category_id != category_id {
                let sql = "UPDATE dishes SET category_id = ?2, updated_at = ?3 WHERE id = ?1";
                tx.prepare_cached(sql)?.execute(params![id, category_id, tx.now().0])?;
            }
        }
        let standing = ids(
            tx,
            "SELECT id FROM dishes
            WHERE category_id = ?1 AND deleted_at IS NULL ORDER BY sort_order, id",
            Some(category_id),
        )?;
        place(tx, "dishes", &wanted, &standing)?;
        tell(tx, self.by, MenuPart::Category, Some(category_id))
    }
}

pub struct OrderVariations {
    pub dish_id: i64,
    pub order: Order,
    pub by: i64,
}

impl Command for OrderVariations {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let wanted = each_once(self.order.ids)?;
        dishes::dish(tx, self.dish_id)?;
        for id in &wanted {
            variations::variation(tx, self.dish_id, *id)?;
        }
        let standing = ids(
            tx,
            "SELECT id FROM dish_variations
            WHERE dish_id = ?1 AND deleted_at IS NULL ORDER BY sort_order, id",
            Some(self.dish_id),
        )?;
        place(tx, "dish_variations", &wanted, &standing)?;
        tell(tx, self.by, MenuPart::Dish, Some(self.dish_id))
    }
}

fn each_once(ids: Vec<Id>) -> Result<Vec<i64>> {
    let ids: Vec<i64> = ids.into_iter().map(Id::get).collect();
    if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
        return Err(Error::invalid("ids", "must name each one once"));
    }
    Ok(ids)
}

fn ids(tx: &Tx<'_>, sql: &str, of: Option<i64>) -> Result<Vec<i64>> {
    let mut statement = tx.prepare_cached(sql)?;
    let found = statement.query_map(rusqlite::params_from_iter(of), |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Numbers the wanted ones from 0 and then the others, in the order in which they stand. Rows that
/// have their number already are not touched.
fn place(tx: &Tx<'_>, table: &str, wanted: &[i64], standing: &[i64]) -> Result<()> {
    let sql = format!(
        "UPDATE {table} SET sort_order = ?2, updated_at = ?3 WHERE id = ?1 AND sort_order <> ?2"
    );
    let named: BTreeSet<_> = wanted.iter().collect();
    let others = standing.iter().filter(|id| !named.contains(id));
    for (number, id) in (0_i64..).zip(wanted.iter().chain(others)) {
        tx.prepare_cached(&sql)?.execute(params![id, number, tx.now().0])?;
    }
    Ok(())
}
