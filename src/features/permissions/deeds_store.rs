//! What was done by whose right. A limit in money is of all that was done on one order, with one house
//! account on one day, or in one cash shift: four times five hundred is two thousand.

use rusqlite::{Connection, params};

use super::catalog::Permission;
use super::rules::{Decision, Limit, Rule};
use super::store::rule_for;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::Tx;
use crate::platform::auth::Role;
use crate::platform::site;

/// How a deed that is done to a cash shift names it.
const SHIFT: &str = "cash_shift";

/// What deeds are counted together in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// An order.
    Order(i64),
    /// A house account whose money moves, on the restaurant's day.
    Account(i64),
    /// A cash shift.
    Shift(i64),
    /// Nothing: it is counted by itself, as how much an account may owe is.
    Nothing,
}

impl Within {
    /// What a deed is counted in: by its order, else by its account and way to pay, else by the cash
    /// shift that it is done to.
    pub fn of(
        order: Option<i64>,
        (subject, id): (&str, i64),
        account: Option<i64>,
        method: Option<i64>,
    ) -> Self {
        match (order, account, method) {
            (Some(order), ..) => Self::Order(order),
            (None, Some(account), Some(_)) => Self::Account(account),
            _ if subject == SHIFT => Self::Shift(id),
            _ => Self::Nothing,
        }
    }

    /// As a sentence says it behind a sum.
    pub fn words(self) -> &'static str {
        match self {
            Self::Order(_) => "on one order",
            Self::Account(_) => "with one account on one day",
            Self::Shift(_) => "in one cash shift",
            Self::Nothing => "at once",
        }
    }

    /// How `deeds` names it: its order, or 0.
    fn order(self) -> Option<i64> {
        match self {
            Self::Order(order) => Some(order),
            Self::Account(_) | Self::Shift(_) => Some(0),
            Self::Nothing => None,
        }
    }
}

/// What a deed puts at stake, of one permission and on one order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stake {
    /// Which permission it needs.
    pub permission: Permission,
    /// With what it is counted together.
    pub within: Within,
    /// How much, in minor units or hundredths of a percent.
    pub amount: i64,
}

/// What somebody may do of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// The rule that holds for them.
    pub rule: Rule,
    /// How much it is with what was done by their right on this order, account today or shift before.
    pub together: i64,
}

impl Standing {
    /// What follows.
    pub fn decision(self) -> Decision {
        self.rule.at(self.together)
    }

    /// What somebody hears to whom it is denied.
    pub fn denied(self, Stake { permission, within, .. }: Stake, role: Role) -> Error {
        let detail = match (self.rule.decision, self.rule.at_most) {
            (Decision::Ask, Some(most)) => format!(
                "This can be approved for you up to {} {}. Ask an admin to do it.",
                permission.amount_text(most),
                within.words()
            ),
            _ => "You may not do this, and it cannot be approved for you. Ask an admin to do it."
                .into(),
        };
        Error::forbidden("permission_denied", detail)
            .with("permission", permission.as_str())
            .with("role", role.as_str())
    }
}

/// What somebody may do of what is at stake, counted with what was done before.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn standing(db: &Connection, who: (i64, Role), stake: Stake) -> Result<Standing> {
    let rule = rule_for(db, who, stake.permission)?;
    let counts = rule.at_most.is_some() && stake.permission.limit() == Limit::Money;
    let person = (who.0, rule.decision == Decision::Allow);
    let before = match stake.within {
        Within::Order(order) if counts => done(db, person, (order, stake.permission))?,
        Within::Account(account) if counts => done_today(db, person, (account, stake.permission))?,
        Within::Shift(shift) if counts => done_in_shift(db, person, (shift, stake.permission))?,
        _ => 0,
    };
    Ok(Standing { rule, together: stake.amount.saturating_add(before) })
}

/// What was done on an order before: by somebody's own right, for themselves and as who approved of it;
/// of who has to ask, what was approved for them.
fn done(
    db: &Connection,
    (person, is_their_right): (i64, bool),
    (order, permission): (i64, Permission),
) -> Result<i64> {
    let sql = "SELECT coalesce(sum(amount), 0) FROM deeds
               WHERE order_id = ?1 AND permission = ?2
                 AND iif(?4, coalesce(approver_id, user_id) = ?3,
                             user_id = ?3 AND approver_id IS NOT NULL)";
    let bound = params![order, permission.as_str(), person, is_their_right];
    Ok(db.prepare_cached(sql)?.query_row(bound, |row| row.get(0))?)
}

/// The same with a house account since the restaurant's day began.
fn done_today(
    db: &Connection,
    (person, is_their_right): (i64, bool),
    (account, permission): (i64, Permission),
) -> Result<i64> {
    let site = site::load(db)?;
    let zone = site.map(|site| site.zone()).transpose()?;
    let begun = zone.map_or(Timestamp(0), |zone| zone.day_bounds(clock::now()).0);
    let sql = "SELECT coalesce(sum(amount), 0) FROM deeds
               WHERE order_id = 0 AND subject_id = ?1 AND done_at >= ?5 AND permission = ?2
                 AND subject = 'house_account'
                 AND iif(?4, coalesce(approver_id, user_id) = ?3,
                             user_id = ?3 AND approver_id IS NOT NULL)";
    let bound = params![account, permission.as_str(), person, is_their_right, begun.0];
    Ok(db.prepare_cached(sql)?.query_row(bound, |row| row.get(0))?)
}

/// The same in a cash shift.
fn done_in_shift(
    db: &Connection,
    (person, is_their_right): (i64, bool),
    (shift, permission): (i64, Permission),
) -> Result<i64> {
    let sql = "SELECT coalesce(sum(amount), 0) FROM deeds
               WHERE order_id = 0 AND subject_id = ?1 AND permission = ?2 AND subject = ?5
                 AND iif(?4, coalesce(approver_id, user_id) = ?3,
                             user_id = ?3 AND approver_id IS NOT NULL)";
    let bound = params![shift, permission.as_str(), person, is_their_right, SHIFT];
    Ok(db.prepare_cached(sql)?.query_row(bound, |row| row.get(0))?)
}

/// Who did it, and whose word it needed.
pub(super) type Whose = (i64, Option<i64>);

/// Writes down what was done, where a limit may count it.
///
/// # Errors
/// When the row cannot be written.
pub(super) fn write(
    tx: &Tx<'_>,
    stake: Stake,
    (subject, subject_id): (&str, i64),
    (user, approver): Whose,
) -> Result<()> {
    let Some(order) = stake.within.order() else { return Ok(()) };
    if stake.permission.limit() != Limit::Money || stake.amount == 0 {
        return Ok(());
    }
    tx.prepare_cached(
        "INSERT INTO deeds (order_id, permission, subject, subject_id, amount, user_id, approver_id,
                            done_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        order,
        stake.permission.as_str(),
        subject,
        subject_id,
        stake.amount,
        user,
        approver,
        tx.now().0
    ])?;
    Ok(())
}

/// So much of what was done last is taken back, and counts no more; never more than it was.
///
/// # Errors
/// When the row cannot be written.
pub(super) fn take_back(
    tx: &Tx<'_>,
    (order, permission, amount): (i64, Permission, i64),
    (subject, subject_id): (&str, i64),
    (user, approver): Whose,
) -> Result<()> {
    tx.prepare_cached(
        "UPDATE deeds SET amount = max(0, amount - max(0, ?7))
         WHERE id = (SELECT max(id) FROM deeds
                     WHERE order_id = ?1 AND permission = ?2 AND subject = ?3 AND subject_id = ?4
                       AND user_id = ?5 AND approver_id IS ?6 AND amount > 0)",
    )?
    .execute(params![
        order,
        permission.as_str(),
        subject,
        subject_id,
        user,
        approver,
        amount
    ])?;
    Ok(())
}
