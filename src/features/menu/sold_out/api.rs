//! `GET /dishes/sold-out`.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::{SoldOut, store};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ANYONE, By};
use crate::platform::http::{Problems, routes};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sold_out))
}

/// What is off the menu now: dishes, and variations of dishes.
#[utoipa::path(get, path = "/dishes/sold-out", tag = "menu",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = SoldOut), Problems))]
async fn sold_out(State(app): State<App>, _: By<ANYONE>) -> Result<Json<SoldOut>> {
    Ok(Json(app.store.read(store::load).await?))
}
