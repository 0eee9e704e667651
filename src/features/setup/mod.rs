//! The first start: whoever reads the box's console names the restaurant and its first admin.
//! There is no default password; the code lives in memory, as a hash, and is new at every start
//! unless the owner chose one.

mod api;
mod code;
mod feature;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::Text;
use crate::core::kernel::fields::Name;
use crate::features::staff::{FullName, Password, Pin, Username};

pub use code::Setup;
pub use feature::feature;

/// Whether the box waits to be set up.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupState {
    /// True until there is an admin.
    pub needed: bool,
    /// True when the restaurant came back from the cloud, and only passwords are missing.
    pub restored: bool,
}

/// The restaurant and its first admin.
#[derive(Deserialize, ToSchema)]
pub struct SetupRequest {
    /// The code that the console shows; its case, spaces and dashes do not count.
    pub code: Text<1, 32>,
    /// The restaurant.
    pub restaurant: SetupRestaurant,
    /// The first admin.
    pub admin: SetupAdmin,
}

/// A restaurant that begins.
#[derive(Deserialize, ToSchema)]
pub struct SetupRestaurant {
    /// Its name, as guests see it.
    pub name: Name,
    /// ISO 4217 code of the currency of every price.
    pub currency: String,
    /// The zone's name in the tz database.
    pub timezone: String,
    /// Languages of the menu, the main one first (ISO 639-1).
    pub languages: Vec<String>,
}

/// The first admin.
#[derive(Deserialize, ToSchema)]
pub struct SetupAdmin {
    /// The name to sign in with.
    pub username: Username,
    /// The name colleagues see.
    pub full_name: FullName,
    /// A password to sign in with.
    pub password: Password,
    /// A PIN to sign in with at the tablets.
    pub pin_code: Option<Pin>,
}
