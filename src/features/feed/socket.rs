//! One screen's WebSocket: greeting, what was missed, then what happens.
//!
//! The screen begins to listen before the log is read, and an event is sent only when its
//! number is higher than the last one sent: so there is no gap and no double.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::client;
use super::store::replay;
use super::viewer::{Viewer, is_of_guest};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::event::Event;
use crate::core::store::Replay;
use crate::platform::app::App;
use crate::platform::auth::{PROTOCOL, token_of};
use crate::platform::http::Params;
use crate::platform::seats::{Holder, Seat};
use crate::platform::security::{Client, client_net};

/// A screen shows itself as stale after 5 s without one of these.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// A screen whose device says nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(40);
/// A screen that does not take a message within this time is too slow.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many missed events are read at once, and how many are replayed at most.
const PAGE: usize = 200;
const REPLAYED: i64 = 10_000;
/// The largest message a screen may send.
const LARGEST: usize = 16 * 1024;

/// The token is no longer good: sign in again.
const SIGN_IN_AGAIN: (u16, &str) = (4401, "sign in again");
/// Everybody on the Wi-Fi could listen: connect with wss://.
const NOT_ENCRYPTED: (u16, &str) = (4403, "staff connects with wss://");
/// The reader was too slow: come back with `since`.
const TOO_SLOW: (u16, &str) = (4408, "too slow, reconnect with since");
/// RFC 6455 "service restart".
const RESTARTING: (u16, &str) = (1012, "the box is restarting, reconnect");
/// RFC 6455 "try again later".
const FULL: (u16, &str) = (1013, "too many screens, try again later");
/// RFC 6455 "try again later".
const GIVEN_UP: (u16, &str) = (1013, "too many screens of this device or address");
/// RFC 6455 "going away".
const GONE: (u16, &str) = (1001, "no sign of life");

#[derive(Deserialize)]
pub(super) struct Query {
    token: Option<String>,
    since: Option<i64>,
}

pub(super) async fn connect(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Params(query): Params<Query>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response> {
    let upgrade = upgrade.map_err(|_| {
        Error::rule("no_websocket", "This address is a WebSocket: connect with ws:// or wss://.")
    })?;
    let token = token_of(query.token, &headers);
    let upgrade = upgrade
        .protocols([PROTOCOL])
        .max_message_size(LARGEST)
        .max_frame_size(LARGEST)
        .max_write_buffer_size(4 * 1024 * 1024);
    let is_guest = token.as_deref().is_some_and(is_of_guest);
    let may_come = is_guest || app.request_guard.lets_staff(&client);
    Ok(upgrade.on_upgrade(move |socket| async move {
        if !may_come {
            return close(socket, NOT_ENCRYPTED).await;
        }
        // Before the token is looked at: a sign-out in between is heard of.
        let events = app.hub.listen();
        // A browser sees only the close code of a refused socket, so it is opened to be told.
        match Viewer::of(&app, token).await {
            Err(_) => close(socket, SIGN_IN_AGAIN).await,
            Ok(viewer) => match app.hub.seats.take(holder(&app, &client, &viewer), viewer.role()) {
                None => close(socket, FULL).await,
                Some(seat) => {
                    show(Screen::new(app, socket, viewer, seat), events, query.since).await;
                }
            },
        }
    }))
}

/// Who is counted: staff by the sign-in, guests by their address, but where nobody is limited.
fn holder(app: &App, client: &Client, viewer: &Viewer) -> Holder {
    match viewer {
        Viewer::Staff { session, .. } => Holder::Staff(*session),
        Viewer::Guest { guest, .. } => {
            let address = client.address.ip();
            let is_limited = !client.is_local && !app.limits.blocks.trusts(address);
            Holder::Guest(is_limited.then(|| client_net(address)), guest.token_hash)
        }
    }
}

async fn show(mut screen: Screen, events: Receiver<Arc<Event>>, since: Option<i64>) {
    let leave = screen.seat.leave.clone();
    let shown = async {
        match screen.begin(since).await {
            ControlFlow::Break(reason) => reason,
            ControlFlow::Continue(()) => screen.follow(events).await,
        }
    };
    let reason = tokio::select! {
        reason = shown => reason,
        () = leave.cancelled() => Some(GIVEN_UP),
    };
    if let Some(reason) = reason {
        close(screen.socket, reason).await;
    }
}

async fn close(mut socket: WebSocket, (code, reason): (u16, &'static str)) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
    let _ = timeout(PATIENCE, socket.send(Message::Close(Some(frame)))).await;
}

/// Why a screen is let go; nothing when it went by itself.
type End = Option<(u16, &'static str)>;
type Step = ControlFlow<End>;

struct Screen {
    app: App,
    socket: WebSocket,
    viewer: Viewer,
    last_seq: i64,
    seat: Seat,
}

impl Screen {
    fn new(app: App, socket: WebSocket, viewer: Viewer, seat: Seat) -> Self {
        Self { app, socket, viewer, last_seq: 0, seat }
    }

    /// Greets, and replays what was missed.
    async fn begin(&mut self, since: Option<i64>) -> Step {
        let newest = self.app.store.last_seq();
        self.last_seq = newest;
        let role = self.viewer.role();
        self.say(
            &json!({"type": "connected", "role": role, "seq": newest, "timestamp": clock::now()}),
        )
        .await?;
        let Some(since) = since else { return Step::Continue(()) };
        if newest.saturating_sub(since) > REPLAYED {
            return self.resync(newest).await;
        }
        self.last_seq = since;
        loop {
            let after = self.last_seq;
            match self.app.store.read(move |db| replay(db, after, PAGE)).await {
                Ok(Replay::TooOld) => {
                    self.last_seq = newest;
                    return self.resync(newest).await;
                }
                Ok(Replay::Events { events, more }) => {
                    for event in &events {
                        self.tell(event).await?;
                    }
                    if !more {
                        return Step::Continue(());
                    }
                }
                Err(_) => return Step::Break(Some(TOO_SLOW)),
            }
        }
    }

    async fn resync(&mut self, seq: i64) -> Step {
        self.say(&json!({"type": "resync", "seq": seq, "timestamp": clock::now()})).await
    }

    /// Tells what happens, until there is a reason to stop.
    async fn follow(&mut self, mut events: Receiver<Arc<Event>>) -> End {
        let stopping = self.app.hub.stopping.clone();
        let left = self.viewer.expires_at().0.saturating_sub(clock::now().0).max(0);
        let expiry = sleep_until(Instant::now() + Duration::from_millis(left.unsigned_abs()));
        tokio::pin!(expiry);
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last_sign = Instant::now();
        loop {
            let step = tokio::select! {
                biased;
                () = stopping.cancelled() => return Some(RESTARTING),
                () = &mut expiry => return Some(SIGN_IN_AGAIN),
                event = events.recv() => match event {
                    Ok(event) => self.hear(&event).await,
                    Err(RecvError::Lagged(_)) => return Some(TOO_SLOW),
                    Err(RecvError::Closed) => return Some(RESTARTING),
                },
                message = self.socket.recv() => {
                    last_sign = Instant::now();
                    match message {
                        Some(Ok(Message::Text(text))) => self.answer(&text).await,
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                        Some(Ok(_)) => Step::Continue(()),
                    }
                }
                _ = heartbeat.tick() => {
                    if last_sign.elapsed() > SILENCE {
                        return Some(GONE);
                    }
                    self.beat().await
                }
            };
            if let Step::Break(reason) = step {
                return reason;
            }
        }
    }

    /// A sign of life, and a ping that every WebSocket client answers by itself.
    async fn beat(&mut self) -> Step {
        let seq = self.app.store.last_seq();
        let mut beat = json!({"type": "heartbeat", "seq": seq, "timestamp": clock::now()});
        if let Viewer::Staff { .. } = &self.viewer {
            for (name, value) in self.app.hub.notices() {
                beat[name] = value;
            }
        }
        self.say(&beat).await?;
        self.send(Message::Ping(bytes::Bytes::new())).await
    }

    async fn hear(&mut self, event: &Event) -> Step {
        self.tell(event).await?;
        let late = clock::now().0.saturating_sub(event.at.0).max(0);
        self.app.hub.lag.observe(Duration::from_millis(late.unsigned_abs()));
        if self.viewer.may_change_with(event) {
            match self.viewer.renewed(&self.app).await {
                Some(viewer) => self.viewer = viewer,
                None => return Step::Break(Some(SIGN_IN_AGAIN)),
            }
        }
        Step::Continue(())
    }

    async fn tell(&mut self, event: &Event) -> Step {
        if event.seq <= self.last_seq {
            return Step::Continue(());
        }
        self.last_seq = event.seq;
        if !self.viewer.may_hear(event) {
            return Step::Continue(());
        }
        let text = match &self.viewer {
            Viewer::Staff { .. } => Utf8Bytes::try_from(event.staff_message()),
            Viewer::Guest { .. } => Ok(event.guest_message().into()),
        };
        match text {
            Ok(text) => self.send(Message::Text(text)).await,
            Err(_) => Step::Continue(()),
        }
    }

    async fn answer(&mut self, text: &str) -> Step {
        let reply = client::answer(&self.app, &self.viewer, text).await;
        self.say(&reply).await
    }

    async fn say(&mut self, message: &serde_json::Value) -> Step {
        self.send(Message::text(message.to_string())).await
    }

    async fn send(&mut self, message: Message) -> Step {
        match timeout(PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => Step::Continue(()),
            Ok(Err(_)) => Step::Break(None),
            Err(_) => Step::Break(Some(TOO_SLOW)),
        }
    }
}
