//! The combos of an import.

use super::importer::{Importer, Saved};
use super::named::{id, within};
use crate::core::error::{Error, Result};
use crate::core::kernel::Translations;
use crate::core::kernel::fields::Name;
use crate::features::import::offers::{Combo, ComboPart};
use crate::features::import::report::{FieldChange, Outcome};
use crate::features::menu::{
    self, ComboPart as Standing, ComboPartChoiceUpdate, ComboPartUpdate, SetCombo,
};

impl Importer<'_, '_> {
    pub(super) fn combo(&mut self, place: &str, new: &Combo) -> Result<()> {
        let dish_id = self.dish_named(
            &format!("{place}.dish"),
            (&new.dish, new.dish_number),
            new.category.as_ref(),
        )?;
        self.note(place, "combos", dish_id)?;
        let standing = menu::combo_parts(self.tx, dish_id)?;
        let mut parts = Vec::with_capacity(new.parts.len());
        for (at, part) in new.parts.iter().enumerate() {
            // Parts of one name stand in their order.
            let before = new.parts[..at].iter().filter(|other| other.name == part.name).count();
            let old = standing.iter().filter(|old| old.name == *part.name).nth(before);
            parts.push(self.part(&format!("{place}.parts[{at}]"), part, old)?);
        }
        // One without parts is none, and is refused as everywhere.
        let is_same = !standing.is_empty() && is_same(&standing, &parts);
        let outcome = match (standing.is_empty(), is_same) {
            (true, _) => Outcome::Created,
            (false, true) => Outcome::Unchanged,
            (false, false) => Outcome::Updated,
        };
        let mut saved = Saved { id: dish_id, outcome, fields: Vec::new() };
        if !is_same {
            let command = SetCombo { dish_id, parts, by: self.by };
            let now = command.write(self.tx).map_err(|error| within(place, error))?;
            saved = saved.with(FieldChange::new("parts", written(&standing), written(&now.parts)));
        }
        for part in menu::combo_parts(self.tx, dish_id)? {
            self.done.seen.insert(("combo_parts", part.id));
        }
        self.count("combos", place, new.dish.to_string(), saved);
        Ok(())
    }

    /// A part as the menu takes it; what is there already keeps its id.
    fn part(
        &self,
        place: &str,
        new: &ComboPart,
        old: Option<&Standing>,
    ) -> Result<ComboPartUpdate> {
        let mut choices = Vec::with_capacity(new.choices.len());
        for (at, choice) in new.choices.iter().enumerate() {
            let place = format!("{place}.choices[{at}]");
            let (dish, size) = (format!("{place}.dish"), format!("{place}.variation"));
            let name = (&*choice.dish, choice.dish_number);
            let dish = self.dish_named(&dish, name, choice.category.as_ref())?;
            let name = (choice.variation.as_ref(), choice.variation_number);
            let variation = self.variation_named(&size, dish, name)?;
            let known = old.and_then(|old| {
                old.choices.iter().find(|choice| choice.dish_variation_id == variation)
            });
            choices.push(ComboPartChoiceUpdate {
                id: known.map(|known| id(known.id)).transpose()?,
                dish_variation_id: id(variation)?,
                surcharge: choice.surcharge,
                is_default: choice.is_default,
            });
        }
        let translations = match (&new.translations, old) {
            (Some(told), _) => told.clone(),
            (None, Some(old)) => old.translations.clone(),
            (None, None) => Translations::default(),
        };
        Ok(ComboPartUpdate {
            id: old.map(|old| id(old.id)).transpose()?,
            name: Name::new(&new.name).map_err(Error::internal)?,
            translations,
            choices,
        })
    }
}

/// Whether a combo has exactly these parts already.
fn is_same(standing: &[Standing], parts: &[ComboPartUpdate]) -> bool {
    standing.len() == parts.len()
        && standing.iter().zip(parts).all(|(old, new)| {
            let choices = old.choices.iter().zip(&new.choices);
            new.id.is_some_and(|id| id.get() == old.id)
                && old.translations == new.translations
                && old.choices.len() == new.choices.len()
                && choices.into_iter().all(|(old, new)| {
                    (old.dish_variation_id, old.surcharge, old.is_default)
                        == (new.dish_variation_id.get(), new.surcharge, new.is_default)
                })
        })
}

/// As in “Soup: Borscht, Kharcho; Drink: Kvass +50.00”.
fn written(parts: &[Standing]) -> Option<String> {
    let part = |part: &Standing| {
        let choices = part.choices.iter().map(|choice| {
            let more = if choice.surcharge.is_zero() {
                String::new()
            } else {
                format!(" +{}", choice.surcharge)
            };
            format!("{}{more}", choice.dish_name)
        });
        format!("{}: {}", part.name, choices.collect::<Vec<_>>().join(", "))
    };
    (!parts.is_empty()).then(|| parts.iter().map(part).collect::<Vec<_>>().join("; "))
}
