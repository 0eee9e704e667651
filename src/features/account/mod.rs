//! What somebody does with accounts beside signing in: sees where he is signed in and ends it,
//! adds a second factor, changes the key that signs everybody's tokens.

mod factor_api;
mod feature;
mod keys_api;
mod sessions_api;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::{Text, Timestamp};

pub use feature::feature;
pub use store::RemoveFactor;

/// A sign-in that has not ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Session {
    /// Names it; it opens nothing.
    pub id: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// On which paired tablet.
    pub device: Option<String>,
    /// From which address.
    pub address: Option<String>,
    /// By which program, as it says of itself.
    pub agent: Option<String>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// Somebody's sign-ins, newest first; at most 20.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    /// They.
    pub sessions: Vec<Session>,
}

/// Whether somebody has a second factor.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactor {
    /// Whether a code is asked for when he signs in.
    pub is_on: bool,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
}

/// Proof that it is really he: a tablet may lie about unlocked.
#[derive(Deserialize, ToSchema)]
pub struct OwnPassword {
    /// His password.
    pub password: Text<1, 128>,
}

/// A second factor that waits for its first code.
#[derive(Serialize, ToSchema)]
pub struct NewSecondFactor {
    /// For typing into an authenticator app (base 32).
    pub secret: String,
    /// The same as an `otpauth:` address.
    pub url: String,
    /// The same as a QR code, SVG.
    pub qr_svg: String,
}

/// The first code.
#[derive(Deserialize, ToSchema)]
pub struct FirstCode {
    /// The six digits that the app shows.
    pub code: Text<6, 12>,
}

/// Codes for the day when the phone is lost.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each is good once. They are told now and never again.
    pub recovery_codes: Vec<String>,
}
