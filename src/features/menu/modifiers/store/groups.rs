//! Groups, written.

use std::collections::BTreeSet;

use rusqlite::params;

use super::asked::keeping_choices;
use super::options;
use super::rows::{GROUPS, group};
use super::sound::check;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Int, Patch};
use crate::core::store::{Columns, Command, Tx};
use crate::features::menu::limits::MOST_MODIFIER_GROUPS;
use crate::features::menu::modifiers::types::{
    ModifierGroup, ModifierGroupCreate, ModifierGroupUpdate, Prefix,
};
use crate::features::menu::outside::ensure_free;
use crate::features::menu::store::{ensure_fits, ensure_room};
use crate::features::menu::tell;
use crate::features::restaurant::MenuPart;

fn prefixes_json(prefixes: &BTreeSet<Prefix>) -> Result<String> {
    serde_json::to_string(prefixes).map_err(Error::internal)
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
        ensure_free(tx, "modifier_groups", None, new.external_id.as_ref())?;
        let columns = Columns::default()
            .text("external_id", new.external_id)
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
        ensure_fits(tx)?;
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
        if let Patch::Set(id) = &new.external_id {
            ensure_free(tx, "modifier_groups", Some(self.id), Some(id))?;
        }
        let columns = Columns::default()
            .patch_text("external_id", new.external_id)
            .maybe("name", new.name)
            .maybe("translations", new.translations)
            .maybe("min_choices", new.min)
            .maybe("max_choices", new.max)
            .maybe("free_choices", new.free)
            .patch("halves", new.halves.map(|rule| rule.as_str().to_owned()))
            .maybe("prefixes", prefixes)
            .maybe("sort_order", new.sort_order);
        let id = self.id;
        let changed = keeping_choices(tx, id, |tx| {
            GROUPS.update(tx, id, &columns)?;
            let changed = group(tx, id)?;
            check(tx, &changed)?;
            Ok(changed)
        })?;
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
