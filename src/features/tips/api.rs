//! `/tips/rule`.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, NoteWorked, SetTipRule};
use super::{TipRule, TipRuleBody};
use crate::core::clock;
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{Body, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, write))
}

/// How tips are shared out now.
#[utoipa::path(get, path = "/tips/rule", tag = "tips",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = TipRule), Problems))]
async fn read(State(app): State<App>, _: By<{ ADMIN | MANAGER }>) -> Result<Json<TipRule>> {
    Ok(Json(app.store.read(store::rule).await?))
}

/// Say how tips are shared out from today on. Days before stay as they were.
#[utoipa::path(put, path = "/tips/rule", tag = "tips", request_body = TipRuleBody,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = TipRule), Problems))]
async fn write(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Body(rule): Body<TipRuleBody>,
) -> Result<Json<TipRule>> {
    let today = app.site().zone.day_of(clock::now());
    Ok(Json(app.store.run(SetTipRule { rule, today, by: admin.id }).await?))
}

/// Notes who has signed in: pooled tips are shared among those who worked.
pub(super) async fn note_who_works(app: &App) -> Result<()> {
    let zone = app.site().zone.clone();
    let missing = app.store.read(move |db| store::not_noted(db, &zone)).await?;
    if missing.is_empty() { Ok(()) } else { app.store.run(NoteWorked(missing)).await }
}
