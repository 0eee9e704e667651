//! The first admin in SQL.

use rusqlite::{Connection, OptionalExtension, params};

use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Name;
use crate::core::store::{Command, Tx};
use crate::features::payments::{CreateMethod, PaymentMethodCreate, methods_known};
use crate::features::restaurant::UpdateSite;
use crate::features::staff::{CreateUser, NewUser};
use crate::features::stock::NameFirstPlace;
use crate::platform::auth::{User, user_by_id};

/// Whether there is an admin who could let others in. One who came back from the cloud cannot: no
/// password is there, and every hash begins with a dollar sign.
pub fn has_admin(db: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM users
                              WHERE role = 'admin' AND is_active = 1 AND deleted_at IS NULL
                                AND password_hash LIKE '$%')";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Whether there is an admin who lost the password with another box.
pub fn is_restored(db: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND deleted_at IS NULL
                                AND password_hash NOT LIKE '$%')";
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}

/// The admin of this name who came back without a password.
fn returned(tx: &Tx<'_>, username: &str) -> Result<Option<i64>> {
    let sql = "SELECT id FROM users WHERE username = ?1 AND role = 'admin' AND deleted_at IS NULL";
    Ok(tx.query_row(sql, [username], |row| row.get(0)).optional()?)
}

fn let_in(tx: &Tx<'_>, id: i64, admin: &NewUser) -> Result<User> {
    tx.execute(
        "UPDATE users SET password_hash = ?2, pin_hash = ?3, full_name = ?4, is_active = 1,
                          shift_active = 1, updated_at = ?5
         WHERE id = ?1",
        params![id, admin.password_hash, admin.pin_hash, admin.full_name, tx.now().0],
    )?;
    user_by_id(tx, id)
}

/// Names the restaurant and adds its first admin: both, or nothing.
pub struct Begin {
    pub site: UpdateSite,
    pub admin: NewUser,
}

impl Command for Begin {
    type Output = User;

    fn apply(self, tx: &mut Tx<'_>) -> Result<User> {
        if has_admin(tx)? {
            return Err(already_done());
        }
        let language = self.site.languages.iter().flatten().next().cloned();
        self.site.apply(tx)?;
        NameFirstPlace.apply(tx)?;
        let admin = match returned(tx, &self.admin.username)? {
            Some(id) => let_in(tx, id, &self.admin)?,
            None => CreateUser(self.admin).apply(tx)?,
        };
        if !methods_known(tx)? {
            preset_methods(tx, language.as_deref(), admin.id)?;
        }
        Ok(admin)
    }
}

/// Nearly every restaurant takes these two; a first bill can be closed without a visit to the settings.
fn preset_methods(tx: &mut Tx<'_>, language: Option<&str>, by: i64) -> Result<()> {
    let names =
        if language == Some("ru") { ["Наличные", "Карта"] } else { ["Cash", "Card"] };
    for name in names {
        let name = Name::new(name).map_err(Error::internal)?;
        CreateMethod { method: PaymentMethodCreate { name, kind: None, is_active: true }, by }
            .apply(tx)?;
    }
    Ok(())
}

pub fn already_done() -> Error {
    let detail = "This box has an admin already. Sign in; an admin can add more people.";
    Error::conflict("already_set_up", detail)
}
