//! The pages of the box, and where they lead before it is set up.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::core::error::Result;
use crate::features::setup::Setup;
use crate::platform::app::App;
use crate::platform::web;

/// Answers what no route of the API answers: a page or a file of the web apps, or a 404.
pub async fn serve(State(app): State<App>, request: Request) -> Response {
    match detour(&app, request.uri().path()).await {
        Ok(None) => web::page(&request),
        Ok(Some(address)) => {
            let headers = [(header::LOCATION, address), (header::CACHE_CONTROL, "no-store")];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        Err(error) => error.into_response(),
    }
}

/// Where a page leads that has no use at this time: to the first set-up while there is no admin,
/// and away from it afterwards.
async fn detour(app: &App, path: &str) -> Result<Option<&'static str>> {
    let leads_to = match path {
        "/" => Some("/setup"),
        "/setup" => None,
        _ if path.starts_with("/app/") => Some("/setup"),
        _ => return Ok(None),
    };
    let is_needed = app.state::<Setup>().is_needed(&app.store).await?;
    Ok(match leads_to {
        Some(address) => is_needed.then_some(address),
        None => (!is_needed).then_some("/app/admin"),
    })
}
