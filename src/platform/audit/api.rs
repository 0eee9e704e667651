//! `/audit`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::{AuditList, store};
use crate::core::error::Result;
use crate::core::kernel::Text;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By};
use crate::platform::http::{Page, Params, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Who did it.
    user_id: Option<i64>,
    /// What it was done to, e.g. `dish_variation`.
    #[param(value_type = Option<String>, min_length = 1, max_length = 50)]
    subject: Option<Text<1, 50>>,
    /// To which one.
    subject_id: Option<i64>,
}

/// What people changed, newest first: who, what, before, after.
#[utoipa::path(get, path = "/audit", tag = "security", params(Page, Wanted),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = AuditList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<ADMIN>,
    page: Page,
    Params(wanted): Params<Wanted>,
) -> Result<Json<AuditList>> {
    let Wanted { user_id, subject, subject_id } = wanted;
    let subject = subject.map(Text::into_inner);
    let wanted = store::Wanted { user_id, subject, subject_id };
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), wanted)).await?))
}
