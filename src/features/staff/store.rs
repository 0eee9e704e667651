//! Staff in SQL.

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Value, json};
use uuid::Uuid;

use super::events::{StaffChange, StaffChanged};
use super::{UserList, UserPublic, UserPublicList, UserUpdate};
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::Patch;
use crate::core::store::{Columns, Command, Filter, Tx, is_unique_violation};
use crate::features::cash::check_carries_nothing;
use crate::features::permissions::AT_THE_BILL;
use crate::platform::audit;
use crate::platform::auth::{self, Role, User};

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("user");

/// Which people a list shows.
pub struct Wanted {
    /// Of these roles; of any where it is empty.
    pub roles: Vec<Role>,
    pub is_active: Option<bool>,
    pub search: Option<String>,
}

impl Wanted {
    fn filter(&self, searched: &[&str]) -> Filter {
        Filter::new("deleted_at IS NULL")
            .one_of("role", self.roles.iter().map(|role| role.as_str()))
            .and("is_active = ?", self.is_active)
            .containing(searched, self.search.as_deref())
    }
}

const BY_NAME: &str = "full_name, id";

pub fn list(db: &Connection, page: (i64, i64), wanted: &Wanted) -> Result<UserList> {
    let filter = wanted.filter(&["full_name", "username", "phone"]);
    let select = format!("SELECT {} FROM users", auth::USER_COLUMNS);
    Ok(UserList {
        users: filter.page(db, &select, BY_NAME, page, auth::user_from_row)?,
        total: filter.count(db, "users")?,
    })
}

pub fn public_list(db: &Connection, page: (i64, i64), wanted: &Wanted) -> Result<UserPublicList> {
    // Only what is shown can be searched: a telephone number cannot be guessed digit by digit.
    let filter = wanted.filter(&["full_name", "username"]);
    let select = "SELECT id, username, full_name, avatar_url FROM users";
    Ok(UserPublicList {
        users: filter.page(db, select, BY_NAME, page, public_from_row)?,
        total: filter.count(db, "users")?,
    })
}

fn public_from_row(row: &Row<'_>) -> rusqlite::Result<UserPublic> {
    Ok(UserPublic {
        id: row.get(0)?,
        username: row.get(1)?,
        full_name: row.get(2)?,
        avatar_url: row.get(3)?,
    })
}

/// The hash of a person's password.
///
/// # Errors
/// 404 when there is no such person.
pub fn password_hash(db: &Connection, id: i64) -> Result<String> {
    db.prepare_cached("SELECT password_hash FROM users WHERE id = ?1 AND deleted_at IS NULL")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Error::not_found("user", id))
}

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
        let columns = Columns::default()
            .set("username", user.username.clone())
            .set("full_name", user.full_name)
            .set("role", user.role.as_str().to_owned())
            .set("phone", user.phone)
            .set("avatar_url", user.avatar_url)
            .set("password_hash", user.password_hash)
            .set("pin_hash", user.pin_hash)
            .set("is_active", user.is_active)
            .set("shift_active", user.shift_active)
            .set("created_by_id", user.created_by_id);
        let written = columns.insert(tx, "users");
        let id = written.map_err(|error| username_taken(error, &user.username))?;
        tell(tx, id, user.created_by_id, StaffChange::Created)?;
        let added = auth::user_by_id(tx, id)?;
        TRAIL.note(tx, user.created_by_id, "person_added", id, (Value::Null, known(&added)))?;
        Ok(added)
    }
}

/// Changes a person.
pub struct UpdateUser {
    /// Whom.
    pub id: i64,
    /// What. Not its PIN:
    pub changes: UserUpdate,
    /// that one comes hashed.
    pub pin_hash: Patch<String>,
    /// Who changes him; nobody in an import.
    pub by: Option<i64>,
}

impl Command for UpdateUser {
    type Output = User;

    fn apply(self, tx: &mut Tx<'_>) -> Result<User> {
        let Self { id, changes, pin_hash, by } = self;
        let old = auth::user_by_id(tx, id)?;
        let (before, old_role, changes_pin) = (old.clone(), old.role, pin_hash != Patch::Keep);
        let role = changes.role.unwrap_or(old.role);
        let is_active = changes.is_active.unwrap_or(old.is_active);
        let takes_cash = |role: Role, is_active| is_active && role.bit() & AT_THE_BILL != 0;
        if takes_cash(old.role, old.is_active) && !takes_cash(role, is_active) {
            check_carries_nothing(tx, id)?;
        }
        Columns::default()
            .maybe("full_name", changes.full_name)
            .set("role", role.as_str().to_owned())
            .patch_text("phone", changes.phone)
            .patch_text("avatar_url", changes.avatar_url)
            .set("is_active", is_active)
            .maybe("shift_active", changes.shift_active)
            .patch("pin_hash", pin_hash)
            .update(tx, "users", id)?;
        if role != old.role || !is_active {
            auth::end_sessions_of(tx, id, None)?;
            refuse_to_lose_the_last_admin(tx, old.role)?;
        }
        tell(tx, id, by, StaffChange::Updated)?;
        let new = auth::user_by_id(tx, id)?;
        let (before, mut after) = audit::differences(&before, &new);
        if changes_pin {
            after["pin"] = json!(if new.has_pin { "new" } else { "none" });
        }
        let action = if role == old_role { "person_changed" } else { "role_changed" };
        TRAIL.note(tx, by, action, id, (before, after))?;
        Ok(new)
    }
}

/// Removes a person; orders and payments keep pointing to him.
pub struct DeleteUser {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteUser {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = auth::user_by_id(tx, self.id)?;
        if self.id == self.by {
            let detail = "You cannot remove yourself. Let another admin do it.";
            return Err(Error::rule("own_account", detail));
        }
        check_carries_nothing(tx, self.id)?;
        Columns::default()
            .set("deleted_at", tx.now().0)
            .set("is_active", false)
            .set("shift_active", false)
            .update(tx, "users", self.id)?;
        auth::end_sessions_of(tx, self.id, None)?;
        // Two admins who remove each other in the same second would leave nobody.
        refuse_to_lose_the_last_admin(tx, old.role)?;
        TRAIL.note(tx, Some(self.by), "person_removed", self.id, (known(&old), Value::Null))?;
        tell(tx, self.id, Some(self.by), StaffChange::Deleted)
    }
}

/// Sets a new password and ends every sign-in of that person but `session`.
pub struct ChangePassword {
    pub id: i64,
    pub password_hash: String,
    pub by: i64,
    pub session: Uuid,
}

impl Command for ChangePassword {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let user = auth::user_by_id(tx, self.id)?;
        Columns::default().set("password_hash", self.password_hash).update(tx, "users", self.id)?;
        auth::end_sessions_of(tx, self.id, Some(self.session))?;
        let of = json!({"username": user.username});
        TRAIL.note(tx, Some(self.by), "password_changed", self.id, (of.clone(), of))?;
        tell(tx, self.id, Some(self.by), StaffChange::Password)
    }
}

/// Whether somebody is left who can let people in. Checked after a change of somebody who had
/// the role `before`.
fn refuse_to_lose_the_last_admin(tx: &Tx<'_>, before: Role) -> Result<()> {
    if before != Role::Admin {
        return Ok(());
    }
    let left: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM users
                        WHERE role = 'admin' AND is_active = 1 AND deleted_at IS NULL)",
        [],
        |row| row.get(0),
    )?;
    if left {
        return Ok(());
    }
    let detail = "This is the last active admin: nobody could manage the box any more. \
                  Make somebody else an admin first.";
    Err(Error::rule("last_admin", detail))
}

/// What the trace says of a person who comes or goes.
fn known(user: &User) -> Value {
    json!({"username": user.username, "full_name": user.full_name, "role": user.role,
           "is_active": user.is_active})
}

fn tell(tx: &mut Tx<'_>, id: i64, by: Option<i64>, what: StaffChange) -> Result<()> {
    let details = StaffChanged { user_id: id, what };
    tx.emit(NewEvent::new(Thing::User.with(id), by, &details)?).map(drop)
}

fn username_taken(error: rusqlite::Error, username: &str) -> Error {
    if is_unique_violation(&error, "users.username") {
        let detail = format!("Somebody already signs in as “{username}”. Choose another name.");
        return Error::rule("username_taken", detail).with("username", username);
    }
    error.into()
}
