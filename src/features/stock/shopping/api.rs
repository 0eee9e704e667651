//! `/stock/shopping-list`.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::{List, sheet, store};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::kernel::Int;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{Params, Problems, routes};

/// It lasts for so many days when nobody says.
const USUAL: i64 = 3;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// In which form the list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ListFormat {
    #[default]
    Json,
    Csv,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    /// For so many days after today it is to last; 3 when left out.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 14)]
    days: Option<Int<0, 14>>,
    /// In which form; a CSV file has its heads in the restaurant's main language.
    #[serde(default)]
    #[param(inline)]
    format: ListFormat,
}

/// What is to be bought: what is low, and what the next days will take, by supplier.
///
/// A day takes what the same days of the week took on average in the last eight weeks: for dishes, and for
/// what was made. Goods that are made here are not bought; what they are made of is.
#[utoipa::path(get, path = "/stock/shopping-list", tag = "stock", params(Query),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, content((List = "application/json"), (String = "text/csv"))), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Params(Query { days, format }): Params<Query>,
) -> Result<Response> {
    let (zone, days) = (app.site().zone.clone(), days.map_or(USUAL, Int::get));
    let list = app.store.read_long(move |db| store::list(db, &zone, clock::now(), days)).await?;
    if format == ListFormat::Json {
        return Ok(Json(list).into_response());
    }
    let is_russian = app.site().languages.first().is_some_and(|language| language == "ru");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"shopping_{}.csv\"", list.until),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, sheet::csv(&list, is_russian)?).into_response())
}
