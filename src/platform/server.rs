//! Connections: takes them in, plain or in TLS, and speaks HTTP/1.1 on them until the box stops.
//!
//! A handshake costs the box more than the one who begins it, so those that are under way are
//! bounded, in all and for each address, and each has its time. So are connections, the heads of
//! requests, and what readers leave unread (`paced.rs`, `unread.rs`).

mod crowd;
mod paced;
mod unread;

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::{Service, ServiceExt};

use self::crowd::{Crowd, Seat};
use self::paced::Paced;
use self::unread::Unread;
use crate::platform::security::client_net;

/// The longest that a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How many handshakes may be under way, in all and from one address.
const HANDSHAKES: usize = 256;
const FROM_ONE_ADDRESS: usize = 16;
/// The longest that a request's head may take, and that a connection may be idle.
const HEAD: Duration = Duration::from_secs(30);
/// How large a request's head may be, in lines and in bytes; a larger one is answered with 431. So
/// much is also kept of small replies that are not read.
const HEAD_LINES: usize = 100;
const HEAD_BYTES: usize = 32 * 1024;
/// How many bytes of a reply are encrypted before its reader has taken those before.
const ENCRYPTED: usize = 16 * 1024;
/// After an accept that failed for want of something, e.g. of file descriptors.
const RECOVER: Duration = Duration::from_millis(100);
/// How long the first request of a connection is waited for when the box stops.
const FIRST: Duration = Duration::from_millis(500);
/// How long open requests may take to end when the box stops.
const GRACE: Duration = Duration::from_secs(3);

/// Over which connection a request came.
#[derive(Debug, Clone, Copy)]
pub struct Connection {
    /// The other end: the client, or a proxy before it.
    pub peer: SocketAddr,
    /// This end.
    pub local: SocketAddr,
    /// Whether it is encrypted.
    pub is_tls: bool,
}

/// Where the box listens.
pub struct Listeners {
    /// For plain HTTP.
    pub plain: TcpListener,
    /// For HTTPS.
    pub tls: Option<(TcpListener, Arc<ServerConfig>)>,
}

/// Serves until `stop`, then lets open requests end.
pub async fn serve<S>(service: S, listeners: Listeners, stop: CancellationToken)
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
{
    let open = TaskTracker::new();
    let (crowd, unread) = (Arc::default(), Arc::default());
    let server = Server { service, open: open.clone(), crowd, unread, stop: stop.clone() };
    let plain = server.clone().take_plain(listeners.plain);
    let tls = async {
        match listeners.tls {
            Some((listener, config)) => server.take_tls(listener, config).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = plain => {}
        () = tls => {}
        () = stop.cancelled() => {}
    }
    open.close();
    let _ = timeout(GRACE, open.wait()).await;
}

#[derive(Clone)]
struct Server<S> {
    service: S,
    open: TaskTracker,
    crowd: Arc<Crowd>,
    unread: Arc<Unread>,
    stop: CancellationToken,
}

impl<S> Server<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
{
    async fn take_plain(self, listener: TcpListener) {
        loop {
            let (socket, connection) = accept(&listener, false).await;
            let Some(seat) = self.crowd.enter(connection.peer.ip()) else { continue };
            let server = self.clone();
            self.open.spawn(async move { server.speak(socket, connection, seat).await });
        }
    }

    async fn take_tls(self, listener: TcpListener, config: Arc<ServerConfig>) {
        let acceptor = TlsAcceptor::from(config);
        let handshakes = Arc::new(Handshakes::default());
        loop {
            let (socket, connection) = accept(&listener, true).await;
            let Some(turn) = handshakes.begin(connection.peer.ip()) else { continue };
            let Some(seat) = self.crowd.enter(connection.peer.ip()) else { continue };
            let (server, acceptor) = (self.clone(), acceptor.clone());
            self.open.spawn(async move {
                let hands = timeout(HANDSHAKE, shake_hands(socket, acceptor));
                let shaken = server.stop.clone().run_until_cancelled_owned(hands).await;
                drop(turn);
                if let Some(Ok(Some(stream))) = shaken {
                    server.speak(stream, connection, seat).await;
                }
            });
        }
    }

    /// HTTP until one side has enough.
    async fn speak<T>(self, stream: T, connection: Connection, seat: Arc<Seat>)
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (service, unread) = (self.service, self.unread);
        let has_asked = CancellationToken::new();
        let (asks, leave) = (has_asked.clone(), seat.leave.clone());
        let answer = hyper::service::service_fn(move |request: Request<Incoming>| {
            asks.cancel();
            let busy = seat.is_busy();
            let is_change = !matches!(*request.method(), Method::GET | Method::HEAD);
            let unread = Arc::clone(&unread);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(connection);
            let answered = service.clone().oneshot(request);
            async move {
                let from = connection.peer.ip();
                answered.await.map(|response| unread.count(response, busy, from, is_change))
            }
        });
        let mut spoken = pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .max_headers(HEAD_LINES)
                .max_buf_size(HEAD_BYTES)
                .serve_connection(TokioIo::new(stream), answer)
                .with_upgrades()
        );
        let outcome = tokio::select! {
            outcome = spoken.as_mut() => outcome,
            () = leave.cancelled() => return,
            () = self.stop.cancelled() => {
                // Whoever has just come was let in: his first request is still waited for.
                let first = timeout(FIRST, has_asked.cancelled());
                let ended = tokio::select! {
                    outcome = spoken.as_mut() => Some(outcome),
                    _ = first => None,
                };
                if let Some(outcome) = ended {
                    outcome
                } else {
                    spoken.as_mut().graceful_shutdown();
                    spoken.await
                }
            }
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, peer = %connection.peer, "a connection broke off");
        }
    }
}

async fn accept(listener: &TcpListener, is_tls: bool) -> (Paced<TcpStream>, Connection) {
    loop {
        let accepted = listener.accept().await.and_then(|(socket, peer)| {
            // A small reply must not wait for the next one.
            socket.set_nodelay(true)?;
            let local = socket.local_addr()?;
            Ok((Paced::new(socket), Connection { peer, local, is_tls }))
        });
        match accepted {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::debug!(%error, "a connection was not taken");
                sleep(RECOVER).await;
            }
        }
    }
}

/// A TLS handshake begins with this byte.
const HELLO: u8 = 0x16;
/// What somebody reads who typed `http://` before the port of HTTPS.
const WRONG_PORT: &str = "This port speaks HTTPS: put https:// before the address.\n";

async fn shake_hands(
    mut socket: Paced<TcpStream>,
    acceptor: TlsAcceptor,
) -> Option<tokio_rustls::server::TlsStream<Paced<TcpStream>>> {
    let mut first = [0];
    if socket.stream().peek(&mut first).await.ok()? == 0 {
        return None;
    }
    if first[0].is_ascii_alphabetic() && first[0] != HELLO {
        let length = WRONG_PORT.len();
        let reply = format!(
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{WRONG_PORT}"
        );
        let _ = socket.write_all(reply.as_bytes()).await;
        let _ = socket.shutdown().await;
        return None;
    }
    let mut stream = acceptor.accept(socket).await.ok()?;
    stream.get_mut().1.set_buffer_limit(Some(ENCRYPTED));
    Some(stream)
}

/// The handshakes that are under way.
#[derive(Default)]
struct Handshakes(Mutex<HashMap<IpAddr, usize>>);

/// A handshake that is under way; counts while it lives.
struct Turn {
    handshakes: Arc<Handshakes>,
    from: IpAddr,
}

impl Handshakes {
    /// A turn for one more, or none when there are too many.
    fn begin(self: &Arc<Self>, from: IpAddr) -> Option<Turn> {
        let from = client_net(from);
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = waiting.values().sum::<usize>() < HANDSHAKES;
        let count = waiting.entry(from).or_default();
        if !has_room || *count >= FROM_ONE_ADDRESS {
            if *count == 0 {
                waiting.remove(&from);
            }
            return None;
        }
        *count += 1;
        Some(Turn { handshakes: Arc::clone(self), from })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut waiting = self.handshakes.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = waiting.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handshakes_are_bounded_for_each_and_for_all() {
        let handshakes = Arc::new(Handshakes::default());
        let phone: IpAddr = "fd00::1".parse().unwrap();
        let its_other_address: IpAddr = "fd00::2".parse().unwrap();
        let mut turns: Vec<_> =
            (0..FROM_ONE_ADDRESS).map(|_| handshakes.begin(phone).unwrap()).collect();
        assert!(handshakes.begin(its_other_address).is_none());
        turns.pop();
        assert!(handshakes.begin(its_other_address).is_some());
        for n in 0..u32::MAX {
            match handshakes.begin(IpAddr::from(n.to_be_bytes())) {
                Some(turn) => turns.push(turn),
                None => break,
            }
        }
        assert_eq!(turns.len(), HANDSHAKES);
        drop(turns);
        assert!(handshakes.0.lock().unwrap().is_empty());
    }
}
