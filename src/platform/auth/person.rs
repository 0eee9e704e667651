//! Members of staff and their tablets.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::Role;
use crate::core::kernel::Timestamp;

/// A member of staff who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The user's id.
    pub id: i64,
    /// What he may.
    pub role: Role,
    /// His name, as guests and colleagues see it.
    pub full_name: Arc<str>,
}

impl Person {
    /// Whether he is an admin.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }
}

/// A member of staff, as the API shows him: without secrets.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct User {
    /// Id.
    pub id: i64,
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
    /// An inactive person cannot sign in.
    pub is_active: bool,
    /// Whether he is at work now.
    pub shift_active: bool,
    /// Whether he can sign in by PIN.
    pub has_pin: bool,
    /// Who created him.
    pub created_by_id: Option<i64>,
    /// When he last signed in.
    pub last_login: Option<Timestamp>,
    /// When he was created.
    pub created_at: Timestamp,
    /// When he was last changed.
    pub updated_at: Timestamp,
}

/// A tablet that an admin paired with the box.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KnownDevice {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
}
