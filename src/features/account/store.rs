//! Sign-ins and second factors in SQL.

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Session, SessionList};
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Tx};
use crate::platform::audit;
use crate::platform::auth::{self, SignedOut};

pub fn sessions(
    db: &Connection,
    user_id: i64,
    current: Uuid,
    now: Timestamp,
) -> Result<SessionList> {
    auth::user_by_id(db, user_id)?;
    let mut all = db.prepare_cached(
        "SELECT s.id, s.created_at, s.expires_at, d.name, s.address, s.agent
         FROM sessions s LEFT JOIN devices d ON d.id = s.device_id
         WHERE s.user_id = ?1 AND s.expires_at > ?2 ORDER BY s.created_at DESC LIMIT 20",
    )?;
    let rows = all.query_map([user_id, now.0], |row| {
        let id = Uuid::from_bytes(row.get(0)?);
        Ok(Session {
            id: id.to_string(),
            created_at: Timestamp(row.get(1)?),
            expires_at: Timestamp(row.get(2)?),
            device: row.get(3)?,
            address: row.get(4)?,
            agent: row.get(5)?,
            is_current: id == current,
        })
    })?;
    Ok(SessionList { sessions: rows.collect::<rusqlite::Result<_>>()? })
}

/// Which sign-ins end.
pub enum Which {
    /// One of a person's.
    One(i64, Uuid),
    /// All of a person's.
    AllOf(i64),
    /// Everybody's.
    Everybody,
}

/// Ends sign-ins, but never the one that asks for it unless it is named.
pub struct EndSessions {
    pub which: Which,
    pub by: i64,
    pub current: Uuid,
}

impl Command for EndSessions {
    /// How many ended.
    type Output = usize;

    fn apply(self, tx: &mut Tx<'_>) -> Result<usize> {
        let Self { which, by, current } = self;
        let current = current.into_bytes();
        let (ended, action, whose) = match which {
            Which::One(user, session) => {
                let sql = "DELETE FROM sessions WHERE id = ?1 AND user_id = ?2";
                let ended = tx.execute(sql, params![session.into_bytes(), user])?;
                if ended == 0 {
                    return Err(Error::not_found("session", session));
                }
                (ended, "session_ended", Some(user))
            }
            Which::AllOf(user) => {
                auth::user_by_id(tx, user)?;
                let sql = "DELETE FROM sessions WHERE user_id = ?1 AND id <> ?2";
                (tx.execute(sql, params![user, current])?, "all_sessions_ended", Some(user))
            }
            Which::Everybody => {
                let sql = "DELETE FROM sessions WHERE id <> ?1";
                (tx.execute(sql, [current])?, "everybody_signed_out", None)
            }
        };
        let before = json!({"sign_ins": ended});
        audit::note(tx, Some(by), action, ("user", whose), (before, Value::Null))?;
        tx.emit(NewEvent::new(Thing::User.of(whose), Some(by), &SignedOut {})?)?;
        Ok(ended)
    }
}

/// Gives a person a secret that waits for its first code.
pub struct BeginFactor {
    pub user_id: i64,
    pub secret: Vec<u8>,
}

impl Command for BeginFactor {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        auth::begin_factor(tx, self.user_id, &self.secret)
    }
}

/// The first code is there.
pub struct ConfirmFactor {
    pub user_id: i64,
    pub code: String,
    pub recovery_codes: Vec<String>,
}

impl Command for ConfirmFactor {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        auth::confirm_factor(tx, self.user_id, &self.code, &self.recovery_codes)?;
        let (user, change) = (Some(self.user_id), (Value::Null, json!({"second_factor": true})));
        audit::note(tx, user, "second_factor_added", ("user", user), change)
    }
}

/// Takes a person's second factor away.
pub struct RemoveFactor {
    /// Whose.
    pub user_id: i64,
    /// Who takes it; none is somebody with a shell on the box.
    pub by: Option<i64>,
}

impl Command for RemoveFactor {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        if !auth::remove_factor(tx, self.user_id)? {
            let detail = "There is no second factor to take away.";
            return Err(Error::rule("no_second_factor", detail));
        }
        let change = (json!({"second_factor": true}), Value::Null);
        let user = ("user", Some(self.user_id));
        audit::note(tx, self.by, "second_factor_removed", user, change)
    }
}

/// Writes down that tokens are signed with a new key.
pub struct NoteRotation {
    pub by: i64,
}

impl Command for NoteRotation {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let nothing = (Value::Null, Value::Null);
        audit::note(tx, Some(self.by), "signing_key_changed", ("box", None), nothing)
    }
}
