//! One look at every request, and one at every reply.

use std::net::SocketAddr;

use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;

use super::body_timeout;
use super::client::Client;
use super::headers;
use super::host_check::Named;
use super::origins::is_welcome;
use super::rate_gate::{Admission, Gate};
use super::request_guard::https_needed;
use super::route_class::Class;
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::http::{InlineStyle, finish};
use crate::platform::server::Connection;

/// Stands around every route. There is no client where there is no connection.
pub async fn around(app: &App, client: Option<Client>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (Some(&connection), Some(client)) = (parts.extensions.get::<Connection>(), client) else {
        return Error::internal("a request without its connection").into_response();
    };
    let named = client.host.as_deref().and_then(Named::parse);
    let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    let class = Class::of(&parts.method, route, parts.uri.path());
    let is_of_seated = Class::is_of_seated(route);
    let gate = Gate { app, client: &client, class, is_of_seated };
    let Admission { refusal, left, is_watched } = gate.admit(&mut parts).await;
    let watched =
        is_watched.then(|| (parts.uri.clone(), parts.headers.get(header::USER_AGENT).cloned()));
    let look = Look { app, client: &client, class, connection };
    let mut response = match refusal.map_or_else(|| look.at(&parts, named.as_ref()), Err) {
        Err(refusal) => refusal.into_response(),
        Ok(Some(url)) => redirect(&url),
        Ok(None) => {
            parts.extensions.insert(ConnectInfo::<SocketAddr>(client.address));
            parts.extensions.insert(client.clone());
            let body = if body.is_end_stream() {
                body
            } else {
                let most = class.largest_body(app.settings.max_request_size);
                Body::new(Limited::new(body_timeout::timed(body, class), most))
            };
            let mut request = Request::from_parts(parts, body);
            DefaultBodyLimit::max(app.settings.max_request_size).apply(&mut request);
            finish(request, next).await
        }
    };
    if let Some((uri, agent)) = watched {
        gate.look_back(&uri, agent.as_ref(), response.status());
    }
    let style = response.extensions().get::<InlineStyle>().copied();
    let headers = response.headers_mut();
    if class.is_private() {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    app.request_guard.policy.add(headers, named.as_ref(), client.is_secure);
    if let Some(left) = left {
        app.limits.say(headers, left);
    }
    if let Some(style) = style {
        headers::allow(headers, style);
    }
    response
}

/// One look at a request.
struct Look<'a> {
    app: &'a App,
    client: &'a Client,
    class: Class,
    connection: Connection,
}

impl Look<'_> {
    /// Lets it in, or says where else to go.
    fn at(&self, request: &Parts, named: Option<&Named>) -> Result<Option<String>> {
        let named = named
            .filter(|named| self.app.request_guard.is_ours(named, self.connection))
            .ok_or_else(|| unknown_host(self.client.host.as_deref()))?;
        self.check_origin(request, named)?;
        self.check_size(request)?;
        if !self.class.is_for_staff() || self.app.request_guard.lets_staff(self.client) {
            return Ok(None);
        }
        let uri = &request.uri;
        let path = uri.path_and_query().map_or(uri.path(), |path| path.as_str());
        let url = self.app.request_guard.secure_url(self.client, named, path);
        let is_read = matches!(request.method, Method::GET | Method::HEAD);
        match url {
            Some(url) if self.class == Class::StaffPage && is_read => Ok(Some(url)),
            url => Err(https_needed(url)),
        }
    }

    fn check_origin(&self, request: &Parts, named: &Named) -> Result<()> {
        let is_harmless = matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS);
        let Some(origin) = request.headers.get(header::ORIGIN) else { return Ok(()) };
        if is_harmless && self.class != Class::Live {
            return Ok(());
        }
        let listed = &self.app.settings.cors_origins;
        let origin = origin.to_str().unwrap_or_default();
        if is_welcome(origin, named, self.client.is_secure, listed) {
            return Ok(());
        }
        let detail = "This request comes from a page of another site. If that page is yours, name \
                      its origin in cors_origins.";
        Err(Error::forbidden("foreign_origin", detail).with("origin", origin))
    }

    fn check_size(&self, request: &Parts) -> Result<()> {
        let said = request.headers.get(header::CONTENT_LENGTH);
        let said = said.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let most = self.class.largest_body(self.app.settings.max_request_size);
        if said.is_some_and(|said| said > most) {
            return Err(Error::too_large());
        }
        Ok(())
    }
}

fn unknown_host(host: Option<&str>) -> Error {
    let host = host.unwrap_or_default();
    let detail = format!(
        "“{host}” is no name or address of this box. If it is one of yours, add it to \
         allowed_hosts in the settings."
    );
    Error::misdirected(detail).with("host", host)
}

/// Not for ever: the box may get another address, or HTTPS another port.
fn redirect(url: &str) -> Response {
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    let headers = response.headers_mut();
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let place: Option<(HeaderName, _)> =
        HeaderValue::from_str(url).ok().map(|url| (header::LOCATION, url));
    headers.extend([no_store].into_iter().chain(place).map(|(name, value)| (Some(name), value)));
    response
}
