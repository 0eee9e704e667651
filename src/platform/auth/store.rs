//! Users and sessions in SQL.

use std::net::IpAddr;

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::events::{SignedIn, SignedOut};
use super::factor_store;
use super::{KnownDevice, Person, Role, User, digest_of};
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Payload, Thing};
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Tx, word};

/// How many sessions one person may have; with one more the oldest ends.
const SESSIONS_PER_USER: i64 = 20;

/// The columns that [`user_from_row`] reads.
pub const USER_COLUMNS: &str = "users.id, users.username, users.full_name, users.role, \
    users.phone, users.avatar_url, users.is_active, users.shift_active, \
    users.pin_hash IS NOT NULL, users.created_by_id, users.last_login, users.created_at, \
    users.updated_at";

/// A user from a row of [`USER_COLUMNS`].
///
/// # Errors
/// When the row has other columns.
pub fn user_from_row(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(0)?,
        username: row.get(1)?,
        full_name: row.get(2)?,
        role: word(row, 3, Role::parse)?,
        phone: row.get(4)?,
        avatar_url: row.get(5)?,
        is_active: row.get(6)?,
        shift_active: row.get(7)?,
        has_pin: row.get(8)?,
        created_by_id: row.get(9)?,
        last_login: row.get::<_, Option<i64>>(10)?.map(Timestamp),
        created_at: Timestamp(row.get(11)?),
        updated_at: Timestamp(row.get(12)?),
    })
}

/// A user who was not removed.
///
/// # Errors
/// 404 when there is none.
pub fn user_by_id(connection: &Connection, id: i64) -> Result<User> {
    let sql = format!("SELECT {USER_COLUMNS} FROM users WHERE id = ?1 AND deleted_at IS NULL");
    connection
        .prepare_cached(&sql)?
        .query_row([id], user_from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("user", id))
}

/// The id of the person who signs in under a name.
///
/// # Errors
/// 404 when there is none.
pub fn user_id(db: &Connection, username: &str) -> Result<i64> {
    let found = credentials(db, username)?;
    found.map(|user| user.id).ok_or_else(|| Error::not_found("user", username))
}

/// What is checked when somebody signs in.
pub struct Credentials {
    pub id: i64,
    pub role: Role,
    pub is_active: bool,
    pub password_hash: String,
    pub pin_hash: Option<String>,
}

pub fn credentials(connection: &Connection, username: &str) -> Result<Option<Credentials>> {
    Ok(connection
        .prepare_cached(
            "SELECT id, is_active, password_hash, pin_hash, role FROM users
             WHERE username = ?1 COLLATE NOCASE AND deleted_at IS NULL",
        )?
        .query_row([username], |row| {
            Ok(Credentials {
                id: row.get(0)?,
                is_active: row.get(1)?,
                password_hash: row.get(2)?,
                pin_hash: row.get(3)?,
                role: word(row, 4, Role::parse)?,
            })
        })
        .optional()?)
}

pub fn session_person(connection: &Connection, session: Uuid) -> Result<Option<Person>> {
    Ok(connection
        .prepare_cached(
            "SELECT u.id, u.role, u.full_name
             FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.id = ?1 AND u.is_active = 1 AND u.deleted_at IS NULL",
        )?
        .query_row([session.into_bytes()], |row| {
            let full_name: String = row.get(2)?;
            Ok(Person {
                id: row.get(0)?,
                role: word(row, 1, Role::parse)?,
                full_name: full_name.into(),
            })
        })
        .optional()?)
}

/// The paired tablet of a token, unless it was cut off.
pub fn device_by_token(db: &Connection, token: &str) -> Result<Option<KnownDevice>> {
    Ok(db
        .prepare_cached(
            "SELECT id, name FROM devices WHERE token_hash = ?1 AND cut_off_at IS NULL",
        )?
        .query_row([digest_of(token)], |row| Ok(KnownDevice { id: row.get(0)?, name: row.get(1)? }))
        .optional()?)
}

/// What somebody hears who enters a PIN on a device that the box does not know.
pub fn device_unknown() -> Error {
    let detail = "This tablet is not paired yet. Ask an admin to show its code, or sign in with a \
                  password.";
    Error::forbidden("device_unknown", detail)
}

/// Begins a session.
pub struct SignIn {
    pub user_id: i64,
    pub device_id: Option<i64>,
    pub session: Uuid,
    pub lifetime_seconds: i64,
    pub address: IpAddr,
    pub agent: Option<String>,
    /// The code of his second factor, if he sent one.
    pub code: Option<String>,
}

impl Command for SignIn {
    type Output = Timestamp;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Timestamp> {
        let now = tx.now();
        factor_store::check_code(tx, self.user_id, self.code.as_deref())?;
        let changed = tx
            .prepare_cached(
                "UPDATE users SET last_login = ?2
                 WHERE id = ?1 AND is_active = 1 AND deleted_at IS NULL",
            )?
            .execute(params![self.user_id, now.0])?;
        if changed == 0 {
            return Err(super::token::expired());
        }
        if let Some(device) = self.device_id {
            // It may have been cut off since it was looked at.
            let changed = tx
                .prepare_cached(
                    "UPDATE devices SET last_seen_at = ?2 WHERE id = ?1 AND cut_off_at IS NULL",
                )?
                .execute(params![device, now.0])?;
            if changed == 0 {
                return Err(device_unknown());
            }
        }
        tx.prepare_cached(
            "DELETE FROM sessions WHERE user_id = ?1 AND id NOT IN
                 (SELECT id FROM sessions WHERE user_id = ?1
                  ORDER BY created_at DESC LIMIT ?2)",
        )?
        .execute(params![self.user_id, SESSIONS_PER_USER - 1])?;
        let expires = now.0 + self.lifetime_seconds * 1000;
        tx.prepare_cached(
            "INSERT INTO sessions (id, user_id, created_at, expires_at, device_id, address, agent)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            self.session.into_bytes(),
            self.user_id,
            now.0,
            expires,
            self.device_id,
            self.address.to_string(),
            self.agent,
        ])?;
        tell(tx, self.user_id, &SignedIn {})?;
        Ok(now)
    }
}

/// Ends one session.
pub struct SignOut {
    pub user_id: i64,
    pub session: Uuid,
}

impl Command for SignOut {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.prepare_cached("DELETE FROM sessions WHERE id = ?1")?
            .execute([self.session.into_bytes()])?;
        tell(tx, self.user_id, &SignedOut {})?;
        Ok(())
    }
}

fn tell(tx: &mut Tx<'_>, user_id: i64, details: &impl Payload) -> Result<()> {
    tx.emit(NewEvent::new(Thing::User.with(user_id), Some(user_id), details)?).map(drop)
}

/// Ends every session of a person but `kept`: after a new password, or when he is let go. The
/// caller's event makes the box forget him.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn end_sessions_of(tx: &Tx<'_>, user_id: i64, kept: Option<Uuid>) -> Result<()> {
    tx.prepare_cached("DELETE FROM sessions WHERE user_id = ?1 AND id IS NOT ?2")?
        .execute(params![user_id, kept.map(Uuid::into_bytes)])?;
    Ok(())
}

/// Deletes up to `most` sessions of staff that have expired. Returns how many went.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn trim_sessions(tx: &Tx<'_>, most: usize) -> Result<usize> {
    let sql = "DELETE FROM sessions WHERE rowid IN
                   (SELECT rowid FROM sessions WHERE expires_at < ?1 LIMIT ?2)";
    Ok(tx.prepare_cached(sql)?.execute([tx.now().0, most as i64])?)
}
