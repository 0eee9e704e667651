//! One screen's WebSocket: greeting, what was missed, then what happens.
//!
//! The screen begins to listen before the log is read, and an event is sent only when its
//! number is higher than the last one sent: so there is no gap and no double.

use std::io::{self, ErrorKind};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::client;
use super::store::replay;
use super::viewer::{Viewer, is_of_guest};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::event::Event;
use crate::core::store::Replay;
use crate::platform::app::App;
use crate::platform::auth::{PROTOCOL, token_of};
use crate::platform::http::Params;
use crate::platform::seats::{Holder, Seat};
use crate::platform::security::{Client, client_net};
use crate::platform::websocket::{Handshake, Line, Message, text};

/// A screen shows itself as stale after 5 s without one of these.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// A screen whose device says nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(40);
/// A screen that does not take a message within this time is too slow.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same while others wait for their turn to be told what they missed.
const PATIENCE_IN_LINE: Duration = Duration::from_secs(1);
/// How many missed events are replayed at most.
const REPLAYED: i64 = 10_000;
/// How many screens are told at once what they missed. What is read for each lies in memory.
const REPLAYS: usize = 8;

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

/// The turns of the screens that are told what they missed.
pub(super) struct Replays(Arc<Semaphore>);

impl Default for Replays {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(REPLAYS)))
    }
}

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
    handshake: Result<Handshake>,
) -> Result<Response> {
    let handshake = handshake?;
    let token = token_of(query.token, &headers);
    let is_guest = token.as_deref().is_some_and(is_of_guest);
    let may_come = is_guest || app.request_guard.lets_staff(&client);
    Ok(handshake.agree(PROTOCOL, move |line| async move {
        if !may_come {
            return close(line, NOT_ENCRYPTED, PATIENCE).await;
        }
        // Before the token is looked at: a sign-out in between is heard of.
        let events = app.hub.listen();
        // A browser sees only the close code of a refused socket, so it is opened to be told.
        match Viewer::of(&app, token).await {
            Err(_) => close(line, SIGN_IN_AGAIN, PATIENCE).await,
            Ok(viewer) => match app.hub.seats.take(holder(&app, &client, &viewer), viewer.role()) {
                None => close(line, FULL, PATIENCE).await,
                Some(seat) => {
                    show(Screen::new(app, line, viewer, seat), events, query.since).await;
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
        let patience = screen.patience();
        // Nobody waits for its goodbye.
        screen.turn = None;
        close(screen.line, reason, patience).await;
    }
}

async fn close(line: Line, (code, reason): (u16, &'static str), patience: Duration) {
    let _ = timeout(patience, line.close(code, reason)).await;
}

/// Why a screen is let go; nothing when it went by itself.
type End = Option<(u16, &'static str)>;
type Step = ControlFlow<End>;

struct Screen {
    app: App,
    line: Line,
    viewer: Viewer,
    last_seq: i64,
    /// While it is told what it missed.
    turn: Option<OwnedSemaphorePermit>,
    seat: Seat,
}

impl Screen {
    fn new(app: App, line: Line, viewer: Viewer, seat: Seat) -> Self {
        Self { app, line, viewer, last_seq: 0, turn: None, seat }
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
            self.turn = None;
            let turns = Arc::clone(&self.app.state::<Replays>().0);
            let stopping = self.app.hub.stopping.clone();
            match stopping.run_until_cancelled_owned(turns.acquire_owned()).await {
                Some(Ok(turn)) => self.turn = Some(turn),
                _ => return Step::Break(Some(RESTARTING)),
            }
            let (after, viewer) = (self.last_seq, self.viewer.clone());
            let read = move |db: &_| replay(db, after, |event| viewer.hears_orders(event));
            match self.app.store.read(read).await {
                Ok(Replay::TooOld) => {
                    self.turn = None;
                    self.last_seq = newest;
                    return self.resync(newest).await;
                }
                Ok(Replay::Events { events, more }) => {
                    // Who is a guest here may have changed before what was just read.
                    if let Viewer::Guest { .. } = self.viewer {
                        self.renew().await?;
                    }
                    for event in events {
                        self.tell(Arc::new(event)).await?;
                    }
                    if !more {
                        self.turn = None;
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
                    Ok(event) => self.hear(event).await,
                    Err(RecvError::Lagged(_)) => return Some(TOO_SLOW),
                    Err(RecvError::Closed) => return Some(RESTARTING),
                },
                message = self.line.receive() => {
                    last_sign = Instant::now();
                    match message {
                        Some(Message::Text(text)) => self.answer(&text).await,
                        Some(Message::Close(_)) | None => return None,
                        Some(_) => Step::Continue(()),
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

    async fn hear(&mut self, event: Arc<Event>) -> Step {
        let (at, may_change) = (event.at, self.viewer.may_change_with(&event));
        self.tell(event).await?;
        let late = clock::now().0.saturating_sub(at.0).max(0);
        self.app.hub.lag.observe(Duration::from_millis(late.unsigned_abs()));
        if may_change {
            self.renew().await?;
        }
        Step::Continue(())
    }

    /// The viewer as he is now.
    async fn renew(&mut self) -> Step {
        match self.viewer.renewed(&self.app).await {
            Some(viewer) => self.viewer = viewer,
            None => return Step::Break(Some(SIGN_IN_AGAIN)),
        }
        Step::Continue(())
    }

    async fn tell(&mut self, event: Arc<Event>) -> Step {
        if event.seq <= self.last_seq {
            return Step::Continue(());
        }
        self.last_seq = event.seq;
        if !self.viewer.hears(&self.app, &event).await {
            return Step::Continue(());
        }
        match &self.viewer {
            Viewer::Staff { .. } => {
                let patience = self.patience();
                let sent = timeout(patience, self.line.tell(&event)).await;
                Self::step(sent.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())))
            }
            Viewer::Guest { .. } => match text(event.guest_message()) {
                Ok(message) => self.send(message).await,
                Err(error) => Self::step(Err(error)),
            },
        }
    }

    /// How long it may take for one message.
    fn patience(&self) -> Duration {
        let others_wait = self.app.state::<Replays>().0.available_permits() == 0;
        if self.turn.is_some() && others_wait { PATIENCE_IN_LINE } else { PATIENCE }
    }

    fn step(sent: io::Result<()>) -> Step {
        match sent {
            Ok(()) => Step::Continue(()),
            Err(error) if error.kind() == ErrorKind::TimedOut => Step::Break(Some(TOO_SLOW)),
            Err(_) => Step::Break(None),
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
        let sent = timeout(self.patience(), self.line.send(message)).await;
        Self::step(sent.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())))
    }
}
