//! Who may say yes to another's deed.

use rusqlite::Connection;

use super::ApproverName;
use super::catalog::Permission;
use super::deeds_store::{Stake, standing};
use super::rules::Decision;
use crate::core::error::{Error, Result};
use crate::core::store::word;
use crate::platform::auth::{self, Role};

/// Whether somebody may approve of something.
#[derive(Debug)]
pub(super) enum Entitled {
    /// All of it is allowed to them; their name.
    Yes(String),
    /// They may, but not so much together.
    UpTo(Stake, i64),
    /// Something of it is not theirs to do.
    No,
}

/// Whether an active person may do all of what is at stake, and so approve of it.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn entitled(db: &Connection, id: i64, stakes: &[Stake]) -> Result<Entitled> {
    let Ok(person) = auth::user_by_id(db, id) else { return Ok(Entitled::No) };
    if !person.is_active {
        return Ok(Entitled::No);
    }
    let mut least = None;
    for stake in stakes {
        let standing = standing(db, (id, person.role), *stake)?;
        match (standing.decision(), standing.rule.decision, standing.rule.at_most) {
            (Decision::Allow, ..) => {}
            (_, Decision::Allow, Some(most)) => least = least.or(Some((*stake, most))),
            _ => return Ok(Entitled::No),
        }
    }
    Ok(match least {
        None => Entitled::Yes(person.full_name),
        Some((stake, most)) => Entitled::UpTo(stake, most),
    })
}

impl Entitled {
    /// The name of who may; else why they may not.
    ///
    /// # Errors
    /// 403 with how much they may, where that is too little.
    pub fn name(self, permission: Permission) -> Result<String> {
        match self {
            Self::Yes(name) => Ok(name),
            Self::UpTo(Stake { permission, within, .. }, most) => {
                let most = permission.amount_text(most);
                let detail = format!(
                    "They may approve of this up to {most} {}, with what they approved of before. \
                     Ask somebody who may do more.",
                    within.words()
                );
                let error = Error::forbidden("approver_limit", detail);
                Err(error.with("permission", permission.as_str()).with("at_most", most))
            }
            Self::No => {
                let detail = "They may not do this themselves, so they cannot approve of it.";
                let error = Error::forbidden("approver_not_entitled", detail);
                Err(error.with("permission", permission.as_str()))
            }
        }
    }
}

/// Whether somebody may say yes to another's deed.
///
/// # Errors
/// 403 when they may not do it themselves, or not so much.
pub(super) fn check_approver(
    db: &Connection,
    (approver, asker): (i64, i64),
    stake: Stake,
) -> Result<()> {
    let may = if approver == asker { Entitled::No } else { entitled(db, approver, &[stake])? };
    may.name(stake.permission).map(drop)
}

/// Those who may approve of so much of something, at this device: they have a PIN.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn approvers(db: &Connection, stake: Stake, asker_id: i64) -> Result<Vec<ApproverName>> {
    let sql = "SELECT id, role, full_name FROM users
               WHERE is_active = 1 AND deleted_at IS NULL AND pin_hash IS NOT NULL AND id <> ?1
               ORDER BY full_name, id LIMIT 500";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([asker_id])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, role) = (row.get(0)?, word(row, 1, Role::parse)?);
        if standing(db, (id, role), stake)?.decision() == Decision::Allow {
            found.push(ApproverName { id, full_name: row.get(2)? });
        }
    }
    Ok(found)
}
