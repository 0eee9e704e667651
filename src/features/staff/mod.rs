//! The people who work here: who they are, what they may, and that they may no longer.

mod api;
mod events;
mod feature;
mod fields;
mod rules;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::fields::{Label, Line};
use crate::core::kernel::{Patch, Text};
use crate::platform::auth::{Role, User};

pub use events::{StaffChange, StaffChanged};
pub use feature::feature;
pub use fields::{Pin, Username};
pub use store::{CreateUser, NewUser, UpdateUser, password_hash};

/// The name colleagues see.
pub type FullName = Label<2, 100>;
/// A telephone number.
pub type Phone = Text<0, 20>;
/// A password that somebody begins with.
pub type Password = Text<8, 128>;

/// One page of people.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserList {
    /// The page.
    pub users: Vec<User>,
    /// How many there are in all.
    pub total: i64,
}

/// A person as a sign-in screen shows him: enough to choose one's name.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserPublic {
    /// Id.
    pub id: i64,
    /// The name to sign in with.
    pub username: String,
    /// The name colleagues see.
    pub full_name: String,
    /// Picture.
    pub avatar_url: Option<String>,
}

/// One page of people as a sign-in screen shows them.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserPublicList {
    /// The page.
    pub users: Vec<UserPublic>,
    /// How many there are in all.
    pub total: i64,
}

/// A person who begins to work here. A `passport` that older clients send is read over: a box
/// has no use for it.
#[derive(Deserialize, ToSchema)]
pub struct UserCreate {
    /// The name to sign in with; no two alike, whatever their case.
    pub username: Username,
    /// The name colleagues see.
    pub full_name: FullName,
    /// What he may.
    pub role: Role,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Picture.
    pub avatar_url: Option<Line>,
    /// A PIN to sign in with: no digits in a row, none that repeat. Two people may have the same.
    pub pin_code: Option<Pin>,
    /// Whether he can sign in.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
    /// Whether he is at work now.
    #[serde(default)]
    pub shift_active: bool,
    /// A password to sign in with. Who has a PIN needs none, but admins do: a PIN counts on paired
    /// tablets only.
    pub password: Option<Password>,
}

/// Changes to a person; what is left out stays.
#[derive(Deserialize, ToSchema)]
pub struct UserUpdate {
    /// The name colleagues see.
    pub full_name: Option<FullName>,
    /// What he may. Another role ends his sign-ins.
    pub role: Option<Role>,
    /// Telephone.
    #[serde(default)]
    pub phone: Patch<Phone>,
    /// Picture.
    #[serde(default)]
    pub avatar_url: Patch<Line>,
    /// A PIN to sign in with; `null` takes it away.
    #[serde(default)]
    pub pin_code: Patch<Pin>,
    /// Whether he can sign in; false ends his sign-ins.
    pub is_active: Option<bool>,
    /// Whether he is at work now.
    pub shift_active: Option<bool>,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
pub struct UserChangePassword {
    /// The old one, or the password of the admin who changes it.
    pub current_password: Text<1, 128>,
    /// The new one.
    pub new_password: Text<6, 128>,
}

fn yes() -> bool {
    true
}
