//! Whether somebody may do something, asked where it is done: in its transaction, by the rules as they
//! stand there. An approval is used up in the same one, or not at all.

use serde_json::{Value, json};

use super::Principal;
use super::approvals_store::{denied, entitled, kept};
use super::catalog::Permission;
use super::rules::Decision;
use super::store::rule_for;
use crate::core::error::{Error, Result};
use crate::core::store::Tx;
use crate::platform::audit;

/// Something that needs permissions.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// All that it needs, the weightiest first: an approval is asked for by that one's name.
    pub needs: &'a [Permission],
    /// What it is done to.
    pub subject: (&'static str, i64),
    /// How much is at stake, in minor units or hundredths of a percent.
    pub amount: i64,
    /// The dish or the order it is about, for who reads of it.
    pub what: &'a str,
}

/// Lets somebody do something: because it is allowed to them, or because they bring an approval,
/// which is used up by it. Returns who approved of it, where that was needed.
///
/// # Errors
/// 403 when it is denied, needs an approval, or the approval is not good for it.
pub fn permit(tx: &Tx<'_>, who: &Principal, deed: Deed<'_>) -> Result<Option<i64>> {
    let mut asked = Vec::new();
    for permission in deed.needs {
        match rule_for(tx, (who.id, who.role), *permission)?.at(deed.amount) {
            Decision::Allow => {}
            Decision::Ask => asked.push(*permission),
            Decision::Deny => return Err(denied(*permission, who.role)),
        }
    }
    let Some(first) = asked.first() else { return Ok(None) };
    let refusal = |code, detail: String| about(Error::forbidden(code, detail), *first, deed);
    let Some(id) = who.approval else {
        let detail = format!("This needs the word of somebody who may do it: {}.", deed.what);
        return Err(refusal("approval_needed", detail));
    };
    let kept = kept(tx, id)?.filter(|kept| kept.asker_id == who.id);
    let Some(kept) = kept else {
        return Err(refusal("approval_unknown", format!("There is no approval {id} of yours.")));
    };
    if let Some((code, detail)) = kept.unfit(who.session, (*first, deed.subject, deed.amount)) {
        return Err(refusal(code, detail.to_owned()));
    }
    // They may have been let go, or lost the right, since they said yes.
    let approver = kept.approver_id.map(|id| entitled(tx, id, &asked, deed.amount)).transpose()?;
    let Some(Some(approver)) = approver else {
        let detail = "Who approved of it may not do it any more. Ask somebody else.";
        return Err(refusal("approver_not_entitled", detail.into()));
    };
    use_up(tx, who, (id, *first, &approver), deed, kept.reason.as_deref())?;
    Ok(kept.approver_id)
}

fn use_up(
    tx: &Tx<'_>,
    who: &Principal,
    (id, permission, approver): (i64, Permission, &str),
    deed: Deed<'_>,
    reason: Option<&str>,
) -> Result<()> {
    tx.prepare_cached("UPDATE approvals SET state = 'USED', used_at = ?2 WHERE id = ?1")?
        .execute([id, tx.now().0])?;
    let after = json!({
        "approval": id, "permission": permission, "what": deed.what,
        (permission.amount_name()): permission.amount_text(deed.amount),
        "asked_by": &*who.full_name, "approved_by": approver, "reason": reason,
    });
    let (subject, subject_id) = deed.subject;
    let to = (subject, Some(subject_id));
    audit::note(tx, Some(who.id), "approval_used", to, (Value::Null, after))
}

fn about(error: Error, permission: Permission, deed: Deed<'_>) -> Error {
    error
        .with("permission", permission.as_str())
        .with("subject", deed.subject.0)
        .with("subject_id", deed.subject.1)
        .with("amount", permission.amount_text(deed.amount))
        .with("what", deed.what)
}
