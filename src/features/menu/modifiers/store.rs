//! Groups in SQL.

use std::collections::{BTreeSet, HashMap};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};

use super::options;
use super::types::{
    Halves, ModifierGroup, ModifierGroupCreate, ModifierGroupList, ModifierGroupUpdate,
    ModifierOption, Prefix,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Int, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken, word};
use crate::features::menu::limits::MOST_MODIFIER_GROUPS;
use crate::features::menu::store::{ensure_room, translations};
use crate::features::menu::tell;
use crate::features::restaurant::MenuPart;

/// Groups without their options. Two may have one name: coffee and tea have sizes of their own.
pub const GROUPS: Repository<ModifierGroup> = Repository {
    table: "modifier_groups",
    one: "modifier group",
    columns: "id, name, translations, min_choices, max_choices, free_choices, halves, prefixes, \
        sort_order, created_at, updated_at",
    order: "sort_order, name, id",
    unique: "id",
    taken: |name| name_taken("a modifier group", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<ModifierGroup> {
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

fn prefixes_json(prefixes: &BTreeSet<Prefix>) -> Result<String> {
    serde_json::to_string(prefixes).map_err(Error::internal)
}

/// One page of groups, with their options.
pub fn list(db: &Connection, page: (i64, i64), search: Option<&str>) -> Result<ModifierGroupList> {
    let filter = Filter::default().containing(&["name"], search);
    let (mut groups, total) = GROUPS.list(db, page, filter)?;
    let ids: Vec<i64> = groups.iter().map(|group| group.id).collect();
    let mut found = options::of_groups(db, &ids)?;
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
    let mut found: HashMap<i64, Vec<ModifierOption>> = options::of_all_groups(db)?;
    for group in &mut groups {
        group.options = found.remove(&group.id).unwrap_or_default();
    }
    Ok(groups)
}

/// A group that was not removed, else 404.
pub fn group(db: &Connection, id: i64) -> Result<ModifierGroup> {
    let mut group = GROUPS.get(db, id)?;
    group.options = options::of_groups(db, &[id])?.remove(&id).unwrap_or_default();
    Ok(group)
}

/// Adds a group with its options.
pub struct CreateGroup {
    pub group: ModifierGroupCreate,
    pub by: i64,
}

impl Command for CreateGroup {
    type Output = ModifierGroup;

    fn apply(self, tx: &mut Tx<'_>) -> Result<ModifierGroup> {
        let new = self.group;
        ensure_room(tx, "modifier_groups", MOST_MODIFIER_GROUPS)?;
        let columns = Columns::default()
            .set("name", new.name)
            .set("translations", new.translations)
            .set("min_choices", new.min)
            .set("max_choices", new.max.map_or(1, Int::get))
            .set("free_choices", new.free)
            .maybe("halves", new.halves.map(|rule| rule.as_str().to_owned()))
            .set("prefixes", prefixes_json(&new.prefixes)?)
            .set("sort_order", new.sort_order);
        let id = GROUPS.insert(tx, &columns)?;
        for (place, option) in (0_i64..).zip(new.options) {
            options::insert(tx, self.by, id, (option, place))?;
        }
        let added = group(tx, id)?;
        check(tx, &added)?;
        tell(tx, self.by, MenuPart::ModifierGroup, Some(id))?;
        Ok(added)
    }
}

pub struct UpdateGroup {
    pub id: i64,
    pub changes: ModifierGroupUpdate,
    pub by: i64,
}

impl Command for UpdateGroup {
    type Output = ModifierGroup;

    fn apply(self, tx: &mut Tx<'_>) -> Result<ModifierGroup> {
        GROUPS.get(tx, self.id)?;
        let new = self.changes;
        let prefixes = new.prefixes.as_ref().map(prefixes_json).transpose()?;
        let columns = Columns::default()
            .maybe("name", new.name)
            .maybe("translations", new.translations)
            .maybe("min_choices", new.min)
            .maybe("max_choices", new.max)
            .maybe("free_choices", new.free)
            .patch("halves", new.halves.map(|rule| rule.as_str().to_owned()))
            .maybe("prefixes", prefixes)
            .maybe("sort_order", new.sort_order);
        GROUPS.update(tx, self.id, &columns)?;
        let changed = group(tx, self.id)?;
        check(tx, &changed)?;
        tell(tx, self.by, MenuPart::ModifierGroup, Some(self.id))?;
        Ok(changed)
    }
}

/// Removes a group: no dish and no option asks for it any more. What was ordered keeps it.
pub struct DeleteGroup {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteGroup {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        GROUPS.get(tx, self.id)?;
        tx.execute("DELETE FROM dish_modifier_groups WHERE group_id = ?1", [self.id])?;
        tx.execute(
            "UPDATE modifier_options SET nested_group_id = NULL, updated_at = ?2
             WHERE nested_group_id = ?1",
            params![self.id, tx.now().0],
        )?;
        options::remove_all_of(tx, self.id)?;
        GROUPS.remove(tx, self.id)?;
        tell(tx, self.by, MenuPart::ModifierGroup, Some(self.id))
    }
}

/// Whether a group makes sense as it stands now.
///
/// # Errors
/// 422 with the field that does not fit; 400 `nested_too_deep` where options would ask in circles.
pub fn check(tx: &Tx<'_>, group: &ModifierGroup) -> Result<()> {
    check_bounds(group.min, group.max)?;
    if group.max == 0 {
        return Err(Error::invalid("max", "must be at least 1"));
    }
    if group.halves.is_some() && group.free > 0 {
        let why = "must be 0 where there are halves: what is free of two halves nobody could say";
        return Err(Error::invalid("free", why));
    }
    let defaults = group.options.iter().filter(|option| option.is_default).count();
    if i64::try_from(defaults).is_ok_and(|defaults| defaults > group.max) {
        let why = format!("can be {} at most: no more may be chosen", group.max);
        return Err(Error::invalid("is_default", why));
    }
    let nests = group.options.iter().any(|option| option.nested_group_id.is_some());
    if nests && group.halves.is_some() {
        return Err(too_deep("A group with halves has no options that ask for more."));
    }
    if nests && is_nested(tx, group.id)? {
        return Err(too_deep(
            "Options of this group are asked under another one: one level is all.",
        ));
    }
    Ok(())
}

/// Whether so many may be asked for.
pub fn check_bounds(min: i64, max: i64) -> Result<()> {
    if min <= max {
        return Ok(());
    }
    Err(Error::invalid("min", format!("must be at most {max}, as “max” says")))
}

/// Whether an option asks for this group.
fn is_nested(tx: &Tx<'_>, group_id: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM modifier_options WHERE nested_group_id = ?1 AND deleted_at IS NULL";
    Ok(tx.prepare_cached(sql)?.exists([group_id])?)
}

/// 400: a question within a question within a question.
pub fn too_deep(detail: &str) -> Error {
    Error::rule("nested_too_deep", detail)
}
