//! Who is signed in, remembered between requests. The truth is in the database: a commit that
//! touches a person or a session drops what is remembered, and the next request reads anew.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use uuid::Uuid;

use super::{Person, store, token};
use crate::core::error::Result;
use crate::core::store::{Commit, Store};

/// More sessions than a restaurant has devices; above it everything is forgotten and read anew.
const REMEMBERED: usize = 4096;

/// The memory of who is signed in.
#[derive(Default)]
pub struct Sessions {
    remembered: RwLock<HashMap<Uuid, Person>>,
    /// Counts what was dropped, so that a slow read does not bring an old state back.
    dropped: AtomicU64,
}

impl Sessions {
    /// The person of a session.
    ///
    /// # Errors
    /// 401 when the session has ended or its person may no longer sign in.
    pub async fn person(&self, store: &Store, id: Uuid) -> Result<Person> {
        if let Some(person) =
            self.remembered.read().unwrap_or_else(PoisonError::into_inner).get(&id)
        {
            // The token's own expiry was checked when it was read; it is the session's.
            return Ok(person.clone());
        }
        let before = self.dropped.load(Ordering::Acquire);
        let found = store.read(move |connection| store::session_person(connection, id)).await?;
        let person = found.ok_or_else(token::expired)?;
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        if self.dropped.load(Ordering::Acquire) == before {
            if remembered.len() >= REMEMBERED {
                remembered.clear();
            }
            remembered.insert(id, person.clone());
        }
        Ok(person)
    }

    pub(super) fn observe(&self, commit: &Commit<'_>) {
        if commit.touched("sessions") || commit.touched("users") {
            let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
            self.dropped.fetch_add(1, Ordering::AcqRel);
            remembered.clear();
        }
    }
}
