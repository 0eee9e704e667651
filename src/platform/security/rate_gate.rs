//! Whether a client comes too often, or is kept out; and after his request, what it says of him.
//!
//! Who shows that he works here is counted by that and not by his address: a guest who floods the
//! box from behind the same router does not stop the kitchen.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use uuid::Uuid;

use super::attacks;
use super::blocks::{MakeBlock, Reason, client_net, net_of};
use super::client::Client;
use super::events::{Kind, SecurityEvent};
use super::limits::{self, Budget, Left, Who};
use super::route_class::Class;
use crate::core::clock;
use crate::core::error::Error;
use crate::platform::app::App;
use crate::platform::auth::{FromDevice, KnownDevice, token_of};

/// One client's request, as it is counted.
pub struct Gate<'a> {
    pub app: &'a App,
    pub client: &'a Client,
    pub class: Class,
    /// See [`Class::is_of_seated`].
    pub is_of_seated: bool,
}

/// Whether a request is let in.
#[derive(Default)]
pub struct Admission {
    /// Why not.
    pub refusal: Option<Error>,
    /// What is left of the client's budget.
    pub left: Option<Left>,
    /// Whether what he asks for says something of him: not of staff, nor of who is trusted.
    pub is_watched: bool,
}

impl Admission {
    fn refused(refusal: Error, left: Option<Left>) -> Self {
        Self { refusal: Some(refusal), left, is_watched: false }
    }
}

impl Gate<'_> {
    /// Lets a request in, or says when to come again.
    pub async fn admit(&self, parts: &mut Parts) -> Admission {
        let (address, limits) = (self.client.address.ip(), &self.app.limits);
        if self.client.is_local || limits.blocks.trusts(address) {
            return Admission::default();
        }
        let session = self.session(&parts.headers, &parts.uri);
        let now = clock::now();
        if let Some(shut) = limits.blocks.find(address, now) {
            let is_known = session.is_some() || self.device(parts).await.is_some();
            if shut.by_hand || !is_known {
                return Admission::refused(limits::kept_out(shut, now), None);
            }
        }
        let (budget, who) = match session {
            Some(session) => (Budget::Staff, Who::Session(session)),
            None => (Budget::of(self.class), Who::Net(client_net(address))),
        };
        let refused = match limits.take(budget, &who) {
            Ok(left) => return Admission { refusal: None, left, is_watched: session.is_none() },
            Err(left) => left,
        };
        let device = self.device(parts).await.map(|device| Who::Device(device.id));
        if let Some(Ok(left)) = device.map(|device| limits.take(budget, &device)) {
            return Admission { left, ..Admission::default() };
        }
        if session.is_none() {
            self.note_refusal(address, budget);
        }
        Admission::refused(limits::too_many(budget, refused), Some(refused))
    }

    /// Looks back at a request: what its path, query and agent say of who sent it.
    pub fn look_back(&self, uri: &Uri, agent: Option<&HeaderValue>, status: StatusCode) {
        let (address, query) = (self.client.address.ip(), uri.query());
        if !status.is_client_error() && !query.is_some_and(attacks::is_odd) {
            return;
        }
        let agent = agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        // One phone's wrong dishes must not shut the door for all behind its access point.
        let was_found = status != StatusCode::NOT_FOUND || self.is_of_seated;
        let points = attacks::points(uri.path(), query, agent, was_found);
        if points == 0 {
            return;
        }
        let (limits, what) = (&self.app.limits, format!("{status} {}", shortened(uri)));
        if points >= attacks::NOTABLE {
            let event = SecurityEvent::new(Kind::Suspicious, "attack_pattern").from(address);
            self.app.security_events.record(event.detail(&what));
        }
        if limits.note_attack(address, points) {
            keep_out(self.app, address, Reason::Attack, what);
        }
    }

    fn note_refusal(&self, address: IpAddr, budget: Budget) {
        let limits = &self.app.limits;
        let event = SecurityEvent::new(Kind::RateLimited, budget.as_str()).from(address);
        self.app.security_events.record(event);
        if limits.note_refusal(address) {
            let note = format!("went on after its {} were used up", budget.as_str());
            keep_out(self.app, address, Reason::RateLimit, note);
        }
    }

    /// The sign-in that the request shows. That it is ours and not too old is seen from the token
    /// itself; whether it was ended is asked where it counts.
    fn session(&self, headers: &HeaderMap, uri: &Uri) -> Option<Uuid> {
        let query = || uri.query()?.split('&').find_map(|pair| pair.strip_prefix("token="));
        let in_query = (self.class == Class::Live).then(query).flatten().map(str::to_owned);
        let token = token_of(in_query, headers)?;
        self.app.auth.tokens.read(&token).ok().map(|(session, _)| session)
    }

    /// The paired tablet on which somebody signs in.
    async fn device(&self, parts: &mut Parts) -> Option<KnownDevice> {
        if self.class != Class::SignIn {
            return None;
        }
        FromDevice::from_request_parts(parts, self.app).await.ok()?.0
    }
}

/// Keeps an address out by the box's own decision: at once, and after a restart too. An address of
/// the box itself is never kept out, it may be a proxy that nobody named.
fn keep_out(app: &App, address: IpAddr, reason: Reason, note: String) {
    let net = net_of(address);
    if net.addr().is_loopback() {
        return;
    }
    let Some(seconds) = app.limits.keep_out(net, clock::now()) else { return };
    let event = SecurityEvent::new(Kind::AddressBlocked, reason.as_str()).from(address);
    app.security_events.record(event.detail(&note));
    let app = app.clone();
    tokio::spawn(async move {
        let block = MakeBlock { net, reason, note: Some(note), seconds, by: None };
        if let Err(error) = app.store.run(block).await {
            tracing::warn!(%error, %net, "the block is not kept: it ends with this run");
        }
    });
}

/// A path, short enough to be kept. Queries are not: they may hold somebody's token.
fn shortened(uri: &Uri) -> String {
    uri.path().chars().take(120).collect()
}
