//! `/security/events`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::{Kind, SecurityEventList, store};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By};
use crate::platform::http::{Page, Params, Problems, routes};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    kind: Option<Kind>,
}

/// What happened at the door, newest first. What repeated within a minute is one entry.
#[utoipa::path(get, path = "/security/events", tag = "security", params(Page, Wanted),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = SecurityEventList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<ADMIN>,
    page: Page,
    Params(wanted): Params<Wanted>,
) -> Result<Json<SecurityEventList>> {
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), wanted.kind)).await?))
}
