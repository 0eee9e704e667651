//! `/stop-list`.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, SetCountdown};
use super::{CountdownBody, StopList};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By, KITCHEN, MANAGER};
use crate::platform::http::{Body, Path, Problems, routes};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(set))
}

/// What is sold out or counted, and by which of the three: people, the countdown, the goods.
#[utoipa::path(get, path = "/stop-list", tag = "menu",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = StopList), Problems))]
async fn list(State(app): State<App>, _: By<ANYONE>) -> Result<Json<StopList>> {
    Ok(Json(app.store.read(store::stop_list).await?))
}

/// Say how many portions of a size are left. Orders count them down; at 0 it is sold out.
#[utoipa::path(put, path = "/stop-list/{variation_id}", tag = "menu",
    request_body = CountdownBody, params(("variation_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = StopList), Problems))]
async fn set(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER | KITCHEN }>,
    Path(variation_id): Path<i64>,
    Body(CountdownBody { left }): Body<CountdownBody>,
) -> Result<Json<StopList>> {
    Ok(Json(app.store.run(SetCountdown { variation_id, left, by: by.id }).await?))
}
