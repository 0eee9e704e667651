//! `/printers/logo`: what stands at the head of bills and receipts.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::paper::{LOGO_HEIGHT, LOGO_WIDTH, logo};
use super::store::{self, SetLogo};
use crate::core::background::in_background;
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Label;
use crate::features::uploads;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{ApiResponse, Body, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(shown, set, remove))
}

/// Which picture it is.
#[derive(Debug, Deserialize, ToSchema)]
struct LogoBody {
    /// The address of a picture that was sent to `/uploads`.
    image_url: Label<1, 300>,
}

/// The logo as it is printed, dot by dot. 404 where there is none.
#[utoipa::path(get, path = "/printers/logo", tag = "printing",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Vec<u8>, content_type = "image/png"), Problems))]
async fn shown(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
) -> Result<([(HeaderName, &'static str); 1], Vec<u8>)> {
    let logo = app.store.read(store::logo).await?;
    let logo = logo.ok_or_else(|| Error::not_found("logo", "on paper"))?;
    Ok(([(header::CONTENT_TYPE, "image/png")], logo.png()?))
}

/// Print a logo at the head of bills and receipts. It is made of black dots once, 360 wide and 240 high
/// at most, and the picture itself is not needed any more.
#[utoipa::path(put, path = "/printers/logo", tag = "printing", request_body = LogoBody,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn set(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Body(body): Body<LogoBody>,
) -> Result<Json<ApiResponse>> {
    let picture = uploads::gray(&app, &body.image_url, (LOGO_WIDTH, LOGO_HEIGHT)).await?;
    let dots = in_background(move || logo(&picture)).await?;
    app.store.run(SetLogo { logo: Some(dots), by: admin.id }).await?;
    Ok(ApiResponse::done("The logo stands on bills and receipts from now on."))
}

/// Print no logo any more.
#[utoipa::path(delete, path = "/printers/logo", tag = "printing",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn remove(State(app): State<App>, By(admin, _): By<ADMIN>) -> Result<Json<ApiResponse>> {
    app.store.run(SetLogo { logo: None, by: admin.id }).await?;
    Ok(ApiResponse::done("Bills and receipts have no logo any more."))
}
