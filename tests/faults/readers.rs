//! Readers who do not read what they asked for: they take neither the memory nor the turn of others.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::harness::{Person, Qres, new_key};

/// A connection that takes next to nothing before it says so.
pub async fn stalled(qres: &Qres) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.connect(([127, 0, 0, 1], qres.port).into()).await.unwrap()
}

/// Asks for a large file three times and reads nothing of it.
pub async fn ask_and_sleep(qres: &Qres) -> TcpStream {
    let mut socket = stalled(qres).await;
    let request = "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    socket.write_all(request.repeat(3).as_bytes()).await.unwrap();
    socket
}

/// Signing in, ordering and looking, each within two seconds.
pub async fn goes_on(qres: &Qres) {
    for _ in 0..3 {
        let began = Instant::now();
        let person = qres.sign_in("admin").await;
        let key = new_key();
        assert_eq!(person.place(&key, &qres.order(&key, 1)).await.unwrap().status, 201);
        assert_eq!(person.get("/orders/").await.0, 200);
        assert_eq!(person.get("/health").await.0, 200);
        let took = began.elapsed();
        assert!(took < Duration::from_secs(2), "signing in and ordering takes {took:?}");
    }
}

/// N1: three hundred connections with three large files each, unpacked and unread, take no memory
/// to speak of.
#[tokio::test(flavor = "multi_thread")]
async fn unread_files_lie_in_memory_once() {
    let mut qres = Qres::start().await;
    let before = qres.memory();
    let mut asleep = Vec::new();
    for _ in 0..300 {
        asleep.push(ask_and_sleep(&qres).await);
    }
    for socket in &asleep {
        socket.readable().await.unwrap();
    }
    goes_on(&qres).await;
    let after = qres.memory();
    assert!(after < before + 64, "{after} MiB, before {before}");
    assert!(qres.runs());
}

/// N3: forty downloads that nobody reads hold no thread: people sign in and order beside them, and
/// who wakes up gets all of it.
#[tokio::test(flavor = "multi_thread")]
async fn stalled_downloads_keep_nobody_waiting() {
    const LENGTH: usize = 16 * 1024 * 1024;
    let mut qres = Qres::start().await;
    let name = "qres-20260101T000000Z.tar.zst";
    let shelf = qres.data.join("backups");
    std::fs::create_dir_all(&shelf).unwrap();
    std::fs::write(shelf.join(name), vec![7; LENGTH]).unwrap();
    let mut asleep = Vec::new();
    for _ in 0..40 {
        let path = format!("/box/backups/{name}/ticket");
        let (status, ticket) = qres.admin.post(&path, &json!({})).await;
        assert_eq!(status, 201, "{ticket}");
        let mut socket = stalled(&qres).await;
        let url = ticket["url"].as_str().unwrap();
        let request = format!("GET {url} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        socket.readable().await.unwrap();
        asleep.push(socket);
    }
    goes_on(&qres).await;
    let mut all = Vec::new();
    asleep.pop().unwrap().read_to_end(&mut all).await.unwrap();
    assert!(all.starts_with(b"HTTP/1.1 200") && all.ends_with(&[7; 1024]) && all.len() > LENGTH);
    assert!(qres.runs());
}

/// N1: whoever reads nothing is let go, and their place is another's.
#[tokio::test(flavor = "multi_thread")]
async fn who_reads_nothing_is_let_go() {
    let qres = Qres::start().await;
    let mut socket = ask_and_sleep(&qres).await;
    let person = Person::new(qres.port, None);
    // Nothing is read meanwhile: what the box has sent waits in the socket.
    let began = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(person.get("/health").await.0, 200);
        // Something is written to a connection that was closed: the other side says so.
        if socket.write_all(b"GET / HTTP/1.1\r\n").await.is_err() {
            break;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "it holds its place for ever");
    }
}
