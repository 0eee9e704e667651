//! A WebSocket whose unread messages take no memory of their own. The usual libraries copy a
//! message into the buffer of each socket before they send it; an order that five hundred screens
//! do not read would lie there five hundred times. Here a whole order is sent from the one place
//! where it lies. Everything else, small all of it, goes the library's way.

use std::future::poll_fn;
use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWrite;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
pub use tokio_tungstenite::tungstenite::{
    Message, Utf8Bytes,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::core::error;
use crate::core::event::Event;

/// The largest message that may come in, in bytes.
const LARGEST: usize = 16 * 1024;
/// What is read at once, in bytes: each socket keeps as much.
const READ_AT_ONCE: usize = 4 * 1024;
/// How long the other end may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// What waits to be sent beside whole orders: pongs, and one small message.
const WAITING: usize = 64 * 1024;

/// A request for a WebSocket.
pub struct Handshake {
    accept: HeaderValue,
    protocols: Vec<String>,
    upgrade: OnUpgrade,
}

impl<S: Send + Sync> FromRequestParts<S> for Handshake {
    type Rejection = error::Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> error::Result<Self> {
        let no_websocket = || {
            let detail = "This address is a WebSocket: connect with ws:// or wss://.";
            error::Error::rule("no_websocket", detail)
        };
        let (headers, upgrade) = (&parts.headers, parts.extensions.remove::<OnUpgrade>());
        let is_websocket = parts.method == Method::GET
            && words(headers, &header::CONNECTION).any(|word| word.eq_ignore_ascii_case("upgrade"))
            && words(headers, &header::UPGRADE).any(|word| word.eq_ignore_ascii_case("websocket"))
            && words(headers, &header::SEC_WEBSOCKET_VERSION).any(|word| word == "13");
        let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| is_websocket);
        let (key, upgrade) = key.zip(upgrade).ok_or_else(no_websocket)?;
        let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes()));
        let protocols = words(headers, &header::SEC_WEBSOCKET_PROTOCOL).map(str::to_owned);
        Ok(Self {
            accept: accept.map_err(error::Error::internal)?,
            protocols: protocols.collect(),
            upgrade,
        })
    }
}

/// The words of a header, between commas.
fn words<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

impl Handshake {
    /// Agrees, on `protocol` where the other end names it, and goes on with the connection.
    pub fn agree<F>(
        self,
        protocol: &'static str,
        then: impl FnOnce(Line) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send,
    {
        let upgrade = self.upgrade;
        tokio::spawn(async move {
            let Ok(upgraded) = upgrade.await else { return };
            let config = WebSocketConfig::default()
                .read_buffer_size(READ_AT_ONCE)
                .write_buffer_size(0)
                .max_write_buffer_size(WAITING)
                .max_message_size(Some(LARGEST))
                .max_frame_size(Some(LARGEST));
            let stream = TokioIo::new(upgraded);
            let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
            then(Line { socket, rest: None }).await;
        });
        let upgraded = [
            (header::CONNECTION, HeaderValue::from_static("upgrade")),
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::SEC_WEBSOCKET_ACCEPT, self.accept),
        ];
        let mut response = (StatusCode::SWITCHING_PROTOCOLS, upgraded).into_response();
        if self.protocols.iter().any(|named| named == protocol) {
            let agreed = HeaderValue::from_static(protocol);
            response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, agreed);
        }
        response
    }
}

/// One open WebSocket. Whatever is broken off half-way goes on with the next call.
pub struct Line {
    socket: WebSocketStream<TokioIo<Upgraded>>,
    rest: Option<Rest>,
}

/// A message with a whole order that is on its way.
struct Rest {
    /// The frame's head.
    frame: Vec<u8>,
    /// The message up to the order.
    head: Bytes,
    event: Arc<Event>,
    /// How many bytes are sent.
    sent: usize,
}

/// The message after the order.
const TAIL: &[u8] = b"}";

impl Line {
    /// The next message; none when the connection has ended.
    pub async fn receive(&mut self) -> Option<Message> {
        self.socket.next().await?.ok()
    }

    /// Sends a small message.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn send(&mut self, message: Message) -> Result<()> {
        self.finish().await?;
        self.socket.send(message).await.map_err(Error::other)
    }

    /// Sends an event as staff is told it, with the whole order where it tells one.
    ///
    /// # Errors
    /// When the connection has ended, or the order is no longer kept for who reads so slowly.
    pub async fn tell(&mut self, event: &Arc<Event>) -> Result<()> {
        let head = event.staff_message();
        if event.order.bytes() == 0 {
            return self.send(text(head)?).await;
        }
        self.finish().await?;
        // What the library has still to send goes first.
        self.socket.flush().await.map_err(Error::other)?;
        let frame = frame_head(head.len() + event.order.bytes() + TAIL.len());
        self.rest = Some(Rest { frame, head, event: Arc::clone(event), sent: 0 });
        self.finish().await
    }

    /// Sends what is left of a whole order.
    async fn finish(&mut self) -> Result<()> {
        poll_fn(|context| self.poll_finish(context)).await
    }

    fn poll_finish(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        let Some(rest) = &mut self.rest else { return Poll::Ready(Ok(())) };
        let mut stream = Pin::new(self.socket.get_mut());
        {
            // Held while bytes are handed over, not while the other end is waited for.
            let order = rest.event.order.json().ok_or(ErrorKind::TimedOut)?;
            let pieces = [&rest.frame, rest.head.as_ref(), order.as_bytes(), TAIL];
            while let Some(piece) = unsent(pieces, rest.sent) {
                match ready!(stream.as_mut().poll_write(context, piece))? {
                    0 => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                    count => rest.sent += count,
                }
            }
        }
        ready!(stream.poll_flush(context))?;
        self.rest = None;
        Poll::Ready(Ok(()))
    }

    /// Says why it ends, and ends it.
    ///
    /// # Errors
    /// When the other end can no longer be told.
    pub async fn close(mut self, code: u16, reason: &'static str) -> Result<()> {
        let reason = Utf8Bytes::from_static(reason);
        self.send(Message::Close(Some(CloseFrame { code: CloseCode::from(code), reason }))).await?;
        // Whoever writes to a socket that is gone never reads why it went: their own close frame is
        // waited for (RFC 6455, 7.1.1), but not for long.
        let _ = timeout(GOODBYE, async { while self.receive().await.is_some() {} }).await;
        Ok(())
    }
}

/// A message of bytes that are one text for many screens.
///
/// # Errors
/// When they are no text.
pub fn text(bytes: Bytes) -> Result<Message> {
    Utf8Bytes::try_from(bytes).map(Message::Text).map_err(Error::other)
}

/// What is left of the first piece that is not sent whole.
fn unsent(pieces: [&[u8]; 4], mut sent: usize) -> Option<&[u8]> {
    for piece in pieces {
        if sent < piece.len() {
            return Some(&piece[sent..]);
        }
        sent -= piece.len();
    }
    None
}

/// The head of a text message in one frame of a server (RFC 6455, 5.2).
fn frame_head(length: usize) -> Vec<u8> {
    const TEXT: u8 = 0x81;
    let short = u8::try_from(length).ok().filter(|length| *length < 126);
    match (short, u16::try_from(length)) {
        (Some(length), _) => vec![TEXT, length],
        (None, Ok(length)) => [&[TEXT, 126], length.to_be_bytes().as_slice()].concat(),
        (None, Err(_)) => [&[TEXT, 127], (length as u64).to_be_bytes().as_slice()].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frames_head_tells_its_length_in_the_shortest_way() {
        assert_eq!(frame_head(125), [0x81, 125]);
        assert_eq!(frame_head(126), [0x81, 126, 0, 126]);
        assert_eq!(frame_head(65_535), [0x81, 126, 0xff, 0xff]);
        assert_eq!(frame_head(65_536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn pieces_are_sent_one_after_the_other() {
        let pieces: [&[u8]; 4] = [b"ab", b"", b"c", b"d"];
        let left = |sent| unsent(pieces, sent);
        assert_eq!(left(0), Some(b"ab".as_slice()));
        assert_eq!(left(1), Some(b"b".as_slice()));
        assert_eq!(left(2), Some(b"c".as_slice()));
        assert_eq!(left(3), Some(b"d".as_slice()));
        assert_eq!(left(4), None);
    }
}
