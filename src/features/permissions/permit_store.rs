//! Whether somebody may do something, asked where it is done: in its transaction, by the rules as they
//! stand there. An approval is used up in the same one, or not at all.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::Principal;
use super::approvals_store::kept;
use super::approver_store::entitled;
use super::catalog::Permission;
use super::deeds_store::{self, Stake, Within, standing};
use super::refusals::{MoneyWay, What, Wish};
use super::rules::Decision;
use super::store::rule_for;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::store::Tx;
use crate::features::checks::PaymentState;
use crate::platform::audit;
use crate::platform::auth::Person;

/// Something that needs permissions.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// All that it needs, the weightiest first, each with how much is at stake, in minor units or
    /// hundredths of a percent: an approval is asked for by the first one's name.
    pub needs: &'a [(Permission, i64)],
    /// The order it is about; a house account's deed, or a cash shift's, is of none.
    pub order: Option<i64>,
    /// What it is done to.
    pub subject: (&'static str, i64),
    /// Of a percentage: what it comes to, in minor units.
    pub worth: Option<i64>,
    /// What of the order it is about, for who reads of it.
    pub what: &'a What,
    /// By which way money goes, and whose account it is about.
    pub way: &'a MoneyWay,
}

impl Deed<'_> {
    fn stake(&self, (permission, amount): (Permission, i64)) -> Stake {
        let within =
            Within::of(self.order, self.subject, self.way.account_id(), self.way.method_id());
        Stake { permission, within, amount }
    }
}

/// Lets somebody do something: because it is allowed to them, or because they bring an approval,
/// which is used up by it. Returns who approved of it, where that was needed.
///
/// # Errors
/// 403 when it is denied, needs an approval, or the approval is not good for it.
pub fn permit(tx: &Tx<'_>, who: &Principal, deed: Deed<'_>) -> Result<Option<i64>> {
    let mut asked = Vec::new();
    for need in deed.needs {
        let stake = deed.stake(*need);
        let standing = standing(tx, (who.id, who.role), stake)?;
        match standing.decision() {
            Decision::Allow => {}
            Decision::Ask => asked.push(stake),
            Decision::Deny => return Err(standing.denied(stake, who.role)),
        }
    }
    let approver = match asked.first() {
        None => None,
        Some(first) => Some(by_approval(tx, who, (deed, *first), &asked)?),
    };
    for need in deed.needs {
        let is_asked = asked.iter().any(|stake| stake.permission == need.0);
        let whose = (who.id, approver.filter(|_| is_asked));
        deeds_store::write(tx, deed.stake(*need), deed.subject, whose)?;
    }
    Ok(approver)
}

/// Whether somebody may do something up to a limit only.
///
/// # Errors
/// When the database cannot be read.
pub fn is_limited(db: &Connection, who: &Principal, permission: Permission) -> Result<bool> {
    Ok(rule_for(db, (who.id, who.role), permission)?.at_most.is_some())
}

/// Whether somebody may do by themselves what nobody approves of.
///
/// # Errors
/// When the database cannot be read.
pub fn may(db: &Connection, who: &Person, permission: Permission) -> Result<bool> {
    Ok(rule_for(db, (who.id, who.role), permission)?.decision == Decision::Allow)
}

/// The same, as a wall.
///
/// # Errors
/// 403 when they may not.
pub fn require(db: &Connection, who: &Person, permission: Permission) -> Result<()> {
    if may(db, who, permission)? {
        return Ok(());
    }
    let deed = permission.deed();
    let detail = format!("You may not do this: {deed}. Ask a manager or an admin to do it.");
    let error = Error::forbidden("permission_denied", detail);
    Err(error.with("permission", permission.as_str()).with("role", who.role.as_str()))
}

/// What somebody may do of so much by themselves, in a cash shift: asked before they would be refused.
///
/// # Errors
/// When the database cannot be read.
pub fn may_in_shift(
    db: &Connection,
    who: &Principal,
    (permission, amount): (Permission, i64),
    shift_id: i64,
) -> Result<Decision> {
    let stake = Stake { permission, within: Within::Shift(shift_id), amount };
    Ok(standing(db, (who.id, who.role), stake)?.decision())
}

/// So much of what somebody did last is taken back, and counts no more.
///
/// # Errors
/// When that cannot be written.
pub fn taken_back(
    tx: &Tx<'_>,
    (order, permission, subject): (i64, Permission, (&str, i64)),
    whose: (i64, Option<i64>),
    amount: i64,
) -> Result<()> {
    deeds_store::take_back(tx, (order, permission, amount), subject, whose)
}

/// Uses up the approval that came with a deed. Returns who gave it.
fn by_approval(
    tx: &Tx<'_>,
    who: &Principal,
    (deed, first): (Deed<'_>, Stake),
    asked: &[Stake],
) -> Result<i64> {
    let wish = Wish {
        permission: first.permission,
        subject: deed.subject,
        amount: first.amount,
        worth: deed.worth,
        order: deed.order,
        what: deed.what.clone(),
        way: deed.way.clone(),
    };
    let place = Place::of(tx, deed.order)?;
    let refusal = |code, detail: String| {
        who.refusals.note(who.session, wish.clone(), clock::since_start());
        about(Error::forbidden(code, detail), &wish, &place)
    };
    let Some(id) = who.approval else {
        let detail = format!("Somebody who may has to approve of this: {}.", told(&wish, &place));
        return Err(refusal("approval_needed", detail));
    };
    let kept = kept(tx, id)?.filter(|kept| kept.asker_id == who.id);
    let Some(kept) = kept else {
        return Err(refusal("approval_unknown", format!("There is no approval {id} of yours.")));
    };
    if let Some((code, detail)) = kept.unfit(who.session, &wish) {
        return Err(refusal(code, detail.to_owned()));
    }
    // They may have been let go, or lost the right, since they said yes.
    let approver = kept.approver_id.ok_or_else(|| Error::internal("approved by nobody"))?;
    let name = entitled(tx, approver, asked)?.name(first.permission);
    let name = name.map_err(|error| {
        who.refusals.note(who.session, wish.clone(), clock::since_start());
        about(error, &wish, &place)
    })?;
    use_up(tx, who, (id, &name), (&wish, &place), kept.reason.as_deref())?;
    Ok(approver)
}

fn use_up(
    tx: &Tx<'_>,
    who: &Principal,
    (id, approver): (i64, &str),
    (wish, place): (&Wish, &Place),
    reason: Option<&str>,
) -> Result<()> {
    tx.prepare_cached("UPDATE approvals SET state = 'USED', used_at = ?2 WHERE id = ?1")?
        .execute([id, tx.now().0])?;
    let permission = wish.permission;
    // The trail is for ever, and the name of an account may be erased: it has its number.
    let mut after = json!({
        "approval": id, "permission": permission, "what": named(&wish.what),
        "order": place.order_number, "account": wish.way.account_id(),
        "method": wish.way.method_name(),
        (permission.amount_name()): permission.amount_text(wish.amount),
        "asked_by": &*who.full_name, "approved_by": approver, "reason": reason,
    });
    if let Some(worth) = wish.worth_text() {
        after["amount"] = json!(worth);
    }
    let (subject, subject_id) = wish.subject;
    let to = (subject, Some(subject_id));
    audit::note(tx, Some(who.id), "approval_used", to, (Value::Null, after))
}

/// Where a deed is done: its order and its table, where it is of one.
#[derive(Default)]
struct Place {
    order_number: Option<i64>,
    table_number: Option<i64>,
    table_name: Option<String>,
}

impl Place {
    fn of(db: &Connection, order: Option<i64>) -> Result<Self> {
        let Some(order) = order else { return Ok(Self::default()) };
        let sql = "SELECT o.number, t.number, t.label
                   FROM orders o LEFT JOIN tables t ON t.id = o.table_id WHERE o.id = ?1";
        Ok(db.prepare_cached(sql)?.query_row([order], |row| {
            Ok(Self {
                order_number: row.get(0)?,
                table_number: row.get(1)?,
                table_name: row.get(2)?,
            })
        })?)
    }
}

/// What of an order, in words; of all of it none.
fn named(what: &What) -> Option<String> {
    match what {
        What::Order => None,
        What::Check(number) => Some(format!("check {number}")),
        What::Dish(name) => Some(name.clone()),
        What::ToTable { name, .. } => Some(format!("to table {name}")),
        What::Payment { check, state } => {
            let says = match state {
                PaymentState::Taken => "it arrived",
                PaymentState::Failed => "it did not arrive",
                _ => "nobody knows yet",
            };
            Some(format!("{says}, check {check}"))
        }
    }
}

/// A deed in words: what, how much, of which order, at which table.
fn told(wish: &Wish, place: &Place) -> String {
    let amount = wish.permission.amount_text(wish.amount);
    let sum = match (wish.permission.limit(), wish.worth_text()) {
        (super::Limit::Percent, Some(worth)) => format!(", {amount} % ({worth})"),
        (super::Limit::Percent, None) => format!(", {amount} %"),
        _ if wish.amount == 0 => String::new(),
        _ => format!(", {amount}"),
    };
    let what = named(&wish.what).map(|name| format!(", {name}")).unwrap_or_default();
    let order = place.order_number.map(|number| format!(", order {number}")).unwrap_or_default();
    let table = place.table_name.as_ref().map(|name| format!(", table {name}"));
    let table = table.unwrap_or_default();
    let account = wish.way.account_name().map(|name| format!(", account {name}"));
    let account = account.unwrap_or_default();
    let method = wish.way.method_name().map(|name| format!(", “{name}”")).unwrap_or_default();
    format!("{}{sum}{what}{order}{table}{account}{method}", wish.permission.deed())
}

fn about(error: Error, wish: &Wish, place: &Place) -> Error {
    error
        .with("permission", wish.permission.as_str())
        .with("subject", wish.subject.0)
        .with("subject_id", wish.subject.1)
        .with("amount", wish.permission.amount_text(wish.amount))
        .with("worth", wish.worth_text())
        .with("dish_name", wish.what.dish())
        .with("check_number", wish.what.check())
        .with("payment_state", wish.what.payment_state().map(PaymentState::as_str))
        .with("to_table_id", wish.what.to_table().map(|(id, _)| id))
        .with("to_table_name", wish.what.to_table().map(|(_, name)| name))
        .with("account_id", wish.way.account_id())
        .with("account_name", wish.way.account_name())
        .with("method_id", wish.way.method_id())
        .with("method_name", wish.way.method_name())
        .with("order_id", wish.order)
        .with("order_number", place.order_number)
        .with("table_number", place.table_number)
        .with("table_name", place.table_name.clone())
}
