//! `/checks/{check_id}/fiscal-correction`: a sale that was not rung up in its time.

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::check_requests::FiscalCorrection;
use super::store::CorrectSale;
use crate::core::error::Result;
use crate::core::kernel::Text;
use crate::features::fiscal::Document;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{Body, Created, Path, Problems, created, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(correct))
}

/// Ring a paid check up late, on the fiscal register, as a correction: where its receipt was given up, or
/// no register was there.
#[utoipa::path(post, path = "/checks/{check_id}/fiscal-correction", tag = "fiscal",
    request_body = FiscalCorrection, params(("check_id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 201, body = Document), Problems))]
async fn correct(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(check_id): Path<i64>,
    Body(said): Body<FiscalCorrection>,
) -> Result<Created<Document>> {
    let FiscalCorrection { basis, number, reason } = said;
    let (number, zone) = (number.and_then(Text::non_empty), app.site().zone.clone());
    let reason = reason.into_inner();
    Ok(created(app.store.run(CorrectSale { check_id, basis, number, reason, zone, by }).await?))
}
