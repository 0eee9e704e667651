//! HTTP: the server's paths, old and new, and those of whoever plays with the register.

mod door;
mod play;
mod reply;
mod requests;

use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpListener;

use self::door::{Door, Line};
use self::reply::{Shared, cut};
use super::faults::FaultKind;
use super::machine::Denied;
use super::server::Server;
use super::setup::Account;

/// The server's limit, in bytes.
const LARGEST_BODY: usize = 1024 * 1024;

/// Serves for ever.
pub(super) async fn serve(server: Arc<Server>, listener: TcpListener) -> std::io::Result<()> {
    let door = Door::new(listener, Arc::clone(&server))?;
    let routes = router(server).into_make_service_with_connect_info::<Line>();
    axum::serve(door, routes).await
}

fn router(server: Arc<Server>) -> Router {
    let protocol = Router::new()
        .merge(v2("/api/v2"))
        .merge(old())
        .layer(from_fn_with_state(Arc::clone(&server), misbehave))
        .layer(from_fn_with_state(Arc::clone(&server), sign_in))
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    Router::new().merge(protocol).merge(play::router()).fallback(nothing_here).with_state(server)
}

fn v2(at: &str) -> Router<Arc<Server>> {
    let path = |name: &str| format!("{at}/{name}");
    Router::new()
        .route(&path("serverInfo"), get(requests::server_info))
        .route(&path("settings"), get(requests::settings).put(requests::set_settings))
        .route(&path("devices"), get(requests::devices))
        .route(&path("devices/{id}"), get(requests::device))
        .route(&path("setDefaultDevice"), post(requests::set_default))
        .route(&path("activateDevice"), post(requests::activate))
        .route(&path("deactivateDevice"), post(requests::deactivate))
        .route(&path("requests"), post(requests::submit))
        .route(&path("requests/{uuid}"), get(requests::outcome).delete(requests::cancel))
        .route(&path("getRequestsQueueStatus"), get(requests::queue_status))
        .route(&path("operations/{name}"), post(requests::operation))
}

/// Of servers before 10.7.
fn old() -> Router<Arc<Server>> {
    Router::new()
        .route("/requests", post(requests::submit_old))
        .route("/requests/{uuid}", get(requests::outcome).delete(requests::cancel_old))
        .route("/stat/requests", get(requests::statistics))
        .route("/settings", put(requests::set_settings).get(requests::settings))
}

async fn nothing_here(request: Request) -> Denied {
    let (method, path) = (request.method(), request.uri().path());
    Denied::new(404, format!("Нет такого метода: {method} {path}"))
}

/// Slow and silent.
async fn misbehave(State(server): Shared, request: Request, next: Next) -> Response {
    let (silent, slow) = {
        let mut machine = server.machine();
        (machine.faults.draw(FaultKind::Silent), machine.faults.draw(FaultKind::SlowReply))
    };
    if let Some(silent) = silent {
        let line = request.extensions().get::<ConnectInfo<Line>>().map(|line| line.0.clone());
        tokio::time::sleep(silent.pause()).await;
        return cut(line.as_ref());
    }
    let response = next.run(request).await;
    if let Some(slow) = slow {
        tokio::time::sleep(slow.pause()).await;
    }
    response
}

/// Basic sign-in, where the server has an account.
async fn sign_in(State(server): Shared, request: Request, next: Next) -> Response {
    let account = server.machine().register.setup.account.clone();
    let is_open = request.uri().path().ends_with("/serverInfo");
    match account {
        Some(account) if !is_open && !is_signed_in(request.headers(), &account) => {
            let realm = [(WWW_AUTHENTICATE, "Basic realm=\"fiscal-simulator\"")];
            (realm, Denied::new(401, "unauthorized")).into_response()
        }
        _ => next.run(request).await,
    }
}

fn is_signed_in(headers: &HeaderMap, account: &Account) -> bool {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Basic "));
    let wanted = STANDARD.encode(format!("{}:{}", account.name, account.password));
    given == Some(wanted.as_str())
}
