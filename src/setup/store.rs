//! The first admin in SQL.

use rusqlite::Connection;

use crate::auth::User;
use crate::error::{Error, Result};
use crate::restaurant::UpdateSite;
use crate::staff::{CreateUser, NewUser};
use crate::store::{Command, Tx};

/// Whether there is an admin who could let others in.
pub fn has_admin(db: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM users
                              WHERE role = 'admin' AND is_active = 1 AND deleted_at IS NULL)";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
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
        self.site.apply(tx)?;
        CreateUser(self.admin).apply(tx)
    }
}

pub fn already_done() -> Error {
    let detail = "This box has an admin already. Sign in; an admin can add more people.";
    Error::conflict("already_set_up", detail)
}
