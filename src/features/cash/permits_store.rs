//! Which permissions the deeds of a drawer need. Who carries one counts and closes it by themselves.

use super::types::CashShift;
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::Tx;
use crate::features::permissions::{
    Decision, Deed, MoneyWay, Permission, Principal, What, may_in_shift, permit,
};
use crate::platform::auth::Role;

/// Does something to a shift with one's own right, or somebody's word. Returns whose.
pub fn permit_shift(
    tx: &Tx<'_>,
    who: &Principal,
    shift: &CashShift,
    needs: &[(Permission, i64)],
) -> Result<Option<i64>> {
    let (subject, what, way) = (("cash_shift", shift.id), &What::Order, &MoneyWay::NONE);
    permit(tx, who, Deed { needs, order: None, subject, worth: None, what, way })
}

/// Whether it is what they carry.
fn is_own(who: &Principal, shift: &CashShift) -> bool {
    shift.drawer_user_id == Some(who.id)
}

/// What counting needs.
pub fn to_count(who: &Principal, shift: &CashShift) -> Vec<(Permission, i64)> {
    if is_own(who, shift) { Vec::new() } else { vec![(Permission::CashCount, 0)] }
}

/// What closing needs, the weightiest first: with a difference outside of the tolerance its right too.
pub fn to_close(
    who: &Principal,
    shift: &CashShift,
    outside: Option<Money>,
) -> Vec<(Permission, i64)> {
    let outside = outside.map(|by| (Permission::CashDifference, by.0.saturating_abs()));
    let close = (!is_own(who, shift)).then_some((Permission::ShiftClose, 0));
    outside.into_iter().chain(close).collect()
}

/// Whether all of it is theirs to do without asking.
pub fn are_allowed(
    tx: &Tx<'_>,
    who: &Principal,
    shift: &CashShift,
    needs: &[(Permission, i64)],
) -> Result<bool> {
    for need in needs {
        if may_in_shift(tx, who, *need, shift.id)? != Decision::Allow {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether they keep others' drawers, and see what lies there before it is counted.
pub fn keeps_all(role: Role) -> bool {
    matches!(role, Role::Admin | Role::Manager)
}

/// Whether somebody may do something with this drawer at all.
///
/// # Errors
/// 403 when another carries it.
pub fn check_drawer(role: Role, user_id: i64, carried_by: Option<i64>) -> Result<()> {
    if keeps_all(role) || carried_by.is_none_or(|other| other == user_id) {
        return Ok(());
    }
    let detail = "Somebody else carries this drawer. They, a manager or an admin can do this.";
    Err(Error::forbidden("not_your_drawer", detail))
}

/// Whether somebody may read what a shift came to: a waiter only of what they carry, or opened.
///
/// # Errors
/// 403 when it is not theirs to see.
pub fn check_sight(role: Role, user_id: i64, shift: &CashShift) -> Result<()> {
    check_drawer(role, user_id, shift.drawer_user_id)?;
    let is_theirs = shift.drawer_user_id == Some(user_id) || shift.opened_by_id == user_id;
    if role != Role::Waiter || is_theirs {
        return Ok(());
    }
    let detail =
        "What this shift came to is read by who opened it, a cashier, a manager or an admin.";
    Err(Error::forbidden("not_your_drawer", detail))
}
