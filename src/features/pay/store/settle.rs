//! What an attempt becomes, each time that is known better.

use rusqlite::params;
use serde_json::json;

use super::attempts::{AttemptRow, attempt};
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::Money;
use crate::core::store::{Command, Priority, Tx};
use crate::features::orders::{WireEnd, WireSettled, settle_wire};
use crate::features::pay::events::PayChanged;
use crate::features::pay::provider::Seen;
use crate::features::pay::rules::{SENT_WITHIN, is_past};
use crate::features::pay::states::{AttemptState, How, Next, after};
use crate::features::pay::types::SlipSaid;
use crate::features::permissions::Principal;
use crate::platform::audit;

/// Tells screens how an attempt stands.
pub(super) fn tell(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    let row = attempt(tx, id)?;
    let details = PayChanged {
        attempt_id: id,
        order_id: row.order_id,
        check_id: row.check_id,
        state: row.state,
        amount: row.amount,
    };
    let sql = "SELECT table_id FROM orders WHERE id = ?1";
    let table_id = tx.prepare_cached(sql)?.query_row([row.order_id], |row| row.get(0))?;
    let event = NewEvent::new(Thing::Order.with(row.order_id), None, &details)?;
    tx.emit(NewEvent { table_id, ..event }).map(drop)
}

/// Writes down that an attempt is about to be sent: from here on it may be there. None where it is not to be
/// sent any more.
pub struct MarkSent {
    /// Which.
    pub id: i64,
}

impl Command for MarkSent {
    type Output = Option<AttemptRow>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Option<AttemptRow>> {
        let row = attempt(tx, self.id)?;
        let now = tx.now().0;
        match row.state {
            AttemptState::Created if now - row.created_at > SENT_WITHIN => {
                let why = "the box could not send it in time";
                end(tx, &row, AttemptState::Void, why)?;
                return Ok(None);
            }
            AttemptState::Sent if row.expires_at.is_some_and(|ends| now > ends) => {
                // Nobody ever saw its link, so nobody can pay it.
                end(tx, &row, AttemptState::Failed, "the provider did not answer in time")?;
                return Ok(None);
            }
            AttemptState::Created | AttemptState::Sent => {}
            _ => return Ok(None),
        }
        tx.prepare_cached(
            "UPDATE pay_attempts
             SET state = 'SENT', tries = tries + 1, updated_at = ?2, sent_at = coalesce(sent_at, ?2),
                 expires_at = coalesce(expires_at, ?2 + 60000 *
                     (SELECT minutes FROM pay_providers p WHERE p.id = pay_attempts.provider_id))
             WHERE id = ?1",
        )?
        .execute(params![self.id, now])?;
        attempt(tx, self.id).map(Some)
    }
}

/// What came of asking.
#[derive(Debug, Clone)]
pub enum Step {
    /// The provider has it. Whether it was asked how it stands, or only said so by the way.
    Seen(Box<Seen>, bool),
    /// It was surely not made.
    Refused(String),
    /// Nobody answered.
    Waits(String),
}

/// Writes down what came of asking; nothing where that is what was known.
pub struct Settle {
    /// Which.
    pub id: i64,
    /// What came of it.
    pub step: Step,
}

impl Command for Settle {
    type Output = AttemptState;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<AttemptState> {
        let row = attempt(tx, self.id)?;
        match self.step {
            Step::Seen(seen, is_asked) => see(tx, &row, &seen, is_asked)?,
            Step::Refused(why) if row.state.is_awaited() => {
                end(tx, &row, AttemptState::Failed, &why)?;
            }
            Step::Refused(_) => close(tx, row.id)?,
            Step::Waits(why) => wait(tx, &row, &why)?,
        }
        Ok(attempt(tx, self.id)?.state)
    }
}

/// What the provider says of an attempt.
pub(super) fn see(tx: &mut Tx<'_>, row: &AttemptRow, seen: &Seen, is_asked: bool) -> Result<()> {
    if matches!(row.state, AttemptState::Paid | AttemptState::Late) {
        return Ok(());
    }
    let now = tx.now().0;
    let expires_at = match (&row.reference, seen.lasts) {
        (None, Some(lasts)) => Some(now + lasts),
        _ => row.expires_at,
    };
    // Only an answer to a question decides.
    let how = if is_asked || seen.how != How::Paid { &seen.how } else { &How::Open };
    let mut next = after(row.state, how, is_past(expires_at, now));
    if *how != How::Paid && matches!(row.state, AttemptState::Failed | AttemptState::Void) {
        next = Next { state: row.state, is_open: false };
    }
    let why = match how {
        How::Refused(why) | How::Gone(why) => Some(why.clone()),
        How::Open | How::Paid => None,
    };
    let mut came = None;
    if next.state == AttemptState::Paid {
        came = seen.amount.filter(|came| *came != row.sum());
        next.state = book(tx, row, (&seen.reference, came))?;
    } else if row.state.is_awaited() && !next.state.is_awaited() {
        fail(tx, row, why.as_deref().unwrap_or("its time is over"))?;
    }
    let is_new = next.state != row.state || (row.reference.is_none() && seen.link.is_some());
    let is_settled = next.state != row.state && !next.state.is_awaited();
    let kept = |old: &Option<String>, new: &Option<String>| new.clone().or_else(|| old.clone());
    let (charge, reason) = (kept(&row.charge, &seen.charge), kept(&row.reason, &why));
    let reason = reason.filter(|_| !next.state.is_awaited() && next.state != AttemptState::Paid);
    let is_same = (next.state, next.is_open, expires_at)
        == (row.state, row.is_open, row.expires_at)
        && row.reference.is_some()
        && (charge == row.charge && reason == row.reason);
    if is_same {
        return Ok(());
    }
    tx.prepare_cached(
        "UPDATE pay_attempts
         SET state = ?2, is_open = ?3, reference = coalesce(reference, ?4), charge = ?5,
             link = coalesce(link, ?6), came = ?7, fee = coalesce(?8, fee), reason = ?9,
             expires_at = ?10, settled_at = iif(?11, ?12, settled_at), updated_at = ?12
         WHERE id = ?1",
    )?
    .execute(params![
        row.id,
        next.state.as_str(),
        next.is_open,
        seen.reference,
        charge,
        seen.link,
        came.map(|came| came.0),
        seen.fee.map(|fee| fee.0),
        reason,
        expires_at,
        is_settled,
        now,
    ])?;
    if is_new { tell(tx, row.id) } else { Ok(()) }
}

/// The money is here: the check has it, or it is too late.
fn book(
    tx: &mut Tx<'_>,
    row: &AttemptRow,
    (reference, came): (&str, Option<Money>),
) -> Result<AttemptState> {
    let why = format!("the provider says so: {reference}");
    let end = match (row.payment_id, came) {
        (Some(payment_id), None) => {
            let taken = WireSettled::Taken(Some(reference.to_owned()));
            settle_wire(tx, payment_id, &taken, (None, &why))?
        }
        // Another sum than was asked for is nothing that the check waits for.
        (Some(_), Some(came)) => {
            fail(tx, row, &format!("another sum came: {came}"))?;
            WireEnd::Late
        }
        (None, _) => WireEnd::Late,
    };
    if end == WireEnd::Booked {
        return Ok(AttemptState::Paid);
    }
    note_late(tx, row, came.unwrap_or(row.sum()), reference)?;
    Ok(AttemptState::Late)
}

/// Money is here that nobody waits for: it is in the books before anybody does something about it.
pub(super) fn note_late(
    tx: &mut Tx<'_>,
    row: &AttemptRow,
    came: Money,
    reference: &str,
) -> Result<()> {
    tracing::warn!(attempt = row.id, reference, "money came that the check does not wait for");
    let order = ("order", Some(row.order_id));
    let after = json!({"check": row.check_id, "amount": came, "reference": reference});
    audit::note(tx, None, "payment_late", order, (serde_json::Value::Null, after)).map(drop)
}

fn fail(tx: &mut Tx<'_>, row: &AttemptRow, why: &str) -> Result<()> {
    match row.payment_id {
        Some(id) => settle_wire(tx, id, &WireSettled::Failed, (None, why)).map(drop),
        None => Ok(()),
    }
}

/// It ended without money.
fn end(tx: &mut Tx<'_>, row: &AttemptRow, state: AttemptState, why: &str) -> Result<()> {
    fail(tx, row, why)?;
    tx.prepare_cached(
        "UPDATE pay_attempts SET state = ?2, is_open = 0, reason = ?3, settled_at = ?4, updated_at = ?4
         WHERE id = ?1",
    )?
    .execute(params![row.id, state.as_str(), why, tx.now().0])?;
    tell(tx, row.id)
}

fn close(tx: &Tx<'_>, id: i64) -> Result<()> {
    tx.prepare_cached("UPDATE pay_attempts SET is_open = 0, updated_at = ?2 WHERE id = ?1")?
        .execute(params![id, tx.now().0])?;
    Ok(())
}

/// Nobody answers. When its time is long over a person may have to find out.
fn wait(tx: &mut Tx<'_>, row: &AttemptRow, why: &str) -> Result<()> {
    if !row.is_open {
        return Ok(());
    }
    if row.reason.as_deref() != Some(why) {
        tx.prepare_cached("UPDATE pay_attempts SET reason = ?2, updated_at = ?3 WHERE id = ?1")?
            .execute(params![row.id, why, tx.now().0])?;
        tell(tx, row.id)?;
    }
    let is_past = is_past(row.expires_at, tx.now().0);
    match row.payment_id {
        Some(id) if is_past && row.state == AttemptState::Awaiting => {
            settle_wire(tx, id, &WireSettled::Unknown, (None, why)).map(drop)
        }
        _ => Ok(()),
    }
}

/// The check does not wait for an attempt any more: the guest pays another way. What the provider has is
/// looked at until no money can come.
pub struct LetGo {
    /// Which.
    pub id: i64,
    /// Why.
    pub why: String,
}

impl Command for LetGo {
    type Output = ();
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let row = attempt(tx, self.id)?;
        if !row.state.is_awaited() {
            return Ok(());
        }
        let state = match row.state {
            AttemptState::Created => AttemptState::Void,
            _ => AttemptState::Expired,
        };
        end(tx, &row, state, &self.why)?;
        // Without its number nobody has its link, and nobody can pay it.
        if row.is_open && row.reference.is_some() {
            tx.prepare_cached("UPDATE pay_attempts SET is_open = 1 WHERE id = ?1")?
                .execute([self.id])?;
        }
        Ok(())
    }
}

/// Somebody says what the slip of a terminal says.
pub struct Say {
    /// Which attempt.
    pub id: i64,
    /// What it says.
    pub said: SlipSaid,
    /// Who.
    pub by: Principal,
}

impl Command for Say {
    type Output = ();
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let row = attempt(tx, self.id)?;
        let payment_id = row.payment_id.filter(|_| row.state.is_awaited() && !row.is_open);
        let Some(payment_id) = payment_id else {
            let detail = "Nobody has to say anything of this payment any more.";
            return Err(Error::conflict("payment_clear", detail).with("state", row.state.as_str()));
        };
        let (settled, state, why) = match (self.said.is_paid, self.said.slip.as_deref()) {
            (true, None) => {
                return Err(Error::invalid("slip", "is needed: the number on the terminal's slip"));
            }
            (true, Some(slip)) => {
                (WireSettled::Taken(None), AttemptState::Paid, format!("slip {slip}"))
            }
            (false, _) => {
                (WireSettled::Failed, AttemptState::Failed, "the terminal refused it".to_owned())
            }
        };
        // Whoever may have the whole bill paid may say so; what was cleared by others stays.
        if settle_wire(tx, payment_id, &settled, (Some(self.by.id), &why))? == WireEnd::Late {
            let detail = "Somebody has said already that this payment failed. Take it anew.";
            return Err(Error::conflict("payment_clear", detail));
        }
        tx.prepare_cached(
            "UPDATE pay_attempts SET state = ?2, slip = ?3, reason = ?4, settled_at = ?5, updated_at = ?5
             WHERE id = ?1",
        )?
        .execute(params![
            row.id,
            state.as_str(),
            self.said.slip.as_deref(),
            (state == AttemptState::Failed).then_some(why),
            tx.now().0
        ])?;
        tell(tx, row.id)
    }
}
