//! Changing the key that signs tokens.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::store::NoteRotation;
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By};
use crate::platform::http::{ApiResponse, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(rotate))
}

/// Sign tokens with a new key from now on. Nobody is signed out: what the old key signed stays
/// good until it would have ended anyway.
#[utoipa::path(post, path = "/auth/keys", tag = "auth",
    security(("bearer" = ["admin"])),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn rotate(State(app): State<App>, By(person, _): By<ADMIN>) -> Result<Json<ApiResponse>> {
    let rotating = app.clone();
    let rotated = tokio::task::spawn_blocking(move || rotating.auth.tokens.rotate());
    rotated.await.map_err(Error::internal)??;
    app.store.run(NoteRotation { by: person.id }).await?;
    Ok(ApiResponse::done("Tokens are signed with a new key from now on; nobody was signed out."))
}
