//! Stands around each request: gives it an id, lets it pass the door, counts it, and hands its line
//! to the log.

use std::net::IpAddr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;

use super::request_line::{self, Line, NO_ROUTE};
use super::requester::{Known, Requester};
use crate::platform::app::App;
use crate::platform::auth::{Role, random_bytes};
use crate::platform::security::events::{Kind, SecurityEvent};
use crate::platform::security::{self, Client};
use crate::platform::server::Connection;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How much of a client's own name is logged, in characters.
const LONGEST_AGENT: usize = 120;

/// Stands around each request. The door is a call and not a layer of its own: each layer costs every
/// request, and both ask who the client is.
pub async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let who = Requester::default();
    request.extensions_mut().insert(who.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let agent = request_line::is_wanted().then(|| agent(request.headers()));
    let client = client(&app, &request);
    let address = client.as_ref().map(|client| client.address.ip());
    let started = Instant::now();
    let mut response = security::around(&app, client, request, next).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    let template = route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str);
    app.request_metrics.count(&method, template, status, took);
    if let Some(known) = who.0.get().filter(|known| known.role == Role::Admin.as_str()) {
        note_admin(&app, known, address, (&method, template), status);
    }
    if let Some(agent) = agent {
        let (id, who) = (id.clone(), who.0.get().cloned());
        request_line::write(Line { id, method, route, status, took, who, address, agent });
    }
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// What an admin does as a waiter or a cook is no change of the box.
const WORK: [&str; 5] = ["/orders", "/kitchen", "/calls", "/auth/log", "/tables/{id}/status"];

/// Notes that an admin changed something.
fn note_admin(
    app: &App,
    admin: &Known,
    address: Option<IpAddr>,
    (method, template): (&Method, &str),
    status: u16,
) {
    let is_read = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let is_work = WORK.iter().any(|work| template.starts_with(work));
    if is_read || is_work || !(200..300).contains(&status) {
        return;
    }
    let event = SecurityEvent::new(Kind::AdminAction, format!("{method} {template}"));
    let event = event.acting_as(Role::Admin).named(admin.name.as_deref().unwrap_or_default());
    app.security_events.record(match address {
        Some(address) => event.from(address),
        None => event,
    });
}

fn agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(LONGEST_AGENT).collect())
}

fn client(app: &App, request: &Request) -> Option<Client> {
    let connection = *request.extensions().get::<Connection>()?;
    let authority = request.uri().authority().map(Authority::as_str);
    Some(Client::of(connection, request.headers(), authority, &app.settings.trusted_proxies))
}

/// Tells the requests of this run from those of every other, without asking for randomness each
/// time.
static RUN: LazyLock<String> =
    LazyLock::new(|| format!("{:08x}", u32::from_le_bytes(random_bytes().unwrap_or_default())));
static REQUESTS: AtomicU64 = AtomicU64::new(1);

/// The caller's own id when it is a decent one, else a new one.
fn request_id(request: &Request) -> HeaderValue {
    let given = request.headers().get(REQUEST_ID);
    if let Some(id) = given.filter(|id| id.len() <= 64 && id.to_str().is_ok()) {
        return id.clone();
    }
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
    HeaderValue::try_from(format!("{}-{number}", *RUN)).unwrap_or(HeaderValue::from_static("-"))
}
