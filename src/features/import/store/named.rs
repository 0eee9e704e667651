//! Things of the menu that a file names: by an outside id, by the restaurant's own code, else by name.

use rusqlite::params;

use super::importer::Importer;
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Id, Name};

impl Importer<'_, '_> {
    /// A group of options.
    ///
    /// # Errors
    /// 422 where there is none, or the name is of several.
    pub(super) fn group_named(&self, place: &str, name: &str) -> Result<i64> {
        let id = self.one_of("modifier_groups", place, name, "groups of options", "outside ids")?;
        id.ok_or_else(|| unknown(place, name, "a group of options"))
    }

    /// The one with this outside id, else the only one with this name.
    pub(super) fn one_of(
        &self,
        table: &str,
        place: &str,
        name: &str,
        kind: &str,
        told_apart: &str,
    ) -> Result<Option<i64>> {
        let sql = format!("SELECT id FROM {table} WHERE external_id = ?1 AND deleted_at IS NULL");
        if let Some(id) = self.find(&sql, [name])? {
            return Ok(Some(id));
        }
        let sql = format!("SELECT id FROM {table} WHERE name = ?1 AND deleted_at IS NULL LIMIT 2");
        let named = self.all(&sql, [name])?;
        only(place, name, &named, kind, told_apart)
    }

    /// A dish, in a category where one is named.
    ///
    /// # Errors
    /// 422 where there is none, or the name is of several.
    pub(super) fn dish_named(
        &self,
        place: &str,
        name: &Name,
        category: Option<&Name>,
    ) -> Result<i64> {
        for column in ["external_id", "code"] {
            let sql =
                format!("SELECT id FROM dishes WHERE {column} = ?1 AND deleted_at IS NULL LIMIT 1");
            if let Some(id) = self.find(&sql, [&**name])? {
                return Ok(id);
            }
        }
        let named = self.all(
            "SELECT d.id FROM dishes d JOIN categories c ON c.id = d.category_id
             WHERE d.name = ?1 AND (?2 IS NULL OR c.name = ?2)
               AND d.deleted_at IS NULL AND c.deleted_at IS NULL LIMIT 2",
            params![&**name, category.map(|name| &**name)],
        )?;
        let id = only(place, name, &named, "dishes", "their category, codes or outside ids")?;
        id.ok_or_else(|| unknown(place, name, "a dish of the menu"))
    }

    /// A size of a dish; the default one where none is named.
    ///
    /// # Errors
    /// 422 where there is none.
    pub(super) fn variation_named(
        &self,
        place: &str,
        dish_id: i64,
        name: Option<&Name>,
    ) -> Result<i64> {
        let Some(name) = name else {
            let sql = "SELECT id FROM dish_variations WHERE dish_id = ?1 AND deleted_at IS NULL
                       ORDER BY is_default DESC, sort_order, id LIMIT 1";
            return self
                .find(sql, [dish_id])?
                .ok_or_else(|| Error::invalid(place, "has no size that could be sold"));
        };
        let id = self.find(
            "SELECT id FROM dish_variations
             WHERE dish_id = ?1 AND ?2 IN (external_id, sku, name) AND deleted_at IS NULL
             ORDER BY external_id IS ?2 DESC, sku IS ?2 DESC, id LIMIT 1",
            params![dish_id, &**name],
        )?;
        id.ok_or_else(|| unknown(place, name, "a size of that dish"))
    }

    fn all(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<i64>> {
        let mut statement = self.tx.prepare_cached(sql)?;
        let ids = statement.query_map(params, |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}

/// The only one of those with a name.
fn only(
    place: &str,
    name: &str,
    found: &[i64],
    kind: &str,
    told_apart: &str,
) -> Result<Option<i64>> {
    match found {
        [] => Ok(None),
        [id] => Ok(Some(*id)),
        _ => {
            let message = format!(
                "names “{name}”, and several {kind} have this name: tell them apart by {told_apart}"
            );
            Err(Error::invalid(place, message))
        }
    }
}

fn unknown(place: &str, name: &str, what: &str) -> Error {
    Error::invalid(place, format!("names “{name}”, which is not {what}"))
}

/// An id of the database, as a command takes it.
pub(super) fn id(id: i64) -> Result<Id> {
    Id::new(id).map_err(Error::internal)
}

/// A refusal of what stands at a place, whose fields are named from there.
pub(super) fn within(place: &str, error: Error) -> Error {
    if error.status() != 422 {
        return error;
    }
    let errors = error.problem().errors.iter().map(|wrong| crate::core::error::FieldError {
        field: if wrong.field.is_empty() {
            place.to_owned()
        } else {
            format!("{place}.{}", wrong.field)
        },
        message: wrong.message.clone(),
    });
    Error::invalid_fields(errors.collect())
}
