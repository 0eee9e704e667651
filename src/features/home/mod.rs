//! Where a person goes: what the page `/` shows, with a QR code for each place, so that a phone
//! that was never here finds its way from another screen.

mod api;
mod feature;

pub use feature::feature;

use serde::Serialize;
use utoipa::ToSchema;

/// The places of the box, as other devices find them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Places {
    /// The menu, for guests; a table's code leads to the same one, at that table.
    pub guest: String,
    /// The waiter's app.
    pub waiter: String,
    /// The kitchen's screen.
    pub kitchen: String,
    /// The owner's app.
    pub admin: String,
    /// How a device comes to trust the box; none where there is nothing to install.
    pub trust: Option<String>,
    /// The box by its name in the network, e.g. `http://qres.local`; none where it is not announced.
    pub by_name: Option<String>,
}
