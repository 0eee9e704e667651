//! At which drawer a request is made, in the API document.

use utoipa::IntoParams;

/// The header by which the box knows the drawer.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only described; `FromDevice` reads it")]
pub struct AtDrawer {
    /// The token of a paired tablet: cash goes by the drawer at which that stands, and its printer
    /// prints; what a person carries comes before it. Without it, or with one that was cut off, cash goes
    /// by what they carry, else by the drawer whose shift they opened, else by the first.
    /// `GET /cash/desk` with the same header says which
    #[param(rename = "X-Device")]
    token: Option<String>,
}

/// The header by which the box knows the tablet, where the shift is named.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only described; `FromDevice` reads it")]
pub(super) struct OnTablet {
    /// The token of a paired tablet: it is written down with what was done
    #[param(rename = "X-Device")]
    token: Option<String>,
}
