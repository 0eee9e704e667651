//! The options of an import.

use std::collections::BTreeSet;

use super::alike::{Described, GROUPS, OPTIONS, said};
use super::done::Owed;
use super::importer::{Importer, Saved};
use super::ingredients::Made;
use super::named::{id, told_at, within};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Int, Patch};
use crate::core::store::Columns;
use crate::features::import::offers::{DishGroup, ModifierGroup, ModifierOption};
use crate::features::import::report::{FieldChange, Outcome};
use crate::features::menu::{self, DishModifierGroupLink, SetGroups};

impl Importer<'_, '_> {
    pub(super) fn modifier_group(
        &mut self,
        place: &str,
        at: usize,
        new: &ModifierGroup,
    ) -> Result<()> {
        let stub = self.done.new_groups.remove(&at);
        let known = match stub {
            Some(id) => Some(id),
            None => self.group_id(place, new)?,
        };
        let is_new = stub.is_some() || known.is_none();
        let name = new.name.to_string();
        let prefixes: Option<BTreeSet<_>> =
            new.prefixes.clone().map(|all| all.into_iter().collect());
        let prefixes = prefixes.map(|all| serde_json::to_string(&all)).transpose();
        let halves = new.halves.map(|told| told.rule().map(|rule| rule.as_str().to_owned()));
        let columns = Columns::default()
            .set("name", name.clone())
            .text("external_id", new.external_id.clone())
            .maybe("translations", new.translations.clone())
            .maybe("min_choices", new.min)
            .maybe("max_choices", new.max)
            .maybe("free_choices", new.free)
            .maybe("halves", halves)
            .maybe("prefixes", prefixes.map_err(Error::internal)?)
            .maybe("sort_order", new.sort_order);
        let first = self.place_of_new(&GROUPS, 0, described(new), at)?;
        let first = Columns::default().set("sort_order", first);
        let mut saved = self.save(place, "modifier_groups", known, columns, first)?;
        if is_new {
            (saved.outcome, saved.fields) = (Outcome::Created, Vec::new());
        }
        let group_id = saved.id;
        self.note_described(place, (&GROUPS, 0), described(new), (group_id, is_new));
        self.done.groups.insert(at, group_id);
        self.count("modifier_groups", place, name.clone(), saved);
        for (at, option) in new.options.iter().enumerate() {
            let place = format!("{place}.options[{at}]");
            let outcome = self.option(&place, at, (group_id, &name, &new.options), option);
            self.or_wrong(outcome)?;
        }
        // What dishes ask of it may be changed further on.
        let asked = self.file.lines.name(&format!("{place}.min"));
        self.done.owed.push(Owed::Choices { group: group_id, place: asked });
        menu::ensure_sound(self.tx, group_id).map_err(|error| within(place, error))
    }

    /// The group that the file means; none where it is new.
    fn group_id(&mut self, place: &str, new: &ModifierGroup) -> Result<Option<i64>> {
        let file = self.file;
        let others = file.content.modifier_groups.iter().map(described);
        self.described(place, &GROUPS, 0, described(new), &others)
    }

    /// A new group takes its place among the others before what its options ask for is known.
    pub(super) fn new_group(&mut self, place: &str, at: usize, new: &ModifierGroup) -> Result<()> {
        if self.group_id(place, new)?.is_none() {
            let first = self.place_of_new(&GROUPS, 0, described(new), at)?;
            let columns = Columns::default()
                .set("name", new.name.to_string())
                .text("external_id", new.external_id.clone())
                .maybe("sort_order", new.sort_order)
                .or(Columns::default().set("sort_order", first));
            let id = columns.insert(self.tx, "modifier_groups")?;
            self.done.new_groups.insert(at, id);
        }
        Ok(())
    }

    fn option(
        &mut self,
        place: &str,
        at: usize,
        (group_id, group, all): (i64, &str, &[ModifierOption]),
        new: &ModifierOption,
    ) -> Result<()> {
        let meant = option_described(new);
        let others = all.iter().map(option_described);
        let known = self.described(place, &OPTIONS, group_id, meant, &others)?;
        let asks = format!("{place}.nested_group");
        let nested = match new.nested_group.as_deref() {
            None => Patch::Keep,
            Some("") => Patch::Clear,
            Some(name) => Patch::Set(self.group_named(&asks, (name, new.nested_group_number))?),
        };
        let price = new.price.unwrap_or_default();
        let most = new.max_quantity.map_or(1, Int::get);
        let asked = if let Patch::Set(id) = nested { Some(id) } else { None };
        menu::check_option(self.tx, group_id, price, asked, most).map_err(|error| {
            match error.status() {
                422 => within(place, error),
                _ => told_at(&asks, error),
            }
        })?;
        if let Some(group) = asked {
            let place = self.file.lines.name(&asks);
            self.done.owed.push(Owed::Choices { group, place });
        }
        let columns = Columns::default()
            .set("group_id", group_id)
            .set("name", new.name.to_string())
            .text("external_id", new.external_id.clone())
            .maybe("translations", new.translations.clone())
            .text("kitchen_name", new.kitchen_name.clone())
            .text("image_url", new.image_url.clone())
            .maybe("price", new.price)
            .maybe("is_default", new.is_default)
            .maybe("max_quantity", new.max_quantity)
            .maybe("is_available", new.is_available)
            .maybe("weight", new.weight)
            .maybe("calories", new.calories)
            .patch("nested_group_id", nested)
            .maybe("sort_order", new.sort_order);
        let first = self.place_of_new(&OPTIONS, group_id, meant, at)?;
        let first = Columns::default().set("sort_order", first);
        let mut saved = self.save(place, "modifier_options", known, columns, first)?;
        self.note_described(place, (&OPTIONS, group_id), meant, (saved.id, known.is_none()));
        let lists = (&new.ingredients, &new.allergens);
        for change in self.made_of(place, (Made::Option, saved.id), lists)? {
            saved = saved.with(change);
        }
        self.note_price("modifier_option", &saved)?;
        self.count("options", place, format!("{group} · {}", new.name), saved);
        Ok(())
    }

    /// Dishes that ask for a group from now on, behind what they ask for already.
    pub(super) fn group_dishes(
        &mut self,
        place: &str,
        at: usize,
        new: &ModifierGroup,
    ) -> Result<()> {
        // A group that was refused is told already.
        let (Some(dishes), Some(&group)) = (&new.dishes, self.done.groups.get(&at)) else {
            return Ok(());
        };
        for (at, name) in dishes.iter().enumerate() {
            let place = format!("{place}.dishes[{at}]");
            let dish = self.dish_listed(&place, name);
            let Some(dish_id) = self.or_wrong(dish)? else { continue };
            let mut links = self.links(dish_id)?;
            let is_there = links.iter().any(|link| link.group_id.get() == group);
            if !is_there {
                links.push(DishModifierGroupLink { group_id: id(group)?, min: None, max: None });
                let command = SetGroups { dish_id, groups: links, by: self.by };
                command.write(self.tx).map_err(|error| within(&place, error))?;
            }
            let outcome = if is_there { Outcome::Unchanged } else { Outcome::Created };
            let saved = Saved { id: dish_id, outcome, fields: Vec::new() };
            self.count("dish_modifier_groups", &place, format!("{name} · {}", new.name), saved);
        }
        Ok(())
    }

    /// The groups that a dish asks for, with bounds only where it has its own.
    fn links(&self, dish_id: i64) -> Result<Vec<DishModifierGroupLink>> {
        let mut statement = self.tx.prepare_cached(
            "SELECT l.group_id, l.min_choices, l.max_choices
             FROM dish_modifier_groups l JOIN modifier_groups g ON g.id = l.group_id
             WHERE l.dish_id = ?1 AND g.deleted_at IS NULL ORDER BY l.sort_order, l.id",
        )?;
        let rows = statement.query_map([dish_id], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, Option<i64>>(1)?,
                row.get::<_, Option<i64>>(2)?,
            ))
        })?;
        rows.map(|row| {
            let (group, min, max) = row?;
            let bound = |bound: Option<i64>| bound.map(Int::new).transpose();
            Ok(DishModifierGroupLink {
                group_id: id(group)?,
                min: bound(min).map_err(Error::internal)?,
                max: bound(max).map_err(Error::internal)?,
            })
        })
        .collect()
    }

    /// Makes a dish ask for these groups and no others; returns the change, if they were others.
    pub(super) fn dish_groups(
        &mut self,
        place: &str,
        dish_id: i64,
        new: &[DishGroup],
    ) -> Result<Option<FieldChange>> {
        let mut wanted = Vec::with_capacity(new.len());
        for (at, link) in new.iter().enumerate() {
            let name = (&*link.group, link.number);
            let group = self.group_named(&format!("{place}[{at}]"), name)?;
            wanted.push(DishModifierGroupLink {
                group_id: id(group)?,
                min: link.min,
                max: link.max,
            });
        }
        let said = |links: &[DishModifierGroupLink]| -> Vec<_> {
            links.iter().map(|link| (link.group_id, link.min, link.max)).collect()
        };
        let there = self.links(dish_id)?;
        if said(&there) == said(&wanted) {
            return Ok(None);
        }
        let names = |importer: &Self, links: &[DishModifierGroupLink]| -> Result<Option<String>> {
            let sql = "SELECT name FROM modifier_groups WHERE id = ?1";
            let mut names = Vec::<String>::new();
            for link in links {
                let mut statement = importer.tx.prepare_cached(sql)?;
                names.push(statement.query_row([link.group_id.get()], |row| row.get(0))?);
            }
            Ok((!names.is_empty()).then(|| names.join(", ")))
        };
        let (old, told) = (names(self, &there)?, names(self, &wanted)?);
        let command = SetGroups { dish_id, groups: wanted, by: self.by };
        command.write(self.tx).map_err(|error| within(place, error))?;
        Ok(Some(FieldChange::new("modifier_groups", old, told)))
    }
}

fn described(group: &ModifierGroup) -> Described<'_> {
    Described {
        name: &group.name,
        number: group.number,
        outside: said(group.external_id.as_deref()),
        code: None,
    }
}

fn option_described(option: &ModifierOption) -> Described<'_> {
    Described {
        name: &option.name,
        number: option.number,
        outside: said(option.external_id.as_deref()),
        code: None,
    }
}
