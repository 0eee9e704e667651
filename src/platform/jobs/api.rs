//! `/jobs`.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::resolve::ResolveJob;
use super::{JobList, JobResolve};
use crate::core::error::Result;
use crate::core::jobs::{KeptJob, open_and_failed};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By};
use crate::platform::http::{Body, Page, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(resolve))
}

/// What the box has still to do after a deed, such as a message to send, and what it has given up;
/// newest first.
#[utoipa::path(get, path = "/jobs", tag = "system", params(Page),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = JobList), Problems))]
async fn list(State(app): State<App>, _: By<ADMIN>, page: Page) -> Result<Json<JobList>> {
    let (jobs, total) = app.store.read(move |db| open_and_failed(db, page.window())).await?;
    Ok(Json(JobList { jobs, total }))
}

/// Say how a job ended of which the box does not know it, do one again that was given up, or give
/// one up.
#[utoipa::path(post, path = "/jobs/{id}/resolve", tag = "system", request_body = JobResolve,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = KeptJob), Problems))]
async fn resolve(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(said): Body<JobResolve>,
) -> Result<Json<KeptJob>> {
    let resolve = ResolveJob { id, is: said.resolution, by: person.id };
    Ok(Json(app.store.run(resolve).await?))
}
