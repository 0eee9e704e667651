//! What people changed, in a chain: voids, prices, roles, refunds, settings. Each entry is written
//! in the transaction of the change itself, and bears the hash of the one before it, so that
//! nobody edits, removes or slips in an entry unseen.

mod api;
mod feature;
mod rules;
mod store;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::core::kernel::Timestamp;

pub use feature::feature;
pub use rules::differences;
pub use store::{Head, Subject, Verdict, head, note, verify};

/// The values before a change and after it; null where there are none. Never a secret.
pub type Change = (Value, Value);

/// An entry as the API shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its place in the chain: 1, 2, 3, …
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who; null for the box itself, or somebody with a shell on it.
    pub user_id: Option<i64>,
    /// His name to sign in with, as it was then.
    pub username: String,
    /// What he did.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// To which one.
    pub subject_id: Option<i64>,
    /// The values before.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The values after.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
}

/// One page of the audit trail, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditList {
    /// The page.
    pub entries: Vec<AuditEntry>,
    /// How many there are in all.
    pub total: i64,
    /// The newest entry and its hash, as `ID:HASH`: noted elsewhere, it shows that no entry up to
    /// it was cut off or written anew.
    pub head: Option<String>,
}
