//! The passwords and PINs of an import, for new people only: an old list must not bring old
//! passwords back.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::try_join_all;
use rusqlite::Connection;

use crate::core::error::Result;
use crate::core::store::Store;
use crate::features::import::content::Member;
use crate::platform::auth::{self, Hasher};

/// The secrets of the new people, hashed, by username.
pub(super) type Secrets = HashMap<String, Hashed>;

#[derive(Clone)]
pub(super) struct Hashed {
    pub(super) password: String,
    pub(super) pin: Option<String>,
}

/// Hashes the passwords and PINs of the people who are not here yet.
pub(super) async fn hash_secrets(
    members: &[Member],
    store: &Store,
    hasher: &Hasher,
) -> Result<Secrets> {
    let here = store.read(usernames).await?;
    let new = members.iter().filter(|m| !here.contains(&m.username.to_ascii_lowercase()));
    let secrets = try_join_all(new.map(|member| hash_secrets_of(member, hasher))).await?;
    Ok(secrets.into_iter().collect())
}

async fn hash_secrets_of(member: &Member, hasher: &Hasher) -> Result<(String, Hashed)> {
    let password = match &member.password {
        Some(password) => hasher.hash_password(password).await?,
        // Nobody knows it: they can sign in when an admin has set another.
        None => hasher.hash_password(&auth::random_key()?).await?,
    };
    let pin = match &member.pin_code {
        Some(pin) => Some(hasher.hash_pin(pin).await?),
        None => None,
    };
    Ok((member.username.to_string(), Hashed { password, pin }))
}

fn usernames(db: &Connection) -> Result<BTreeSet<String>> {
    let mut statement =
        db.prepare_cached("SELECT lower(username) FROM users WHERE deleted_at IS NULL")?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}
