//! Screens on a bad network: cut off without a word, or too slow to read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async, connect_async};

use crate::harness::{PATIENCE, Person, Qres, new_key};

/// A screen that listens.
pub struct Screen {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The newest number that it knows of.
    pub seq: i64,
}

fn address(person: &Person, port: u16, since: Option<i64>) -> String {
    let token = person.token.as_deref().unwrap();
    let since = since.map(|seq| format!("&since={seq}")).unwrap_or_default();
    format!("ws://127.0.0.1:{port}/ws/orders?token={token}{since}")
}

impl Screen {
    /// Connects and reads the greeting.
    pub async fn connect(person: &Person, port: u16, since: Option<i64>) -> Self {
        let (socket, _) = connect_async(address(person, port, since)).await.unwrap();
        let mut screen = Self { socket, seq: 0 };
        let greeting = screen.message().await.expect("a greeting");
        assert_eq!(greeting["type"], "connected");
        screen.seq = since.unwrap_or_else(|| greeting["seq"].as_i64().unwrap());
        screen
    }

    /// The next message; none when the connection has ended.
    async fn message(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a message in time") {
                Some(Ok(Message::Text(text))) => {
                    return Some(serde_json::from_str(&text).unwrap());
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next event; heartbeats are passed over. Its number must be greater than the last.
    pub async fn event(&mut self) -> Value {
        loop {
            let message = self.message().await.expect("an event");
            if message["type"] == "heartbeat" {
                continue;
            }
            let seq = message["seq"].as_i64().unwrap();
            assert!(seq > self.seq, "{seq} after {}: {message}", self.seq);
            self.seq = seq;
            return message;
        }
    }

    /// All events up to this number.
    pub async fn events_to(&mut self, seq: i64) -> Vec<Value> {
        let mut events = Vec::new();
        while self.seq < seq {
            events.push(self.event().await);
        }
        events
    }

    /// The code with which the box ends the connection.
    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("an end in time") {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}

/// Passes bytes on both ways, until it is cut: then it keeps the connections and passes nothing,
/// as a cable does that somebody pulled out.
struct Cable {
    port: u16,
    cut: Arc<AtomicBool>,
}

impl Cable {
    async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let cable = Self { port: listener.local_addr().unwrap().port(), cut: Arc::default() };
        let cut = Arc::clone(&cable.cut);
        tokio::spawn(async move {
            let (near, _) = listener.accept().await.unwrap();
            let far = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let (near, far) = (near.into_split(), far.into_split());
            tokio::spawn(pass_on(near.0, far.1, Arc::clone(&cut)));
            pass_on(far.0, near.1, cut).await;
        });
        cable
    }

    fn cut(&self) {
        self.cut.store(true, Ordering::Release);
    }
}

async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, cut: Arc<AtomicBool>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if cut.load(Ordering::Acquire) {
            // Neither end is closed: both believe in the other until they miss it.
            std::future::pending::<()>().await;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

async fn place(qres: &Qres, count: usize, lines: usize) {
    for _ in 0..count {
        let key = new_key();
        let placed = qres.admin.place(&key, &qres.order(&key, lines)).await.unwrap();
        assert_eq!(placed.status, 201, "{}", placed.body);
    }
}

/// The newest number, as a screen hears it that connects now.
pub async fn newest(qres: &Qres) -> i64 {
    Screen::connect(&qres.admin, qres.port, None).await.seq
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_was_cut_off_misses_nothing_and_hears_nothing_twice() {
    let qres = Qres::start().await;
    let mut steady = Screen::connect(&qres.admin, qres.port, None).await;
    let cable = Cable::to(qres.port).await;
    let mut cut_off = Screen::connect(&qres.admin, cable.port, None).await;
    assert_eq!(steady.seq, cut_off.seq);

    place(&qres, 10, 2).await;
    let before_cut = cut_off.events_to(newest(&qres).await).await;
    cable.cut();
    place(&qres, 300, 2).await;
    let mut back = Screen::connect(&qres.admin, qres.port, Some(cut_off.seq)).await;
    // It goes on while the missed ones come: replay and live meet without gap or double.
    place(&qres, 50, 2).await;

    let end = newest(&qres).await;
    let (all, missed) = (steady.events_to(end).await, back.events_to(end).await);
    let heard: Vec<_> = before_cut.into_iter().chain(missed).collect();
    assert_eq!(heard.len(), all.len());
    assert_eq!(heard, all);
    let created = all.iter().filter(|event| event["type"] == "order_created").count();
    assert_eq!(created, 360);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_reconnects_after_a_kill_without_a_gap() {
    let mut qres = Qres::start().await;
    let mut screen = Screen::connect(&qres.admin, qres.port, None).await;
    place(&qres, 5, 1).await;
    let last = screen.event().await["seq"].as_i64().unwrap();
    qres.kill();
    qres.restart().await;
    place(&qres, 5, 1).await;
    let mut screen = Screen::connect(&qres.admin, qres.port, Some(last)).await;
    let events = screen.events_to(newest(&qres).await).await;
    let created = events.iter().filter(|event| event["type"] == "order_created").count();
    assert_eq!(created, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_does_not_read_is_let_go_while_others_go_on() {
    /// More than its buffers and the box's patience hold: events of about 20 KB.
    const ORDERS: usize = 1500;
    let qres = Qres::start().await;
    let mut good = Screen::connect(&qres.admin, qres.port, None).await;
    let mut slow = slow_screen(&qres, None).await;
    let first = good.seq;

    let orders = async {
        let places = (0..4).map(|_| place(&qres, ORDERS / 4, 50));
        futures_util::future::join_all(places).await;
        newest(&qres).await
    };
    let (sender, mut end) = tokio::sync::watch::channel(None);
    let reading = async {
        let mut count = 0;
        loop {
            tokio::select! {
                event = good.event() => count += usize::from(event["type"] == "order_created"),
                _ = end.changed() => {}
            }
            if end.borrow().is_some_and(|end| good.seq >= end) {
                return count;
            }
        }
    };
    let ordering = async { sender.send(Some(orders.await)).unwrap() };
    let (count, ()) = tokio::join!(reading, ordering);
    assert_eq!(count, ORDERS, "the other screen heard all");

    // The slow one finds what its buffers held, and then the end.
    let mut last = first;
    let code = loop {
        match timeout(PATIENCE, slow.next()).await.expect("an end in time") {
            Some(Ok(Message::Text(text))) => {
                let message: Value = serde_json::from_str(&text).unwrap();
                last = message["seq"].as_i64().unwrap();
            }
            Some(Ok(Message::Close(frame))) => break frame.map(|frame| u16::from(frame.code)),
            Some(Ok(_)) => {}
            Some(Err(Error::ConnectionClosed | Error::AlreadyClosed | Error::Io(_))) | None => {
                break None;
            }
            Some(Err(error)) => panic!("{error}"),
        }
    };
    assert!(code.is_none_or(|code| code == 4408), "closed with {code:?}");
    let end = newest(&qres).await;
    assert!(last < end, "it was waited for: it got everything");

    // And it may come back for what it missed.
    let mut back = Screen::connect(&qres.admin, qres.port, Some(last)).await;
    let missed = back.events_to(end).await;
    assert_eq!(missed.len() as i64, end - last);
}

/// A screen with a small buffer of its own, that reads nothing until it is asked.
pub async fn slow_screen(qres: &Qres, since: Option<i64>) -> WebSocketStream<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(([127, 0, 0, 1], qres.port).into()).await.unwrap();
    let address = address(&qres.admin, qres.port, since);
    let (mut socket, _) = client_async(address, stream).await.unwrap();
    let _ = socket.flush().await;
    let greeting = timeout(Duration::from_secs(5), socket.next()).await.unwrap();
    assert!(matches!(greeting, Some(Ok(Message::Text(_)))));
    socket
}
