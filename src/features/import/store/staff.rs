//! The people of an import.

use super::importer::{Importer, Saved};
use super::named::within;
use super::secrets::Hashed;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Patch, Text};
use crate::core::store::Command;
use crate::features::import::content::Member;
use crate::features::import::report::Outcome;
use crate::features::staff::{CreateUser, NewUser, UpdateUser, UserUpdate};
use crate::platform::auth::{self, User};
use crate::platform::site;

impl Importer<'_, '_> {
    pub(super) fn member(&mut self, place: &str, member: &Member) -> Result<()> {
        let id = self.find(
            "SELECT id FROM users WHERE username = ?1 COLLATE NOCASE AND deleted_at IS NULL",
            [&*member.username],
        )?;
        let (id, outcome) = match id {
            Some(id) => (id, self.change(id, member).map_err(|error| within(place, error))?),
            None => (self.hire(place, member)?, Outcome::Created),
        };
        self.note(place, "users", id)?;
        let name = member.full_name.to_string();
        self.count("staff", place, name, Saved { id, outcome, fields: Vec::new() });
        Ok(())
    }

    fn hire(&mut self, place: &str, member: &Member) -> Result<i64> {
        if !site::load(self.tx)?.is_some_and(|site| site.is_demo) {
            check_password(place, member)?;
        }
        let hashed = match self.secrets {
            // A dry run is not worth the hashing.
            None => Hashed { password: String::new(), pin: None },
            Some(secrets) => secrets
                .get(&*member.username)
                .cloned()
                .ok_or_else(|| Error::internal("a new person's secrets are missing"))?,
        };
        if member.password.is_none() {
            self.done.report.without_password.push(member.username.to_string());
        }
        let user = NewUser {
            username: member.username.to_string(),
            full_name: member.full_name.to_string(),
            role: member.role,
            phone: member.phone.clone().and_then(Text::non_empty),
            avatar_url: member.avatar_url.clone().and_then(Text::non_empty),
            password_hash: hashed.password,
            pin_hash: hashed.pin,
            is_active: member.is_active.unwrap_or(true),
            shift_active: false,
            created_by_id: self.by,
        };
        let hired = CreateUser(user).apply(self.tx).map_err(|error| within(place, error))?;
        Ok(hired.id)
    }

    fn change(&mut self, id: i64, member: &Member) -> Result<Outcome> {
        let old = auth::user_by_id(self.tx, id)?;
        if is_as_told(&old, member) {
            return Ok(Outcome::Unchanged);
        }
        let changes = UserUpdate {
            full_name: Some(member.full_name.clone()),
            role: Some(member.role),
            phone: member.phone.clone().map_or(Patch::Keep, Patch::Set),
            avatar_url: member.avatar_url.clone().map_or(Patch::Keep, Patch::Set),
            pin_code: Patch::Keep,
            is_active: member.is_active,
            shift_active: None,
        };
        UpdateUser { id, changes, pin_hash: Patch::Keep, by: self.by }.apply(self.tx)?;
        Ok(Outcome::Updated)
    }
}

fn is_as_told(old: &User, new: &Member) -> bool {
    let same = |old: &Option<String>, new: Option<&str>| {
        new.is_none_or(|new| old.as_deref().unwrap_or_default() == new)
    };
    old.full_name == *new.full_name
        && old.role == new.role
        && same(&old.phone, new.phone.as_deref())
        && same(&old.avatar_url, new.avatar_url.as_deref())
        && new.is_active.is_none_or(|is_active| is_active == old.is_active)
}

fn check_password(place: &str, member: &Member) -> Result<()> {
    let Some(password) = &member.password else { return Ok(()) };
    auth::check_new_password(password, &member.username)
        .map_err(|error| Error::invalid(format!("{place}.password"), error.to_string()))
}
