//! `/home`.

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::{Extension, Json};
use utoipa_axum::router::OpenApiRouter;

use super::Places;
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::http::{Path, Problems, routes};
use crate::platform::qr::Picture;
use crate::platform::security::Client;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(places)).routes(routes!(place_qr))
}

fn of(app: &App, client: &Client) -> Places {
    let found = client.found();
    let (open, staff) = (app.addresses.open(&found), app.addresses.staff(&found));
    let has_authority = app.tls.as_deref().is_some_and(|tls| tls.authority().is_some());
    Places {
        guest: app.addresses.menu(&found),
        waiter: format!("{staff}/app/waiter"),
        kitchen: format!("{staff}/app/kitchen"),
        admin: format!("{staff}/app/admin"),
        trust: has_authority.then(|| format!("{open}/trust")),
        by_name: app.addresses.by_name(),
    }
}

/// Where guests, waiters, cooks and owners go.
#[utoipa::path(get, path = "/home", tag = "home", security(()),
    responses((status = 200, body = Places), Problems))]
async fn places(State(app): State<App>, Extension(client): Extension<Client>) -> Json<Places> {
    Json(of(&app, &client))
}

/// A QR code that leads to one of these places: `guest`, `waiter`, `kitchen`, `admin` or `trust`.
#[utoipa::path(get, path = "/home/{place}/qr.svg", tag = "home", security(()),
    params(("place" = String, Path)),
    responses((status = 200, body = String, content_type = "image/svg+xml"), Problems))]
async fn place_qr(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    Path(place): Path<String>,
) -> Result<([(HeaderName, &'static str); 1], String)> {
    let places = of(&app, &client);
    let url = match place.as_str() {
        "guest" => Some(places.guest),
        "waiter" => Some(places.waiter),
        "kitchen" => Some(places.kitchen),
        "admin" => Some(places.admin),
        "trust" => places.trust,
        _ => None,
    };
    let url = url.ok_or_else(|| Error::not_found("place", &place))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], Picture::of(&url)?.svg()))
}
