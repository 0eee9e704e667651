//! Whether groups and options make sense.

use super::rows;
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::Tx;
use crate::features::menu::modifiers::types::ModifierGroup;

/// The same of a group that was written.
///
/// # Errors
/// As [`check`].
pub fn ensure_sound(tx: &Tx<'_>, group_id: i64) -> Result<()> {
    check(tx, &rows::group(tx, group_id)?)
}

/// Whether an option may cost this and ask for that.
///
/// # Errors
/// 422 with the field that does not fit; 400 `nested_too_deep`.
pub fn check_option(
    tx: &Tx<'_>,
    group_id: i64,
    price: Money,
    nested: Option<i64>,
    most: i64,
) -> Result<()> {
    check_price(price)?;
    check_nested(tx, group_id, nested, most)
}

/// Whether a group makes sense as it stands now.
///
/// # Errors
/// 422 with the field that does not fit; 400 `nested_too_deep` where options would ask in circles.
pub fn check(tx: &Tx<'_>, group: &ModifierGroup) -> Result<()> {
    check_bounds(group.min, group.max)?;
    if group.max == 0 {
        return Err(Error::invalid("max", "must be at least 1"));
    }
    if group.halves.is_some() && group.free > 0 {
        let why = "must be 0 where there are halves: what is free of two halves nobody could say";
        return Err(Error::invalid("free", why));
    }
    let defaults = group.options.iter().filter(|option| option.is_default).count();
    if i64::try_from(defaults).is_ok_and(|defaults| defaults > group.max) {
        let why = format!("can be {} at most: no more may be chosen", group.max);
        return Err(Error::invalid("is_default", why));
    }
    let nests = group.options.iter().any(|option| option.nested_group_id.is_some());
    if nests && group.halves.is_some() {
        return Err(too_deep("A group with halves has no options that ask for more."));
    }
    if nests && is_nested(tx, group.id)? {
        return Err(too_deep(
            "Options of this group are asked under another one: one level is all.",
        ));
    }
    Ok(())
}

/// Whether so many may be asked for.
pub fn check_bounds(min: i64, max: i64) -> Result<()> {
    if min <= max {
        return Ok(());
    }
    Err(Error::invalid("min", format!("must be at most {max}, as “max” says")))
}

/// Whether an option asks for this group.
fn is_nested(tx: &Tx<'_>, group_id: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM modifier_options WHERE nested_group_id = ?1 AND deleted_at IS NULL";
    Ok(tx.prepare_cached(sql)?.exists([group_id])?)
}

/// 400: a question within a question within a question.
fn too_deep(detail: &str) -> Error {
    Error::rule("nested_too_deep", detail)
}

/// No option changes a price by more than a price may be.
pub fn check_price(price: Money) -> Result<()> {
    let most = Money::max_price();
    if price.0.checked_abs().is_some_and(|amount| amount <= most.0) {
        return Ok(());
    }
    Err(Error::invalid("price", format!("must be at most {most}, above or below 0")))
}

/// Whether an option may ask for another group: one that asks for nothing itself, and once.
pub fn check_nested(tx: &Tx<'_>, group_id: i64, nested: Option<i64>, most: i64) -> Result<()> {
    let Some(nested) = nested else { return Ok(()) };
    let group = rows::group(tx, nested)?;
    if nested == group_id || group.options.iter().any(|one| one.nested_group_id.is_some()) {
        return Err(too_deep(
            "The options of that group ask for more themselves: one level is all.",
        ));
    }
    if group.halves.is_some() {
        return Err(too_deep(
            "That group has halves: it is asked with a dish, not with an option.",
        ));
    }
    if most > 1 {
        let why = "must be 1 for an option that asks for more: of two nobody knows for which";
        return Err(Error::invalid("max_quantity", why));
    }
    Ok(())
}
