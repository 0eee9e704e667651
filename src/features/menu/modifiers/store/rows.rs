//! Groups and options, read.

use std::collections::{BTreeSet, HashMap};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Filter, Repository, name_taken, word};
use crate::features::menu::ingredients::{MadeOf, ingredients_of};
use crate::features::menu::limits::MOST_MODIFIER_GROUPS;
use crate::features::menu::modifiers::types::{
    Halves, ModifierGroup, ModifierGroupList, ModifierOption, Prefix,
};
use crate::features::menu::store::translations;

/// Groups without their options. Two may have one name: coffee and tea have sizes of their own.
pub const GROUPS: Repository<ModifierGroup> = Repository {
    table: "modifier_groups",
    one: "modifier group",
    columns: "id, name, translations, min_choices, max_choices, free_choices, halves, prefixes, \
        sort_order, created_at, updated_at, external_id",
    order: "sort_order, name, id",
    unique: "id",
    taken: |name| name_taken("a modifier group", name),
    from_row: group_from_row,
};

fn group_from_row(row: &Row<'_>) -> rusqlite::Result<ModifierGroup> {
    Ok(ModifierGroup {
        id: row.get(0)?,
        name: row.get(1)?,
        translations: translations(row, 2)?,
        min: row.get(3)?,
        max: row.get(4)?,
        free: row.get(5)?,
        halves: halves(row, 6)?,
        prefixes: prefixes(row, 7)?,
        sort_order: row.get(8)?,
        options: Vec::new(),
        created_at: Timestamp(row.get(9)?),
        updated_at: Timestamp(row.get(10)?),
        external_id: row.get(11)?,
    })
}

/// How halves are priced, in a column.
pub fn halves(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Halves>> {
    if row.get_ref(column)? == ValueRef::Null {
        return Ok(None);
    }
    word(row, column, Halves::parse).map(Some)
}

/// The prefixes in a column.
pub fn prefixes(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<Prefix>> {
    let json = row.get_ref(column)?.as_str()?;
    serde_json::from_str(json).map_err(|_| rusqlite::Error::InvalidQuery)
}

pub const OPTIONS: Repository<ModifierOption> = Repository {
    table: "modifier_options",
    one: "option",
    columns: "id, group_id, name, translations, kitchen_name, price, is_default, max_quantity, \
        is_available, weight, calories, nested_group_id, sort_order, created_at, updated_at, \
        external_id, image_url",
    order: "sort_order, id",
    unique: "id",
    taken: |name| name_taken("an option", name),
    from_row: option_from_row,
};

fn option_from_row(row: &Row<'_>) -> rusqlite::Result<ModifierOption> {
    Ok(ModifierOption {
        id: row.get(0)?,
        group_id: row.get(1)?,
        name: row.get(2)?,
        translations: translations(row, 3)?,
        kitchen_name: row.get(4)?,
        price: Money(row.get(5)?),
        is_default: row.get(6)?,
        max_quantity: row.get(7)?,
        is_available: row.get(8)?,
        weight: row.get(9)?,
        calories: row.get(10)?,
        nested_group_id: row.get(11)?,
        external_id: row.get(15)?,
        image_url: row.get(16)?,
        sort_order: row.get(12)?,
        ingredient_ids: Vec::new(),
        allergens: Vec::new(),
        created_at: Timestamp(row.get(13)?),
        updated_at: Timestamp(row.get(14)?),
    })
}

/// The options of some groups, by their group.
pub fn of_groups(db: &Connection, groups: &[i64]) -> Result<HashMap<i64, Vec<ModifierOption>>> {
    let sql = format!(
        "{} WHERE group_id IN (SELECT value FROM json_each(?1)) AND deleted_at IS NULL
         ORDER BY group_id, sort_order, id",
        OPTIONS.select()
    );
    let ids = serde_json::to_string(groups).map_err(Error::internal)?;
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map([ids], option_from_row)?.collect::<rusqlite::Result<_>>()?;
    by_group(db, found)
}

/// The options of all groups, by their group.
pub fn of_all_groups(db: &Connection) -> Result<HashMap<i64, Vec<ModifierOption>>> {
    let select = OPTIONS.select();
    let sql = format!("{select} WHERE deleted_at IS NULL ORDER BY group_id, sort_order, id");
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map([], option_from_row)?.collect::<rusqlite::Result<_>>()?;
    by_group(db, found)
}

fn by_group(
    db: &Connection,
    options: Vec<ModifierOption>,
) -> Result<HashMap<i64, Vec<ModifierOption>>> {
    let ids: Vec<i64> = options.iter().map(|option| option.id).collect();
    let mut ingredients = ingredients_of(db, MadeOf::Options, &ids)?;
    let mut found = HashMap::<_, Vec<_>>::new();
    for mut option in options {
        let made_of = ingredients.remove(&option.id).unwrap_or_default();
        option.ingredient_ids = made_of.ids;
        option.allergens = made_of.allergens;
        found.entry(option.group_id).or_default().push(option);
    }
    Ok(found)
}

/// An option of this group that was not removed, else 404.
pub fn option(db: &Connection, group_id: i64, id: i64) -> Result<ModifierOption> {
    let select = OPTIONS.select();
    let sql = format!("{select} WHERE id = ?1 AND group_id = ?2 AND deleted_at IS NULL");
    let found = db.prepare_cached(&sql)?.query_row([id, group_id], option_from_row).optional()?;
    let mut option =
        found.ok_or_else(|| Error::not_found("option", id).with("group_id", group_id))?;
    let made_of = ingredients_of(db, MadeOf::Options, &[id])?.remove(&id).unwrap_or_default();
    option.ingredient_ids = made_of.ids;
    option.allergens = made_of.allergens;
    Ok(option)
}

/// One page of groups, with their options.
pub fn list(db: &Connection, page: (i64, i64), search: Option<&str>) -> Result<ModifierGroupList> {
    let filter = Filter::default().containing(&["name"], search);
    let (mut groups, total) = GROUPS.list(db, page, filter)?;
    let ids: Vec<i64> = groups.iter().map(|group| group.id).collect();
    let mut found = of_groups(db, &ids)?;
    for group in &mut groups {
        group.options = found.remove(&group.id).unwrap_or_default();
    }
    Ok(ModifierGroupList { groups, total })
}

/// All groups with all options, also those that cannot be had now.
///
/// # Errors
/// When the database cannot be read.
pub fn all(db: &Connection) -> Result<Vec<ModifierGroup>> {
    let (mut groups, _) = GROUPS.list(db, (0, MOST_MODIFIER_GROUPS), Filter::default())?;
    if groups.is_empty() {
        return Ok(groups);
    }
    let mut found: HashMap<i64, Vec<ModifierOption>> = of_all_groups(db)?;
    for group in &mut groups {
        group.options = found.remove(&group.id).unwrap_or_default();
    }
    Ok(groups)
}

/// The groups that dishes ask for, and those that options of them ask for which can be had now, with their
/// options; of a long menu no others are read.
///
/// # Errors
/// When the database cannot be read.
pub fn asked_by(db: &Connection, by_dishes: &BTreeSet<i64>) -> Result<Vec<ModifierGroup>> {
    if by_dishes.is_empty() {
        return Ok(Vec::new());
    }
    let of = |ids: &BTreeSet<i64>| of_groups(db, &ids.iter().copied().collect::<Vec<_>>());
    let mut options = of(by_dishes)?;
    let there = options.values().flatten().filter(|option| option.is_available);
    let nested: BTreeSet<i64> = there.filter_map(|option| option.nested_group_id).collect();
    options.extend(of(&(&nested - by_dishes))?);
    let (mut groups, _) = GROUPS.list(db, (0, MOST_MODIFIER_GROUPS), Filter::default())?;
    groups.retain(|group| by_dishes.contains(&group.id) || nested.contains(&group.id));
    for group in &mut groups {
        group.options = options.remove(&group.id).unwrap_or_default();
    }
    Ok(groups)
}

/// A group that was not removed, else 404.
pub fn group(db: &Connection, id: i64) -> Result<ModifierGroup> {
    let mut group = GROUPS.get(db, id)?;
    group.options = of_groups(db, &[id])?.remove(&id).unwrap_or_default();
    Ok(group)
}
