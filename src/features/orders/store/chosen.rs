//! What was chosen with a line, as its row keeps it: JSON with sums in minor units, as in every column.

use std::borrow::Cow;

use rusqlite::Row;
use serde::{Deserialize, Serialize};

use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::features::menu::{LineModifier, Prefix};

#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    option_id: i64,
    group_id: i64,
    group_name: Cow<'a, str>,
    name: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kitchen_name: Option<Cow<'a, str>>,
    quantity: i64,
    price: i64,
    amount: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prefix: Option<Prefix>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    portion: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    under: Option<i64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_default: bool,
}

/// What was chosen with a line, in a column.
///
/// # Errors
/// When it cannot be read.
pub fn chosen(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<LineModifier>> {
    let Some(json) = row.get_ref(column)?.as_str_or_null()? else { return Ok(Vec::new()) };
    let stored: Vec<Stored<'_>> =
        serde_json::from_str(json).map_err(|_| rusqlite::Error::InvalidQuery)?;
    Ok(stored.into_iter().map(LineModifier::from).collect())
}

/// As it is written: nothing where nothing was chosen.
pub(super) fn chosen_json(modifiers: &[LineModifier]) -> Result<Option<String>> {
    if modifiers.is_empty() {
        return Ok(None);
    }
    let stored: Vec<_> = modifiers.iter().map(Stored::from).collect();
    serde_json::to_string(&stored).map(Some).map_err(Error::internal)
}

impl<'a> From<&'a LineModifier> for Stored<'a> {
    fn from(one: &'a LineModifier) -> Self {
        Self {
            option_id: one.option_id,
            group_id: one.group_id,
            group_name: one.group_name.as_str().into(),
            name: one.name.as_str().into(),
            kitchen_name: one.kitchen_name.as_deref().map(Cow::from),
            quantity: one.quantity,
            price: one.price.0,
            amount: one.amount.0,
            prefix: one.prefix,
            portion: one.portion,
            under: one.under,
            is_default: one.is_default,
        }
    }
}

impl From<Stored<'_>> for LineModifier {
    fn from(one: Stored<'_>) -> Self {
        Self {
            option_id: one.option_id,
            group_id: one.group_id,
            group_name: one.group_name.into_owned(),
            name: one.name.into_owned(),
            kitchen_name: one.kitchen_name.map(Cow::into_owned),
            quantity: one.quantity,
            price: Money(one.price),
            amount: Money(one.amount),
            prefix: one.prefix,
            portion: one.portion,
            under: one.under,
            is_default: one.is_default,
        }
    }
}
