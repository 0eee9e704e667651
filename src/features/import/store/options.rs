//! The options of an import.

use std::collections::BTreeSet;

use rusqlite::params;

use super::importer::{Importer, Saved};
use super::ingredients::Made;
use super::named::{id, within};
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
        let known = self.group_id(place, new)?;
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
        let first = Columns::default().set("sort_order", at as i64);
        let saved = self.save(place, "modifier_groups", known, columns, first)?;
        let group_id = saved.id;
        self.count("modifier_groups", place, name.clone(), saved);
        for (at, option) in new.options.iter().enumerate() {
            let place = format!("{place}.options[{at}]");
            let outcome = self.option(&place, at, (group_id, &name), option);
            self.or_wrong(outcome)?;
        }
        menu::ensure_sound(self.tx, group_id).map_err(|error| within(place, error))
    }

    /// The group that the file means: the one with its outside id; else the one with its name, unless both
    /// have outside ids, and different ones.
    fn group_id(&self, place: &str, new: &ModifierGroup) -> Result<Option<i64>> {
        let Some(outside) = new.external_id.as_ref().filter(|id| !id.is_empty()) else {
            return self.one_of(
                "modifier_groups",
                place,
                &new.name,
                "groups of options",
                "outside ids",
            );
        };
        let sql = "SELECT id FROM modifier_groups
                   WHERE deleted_at IS NULL
                     AND (external_id = ?1 OR (external_id IS NULL AND name = ?2))
                   ORDER BY external_id IS NULL, id LIMIT 1";
        self.find(sql, params![&**outside, &*new.name])
    }

    fn option(
        &mut self,
        place: &str,
        at: usize,
        (group_id, group): (i64, &str),
        new: &ModifierOption,
    ) -> Result<()> {
        let known = self.option_id(place, group_id, new)?;
        let nested = match new.nested_group.as_deref() {
            None => Patch::Keep,
            Some("") => Patch::Clear,
            Some(name) => Patch::Set(self.group_named(&format!("{place}.nested_group"), name)?),
        };
        let price = new.price.unwrap_or_default();
        let most = new.max_quantity.map_or(1, Int::get);
        let asked = if let Patch::Set(id) = nested { Some(id) } else { None };
        menu::check_option(self.tx, group_id, price, asked, most)
            .map_err(|error| within(place, error))?;
        let columns = Columns::default()
            .set("group_id", group_id)
            .set("name", new.name.to_string())
            .text("external_id", new.external_id.clone())
            .maybe("translations", new.translations.clone())
            .text("kitchen_name", new.kitchen_name.clone())
            .maybe("price", new.price)
            .maybe("is_default", new.is_default)
            .maybe("max_quantity", new.max_quantity)
            .maybe("is_available", new.is_available)
            .maybe("weight", new.weight)
            .maybe("calories", new.calories)
            .patch("nested_group_id", nested)
            .maybe("sort_order", new.sort_order);
        let first = Columns::default().set("sort_order", at as i64);
        let mut saved = self.save(place, "modifier_options", known, columns, first)?;
        let lists = (&new.ingredients, &new.allergens);
        for change in self.made_of(place, (Made::Option, saved.id), lists)? {
            saved = saved.with(change);
        }
        self.note_price("modifier_option", &saved)?;
        self.count("options", place, format!("{group} · {}", new.name), saved);
        Ok(())
    }

    fn option_id(&self, place: &str, group_id: i64, new: &ModifierOption) -> Result<Option<i64>> {
        let outside = new.external_id.as_deref().filter(|id| !id.is_empty());
        if let Some(outside) = outside {
            let sql = "SELECT id FROM modifier_options
                       WHERE external_id = ?1 AND deleted_at IS NULL AND (group_id = ?2) = ?3";
            if self.find(sql, params![outside, group_id, false])?.is_some() {
                let message =
                    format!("is “{outside}”, which an option of another group has already");
                return Err(Error::invalid(format!("{place}.external_id"), message));
            }
            if let Some(id) = self.find(sql, params![outside, group_id, true])? {
                return Ok(Some(id));
            }
        }
        self.find(
            "SELECT id FROM modifier_options WHERE group_id = ?1 AND name = ?2
                AND deleted_at IS NULL AND (external_id IS NULL OR ?3 IS NULL) ORDER BY id LIMIT 1",
            params![group_id, &*new.name, outside],
        )
    }

    /// Dishes that ask for a group from now on, behind what they ask for already.
    pub(super) fn group_dishes(&mut self, place: &str, new: &ModifierGroup) -> Result<()> {
        let Some(dishes) = &new.dishes else { return Ok(()) };
        let group = self.group_id(place, new)?.ok_or_else(|| Error::invalid(place, "is gone"))?;
        for (at, name) in dishes.iter().enumerate() {
            let place = format!("{place}.dishes[{at}]");
            let dish = self.dish_named(&place, name, None);
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
            let group = self.group_named(&format!("{place}[{at}]"), &link.group)?;
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
