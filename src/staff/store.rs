//! Staff in SQL.

use rusqlite::params;
use serde_json::json;

use crate::auth::{self, Role, User};
use crate::error::{Error, Result};
use crate::event::{Audience, Kind, NewEvent};
use crate::store::{Command, Tx, is_unique_violation};

/// A person who begins to work here. Secrets come hashed.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: String,
    /// The name colleagues see.
    pub full_name: String,
    /// What he may.
    pub role: Role,
    /// Telephone.
    pub phone: Option<String>,
    /// Picture.
    pub avatar_url: Option<String>,
    /// The hash of the password.
    pub password_hash: String,
    /// The hash of the PIN.
    pub pin_hash: Option<String>,
    /// Whether he can sign in.
    pub is_active: bool,
    /// Whether he is at work now.
    pub shift_active: bool,
    /// Who created him.
    pub created_by_id: Option<i64>,
}

/// Adds a person.
pub struct CreateUser(pub NewUser);

impl Command for CreateUser {
    type Output = User;

    fn apply(self, tx: &mut Tx<'_>) -> Result<User> {
        let Self(user) = self;
        tx.execute(
            "INSERT INTO users (username, full_name, role, phone, avatar_url, password_hash,
                                pin_hash, is_active, shift_active, created_by_id, created_at,
                                updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)",
            params![
                user.username,
                user.full_name,
                user.role.as_str(),
                user.phone,
                user.avatar_url,
                user.password_hash,
                user.pin_hash,
                user.is_active,
                user.shift_active,
                user.created_by_id,
                tx.now().0,
            ],
        )
        .map_err(|error| username_taken(error, &user.username))?;
        let id = tx.last_insert_rowid();
        let event = NewEvent::new(
            Kind::StaffChanged,
            Audience::NOBODY,
            user.created_by_id,
            json!({"user_id": id, "what": "created"}),
        );
        tx.emit(event)?;
        auth::user_by_id(tx, id)
    }
}

fn username_taken(error: rusqlite::Error, username: &str) -> Error {
    if is_unique_violation(&error, "users.username") {
        let detail = format!("Somebody already signs in as “{username}”. Choose another name.");
        return Error::rule("username_taken", detail).with("username", username);
    }
    error.into()
}
