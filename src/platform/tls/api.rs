//! How a tablet comes to trust the box: the authority's certificate, and what the page `/trust`
//! needs to explain it.

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::authority::Authority;
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::http::{Problems, routes};
use crate::platform::qr::Picture;
use crate::platform::security::Client;

/// The routes `/ca.crt` and `/trust/…`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(certificate))
        .routes(routes!(state))
        .routes(routes!(trust_qr))
}

fn authority(app: &App) -> Result<&Authority> {
    let authority = app.tls.as_deref().and_then(|tls| tls.authority());
    authority.ok_or_else(|| Error::not_found("authority", "of the box's own"))
}

/// The certificate of the box's own authority, to be trusted by staff's devices (PEM).
#[utoipa::path(get, path = "/ca.crt", tag = "trust", security(()),
    responses((status = 200, body = String, content_type = "application/x-x509-ca-cert"), Problems))]
async fn certificate(State(app): State<App>) -> Result<([(HeaderName, &'static str); 2], String)> {
    let kind = (header::CONTENT_TYPE, "application/x-x509-ca-cert");
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"qres-box.crt\"");
    Ok(([kind, name], authority(&app)?.pem()))
}

/// The box's own authority.
#[derive(Serialize, ToSchema)]
struct AuthorityShown {
    /// As it stands in a device's list of authorities.
    name: String,
    /// SHA-256 of its certificate, as devices show it.
    fingerprint: String,
}

/// How the box is trusted.
#[derive(Serialize, ToSchema)]
struct TrustState {
    /// None where the owner brought a certificate, or something in front of the box serves HTTPS:
    /// then there is nothing to install.
    authority: Option<AuthorityShown>,
    /// Where staff works, as other devices find it.
    staff_url: String,
    /// The page that explains it, as other devices find it.
    trust_url: String,
    /// Whether this request came by HTTPS.
    is_secure: bool,
}

/// How the box is trusted, and where staff finds it.
#[utoipa::path(get, path = "/trust/state", tag = "trust", security(()),
    responses((status = 200, body = TrustState), Problems))]
async fn state(State(app): State<App>, Extension(client): Extension<Client>) -> Json<TrustState> {
    let authority = authority(&app).ok().map(|authority| AuthorityShown {
        name: authority.name().to_owned(),
        fingerprint: authority.fingerprint(),
    });
    Json(TrustState {
        authority,
        staff_url: app.addresses.staff(&client.found()),
        trust_url: trust_url(&app, &client),
        is_secure: client.is_secure,
    })
}

fn trust_url(app: &App, client: &Client) -> String {
    format!("{}/trust", app.addresses.open(&client.found()))
}

/// A QR code that leads to the page `/trust`.
#[utoipa::path(get, path = "/trust/qr.svg", tag = "trust", security(()),
    responses((status = 200, body = String, content_type = "image/svg+xml"), Problems))]
async fn trust_qr(
    State(app): State<App>,
    Extension(client): Extension<Client>,
) -> Result<([(HeaderName, &'static str); 1], String)> {
    let picture = Picture::of(&trust_url(&app, &client))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], picture.svg()))
}
