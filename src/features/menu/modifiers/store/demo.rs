//! The options of the demo restaurant.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension;
use serde::Deserialize;

use super::groups::CreateGroup;
use super::link::{DishModifierGroupLink, SetGroups};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::store::{Command, Tx};
use crate::features::menu::modifiers::types::ModifierGroupCreate;

/// Groups, and which dishes ask for them: the form of `demo/options.json`.
#[derive(Debug, Deserialize)]
pub struct DemoOptions {
    /// The groups by short names of the file's own; one that others ask for comes before them.
    groups: Vec<DemoGroup>,
    /// The groups of each dish, in their order.
    dishes: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct DemoGroup {
    key: String,
    /// The group that this option, by its place, asks for.
    #[serde(default)]
    nested: BTreeMap<usize, String>,
    #[serde(flatten)]
    group: ModifierGroupCreate,
}

/// Writes the demo's options, once: what somebody tries with them there stays.
pub struct WriteDemoOptions(pub DemoOptions);

impl Command for WriteDemoOptions {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let is_there: bool =
            tx.query_row("SELECT EXISTS (SELECT 1 FROM modifier_groups)", [], |row| row.get(0))?;
        if is_there {
            return Ok(());
        }
        let by = tx.query_row("SELECT min(id) FROM users", [], |row| row.get(0))?;
        let mut ids = BTreeMap::new();
        for DemoGroup { key, nested, mut group } in self.0.groups {
            for (place, asked) in nested {
                if let Some(option) = group.options.get_mut(place) {
                    option.nested_group_id = Some(id_of(&ids, &asked)?);
                }
            }
            let made = CreateGroup { group, by }.apply(tx)?;
            ids.insert(key, made.id);
        }
        for (name, keys) in self.0.dishes {
            let dish_id: Option<i64> = tx
                .query_row(
                    "SELECT id FROM dishes WHERE name = ?1 AND deleted_at IS NULL",
                    [&name],
                    |row| row.get(0),
                )
                .optional()?;
            let Some(dish_id) = dish_id else { continue };
            let groups = keys
                .iter()
                .map(|key| {
                    let group_id = id_of(&ids, key)?;
                    Ok(DishModifierGroupLink { group_id, min: None, max: None })
                })
                .collect::<Result<_>>()?;
            SetGroups { dish_id, groups, by }.apply(tx)?;
        }
        Ok(())
    }
}

fn id_of(ids: &BTreeMap<String, i64>, key: &str) -> Result<Id> {
    let id = ids.get(key).copied();
    let id = id.ok_or_else(|| Error::internal(format!("the demo names no group {key}")))?;
    Id::new(id).map_err(Error::internal)
}
