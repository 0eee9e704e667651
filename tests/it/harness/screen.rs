//! A screen that watches the live feed.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Client, TestApp};

/// Nothing here takes so long; a test that waits longer has failed.
const LONG: Duration = Duration::from_secs(10);

pub struct Screen {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Screen {
    /// Connects with a client's token.
    pub async fn open(app: &TestApp, client: &Client, since: Option<i64>) -> Self {
        let token = client.token.as_deref().unwrap_or("");
        let since = since.map(|seq| format!("&since={seq}")).unwrap_or_default();
        let base = app.base.replace("http://", "ws://");
        let url = format!("{base}/ws/orders?token={token}{since}");
        let (socket, _) = connect_async(url).await.expect("the socket opens");
        Self { socket }
    }

    /// Tries to connect with more headers: the code with which it is closed at once, or the
    /// status with which it is not opened at all.
    pub async fn refused(
        app: &TestApp,
        client: &Client,
        headers: &[(&'static str, &str)],
    ) -> Result<(), u16> {
        Self::by_way_of(app, client, headers).await.map(drop)
    }

    /// The same; the screen that was opened, past its greeting.
    pub async fn by_way_of(
        app: &TestApp,
        client: &Client,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let token = client.token.as_deref().unwrap_or("");
        let base = app.base.replace("http://", "ws://");
        let url = format!("{base}/ws/orders?token={token}");
        let mut request = url.into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a value"));
        }
        let socket = match connect_async(request).await {
            Ok((socket, _)) => socket,
            Err(Error::Http(reply)) => return Err(reply.status().as_u16()),
            Err(error) => panic!("no reply: {error}"),
        };
        let mut screen = Self { socket };
        match screen.socket.next().await {
            Some(Ok(Message::Close(Some(frame)))) => Err(frame.code.into()),
            Some(Ok(_)) => Ok(screen),
            other => panic!("neither opened nor refused: {other:?}"),
        }
    }

    /// As [`Screen::open`], past the greeting; returns the greeting too.
    pub async fn greeted(app: &TestApp, client: &Client, since: Option<i64>) -> (Self, Value) {
        let mut screen = Self::open(app, client, since).await;
        let greeting = screen.next().await;
        assert_eq!(greeting["type"], "connected");
        (screen, greeting)
    }

    /// The next message that is no heartbeat.
    pub async fn next(&mut self) -> Value {
        loop {
            let message = tokio::time::timeout(LONG, self.socket.next()).await;
            match message.expect("something happens").expect("the socket is open") {
                Ok(Message::Text(text)) => {
                    let message: Value = serde_json::from_str(&text).expect("JSON");
                    if message["type"] != "heartbeat" {
                        return message;
                    }
                }
                Ok(Message::Close(frame)) => panic!("the socket was closed: {frame:?}"),
                Ok(_) => {}
                Err(error) => panic!("the socket failed: {error}"),
            }
        }
    }

    /// Messages up to the first of this type; returns that one.
    pub async fn wait_for(&mut self, kind: &str) -> Value {
        loop {
            let message = self.next().await;
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// The code with which the box closes the socket.
    pub async fn closed(&mut self) -> u16 {
        loop {
            let message = tokio::time::timeout(LONG, self.socket.next()).await;
            match message.expect("the socket closes") {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("the socket ended without a code: {other:?}"),
            }
        }
    }

    pub async fn say(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.expect("a message is sent");
    }
}
