//! What the menu's things are called in a file, so that an import finds each of them again, also where
//! several have one name.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::fields::{all, needed, text};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Name;
use crate::features::import::offers::Nth;

/// What the menu's things are called in a file.
pub(super) struct Names {
    /// Each category.
    pub(super) categories: HashMap<i64, Name>,
    /// Each dish, within its category.
    pub(super) dishes: HashMap<i64, Named>,
    /// Each size, within its dish.
    pub(super) sizes: HashMap<i64, Named>,
    /// Each group of options.
    pub(super) groups: HashMap<i64, Named>,
    /// Each option, within its group.
    pub(super) options: HashMap<i64, Named>,
    pub(super) ingredients: HashMap<i64, Name>,
}

/// A dish as other things of the file name it.
pub(super) struct NamedDish {
    pub(super) category: Name,
    pub(super) name: Name,
    pub(super) number: Option<Nth>,
}

impl Names {
    pub(super) fn read(db: &Connection) -> Result<Self> {
        let dishes = "SELECT id, category_id, name, external_id, code FROM dishes
                      WHERE deleted_at IS NULL ORDER BY sort_order, id";
        let sizes = "SELECT id, dish_id, name, external_id, sku FROM dish_variations
                     WHERE deleted_at IS NULL ORDER BY sort_order, id";
        let groups = "SELECT id, 0, name, external_id, NULL FROM modifier_groups
                      WHERE deleted_at IS NULL ORDER BY sort_order, id";
        let options = "SELECT id, group_id, name, external_id, NULL FROM modifier_options
                       WHERE deleted_at IS NULL ORDER BY sort_order, id";
        Ok(Self {
            categories: names(db, "categories")?,
            dishes: named(things(db, dishes)?, KnownIn::Everywhere)?,
            sizes: named(things(db, sizes)?, KnownIn::ItsPlace)?,
            groups: named(things(db, groups)?, KnownIn::Everywhere)?,
            options: named(things(db, options)?, KnownIn::ItsPlace)?,
            ingredients: names(db, "ingredients")?,
        })
    }

    pub(super) fn dish(&self, id: i64) -> Option<NamedDish> {
        let dish = self.dishes.get(&id)?;
        let category = self.categories.get(&dish.within)?.clone();
        let (name, number) = dish.told.clone();
        Some(NamedDish { category, name, number })
    }

    /// A size, with the dish of which it is one.
    pub(super) fn size(&self, id: i64) -> Option<(NamedDish, (Name, Option<Nth>))> {
        let size = self.sizes.get(&id)?;
        Some((self.dish(size.within)?, size.told.clone()))
    }

    /// A group, as dishes and options name it.
    pub(super) fn group(&self, id: i64) -> Option<(Name, Option<Nth>)> {
        self.groups.get(&id).map(|group| group.told.clone())
    }
}

/// What one thing is called in a file.
pub(super) struct Named {
    /// In what it stands.
    within: i64,
    /// Which of those of its name it is, where there are several.
    pub(super) number: Option<Nth>,
    /// How others of the file name it.
    told: (Name, Option<Nth>),
}

/// Where an outside id or a code of a thing is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KnownIn {
    Everywhere,
    ItsPlace,
}

struct Thing {
    id: i64,
    within: i64,
    name: Name,
    outside: Option<Name>,
    code: Option<Name>,
}

fn things(db: &Connection, sql: &str) -> Result<Vec<Thing>> {
    all(db, sql, [], |row: &Row<'_>| {
        Ok(Thing {
            id: row.get(0)?,
            within: row.get(1)?,
            name: needed(row, 2)?,
            outside: text(row, 3)?,
            code: text(row, 4)?,
        })
    })
}

/// What each is called: by its name, where no other could be meant by that; else by its outside id, its
/// code, or its name with its number.
fn named(things: Vec<Thing>, known_in: KnownIn) -> Result<HashMap<i64, Named>> {
    let place = |thing: &Thing| if known_in == KnownIn::ItsPlace { thing.within } else { 0 };
    let (mut count, mut leads_to) = (HashMap::new(), HashMap::new());
    for thing in &things {
        *count.entry((thing.within, thing.name.to_string())).or_insert(0) += 1;
    }
    // Outside ids go before codes, as an import looks for them.
    for of in [|thing: &Thing| thing.outside.clone(), |thing: &Thing| thing.code.clone()] {
        for thing in &things {
            if let Some(code) = of(thing) {
                leads_to.entry((place(thing), code.to_string())).or_insert(thing.id);
            }
        }
    }
    let mut before = HashMap::new();
    let mut told = HashMap::with_capacity(things.len());
    for thing in things {
        let alike = (thing.within, thing.name.to_string());
        let is_alone = count.get(&alike) == Some(&1);
        let nth = before.entry(alike).and_modify(|nth| *nth += 1).or_insert(1);
        let nth = Nth::new(*nth).map_err(Error::internal)?;
        let leads = |code: &Name| leads_to.get(&(place(&thing), code.to_string())).copied();
        let is_its_own = |code: &Name| leads(code) == Some(thing.id);
        let name = &thing.name;
        let by_name = is_alone && leads(name).is_none_or(|id| id == thing.id);
        let by_code =
            [&thing.outside, &thing.code].into_iter().flatten().find(|code| is_its_own(code));
        let reference = match by_code {
            _ if by_name => (name.clone(), None),
            Some(code) => (code.clone(), None),
            None => (name.clone(), Some(nth)),
        };
        let number = (!is_alone).then_some(nth);
        told.insert(thing.id, Named { within: thing.within, number, told: reference });
    }
    Ok(told)
}

/// What the rows of a table are called that no two have the name of.
pub(super) fn names(db: &Connection, table: &str) -> Result<HashMap<i64, Name>> {
    let sql = format!("SELECT id, name FROM {table} WHERE deleted_at IS NULL");
    let found = all(db, &sql, [], |row| Ok((row.get(0)?, needed(row, 1)?)))?;
    Ok(found.into_iter().collect())
}
