//! Which groups a dish asks for.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asked::ensure_choices_of;
use super::rows::GROUPS;
use super::sound::check_bounds;
use crate::core::error::{Error, Result};
use crate::core::kernel::Int;
use crate::core::kernel::fields::Id;
use crate::core::store::{Command, Tx};
use crate::features::menu::modifiers::types::Choices;
use crate::features::menu::store::ensure_dish;
use crate::features::menu::tell;
use crate::features::restaurant::MenuPart;

/// How many groups one dish may ask for.
const MOST_OF_A_DISH: usize = 20;

/// A group that a dish asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DishModifierGroup {
    /// The group.
    pub group_id: i64,
    /// How many have to be chosen with this dish.
    pub min: i64,
    /// How many may be chosen with this dish.
    pub max: i64,
}

/// The groups that a dish asks for from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DishModifierGroupsUpdate {
    /// In the order in which they are asked, each once, at most 20.
    #[schema(max_items = 20)]
    pub groups: Vec<DishModifierGroupLink>,
}

/// A group for a dish.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DishModifierGroupLink {
    /// The group.
    pub group_id: Id,
    /// How many have to be chosen, where that is other than the group says.
    #[schema(value_type = Option<Choices>)]
    pub min: Option<Choices>,
    /// How many may be chosen, where that is other than the group says.
    #[schema(value_type = Option<Choices>)]
    pub max: Option<Choices>,
}

const SELECT: &str = "SELECT l.dish_id, l.group_id, coalesce(l.min_choices, g.min_choices),
        coalesce(l.max_choices, g.max_choices)
    FROM dish_modifier_groups l JOIN modifier_groups g ON g.id = l.group_id
    WHERE g.deleted_at IS NULL";

fn from_row(row: &Row<'_>) -> rusqlite::Result<DishModifierGroup> {
    Ok(DishModifierGroup { group_id: row.get(1)?, min: row.get(2)?, max: row.get(3)? })
}

/// The groups that a dish asks for, in their order; 404 when there is no such dish.
pub fn of_dish(db: &Connection, dish_id: i64) -> Result<Vec<DishModifierGroup>> {
    ensure_dish(db, dish_id)?;
    let sql = format!("{SELECT} AND l.dish_id = ?1 ORDER BY l.sort_order, l.id");
    let mut statement = db.prepare_cached(&sql)?;
    Ok(statement.query_map([dish_id], from_row)?.collect::<rusqlite::Result<_>>()?)
}

/// The groups that each dish asks for; a dish that asks for none is not in the map.
///
/// # Errors
/// When the database cannot be read.
pub fn of_all_dishes(db: &Connection) -> Result<HashMap<i64, Vec<DishModifierGroup>>> {
    let sql = format!("{SELECT} ORDER BY l.dish_id, l.sort_order, l.id");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut found = HashMap::<_, Vec<_>>::new();
    while let Some(row) = rows.next()? {
        found.entry(row.get(0)?).or_default().push(from_row(row)?);
    }
    Ok(found)
}

/// Makes a dish ask for these groups and no others.
pub struct SetGroups {
    /// The dish.
    pub dish_id: i64,
    /// The groups, in their order.
    pub groups: Vec<DishModifierGroupLink>,
    /// Who does; none is somebody with a shell, or the cloud.
    pub by: Option<i64>,
}

impl Command for SetGroups {
    type Output = Vec<DishModifierGroup>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Vec<DishModifierGroup>> {
        let (dish_id, by) = (self.dish_id, self.by);
        self.write(tx)?;
        tell(tx, by, MenuPart::Dish, Some(dish_id))?;
        of_dish(tx, dish_id)
    }
}

impl SetGroups {
    /// Writes it and tells nobody: an import does that once for all.
    ///
    /// # Errors
    /// As the command.
    pub fn write(self, tx: &Tx<'_>) -> Result<()> {
        let Self { dish_id, groups, .. } = self;
        ensure_dish(tx, dish_id)?;
        if groups.len() > MOST_OF_A_DISH {
            let why = format!("must name at most {MOST_OF_A_DISH} groups");
            return Err(Error::invalid("groups", why));
        }
        if groups.iter().map(|link| link.group_id).collect::<BTreeSet<_>>().len() < groups.len() {
            return Err(Error::invalid("groups", "must name each one once"));
        }
        let told = of_dish(tx, dish_id)?;
        tx.execute("DELETE FROM dish_modifier_groups WHERE dish_id = ?1", [dish_id])?;
        let mut asked = Vec::with_capacity(groups.len());
        for (place, link) in (0_i64..).zip(groups) {
            let group = GROUPS.get(tx, link.group_id.get())?;
            asked.push(group.id);
            let (min, max) = (link.min.map(Int::get), link.max.map(Int::get));
            check_bounds(min.unwrap_or(group.min), max.unwrap_or(group.max))?;
            tx.prepare_cached(
                "INSERT INTO dish_modifier_groups (dish_id, group_id, min_choices, max_choices,
                                                   sort_order)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![dish_id, group.id, min, max, place])?;
        }
        // What was asked before, and in the same way, may be mended step by step.
        let of = |links: &[DishModifierGroup], id: i64| {
            links.iter().find(|link| link.group_id == id).cloned()
        };
        let now = of_dish(tx, dish_id)?;
        for group in asked {
            if of(&told, group) != of(&now, group) {
                ensure_choices_of(tx, group, dish_id)?;
            }
        }
        Ok(())
    }
}
