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

/// F15, N4: an import does not hold the stop, and its answer and its trail say how much is in.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_ends_at_the_stop_and_says_what_is_in() {
    let mut qres = Qres::start().await;
    let mut sheet = String::from("category,dish,variation,price,department\n");
    for line in 0..19_000 {
        sheet.push_str(&format!("Full,Filler {},Size {},1,hot\n", line / 10, line % 10));
    }
    let fillers = |qres: &Qres| {
        let sql = "SELECT count(*) FROM dishes WHERE name LIKE 'Filler %'";
        qres.database().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let stopping = async {
        eventually("the import is under way", || (fillers(&qres) > 0).then_some(())).await;
        qres.terminate();
        Instant::now()
    };
    let ((status, reply), asked) =
        tokio::join!(qres.admin.upload("/import", sheet.as_bytes()), stopping);
    assert_eq!((status.as_u16(), &reply["code"]), (503, &"import_stopped".into()), "{reply}");
    assert_eq!(qres.ended().await.code(), Some(0), "{}", qres.log());
    assert!(asked.elapsed() < Duration::from_secs(5), "it took {:?}", asked.elapsed());

    let done = reply["params"]["done"].as_i64().unwrap();
    assert_eq!(fillers(&qres), done - 1, "the category is one of the things: {reply}");
    let sql = "SELECT action FROM audit WHERE subject = 'import' ORDER BY id DESC LIMIT 1";
    let last: String = qres.database().query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(last, "import_stopped");
    qres.restart().await;
    let (status, report) = qres.admin.upload("/import", sheet.as_bytes()).await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(
        (fillers(&qres), &report["counts"]["dishes"]["unchanged"]),
        (1900, &(done - 1).into())
    );
    qres.assert_sound();
}
