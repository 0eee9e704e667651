//! Where somebody is signed in, and ending it.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::SessionList;
use super::store::{self, EndSessions, Which};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By, Person};
use crate::platform::http::{ApiResponse, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, end_all_of_one))
        .routes(routes!(end_one))
        .routes(routes!(end_everybodys))
}

/// One's own, or as an admin anybody's.
fn check_whose(person: &Person, id: i64) -> Result<()> {
    if id == person.id || person.is_admin() {
        return Ok(());
    }
    let detail = "You may see and end your own sign-ins only. Ask an admin.";
    Err(Error::forbidden("not_yours", detail))
}

/// Where a person is signed in: one's own, or as an admin anybody's.
#[utoipa::path(get, path = "/users/{id}/sessions", tag = "users", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = SessionList), Problems))]
async fn list(
    State(app): State<App>,
    By(person, session): By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<SessionList>> {
    check_whose(&person, id)?;
    Ok(Json(app.store.read(move |db| store::sessions(db, id, session, clock::now())).await?))
}

/// Sign a person out everywhere, but not from the device that asks for it.
#[utoipa::path(delete, path = "/users/{id}/sessions", tag = "users", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn end_all_of_one(
    State(app): State<App>,
    By(person, session): By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    check_whose(&person, id)?;
    end(&app, &person, session, Which::AllOf(id)).await
}

/// End one sign-in: a device that was lost or left unlocked.
#[utoipa::path(delete, path = "/users/{id}/sessions/{session}", tag = "users",
    params(("id" = i64, Path), ("session" = String, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn end_one(
    State(app): State<App>,
    By(person, current): By<ANYONE>,
    Path((id, session)): Path<(i64, Uuid)>,
) -> Result<Json<ApiResponse>> {
    check_whose(&person, id)?;
    end(&app, &person, current, Which::One(id, session)).await
}

/// Sign everybody out, but not the device that asks for it.
#[utoipa::path(delete, path = "/auth/sessions", tag = "auth",
    security(("bearer" = ["admin"])),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn end_everybodys(
    State(app): State<App>,
    By(person, session): By<ADMIN>,
) -> Result<Json<ApiResponse>> {
    end(&app, &person, session, Which::Everybody).await
}

async fn end(app: &App, by: &Person, current: Uuid, which: Which) -> Result<Json<ApiResponse>> {
    let ended = app.store.run(EndSessions { which, by: by.id, current }).await?;
    Ok(ApiResponse::with("Signed out.", serde_json::json!({"ended": ended})))
}
