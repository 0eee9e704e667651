//! Printers that ask the box for their work, Epson's and Star's: what they burn is the preview; what they
//! lose, take twice or tell twice loses no ticket and prints none twice unsaid.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::fake::condition::Condition;
use crate::fake::escpos::{Event, Page, Profile};
use crate::fake::pull::{Misdeed, Puller, epson, star};
use crate::harness::{House, id};
use crate::paper::{assert_is_there, place, preview};
use crate::printing::jobs;

enum Asking {
    Epson(epson::Printer),
    Star(star::Printer),
}

impl Asking {
    fn puller(&mut self) -> &mut Puller {
        match self {
            Self::Epson(printer) => &mut printer.puller,
            Self::Star(printer) => &mut printer.puller,
        }
    }

    /// It asks once, on a thread of its own: it waits for the answer.
    async fn visits(self) -> Self {
        let visit = move || {
            let mut printer = self;
            match &mut printer {
                Self::Epson(one) => drop(one.visit().unwrap()),
                Self::Star(one) => drop(one.visit().unwrap()),
            }
            printer
        };
        tokio::task::spawn_blocking(visit).await.unwrap()
    }
}

fn server(house: &House) -> SocketAddr {
    house.app.base.strip_prefix("http://").unwrap().parse().unwrap()
}

/// A printer that asks: the box makes the name by which it does.
async fn add(house: &House, name: &str, more: Value) -> Value {
    let mut body = json!({"name": name, "kind": "tcp", "address": "pull:", "width_dots": 576,
                          "documents": ["ticket"]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    house.admin.post("/printers", &body).await.created()
}

fn token(printer: &Value) -> String {
    printer["address"].as_str().unwrap().strip_prefix("pull:").unwrap().to_owned()
}

const KINDS: [&str; 2] = ["epson", "star"];

/// One that asks in this language, and is called so.
async fn asking(house: &House, kind: &str, more: Value) -> Asking {
    let added = add(house, kind, more).await;
    let path = format!("/print/{kind}/{}", token(&added));
    let (server, profile) = (server(house), Profile::wide());
    match kind {
        "epson" => Asking::Epson(epson::Printer::new(server, &path, "kitchen 1", profile)),
        _ => Asking::Star(star::Printer::new(server, &path, "00:11:62:00:00:01", profile)),
    }
}

/// The printer asks until so many slips are printed.
async fn until_printed(house: &House, mut printer: Asking, count: usize) -> Asking {
    for _ in 0..600 {
        printer = printer.visits().await;
        let jobs = jobs(&house.admin).await;
        if jobs.iter().filter(|job| job["state"] == "PRINTED").count() == count {
            return printer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{:#?}", jobs(&house.admin).await);
}

fn pages(printer: &mut Asking) -> Vec<Page> {
    assert_eq!(printer.puller().faults, Vec::<String>::new());
    printer.puller().pages().to_vec()
}

#[tokio::test]
async fn what_a_printer_fetches_is_the_preview() {
    for kind in KINDS {
        let house = House::open().await;
        let printer = asking(&house, kind, json!({"has_buzzer": true})).await;
        house.place().await;
        let mut printer = until_printed(&house, printer, 1).await;
        let shown = preview(&house.kitchen, &jobs(&house.admin).await[0]).await;
        let own = pages(&mut printer);
        let [page] = &own[..] else { panic!("{kind}: not one page") };
        assert_eq!(page.picture.first_difference(&shown), None, "{kind}");
    }
}

#[tokio::test]
async fn a_printer_that_asks_opens_the_drawer_too() {
    for kind in KINDS {
        let house = House::open().await;
        let till = json!({"documents": ["receipt"], "drawer_pin": 2});
        let printer = asking(&house, kind, till).await;
        let order = house.place().await;
        let checks = house.waiter.get(&format!("/orders/{}/checks", order["id"])).await.ok();
        let check = &checks["checks"][0];
        let paid = json!({"method_id": house.cash, "amount": check["due"],
            "expected_due": check["due"]});
        let path = format!("/checks/{}/payments", check["id"]);
        house.waiter.post(&path, &paid).await.created();
        let mut printer = until_printed(&house, printer, 2).await;
        let events = &printer.puller().mechanism.events;
        let pulses = events.iter().filter(|event| matches!(event.what, Event::Pulse(_))).count();
        assert_eq!((pulses, pages(&mut printer).len()), (1, 1), "{kind}");
    }
}

#[tokio::test]
async fn whatever_it_does_no_ticket_is_lost_and_none_comes_twice_unsaid() {
    let misdeeds = [
        Misdeed::LosesAnswer,
        Misdeed::FetchesTwice,
        Misdeed::ConfirmsTwice,
        Misdeed::LosesPower,
        Misdeed::BreaksDown(Condition::out_of_paper()),
    ];
    for kind in KINDS {
        let house = House::open().await;
        let mut printer = asking(&house, kind, json!({})).await;
        for (at, misdeed) in misdeeds.into_iter().enumerate() {
            printer.puller().misdeeds.push_back(misdeed);
            place(&house, at).await;
            if let Misdeed::BreaksDown(_) = misdeed {
                // Until somebody puts paper in.
                while printer.puller().condition == Condition::default() {
                    printer = printer.visits().await;
                }
                let told = house.waiter.get("/printers/troubles").await.ok();
                assert_eq!(told["troubles"][0]["trouble"], "NO_PAPER", "{kind}: {told}");
                printer.puller().condition = Condition::default();
            }
            printer = until_printed(&house, printer, at + 1).await;
        }
        let mut pages: Vec<_> = pages(&mut printer).into_iter().map(|page| page.picture).collect();
        for job in &jobs(&house.admin).await {
            assert_is_there(&preview(&house.admin, job).await, job, &mut pages);
        }
        assert!(pages.is_empty(), "{kind} printed what nobody wanted");
    }
}

#[tokio::test]
async fn nobody_asks_without_the_name_and_the_name_is_in_no_trace() {
    let house = House::open().await;
    let printer = add(&house, "Kitchen", json!({})).await;
    let own = token(&printer);
    assert!(own.len() >= 20, "{own}");
    let stranger = house.app.anonymous();
    let poll = json!({"statusCode": "200%20OK"});
    let star = |token: &str| format!("/print/star/{token}");
    stranger.post(&star(&own), &poll).await.ok();
    stranger.post(&star("0123456789abcdef"), &poll).await.refused(404, "not_found");
    stranger.get(&format!("{}?token=x", star(&own))).await.refused(404, "not_found");
    // What it says of work that it never had changes nothing.
    house.place().await;
    stranger.delete(&format!("{}?code=200&token=1-a", star(&own))).await;
    let waits = jobs(&house.admin).await;
    assert_ne!(waits[0]["state"], "PRINTED");

    // A new name: the old one is dead.
    let path = format!("/printers/{}", id(&printer));
    let changed = house.admin.patch(&path, &json!({"address": "pull:"})).await.ok();
    assert_ne!(token(&changed), own);
    stranger.post(&star(&own), &poll).await.refused(404, "not_found");
    let trace = house.admin.get("/audit?limit=100").await.text();
    assert!(trace.contains("printer_added") && trace.contains("pull:"));
    assert!(!trace.contains(&own) && !trace.contains(&token(&changed)));
    let wrong = json!({"address": "pull:kitchen"});
    house.admin.patch(&path, &wrong).await.refused(400, "address_of_asking");
}
