//! Strangers who hold sockets open, speak slowly or too much; honest people go on beside them.
//! Each comes from a loopback address of his own, as from a phone of his own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::harness::{Person, Qres, new_key};

/// A connection from `127.0.0.LAST`.
async fn from(last: u8, qres: &Qres) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, last], 0))).unwrap();
    socket.connect(SocketAddr::from(([127, 0, 0, 1], qres.port))).await.unwrap()
}

/// An order, and a look at the menu, each within two seconds.
async fn goes_on(qres: &Qres) {
    for _ in 0..5 {
        let fresh = Person::new(qres.port, qres.admin.token.as_deref());
        for person in [&qres.admin, &fresh] {
            let began = Instant::now();
            assert_eq!(person.get("/dishes/menu").await.0, 200);
            let key = new_key();
            assert_eq!(person.place(&key, &qres.order(&key, 1)).await.unwrap().status, 201);
            let took = began.elapsed();
            assert!(took < Duration::from_secs(2), "an order takes {took:?}");
        }
    }
}

/// Whether the box has closed it.
async fn is_closed(socket: &mut TcpStream) -> bool {
    let mut byte = [0];
    let read = tokio::time::timeout(Duration::from_millis(1), socket.read(&mut byte)).await;
    matches!(read, Ok(Ok(0) | Err(_)))
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_sockets_keep_nobody_out() {
    let mut qres = Qres::start().await;
    let before = qres.memory();
    let mut idle = Vec::new();
    for n in 0..1500 {
        idle.push(from(2 + u8::try_from(n / 300).unwrap(), &qres).await);
    }
    goes_on(&qres).await;
    // One address alone does not fill the box either.
    for _ in 0..700 {
        idle.push(from(66, &qres).await);
    }
    goes_on(&qres).await;
    let mut closed = 0;
    for socket in &mut idle {
        closed += usize::from(is_closed(socket).await);
    }
    let open = idle.len() - closed;
    assert!(open <= 1024, "{open} are still open");
    assert!(qres.memory() < before + 100, "{} MiB, before {before}", qres.memory());
    assert!(qres.runs());
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_speakers_keep_nobody_waiting() {
    let mut qres = Qres::start().await;
    let mut heads = Vec::new();
    let mut bodies = Vec::new();
    for _ in 0..300 {
        let mut head = from(66, &qres).await;
        head.write_all(b"GET /dishes/menu HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ").await.unwrap();
        heads.push(head);
        let mut body = from(67, &qres).await;
        let head = "POST /auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\n{";
        body.write_all(head.as_bytes()).await.unwrap();
        bodies.push(body);
    }
    for _ in 0..3 {
        for socket in heads.iter_mut().chain(&mut bodies) {
            let _ = socket.write_all(b"a").await;
        }
        goes_on(&qres).await;
    }
    qres.assert_sound();
    assert!(qres.runs());
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_of_headers_are_refused() {
    let mut qres = Qres::start().await;
    let before = qres.memory();
    let many = "X-Many: y\r\n".repeat(5000);
    let long = format!("X-Long: {}\r\n", "y".repeat(2_000_000));
    let path = format!("/{}", "y".repeat(1_000_000));
    for (target, headers) in [("/health", many), ("/health", long), (path.as_str(), String::new())]
    {
        for _ in 0..20 {
            let mut socket = from(66, &qres).await;
            let request = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n");
            // The box hangs up before it has heard all.
            let _ = socket.write_all(request.as_bytes()).await;
            let mut answer = Vec::new();
            let _ = socket.read_to_end(&mut answer).await;
            let answer = String::from_utf8_lossy(&answer).into_owned();
            let is_refused = ["431", "414", "400"]
                .iter()
                .any(|status| answer.starts_with(&format!("HTTP/1.1 {status}")));
            assert!(is_refused || answer.is_empty(), "{answer}");
        }
    }
    goes_on(&qres).await;
    assert!(qres.memory() < before + 64, "{} MiB, before {before}", qres.memory());
    assert!(qres.runs());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_outlives_a_restart_and_a_pulled_plug() {
    let mut qres = Qres::start().await;
    let body = json!({"net": "127.0.0.66", "seconds": 600});
    // Loopback addresses are the box's own: a real one is kept out, and asked for by a proxy.
    let (status, reply) = qres.admin.post("/security/blocks", &body).await;
    assert_eq!((status.as_u16(), &reply["code"]), (400, &json!("blocks_yourself")));
    qres.admin.create("/security/blocks", &json!({"net": "192.0.2.66", "seconds": 600})).await;
    qres.kill();
    qres.settings = vec![("QRES_TRUSTED_PROXIES", "[\"127.0.0.1\"]")];
    qres.restart().await;
    let ask = |address: &'static str| {
        let url = format!("http://127.0.0.1:{}/dishes/menu", qres.port);
        reqwest::Client::new().get(url).header("x-forwarded-for", address).send()
    };
    assert_eq!(ask("192.0.2.66").await.unwrap().status(), 403);
    assert_eq!(ask("192.0.2.67").await.unwrap().status(), 200);
    let (_, list) = qres.admin.get("/security/blocks").await;
    assert_eq!(list["total"], 1);
}
