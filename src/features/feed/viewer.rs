//! Whose screen it is, and what it may hear.

use std::sync::Arc;

use uuid::Uuid;

use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::event::{Audience, Event, Kind};
use crate::core::kernel::Timestamp;
use crate::features::guests::guest_by_token;
use crate::features::visits::{self, Guest};
use crate::platform::app::App;
use crate::platform::auth::{Person, Role};

/// Somebody who looks at a screen.
#[derive(Clone)]
pub enum Viewer {
    /// A member of staff.
    Staff {
        /// Who.
        person: Person,
        /// His session.
        session: Uuid,
        /// Until when it is good.
        expires_at: Timestamp,
    },
    /// A guest.
    Guest {
        /// At which table.
        guest: Guest,
        /// His token.
        token: String,
    },
}

/// Whether a token says that it is a guest's.
pub fn is_of_guest(token: &str) -> bool {
    token.starts_with("g_")
}

impl Viewer {
    /// The viewer of a token.
    ///
    /// # Errors
    /// 401 when it is not good.
    pub async fn of(app: &App, token: Option<String>) -> Result<Self> {
        let token = token
            .ok_or_else(|| Error::unauthorized("no_token", "Sign in first: this needs a token."))?;
        if is_of_guest(&token) {
            let guest = guest(app, token.clone()).await?;
            return Ok(Self::Guest { guest, token });
        }
        let (session, expires_at) = app.auth.tokens.read(&token)?;
        let person = app.auth.sessions.person(&app.store, session).await?;
        Ok(Self::Staff { person, session, expires_at })
    }

    /// The word for him in the greeting and the statistics.
    pub fn role(&self) -> &'static str {
        match self {
            Self::Staff { person, .. } => person.role.as_str(),
            Self::Guest { .. } => "guest",
        }
    }

    /// Until when he may listen.
    pub fn expires_at(&self) -> Timestamp {
        match self {
            Self::Staff { expires_at, .. } => *expires_at,
            Self::Guest { guest, .. } => guest.expires_at,
        }
    }

    /// Whether he may hear of an event.
    pub fn may_hear(&self, event: &Event) -> bool {
        match self {
            Self::Guest { guest, .. } => {
                event.audience.has(Audience::GUESTS)
                    || (event.audience.has(Audience::TABLE_GUESTS)
                        && event.table_id == Some(guest.table_id)
                        && event.seq > guest.since_seq)
            }
            Self::Staff { person, .. } => {
                let group = group(person.role);
                event.audience.has(group)
                    || (group == Audience::WAITERS
                        && event.audience.has(Audience::ORDERS_WAITER)
                        && event.waiter_id.is_none_or(|waiter| waiter == person.id))
            }
        }
    }

    /// Whether he hears of an event with the whole order that it tells; guests hear that something
    /// happened.
    pub fn hears_orders(&self, event: &Event) -> bool {
        matches!(self, Self::Staff { .. }) && self.may_hear(event)
    }

    /// Whether he is told of an event: a guest who waits to see the bill hears of his table that he
    /// does, and what is about his own lines and his own call.
    pub async fn hears(&self, app: &App, event: &Arc<Event>) -> bool {
        if !self.may_hear(event) {
            return false;
        }
        match self {
            Self::Guest { guest, .. }
                if guest.waits
                    && event.kind != Kind::TableChanged
                    && !event.audience.has(Audience::GUESTS) =>
            {
                let (phone, event) = (guest.token_hash, Arc::clone(event));
                let read = move |db: &_| visits::concerns(db, &phone, &event.data);
                app.store.read(read).await.unwrap_or(false)
            }
            _ => true,
        }
    }

    /// Whether an event may have ended his sign-in or his visit, have moved him, or shown him the bill.
    pub fn may_change_with(&self, event: &Event) -> bool {
        match self {
            Self::Staff { .. } => event.kind.may_end_sessions(),
            Self::Guest { guest, .. } => {
                let is_word = guest.waits && event.kind == Kind::CallAnswered;
                // One without a table is about a room, and all tables in it.
                (event.kind == Kind::TableChanged || is_word)
                    && event.table_id.is_none_or(|table_id| table_id == guest.table_id)
            }
        }
    }

    /// The viewer as he is now: a guest may sit at another table since. Nothing when he may no
    /// longer listen.
    pub async fn renewed(&self, app: &App) -> Option<Self> {
        match self {
            Self::Staff { session, expires_at, .. } => {
                let person = app.auth.sessions.person(&app.store, *session).await.ok()?;
                Some(Self::Staff { person, session: *session, expires_at: *expires_at })
            }
            Self::Guest { token, .. } => {
                let guest = guest(app, token.clone()).await.ok()?;
                Some(Self::Guest { guest, token: token.clone() })
            }
        }
    }
}

async fn guest(app: &App, token: String) -> Result<Guest> {
    app.store.read(move |db| guest_by_token(db, &token, clock::now())).await
}

/// The group of a role: cashiers and hosts work with the waiters' screen.
fn group(role: Role) -> Audience {
    match role {
        Role::Admin => Audience::ADMIN,
        Role::Manager => Audience::MANAGER,
        Role::Waiter | Role::Cashier | Role::Host => Audience::WAITERS,
        Role::Kitchen => Audience::KITCHEN,
    }
}
