//! `/calls`.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, AnswerCall};
use super::{Call, CallList};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, HOST, MANAGER, WAITER};
use crate::platform::http::{Page, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(answer))
}

/// The open calls of all tables, oldest first.
#[utoipa::path(get, path = "/calls", tag = "calls", params(Page),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = CallList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | WAITER | CASHIER | HOST }>,
    page: Page,
) -> Result<Json<CallList>> {
    Ok(Json(app.store.read(move |db| store::open_calls(db, page.window())).await?))
}

/// Say that somebody is on the way. A call that was answered before stays as it was.
#[utoipa::path(post, path = "/calls/{id}/answer", tag = "calls", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "waiter", "cashier"])),
    responses((status = 200, body = Call), Problems))]
async fn answer(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | WAITER | CASHIER }>,
    Path(id): Path<i64>,
) -> Result<Json<Call>> {
    Ok(Json(app.store.run(AnswerCall { id, by: person.id }).await?))
}
