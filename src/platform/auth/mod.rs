//! Who is who: signing in by password or PIN, tokens that really end, and what a role may.

mod api;
mod benches;
mod common;
mod events;
mod factor_store;
mod failures;
mod feature;
mod guard;
mod password;
mod person;
mod role;
mod seal;
mod secrets;
mod sessions;
mod store;
mod token;
mod totp;
mod turns;
mod who;

pub use api::{Attempt, note_failure, pin_needs_device};
pub use common::check_new_password;
pub use events::{SignedIn, SignedOut};
pub use factor_store::{
    FactorState, begin_factor, check_second_factor, confirm_factor, factor_state, remove_factor,
};
pub use failures::{Counted, Failures, Guess, Origin, Secret};
pub use feature::feature;
pub use guard::{By, FromDevice, PROTOCOL, bearer_token, token_of};
pub use password::Hasher;
pub use person::{KnownDevice, Person, User};
pub use role::{ADMIN, ANYONE, CASHIER, HOST, KITCHEN, MANAGER, Role, WAITER};
pub use seal::Seal;
pub use secrets::{Keys, Secrets, digest_of, random_bytes, random_key, rotate_keys};
pub use sessions::Sessions;
pub use store::{USER_COLUMNS, end_sessions_of, trim_sessions, user_by_id, user_from_row, user_id};
pub use token::Tokens;
pub use totp::{base32, code_now, url as totp_url};
pub use who::Auth;
