//! `/stock/variance`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::VarianceReport;
use super::store;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{Params, Problems, routes};

/// Looked back so far when nobody says from when on, in milliseconds: seven days.
const USUAL: i64 = 7 * 24 * 60 * 60 * 1000;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(report))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    /// After which moment: best that of a count. A week before `to` when left out.
    from: Option<Timestamp>,
    /// Until which moment: best that of a count, which still belongs to it. Now when left out.
    to: Option<Timestamp>,
}

/// What should have gone of each good by recipes, what went for a reason, and what is missing beside it.
///
/// What is missing is what counts in that time found missing; of a good that nobody counted it is 0.
#[utoipa::path(get, path = "/stock/variance", tag = "stock", params(Query),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = VarianceReport), Problems))]
async fn report(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Params(Query { from, to }): Params<Query>,
) -> Result<Json<VarianceReport>> {
    let to = to.unwrap_or_else(clock::now);
    let from = from.unwrap_or(Timestamp(to.0 - USUAL));
    if from >= to {
        return Err(Error::invalid("from", "must be before `to`"));
    }
    Ok(Json(app.store.read_long(move |db| store::report(db, from, to)).await?))
}
