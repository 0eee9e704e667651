//! When what is on the menu, in an import.

use super::importer::{Importer, Saved};
use super::named::{id, within};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::store::Command;
use crate::features::import::offers::MenuTimes;
use crate::features::import::report::{FieldChange, Outcome};
use crate::features::prices::{self, MenuTime, MenuTimesBody, PriceScope, SetMenuTimes};

impl Importer<'_, '_> {
    /// The times of a category or a dish are these, and no others.
    pub(super) fn menu_times(&mut self, place: &str, new: &MenuTimes) -> Result<()> {
        let (scope, target, table, name) = match (&new.dish, &new.category) {
            (Some(dish), category) => {
                let named = (&**dish, new.dish_number);
                let found = self.dish_named(&format!("{place}.dish"), named, category.as_ref())?;
                (PriceScope::Dish, found, "times of a dish", dish.to_string())
            }
            (None, Some(category)) => {
                let found = self.category_id(category)?.ok_or_else(|| {
                    let message = format!("names “{category}”, which is not on the menu");
                    Error::invalid(format!("{place}.category"), message)
                })?;
                (PriceScope::Category, found, "times of a category", category.to_string())
            }
            (None, None) => return Err(Error::invalid(format!("{place}.category"), "is missing")),
        };
        self.note(place, table, target)?;
        let mut times = Vec::with_capacity(new.times.len());
        for (at, time) in new.times.iter().enumerate() {
            let period_id = match &time.period {
                Some(name) => Some(self.period_named(&format!("{place}.times[{at}]"), name)?),
                None => None,
            };
            times.push(MenuTime { period_id, channel: time.channel });
        }
        let standing = prices::menu_times(self.tx)?;
        let standing =
            standing.into_iter().find(|old| (old.scope, old.target_id) == (scope, target));
        let old = standing.map(|old| old.times).unwrap_or_default();
        let mut saved = Saved { id: target, outcome: Outcome::Unchanged, fields: Vec::new() };
        if old != times {
            let written = |times: &[MenuTime]| serde_json::to_string(times).ok();
            let change = FieldChange::new("times", written(&old), written(&times));
            saved = saved.with(change);
            let times = MenuTimesBody { scope, target_id: id(target)?, times };
            let command = SetMenuTimes { times, by: self.by };
            command.apply(self.tx).map_err(|error| within(place, error))?;
        }
        self.count("menu_times", place, name, saved);
        Ok(())
    }

    fn period_named(&self, place: &str, name: &str) -> Result<Id> {
        let sql = "SELECT id FROM periods WHERE name = ?1 AND deleted_at IS NULL";
        let found = self.find(sql, [name])?.ok_or_else(|| {
            let message = format!("names “{name}”, which is not there");
            Error::invalid(format!("{place}.period"), message)
        })?;
        id(found)
    }
}
