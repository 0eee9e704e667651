//! Printers that ask for work, against a server that does as the manuals say.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::fake::condition::Condition;
use crate::fake::escpos::command::Cut;
use crate::fake::escpos::{Page, Profile};
use crate::fake::http::{Message, Reply, Server, form};
use crate::fake::picture::Picture;
use crate::fake::pull::{Misdeed, Visit, epson, star};
use crate::fake::xml::Element;

/// Works that wait, and what was said of them.
#[derive(Default)]
struct Desk {
    works: Vec<String>,
    said: Vec<Message>,
    /// Of CloudPRNT: how to be told of the end, and what else it answers.
    by_get: bool,
    action: Value,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    kind: &'static str,
}

type Shared = Arc<Mutex<Desk>>;

fn epson_server(works: &[&str]) -> (Server, Shared) {
    let works = works.iter().map(|work| (*work).to_owned()).collect();
    let desk = Arc::new(Mutex::new(Desk { works, ..Desk::default() }));
    let shared = desk.clone();
    let server = Server::start(move |request| {
        let mut desk = shared.lock().unwrap();
        let fields = form(&request.text());
        assert_eq!(fields[1], ("ID".to_owned(), "kitchen 1".to_owned()));
        if fields[0].1 == "SetResponse" {
            desk.said.push(request.clone());
            return Reply::xml(String::new());
        }
        Reply::xml(desk.works.first().cloned().unwrap_or_default())
    });
    (server, desk)
}

fn works(version: &str, jobs: &[&str]) -> String {
    let work = |job: &&str| {
        let name = if version == "1.00" {
            String::new()
        } else {
            format!("<printjobid>{job}</printjobid>")
        };
        format!(
            r#"<ePOSPrint><Parameter><devid>local_printer</devid><timeout>10000</timeout>{name}</Parameter><PrintData><epos-print xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print"><text>{job}&#10;</text><cut type="feed"/></epos-print></PrintData></ePOSPrint>"#
        )
    };
    let works: String = jobs.iter().map(work).collect();
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><PrintRequestInfo Version="{version}">{works}</PrintRequestInfo>"#
    )
}

fn epson(server: SocketAddr) -> epson::Printer {
    epson::Printer::new(server, "/print", "kitchen 1", Profile::wide())
}

/// The result that a printer posted.
fn result(said: &Message) -> Element {
    let fields = form(&said.text());
    assert_eq!(fields[2].0, "ResponseFile");
    Element::parse(fields[2].1.as_bytes()).unwrap()
}

#[test]
fn epson_asks_prints_and_tells() {
    let (server, desk) = epson_server(&[&works("2.00", &["J1", "J2"])]);
    let mut printer = epson(server.address());
    assert_eq!(printer.visit().unwrap(), Visit { given: 2, printed: 2, confirmed: vec![200] });
    let texts: Vec<_> = printer.puller.pages().iter().map(Page::text).collect();
    assert_eq!(texts, ["J1\n", "J2\n"]);
    let said = result(&desk.lock().unwrap().said[0]);
    assert_eq!(said.attribute("Version"), Some("2.00"));
    let told: Vec<_> = said
        .children("ePOSPrint")
        .map(|work| {
            let job = work.child("Parameter").unwrap().text_of("printjobid").unwrap();
            let response = work.child("PrintResponse").unwrap().child("response").unwrap();
            (job, response.attribute("success").unwrap(), response.attribute("code").unwrap())
        })
        .collect();
    assert_eq!(told, [("J1", "true", ""), ("J2", "true", "")]);
    desk.lock().unwrap().works.clear();
    assert_eq!(printer.visit().unwrap(), Visit::default());
}

#[test]
fn epson_of_the_first_version_names_no_jobs() {
    let (server, desk) = epson_server(&[&works("1.00", &["a"])]);
    let mut printer = epson(server.address());
    printer.puller.condition = Condition::out_of_paper();
    assert_eq!(printer.visit().unwrap(), Visit { given: 1, printed: 0, confirmed: vec![200] });
    let said = result(&desk.lock().unwrap().said[0]);
    assert_eq!(said.attribute("Version"), Some("1.00"));
    let response = said.child("response").unwrap();
    assert_eq!(response.attribute("code"), Some("EPTR_REC_EMPTY"));
}

#[test]
fn epson_says_what_is_wrong_with_the_work() {
    for work in [
        "<PrintRequestInfo Version=\"2.00\"><ePOSPrint></ePOSPrint></PrintRequestInfo>",
        "<PrintRequestInfo>",
        "<Else/>",
    ] {
        let (server, desk) = epson_server(&[work]);
        let mut printer = epson(server.address());
        assert_eq!(printer.visit().unwrap(), Visit { given: 0, printed: 0, confirmed: vec![200] });
        let said = result(&desk.lock().unwrap().said[0]);
        let response = said.child("ServerDirectPrint").unwrap().child("Response").unwrap();
        assert_eq!(response.attribute("Success"), Some("false"));
        assert_eq!(printer.puller.faults.len(), 1);
    }
}

#[test]
fn epson_misbehaves() {
    for (misdeed, wanted, pages) in [
        (Misdeed::LosesAnswer, Visit { given: 1, printed: 1, confirmed: vec![200] }, 1),
        (Misdeed::FetchesTwice, Visit { given: 2, printed: 2, confirmed: vec![200, 200] }, 2),
        (Misdeed::NeverConfirms, Visit { given: 1, printed: 1, confirmed: vec![] }, 1),
        (Misdeed::ConfirmsTwice, Visit { given: 1, printed: 1, confirmed: vec![200, 200] }, 1),
        (Misdeed::LosesPower, Visit { given: 1, printed: 0, confirmed: vec![] }, 0),
        (
            Misdeed::BreaksDown(Condition::cover_open()),
            Visit { given: 1, printed: 0, confirmed: vec![200] },
            0,
        ),
    ] {
        let (server, _) = epson_server(&[&works("3.00", &["a"])]);
        let mut printer = epson(server.address());
        printer.puller.misdeeds.push_back(misdeed);
        assert_eq!(printer.visit().unwrap(), wanted, "{misdeed:?}");
        assert_eq!(printer.puller.pages().len(), pages, "{misdeed:?}");
    }
}

const MAC: &str = "00:11:62:0d:0e:0f";

fn star_server(kind: &'static str, body: Vec<u8>) -> (Server, Shared) {
    let works = vec!["T-1".to_owned()];
    let desk = Arc::new(Mutex::new(Desk { works, body, kind, ..Desk::default() }));
    let shared = desk.clone();
    let server = Server::start(move |request| {
        let mut desk = shared.lock().unwrap();
        desk.said.push(request.clone());
        let is_end = request.method() == "DELETE" || request.query("delete").is_some();
        match request.method() {
            "POST" => poll(&desk),
            "GET" if !is_end => Reply::Answer {
                status: 200,
                headers: [desk.headers.clone(), vec![("Content-Type", desk.kind.to_owned())]]
                    .concat(),
                body: desk.body.clone(),
            },
            _ => {
                assert_eq!(request.query("token").as_deref(), Some("T-1"));
                if request.query("code").is_some_and(|code| code.contains("OK")) {
                    desk.works.clear();
                }
                Reply::status(200)
            }
        }
    });
    (server, desk)
}

fn poll(desk: &Desk) -> Reply {
    let work = desk.works.first();
    let mut answer =
        json!({ "jobReady": work.is_some(), "mediaTypes": [desk.kind], "jobToken": work });
    if desk.by_get {
        answer["deleteMethod"] = json!("GET");
    }
    if !desk.action.is_null() {
        answer["clientAction"] = json!([desk.action]);
    }
    let headers = vec![("Content-Type", "application/json".to_owned())];
    Reply::Answer { status: 200, headers, body: answer.to_string().into_bytes() }
}

fn star(server: SocketAddr) -> star::Printer {
    star::Printer::new(server, "/cloud?at=1", MAC, Profile::wide())
}

fn square() -> Picture {
    Picture::from_rows(576, vec![0xf0; 72 * 40])
}

#[test]
fn star_asks_fetches_and_takes_off_the_list() {
    let (server, desk) = star_server("image/png", square().png());
    desk.lock().unwrap().headers = vec![
        ("X-Star-Cut", "partial; feed=true".into()),
        ("X-Star-CashDrawer", "start".into()),
        ("X-Star-Buzzerstartpattern", "2".into()),
    ];
    let mut printer = star(server.address());
    assert_eq!(printer.visit().unwrap(), Visit { given: 1, printed: 1, confirmed: vec![200] });
    let page = &printer.puller.pages()[0];
    assert_eq!(page.picture.first_difference(&square()), None);
    assert_eq!(page.cut, Some(Cut { is_full: false, fed: Some(0) }));
    assert_eq!(printer.puller.faults, [""; 0]);
    let said = desk.lock().unwrap().said.clone();
    let told: Value = serde_json::from_slice(&said[0].body).unwrap();
    assert_eq!(
        (told["statusCode"].as_str(), told["printerMAC"].as_str()),
        (Some("200%20OK"), Some(MAC))
    );
    assert_eq!(told["status"], "23 86 00 00 00 00 00 00 00");
    assert_eq!(said[1].query("type").as_deref(), Some("image/png"));
    assert_eq!(said[1].query("mac").as_deref(), Some(MAC));
    assert_eq!(
        said[2].target(),
        "/cloud?at=1&mac=00%3A11%3A62%3A0d%3A0e%3A0f&token=T-1&code=200%20OK"
    );
    assert_eq!(printer.visit().unwrap(), Visit::default());
}

#[test]
fn star_does_not_fetch_while_it_cannot_print() {
    let (server, desk) = star_server("text/plain", b"Borscht\n".to_vec());
    let mut printer = star(server.address());
    printer.puller.condition = Condition::out_of_paper();
    assert_eq!(printer.visit().unwrap(), Visit::default());
    let told: Value = serde_json::from_slice(&desk.lock().unwrap().said[0].body).unwrap();
    assert_eq!(told["statusCode"], "410%20Out%20of%20paper");
    printer.puller.condition = Condition::default();
    assert_eq!(printer.visit().unwrap().printed, 1);
    assert_eq!(printer.puller.pages()[0].text(), "Borscht\n");
}

#[test]
fn star_is_asked_of_itself_and_tells_the_end_by_get() {
    let (server, desk) = star_server("text/plain", b"Tea\n".to_vec());
    {
        let mut desk = desk.lock().unwrap();
        desk.by_get = true;
        desk.action = json!({ "request": "SetID", "options": "bar" });
    }
    let mut printer = star(server.address());
    assert_eq!(printer.visit().unwrap().confirmed, [200]);
    let said = desk.lock().unwrap().said.clone();
    let told: Value = serde_json::from_slice(&said[1].body).unwrap();
    assert_eq!(told["clientAction"], json!([{ "request": "SetID", "result": "true" }]));
    assert_eq!(told["uniqueID"], "bar");
    let methods: Vec<_> = said.iter().map(Message::method).collect();
    assert_eq!(methods, ["POST", "POST", "GET", "GET"]);
    assert_eq!(said[2].query("uid").as_deref(), Some("bar"));
}

#[test]
fn star_says_what_it_cannot_read() {
    for (kind, body, code) in
        [("application/pdf", Vec::new(), "510"), ("image/png", b"not a picture".to_vec(), "511")]
    {
        let (server, desk) = star_server(kind, body);
        let mut printer = star(server.address());
        assert_eq!(printer.visit().unwrap().printed, 0);
        let said = desk.lock().unwrap().said.last().unwrap().clone();
        assert_eq!((said.method(), said.query("code").as_deref()), ("DELETE", Some(code)));
        assert_eq!(desk.lock().unwrap().works.len(), 1, "it still waits");
    }
}

#[test]
fn star_misbehaves() {
    for (misdeed, wanted) in [
        (Misdeed::LosesAnswer, Visit { given: 1, printed: 1, confirmed: vec![200] }),
        (Misdeed::FetchesTwice, Visit { given: 1, printed: 2, confirmed: vec![200] }),
        (Misdeed::NeverConfirms, Visit { given: 1, printed: 1, confirmed: vec![] }),
        (Misdeed::ConfirmsTwice, Visit { given: 1, printed: 1, confirmed: vec![200, 200] }),
        (Misdeed::LosesPower, Visit { given: 1, printed: 0, confirmed: vec![] }),
        (
            Misdeed::BreaksDown(Condition::out_of_paper()),
            Visit { given: 1, printed: 0, confirmed: vec![] },
        ),
    ] {
        let (server, _) = star_server("text/plain", b"x\n".to_vec());
        let mut printer = star(server.address());
        printer.puller.misdeeds.push_back(misdeed);
        assert_eq!(printer.visit().unwrap(), wanted, "{misdeed:?}");
    }
}
