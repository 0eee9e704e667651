//! Things of the menu that a file names: by an outside id, by the restaurant's own code, else by name.

use std::collections::BTreeSet;

use super::alike::{DISHES, GROUPS, SIZES};
use super::importer::Importer;
use crate::core::error::{Error, FieldError, Result};
use crate::core::kernel::fields::{Id, Name};
use crate::features::import::offers::{Nth, OF_CATEGORY, numbered};

impl Importer<'_, '_> {
    /// A group of options.
    ///
    /// # Errors
    /// 422 where there is none, or the name is of several.
    pub(super) fn group_named(&self, place: &str, name: (&str, Option<Nth>)) -> Result<i64> {
        self.named(place, &GROUPS, None, name)
    }

    /// A dish, in a category where one is named.
    ///
    /// # Errors
    /// 422 where there is none, or the name is of several.
    pub(super) fn dish_named(
        &self,
        place: &str,
        (name, number): (&str, Option<Nth>),
        category: Option<&Name>,
    ) -> Result<i64> {
        let within = match category {
            // Of a category that is not there no dish is found, but one of its own id or code.
            Some(category) => Some(self.category_id(category)?.unwrap_or_default()),
            None => None,
        };
        self.named(place, &DISHES, within, (name, number))
    }

    /// A dish of those that a cell lists: also as `Category / Dish`, and `Category / Dish #2`.
    ///
    /// # Errors
    /// 422 where there is none, or the name is of several.
    pub(super) fn dish_listed(&self, place: &str, text: &str) -> Result<i64> {
        let refusal = match self.named(place, &DISHES, None, (text, None)) {
            Err(error) if error.status() == 422 => error,
            outcome => return outcome,
        };
        let mut found = BTreeSet::new();
        for (at, _) in text.match_indices(OF_CATEGORY) {
            let (category, dish) = (&text[..at], &text[at + OF_CATEGORY.len()..]);
            let Some(within) = self.category_called(category)? else { continue };
            let numbered = numbered(dish).map(|(name, number)| (name, Some(number)));
            for name in [Some((dish, None)), numbered].into_iter().flatten() {
                match self.named(place, &DISHES, Some(within), name) {
                    Err(error) if error.status() == 422 => {}
                    outcome => drop(found.insert(outcome?)),
                }
            }
        }
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some(id), None) => Ok(id),
            (None, _) => Err(refusal),
            (Some(_), Some(_)) => {
                let message = format!(
                    "names “{text}”, which may be more than one dish: use an outside id or a code, or \
                     “##” before a number"
                );
                Err(Error::invalid(place, message))
            }
        }
    }

    /// A size of a dish; the default one where none is named.
    ///
    /// # Errors
    /// 422 where there is none, or the name is of several.
    pub(super) fn variation_named(
        &self,
        place: &str,
        dish_id: i64,
        (name, number): (Option<&Name>, Option<Nth>),
    ) -> Result<i64> {
        let Some(name) = name else {
            let sql = "SELECT id FROM dish_variations WHERE dish_id = ?1 AND deleted_at IS NULL
                       ORDER BY is_default DESC, sort_order, id LIMIT 1";
            return self
                .find(sql, [dish_id])?
                .ok_or_else(|| Error::invalid(place, "has no size that could be sold"));
        };
        self.named(place, &SIZES, Some(dish_id), (&**name, number))
    }
}

/// An id of the database, as a command takes it.
pub(super) fn id(id: i64) -> Result<Id> {
    Id::new(id).map_err(Error::internal)
}

/// A refusal of what stands at a place, whose fields are named from there.
pub(super) fn within(place: &str, error: Error) -> Error {
    if error.status() != 422 {
        return told_at(place, error);
    }
    let errors = error.problem().errors.iter().map(|wrong| FieldError {
        field: if wrong.field.is_empty() {
            place.to_owned()
        } else {
            format!("{place}.{}", wrong.field)
        },
        message: wrong.message.clone(),
    });
    Error::invalid_fields(errors.collect())
}

/// A refusal that names no place, as one of what stands there.
pub(super) fn told_at(place: &str, error: Error) -> Error {
    match error.status() {
        422 | 500.. => error,
        _ => Error::invalid(place, error.problem().detail.clone()),
    }
}
