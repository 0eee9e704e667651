//! Approvals in SQL: asked for, answered, withdrawn.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};
use uuid::Uuid;

use super::approver_store::check_approver;
use super::catalog::Permission;
use super::deeds_store::{Stake, Within, standing};
use super::events::ApprovalChanged;
use super::refusals::Wish;
use super::rules::Decision;
use super::{Approval, ApprovalState};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Command, Tx, word};
use crate::features::checks::PaymentState;
use crate::platform::audit;
use crate::platform::auth::{self, Person};

/// How long an approval is good, in milliseconds.
const GOOD_FOR: i64 = 60_000;
/// How long somebody who asks is waited with, in milliseconds.
const ASKED_FOR: i64 = 180_000;
/// How long old ones are kept, in milliseconds: what was done with them stands in the trail.
const KEPT_FOR: i64 = 30 * 24 * 3_600_000;

/// The monotonic clock begins anew with each start: this says with which it was read.
static RUN: LazyLock<i64> = LazyLock::new(|| Uuid::now_v7().as_u64_pair().1.cast_signed());

/// An approval as it is kept.
pub(super) struct Kept {
    permission: Permission,
    subject: String,
    subject_id: i64,
    amount: i64,
    order: Option<i64>,
    method_id: Option<i64>,
    account_id: Option<i64>,
    account_name: Option<String>,
    payment_state: Option<PaymentState>,
    to_table_id: Option<i64>,
    pub reason: Option<String>,
    pub asker_id: i64,
    session: Vec<u8>,
    state: ApprovalState,
    pub approver_id: Option<i64>,
    run: i64,
    until: i64,
}

impl Kept {
    fn stake(&self) -> Stake {
        let subject = (&*self.subject, self.subject_id);
        let within = Within::of(self.order, subject, self.account_id, self.method_id);
        Stake { permission: self.permission, within, amount: self.amount }
    }

    fn is_over(&self) -> bool {
        self.run != *RUN || clock::since_start() > self.until
    }

    /// Why it is not good for a deed, if it is not.
    pub fn unfit(&self, session: Uuid, deed: &Wish) -> Option<(&'static str, &'static str)> {
        let is_of_deed = (self.permission, self.amount) == (deed.permission, deed.amount)
            && (self.subject.as_str(), self.subject_id) == deed.subject
            && (self.method_id, self.account_id) == (deed.way.method_id(), deed.way.account_id())
            && self.account_name.as_deref() == deed.way.account_name()
            && self.payment_state == deed.what.payment_state()
            && self.to_table_id == deed.what.to_table().map(|(id, _)| id);
        Some(match self.state {
            _ if self.session != session.into_bytes() => (
                "approval_elsewhere",
                "This was approved on another device. Ask again on this one.",
            ),
            _ if !is_of_deed => (
                "approval_other_deed",
                "Something else, or another sum, way, account or table, was approved. Ask again.",
            ),
            ApprovalState::Used => ("approval_used", "This approval was used already. Ask again."),
            ApprovalState::Refused | ApprovalState::Withdrawn => {
                ("approval_refused", "This was refused.")
            }
            ApprovalState::Open | ApprovalState::Approved if self.is_over() => {
                ("approval_expired", "The approval is too old. Ask again.")
            }
            ApprovalState::Open => ("approval_open", "Nobody has answered yet."),
            ApprovalState::Approved => return None,
        })
    }
}

/// The approval with an id.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn kept(db: &Connection, id: i64) -> Result<Option<Kept>> {
    let sql = "SELECT permission, subject, subject_id, amount, reason, asker_id, session, state,
                      approver_id, run, until, order_id, method_id, account_id, account_name,
                      payment_state, to_table_id
               FROM approvals WHERE id = ?1";
    let kept = db.prepare_cached(sql)?.query_row([id], |row| {
        Ok(Kept {
            permission: word(row, 0, Permission::parse)?,
            subject: row.get(1)?,
            subject_id: row.get(2)?,
            amount: row.get(3)?,
            reason: row.get(4)?,
            asker_id: row.get(5)?,
            session: row.get(6)?,
            state: word(row, 7, ApprovalState::parse)?,
            approver_id: row.get(8)?,
            run: row.get(9)?,
            until: row.get(10)?,
            order: row.get(11)?,
            method_id: row.get(12)?,
            account_id: row.get(13)?,
            account_name: row.get(14)?,
            payment_state: state(row, 15)?,
            to_table_id: row.get(16)?,
        })
    });
    Ok(kept.optional()?)
}

const SELECT: &str = "
    SELECT a.id, a.permission, a.subject, a.subject_id, a.amount, a.reason, a.state, a.asker_id,
           asker.full_name, a.approver_id, approver.full_name, o.number, t.number, a.asked_at,
           a.run, a.until, t.label, a.order_id, a.dish_name, a.check_number, a.worth, a.account_name,
           a.method_name, a.method_id, a.account_id, a.payment_state, a.to_table_id,
           a.to_table_name
    FROM approvals a
    JOIN users asker ON asker.id = a.asker_id
    LEFT JOIN orders o ON o.id = a.order_id
    LEFT JOIN users approver ON approver.id = a.approver_id
    LEFT JOIN tables t ON t.id = o.table_id";

/// What is said of a payment, where an approval is about one.
fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<PaymentState>> {
    let is_one = row.get_ref(column)? != rusqlite::types::ValueRef::Null;
    is_one.then(|| word(row, column, PaymentState::parse)).transpose()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Approval> {
    let permission = word(row, 1, Permission::parse)?;
    let (run, until): (i64, i64) = (row.get(14)?, row.get(15)?);
    let left = if run == *RUN { until - clock::since_start() } else { 0 };
    Ok(Approval {
        id: row.get(0)?,
        permission,
        subject: row.get(2)?,
        subject_id: row.get(3)?,
        amount: permission.amount_text(row.get(4)?),
        worth: row.get::<_, Option<i64>>(20)?.map(|worth| Money(worth).to_string()),
        dish_name: row.get(18)?,
        check_number: row.get(19)?,
        account_name: row.get(21)?,
        method_name: row.get(22)?,
        method_id: row.get(23)?,
        account_id: row.get(24)?,
        payment_state: state(row, 25)?,
        to_table_id: row.get(26)?,
        to_table_name: row.get(27)?,
        reason: row.get(5)?,
        state: word(row, 6, ApprovalState::parse)?,
        asker_id: row.get(7)?,
        asker_name: row.get(8)?,
        approver_id: row.get(9)?,
        approver_name: row.get(10)?,
        order_id: row.get(17)?,
        order_number: row.get(11)?,
        table_number: row.get(12)?,
        table_name: row.get(16)?,
        asked_at: Timestamp(row.get(13)?),
        seconds_left: left.max(0) / 1000,
    })
}

/// One approval, for who asked for it or may answer it.
///
/// # Errors
/// 404 when there is none, or it is not theirs to see.
pub(super) fn approval(db: &Connection, id: i64, viewer: &Person) -> Result<Approval> {
    let sql = format!("{SELECT} WHERE a.id = ?1");
    let found = db.prepare_cached(&sql)?.query_row([id], from_row).optional()?;
    let found = found.ok_or_else(|| Error::not_found("approval", id))?;
    if found.asker_id == viewer.id || may_answer(db, &found, viewer)? {
        return Ok(found);
    }
    Err(Error::not_found("approval", id))
}

/// Those that wait and that this person may answer, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn open_for(db: &Connection, viewer: &Person) -> Result<Vec<Approval>> {
    let sql = format!(
        "{SELECT} WHERE a.state = 'OPEN' AND a.run = ?1 AND a.until > ?2
                       ORDER BY a.id LIMIT 100"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([*RUN, clock::since_start()], from_row)?;
    let mut found = Vec::new();
    for row in rows {
        let approval = row?;
        if may_answer(db, &approval, viewer)? {
            found.push(approval);
        }
    }
    Ok(found)
}

fn may_answer(db: &Connection, approval: &Approval, viewer: &Person) -> Result<bool> {
    let Approval { permission, order_id, method_id, account_id, asker_id, .. } = *approval;
    let amount = permission.parse_amount(&approval.amount).map_err(Error::internal)?;
    let subject = (&*approval.subject, approval.subject_id);
    let within = Within::of(order_id, subject, account_id, method_id);
    let stake = Stake { permission, within, amount };
    let standing = standing(db, (viewer.id, viewer.role), stake)?;
    Ok(standing.decision() == Decision::Allow && asker_id != viewer.id)
}

/// Asks for an approval; one that the asker waits for on this sign-in is given up.
pub(super) struct AskApproval {
    /// What was refused to them.
    pub wish: Wish,
    pub reason: Option<String>,
    pub asker: Person,
    pub session: Uuid,
    /// Somebody who has shown by a PIN that they stand here, and their second factor's code.
    pub approver: Option<(i64, Option<String>)>,
}

impl Command for AskApproval {
    type Output = Approval;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Approval> {
        let (wish, asker) = (&self.wish, &self.asker);
        let (account, method) = (wish.way.account_id(), wish.way.method_id());
        let within = Within::of(wish.order, wish.subject, account, method);
        let stake = Stake { permission: wish.permission, within, amount: wish.amount };
        let may = standing(tx, (asker.id, asker.role), stake)?;
        match may.decision() {
            Decision::Ask => {}
            Decision::Deny => return Err(may.denied(stake, asker.role)),
            Decision::Allow => {
                let detail = "This is yours to do: nobody needs to approve of it.";
                return Err(Error::rule("approval_not_needed", detail));
            }
        }
        if let Some((approver, code)) = &self.approver {
            auth::check_second_factor(tx, *approver, code.as_deref())?;
            check_approver(tx, (*approver, asker.id), stake)?;
        }
        withdraw_open(tx, asker.id, self.session)?;
        let id = self.insert(tx)?;
        if let Some((approver, _)) = self.approver {
            note_answer(tx, id, approver, ApprovalState::Approved)?;
        }
        tell(tx, asker.id, id)?;
        approval(tx, id, asker)
    }
}

impl AskApproval {
    fn insert(&self, tx: &Tx<'_>) -> Result<i64> {
        let (state, length, answered) = match self.approver {
            Some(_) => (ApprovalState::Approved, GOOD_FOR, Some(tx.now().0)),
            None => (ApprovalState::Open, ASKED_FOR, None),
        };
        tx.prepare_cached(
            "INSERT INTO approvals (permission, subject, subject_id, amount, reason, asker_id,
                                    session, state, approver_id, asked_at, answered_at, run, until,
                                    order_id, dish_name, check_number, worth, account_name,
                                    method_id, method_name, account_id, payment_state,
                                    to_table_id, to_table_name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                     ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
        )?
        .execute(params![
            self.wish.permission.as_str(),
            self.wish.subject.0,
            self.wish.subject.1,
            self.wish.amount,
            self.reason,
            self.asker.id,
            self.session.into_bytes(),
            state.as_str(),
            self.approver.as_ref().map(|(id, _)| *id),
            tx.now().0,
            answered,
            *RUN,
            clock::since_start() + length,
            self.wish.order,
            self.wish.what.dish(),
            self.wish.what.check(),
            self.wish.worth,
            self.wish.way.account_name(),
            self.wish.way.method_id(),
            self.wish.way.method_name(),
            self.wish.way.account_id(),
            self.wish.what.payment_state().map(PaymentState::as_str),
            self.wish.what.to_table().map(|(id, _)| id),
            self.wish.what.to_table().map(|(_, name)| name),
        ])?;
        Ok(tx.last_insert_rowid())
    }
}

fn withdraw_open(tx: &Tx<'_>, asker_id: i64, session: Uuid) -> Result<usize> {
    let sql = "UPDATE approvals SET state = 'WITHDRAWN'
               WHERE asker_id = ?1 AND state = 'OPEN' AND session = ?2";
    Ok(tx.prepare_cached(sql)?.execute(params![asker_id, session.into_bytes()])?)
}

/// Answers somebody who asks.
pub(super) struct AnswerApproval {
    pub id: i64,
    pub by: Person,
    pub is_approved: bool,
}

impl Command for AnswerApproval {
    type Output = Approval;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Approval> {
        let Self { id, by, is_approved } = self;
        let asked = kept(tx, id)?.ok_or_else(|| Error::not_found("approval", id))?;
        check_approver(tx, (by.id, asked.asker_id), asked.stake())?;
        if asked.state != ApprovalState::Open {
            let detail = "Somebody has answered this already, or it is not needed any more.";
            return Err(
                Error::conflict("approval_answered", detail).with("state", asked.state.as_str())
            );
        }
        if asked.is_over() {
            let detail = "This waits no longer. Let them ask again.";
            return Err(Error::conflict("approval_expired", detail));
        }
        let state = if is_approved { ApprovalState::Approved } else { ApprovalState::Refused };
        tx.prepare_cached(
            "UPDATE approvals SET state = ?2, approver_id = ?3, answered_at = ?4, until = ?5
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            state.as_str(),
            by.id,
            tx.now().0,
            clock::since_start() + GOOD_FOR
        ])?;
        note_answer(tx, id, by.id, state)?;
        tell(tx, by.id, id)?;
        approval(tx, id, &by)
    }
}

/// The asker needs it no more.
pub(super) struct WithdrawApproval {
    pub id: i64,
    pub by: i64,
}

impl Command for WithdrawApproval {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let asked = kept(tx, self.id)?.filter(|asked| asked.asker_id == self.by);
        let asked = asked.ok_or_else(|| Error::not_found("approval", self.id))?;
        if !matches!(asked.state, ApprovalState::Open | ApprovalState::Approved) {
            return Ok(());
        }
        tx.prepare_cached("UPDATE approvals SET state = 'WITHDRAWN' WHERE id = ?1")?
            .execute([self.id])?;
        tell(tx, self.by, self.id)
    }
}

/// Leaves a trace of an answer: who gave it, to whom, about what.
fn note_answer(tx: &Tx<'_>, id: i64, by: i64, state: ApprovalState) -> Result<()> {
    let sql = format!("{SELECT} WHERE a.id = ?1");
    let asked = tx.prepare_cached(&sql)?.query_row([id], from_row)?;
    let action = if state == ApprovalState::Refused { "approval_refused" } else { "approved" };
    let mut after = json!({
        "approval": id, "permission": asked.permission,
        (asked.permission.amount_name()): asked.amount,
        "asked_by": asked.asker_name, "reason": asked.reason, "order": asked.order_number,
        "dish": asked.dish_name, "check": asked.check_number, "account": asked.account_id,
        "method": asked.method_name, "state": asked.payment_state,
        "to_table": asked.to_table_name,
    });
    if let Some(worth) = asked.worth {
        after["amount"] = json!(worth);
    }
    let to = (asked.subject.as_str(), Some(asked.subject_id));
    audit::note(tx, Some(by), action, to, (Value::Null, after))
}

/// Screens of those who may answer read the list anew.
fn tell(tx: &mut Tx<'_>, actor: i64, id: i64) -> Result<()> {
    let details = ApprovalChanged { approval_id: id };
    tx.emit(NewEvent::new(Thing::Approval.with(id), Some(actor), &details)?).map(drop)
}

/// Forgets the name of an account that is erased, in what was asked about it.
///
/// # Errors
/// When the rows cannot be written.
pub fn forget_account(tx: &Tx<'_>, account_id: i64, name: &str) -> Result<()> {
    // One that was to be opened had no number yet.
    let sql = "UPDATE approvals SET account_name = NULL
               WHERE account_id = ?1 OR subject = 'house_account' AND subject_id = ?1
                  OR subject_id = 0 AND account_name = ?2";
    tx.prepare_cached(sql)?.execute(params![account_id, name])?;
    Ok(())
}

/// Deletes up to `most` old approvals. Returns how many went.
///
/// # Errors
/// When the rows cannot be deleted.
pub(super) fn trim(tx: &Tx<'_>, most: usize) -> Result<usize> {
    let sql = "DELETE FROM approvals WHERE id IN
                   (SELECT id FROM approvals WHERE asked_at < ?1 ORDER BY asked_at LIMIT ?2)";
    Ok(tx.prepare_cached(sql)?.execute([tx.now().0 - KEPT_FOR, most as i64])?)
}
