//! The owner's address, and what goes wrong with it: it hangs, fails, cuts the line, and the plug is
//! pulled while a message is under way. Every message arrives, under one key.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::harness::{Qres, eventually, qres_command};

/// What the address does with whoever comes next.
#[derive(Clone, Copy, PartialEq)]
enum Act {
    Take,
    Fail,
    Cut,
    Hang,
}

/// An address that takes, fails, cuts the line or hangs, and notes what came.
#[derive(Clone)]
struct Gateway {
    port: u16,
    inside: Arc<Mutex<Inside>>,
}

struct Inside {
    act: Act,
    came: Vec<Message>,
    hung: Vec<TcpStream>,
}

/// A message, and what was done with it.
#[derive(Clone)]
struct Message {
    key: String,
    body: Value,
    act: Act,
}

impl Gateway {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let inside = Inside { act: Act::Take, came: Vec::new(), hung: Vec::new() };
        let gateway = Self { port, inside: Arc::new(Mutex::new(inside)) };
        let listening = gateway.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let gateway = listening.clone();
                std::thread::spawn(move || while gateway.answer(&stream).is_some() {});
            }
        });
        gateway
    }

    /// Reads one message and does with it what is to be done now; none when the line is to be left.
    fn answer(&self, mut stream: &TcpStream) -> Option<()> {
        let (head, body) = read_message(stream)?;
        let key = head.lines().find_map(|line| line.strip_prefix("idempotency-key: "))?.to_owned();
        let body = serde_json::from_slice(&body).ok()?;
        let act = {
            let mut inside = self.inside.lock().unwrap();
            let act = inside.act;
            inside.came.push(Message { key, body, act });
            act
        };
        let status = match act {
            Act::Take => "204 No Content",
            Act::Fail => "500 Internal Server Error",
            Act::Cut => return None,
            Act::Hang => {
                self.inside.lock().unwrap().hung.push(stream.try_clone().unwrap());
                return None;
            }
        };
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").ok()
    }

    fn does(&self, act: Act) {
        self.inside.lock().unwrap().act = act;
    }

    fn came(&self) -> Vec<Message> {
        self.inside.lock().unwrap().came.clone()
    }

    fn keys(&self) -> BTreeSet<String> {
        self.came().into_iter().map(|message| message.key).collect()
    }

    async fn comes(&self, act: Act) -> Message {
        let came = || self.came().into_iter().find(|message| message.act == act);
        eventually("a message", came).await
    }
}

fn read_message(mut stream: &TcpStream) -> Option<(String, Vec<u8>)> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    let mut body = vec![0; length.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}

async fn box_with(gateway: &Gateway) -> Qres {
    let mut qres = Qres::start().await;
    qres.terminate();
    qres.ended().await;
    let url = format!("http://127.0.0.1:{}/hook", gateway.port).leak();
    qres.settings.push(("QRES_WEBHOOK_URL", url));
    qres.settings.push(("QRES_WEBHOOK_SECRET", "what the owner and the box know"));
    qres.settings.push(("QRES_TRUSTED_PROXIES", "[\"127.0.0.1\"]"));
    qres.restart().await;
    qres
}

/// Somebody at this address looks for holes.
async fn scan(qres: &Qres, address: &str) {
    let url = format!("http://127.0.0.1:{}/wp-login.php", qres.port);
    let request = reqwest::Client::new().get(url).header("X-Forwarded-For", address);
    assert_eq!(request.send().await.unwrap().status(), 404);
}

/// How many jobs are in a state.
fn jobs(qres: &Qres, state: &str) -> u32 {
    let sql = "SELECT count(*) FROM jobs WHERE kind = 'webhook' AND state = ?1";
    qres.database().query_row(sql, [state], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_under_way_when_the_plug_is_pulled_arrives_under_its_key() {
    let gateway = Gateway::open();
    let mut qres = box_with(&gateway).await;
    gateway.does(Act::Hang);
    scan(&qres, "192.0.2.7").await;
    let first = gateway.comes(Act::Hang).await;
    assert_eq!(jobs(&qres, "RUNNING"), 1, "it is on the disk before it is sent");
    // It holds up nothing, and what comes meanwhile waits behind it.
    scan(&qres, "192.0.2.8").await;
    eventually("the next message", || (jobs(&qres, "WAITING") == 1).then_some(())).await;
    let (_, reply) = qres.admin.get("/jobs").await;
    assert_eq!(reply["total"], 2);
    qres.kill();
    gateway.does(Act::Take);
    qres.restart().await;
    eventually("both are done", || (jobs(&qres, "DONE") == 2).then_some(())).await;

    let taken: Vec<_> = gateway.came().into_iter().filter(|m| m.act == Act::Take).collect();
    let addresses: Vec<_> = taken.iter().map(|m| m.body["event"]["address"].clone()).collect();
    assert_eq!(addresses, ["192.0.2.7", "192.0.2.8"]);
    assert_eq!(taken[0].key, first.key, "a repeat is known by its key");
    assert_eq!(taken[0].body, first.body);
    assert_ne!(taken[1].key, first.key);
    assert!(qres.log().contains("jobs were under way when the box stopped"), "{}", qres.log());
    qres.assert_sound();
}

/// Pulled as soon as the message is written, as soon as it came, and as soon as that is known.
#[tokio::test(flavor = "multi_thread")]
async fn no_message_is_lost_in_nine_pulled_plugs() {
    let gateway = Gateway::open();
    let mut qres = box_with(&gateway).await;
    for round in 1..=9_u32 {
        scan(&qres, &format!("192.0.2.{round}")).await;
        let sql = "SELECT count(*) FROM jobs";
        let db = qres.database();
        let written = || db.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap();
        eventually("it is written", || (written() == round).then_some(())).await;
        if round % 3 > 0 {
            let came = || u32::try_from(gateway.keys().len()).unwrap();
            eventually("it comes", || (came() == round).then_some(())).await;
        }
        if round % 3 == 2 {
            eventually("it is done", || (jobs(&qres, "DONE") == round).then_some(())).await;
        }
        drop(db);
        qres.kill();
        qres.restart().await;
    }
    eventually("all are done", || (jobs(&qres, "DONE") == 9).then_some(())).await;
    assert_eq!(gateway.keys().len(), 9, "each came, under one key");
    let told: BTreeSet<_> =
        gateway.came().iter().map(|m| (m.key.clone(), m.body.to_string())).collect();
    assert_eq!(told.len(), 9, "and was the same each time");
    qres.assert_sound();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_fails_or_cuts_the_line_gets_the_message_again() {
    let gateway = Gateway::open();
    let mut qres = box_with(&gateway).await;
    gateway.does(Act::Fail);
    scan(&qres, "192.0.2.7").await;
    gateway.comes(Act::Fail).await;
    gateway.does(Act::Cut);
    gateway.comes(Act::Cut).await;
    eventually("it is written down", || (jobs(&qres, "UNKNOWN") == 1).then_some(())).await;

    // Whoever looks for what is wrong sees it, beside the box and in its figures.
    let mut doctor = qres_command(&qres.data, "doctor");
    let output = doctor.arg("--json").stdout(Stdio::piped()).output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checks = found["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == "jobs").unwrap();
    assert!(check["is_note"] == true && check["ok"] == true, "{check}");
    assert!(check["detail"].as_str().unwrap().starts_with("webhook: 1 unknown"), "{check}");
    let (status, list) = qres.admin.get("/jobs").await;
    assert_eq!((status.as_u16(), &list["jobs"][0]["state"]), (200, &"UNKNOWN".into()));

    // A start that is asked for does not lose it either.
    qres.terminate();
    assert_eq!(qres.ended().await.code(), Some(0));
    gateway.does(Act::Take);
    qres.restart().await;
    eventually("it is done", || (jobs(&qres, "DONE") == 1).then_some(())).await;
    assert_eq!(gateway.keys().len(), 1, "one message, one key");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_stops_does_not_wait_for_an_address_that_hangs() {
    let gateway = Gateway::open();
    let mut qres = box_with(&gateway).await;
    gateway.does(Act::Hang);
    scan(&qres, "192.0.2.7").await;
    gateway.comes(Act::Hang).await;
    let began = std::time::Instant::now();
    qres.terminate();
    assert_eq!(qres.ended().await.code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert_eq!(jobs(&qres, "RUNNING"), 1);
}
