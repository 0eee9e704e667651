//! The whole menu read at one moment, and its order written in one transaction.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, params};

use super::{DishOrder, Order, WholeCategory, WholeDish, WholeMenu};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::store::{Command, Tx};
use crate::features::menu::tell;
use crate::features::menu::{categories, combos, dishes, modifiers, variations};
use crate::features::restaurant::MenuPart;

/// Reads the menu as it stands at one moment.
pub fn whole(db: &Connection) -> Result<WholeMenu> {
    let mut variations = variations::of_all_dishes(db)?;
    let mut groups = modifiers::of_all_dishes(db)?;
    let mut combos = combos::of_all_dishes(db)?;
    let mut dishes_of = HashMap::<i64, Vec<WholeDish>>::new();
    for dish in dishes::all(db)? {
        let variations = variations.remove(&dish.id).unwrap_or_default();
        let modifier_groups = groups.remove(&dish.id).unwrap_or_default();
        let combo = combos.remove(&dish.id).unwrap_or_default();
        let whole = WholeDish { dish, variations, modifier_groups, combo };
        dishes_of.entry(whole.dish.category_id).or_default().push(whole);
    }
    let with_dishes = categories::all(db)?.into_iter().map(|category| {
        let dishes = dishes_of.remove(&category.id).unwrap_or_default();
        WholeCategory { category, dishes }
    });
    Ok(WholeMenu { categories: with_dishes.collect(), modifier_groups: modifiers::all(db)? })
}

pub struct OrderCategories {
    pub order: Order,
    pub by: i64,
}

impl Command for OrderCategories {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let standing = "SELECT id FROM categories WHERE deleted_at IS NULL ORDER BY sort_order, id";
        let known = |id| categories::CATEGORIES.get(tx, id).map(drop);
        place_in_order(tx, "categories", (self.order, &known), (standing, None))?;
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
        let dish_id = self.dish_id;
        dishes::dish(tx, dish_id)?;
        let standing = "SELECT id FROM dish_variations
                        WHERE dish_id = ?1 AND deleted_at IS NULL ORDER BY sort_order, id";
        let known = |id| variations::variation(tx, dish_id, id).map(drop);
        place_in_order(tx, "dish_variations", (self.order, &known), (standing, Some(dish_id)))?;
        tell(tx, self.by, MenuPart::Dish, Some(dish_id))
    }
}

/// Puts rows of a table in the wanted order, of which each has to be `known`; the others that `standing`
/// finds stay behind them as they stood.
pub fn place_in_order(
    tx: &Tx<'_>,
    table: &str,
    (wanted, known): (Order, &dyn Fn(i64) -> Result<()>),
    (standing, of): (&str, Option<i64>),
) -> Result<()> {
    let wanted = each_once(wanted.ids)?;
    wanted.iter().try_for_each(|id| known(*id))?;
    place(tx, table, &wanted, &ids(tx, standing, of)?)
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
