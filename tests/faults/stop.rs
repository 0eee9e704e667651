//! Stopping as a service manager asks for it.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::feed::Screen;
use crate::harness::{Qres, eventually, new_key};

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_answers_what_runs_and_tells_the_screens() {
    let mut qres = Qres::start().await;
    let mut screen = Screen::connect(&qres.admin, qres.port, None).await;

    // A request in the middle of its body when the signal comes. It is known to be running when
    // the box asks for the rest.
    let mark = new_key();
    let body = qres.order(&mark, 3).to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", qres.port)).await.unwrap();
    let head = qres.admin.head("/orders/", &mark, body.len());
    let head = head.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");

    let asked = Instant::now();
    qres.terminate();
    eventually("it says that it stops", || qres.log().contains("stopping").then_some(())).await;
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 201 "), "{reply}");

    assert_eq!(screen.close_code().await, Some(1012));
    let status = qres.ended().await;
    assert_eq!(status.code(), Some(0), "{}", qres.log());
    assert!(asked.elapsed() < Duration::from_secs(5), "it took {:?}", asked.elapsed());

    assert_eq!(qres.marked(&mark), (1, 3));
    let log = qres.data.join("qres.db-wal");
    assert!(!log.exists() || log.metadata().unwrap().len() == 0, "it was closed cleanly");
    qres.assert_sound();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_ends_does_not_hold_the_stop() {
    let mut qres = Qres::start().await;
    let mut stream = TcpStream::connect(("127.0.0.1", qres.port)).await.unwrap();
    let head = qres.admin.head("/orders/", &new_key(), 1000);
    stream.write_all(head.as_bytes()).await.unwrap();
    let asked = Instant::now();
    qres.terminate();
    assert_eq!(qres.ended().await.code(), Some(0), "{}", qres.log());
    assert!(asked.elapsed() < Duration::from_secs(5), "it took {:?}", asked.elapsed());
}
