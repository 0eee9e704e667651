//! Printers over HTTP, Epson's and Star's: the page that they burn is the preview, what keeps them from
//! printing is told, and whatever breaks on the way loses no ticket and prints none twice unsaid.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake::condition::Condition;
use crate::fake::escpos::Profile;
use crate::fake::over_http::{Printer, Trouble};
use crate::fake::picture::Picture;
use crate::fake::{epos, webprnt};
use crate::harness::{House, eventually, id};
use crate::paper::{assert_is_there, place, preview};
use crate::printing::{jobs, until_printed};

/// A printer that says nothing is waited for; then the ticket is begun anew.
const PATIENCE: Duration = Duration::from_mins(2);

async fn add(house: &House, name: &str, scheme: &str, printer: &Printer, more: Value) -> i64 {
    let width = printer.with(|state| state.mechanism.profile.dots);
    let mut body = json!({"name": name, "kind": "tcp", "width_dots": width, "documents": ["ticket"],
                          "address": format!("{scheme}:{}", printer.address())});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    id(&house.admin.post("/printers", &body).await.created())
}

/// The scheme of its address, and what starts one.
type Kind = (&'static str, fn(Profile) -> Printer);

fn kinds() -> [Kind; 2] {
    [("epos", epos::start), ("webprnt", webprnt::start)]
}

/// All pages of a printer, and nothing that it stumbled over.
fn pages(printer: &Printer) -> Vec<Picture> {
    assert_eq!(printer.refused(), Vec::<String>::new());
    printer.pages().into_iter().map(|page| page.picture).collect()
}

#[tokio::test]
async fn the_page_is_the_preview_and_the_drawer_opens() {
    let house = House::open().await;
    let mut printers = Vec::new();
    for (scheme, start) in kinds() {
        for profile in [Profile::wide(), Profile::narrow()] {
            let printer = start(profile);
            let name = format!("{scheme} {}", printers.len());
            let sounds = json!({"has_buzzer": true});
            add(&house, &name, scheme, &printer, sounds).await;
            printers.push((name, printer));
        }
    }
    house.place().await;
    let slips = until_printed(&house.admin, printers.len()).await;
    for (name, printer) in &printers {
        let job = slips.iter().find(|job| job["printer_name"] == name.as_str()).unwrap();
        let shown = preview(&house.kitchen, job).await;
        let own = pages(printer);
        let [page] = &own[..] else { panic!("{name}: not one page") };
        assert_eq!(page.first_difference(&shown), None, "{name}");
        assert!(!page.is_blank());
    }
    let list = house.admin.get("/printers").await.ok();
    assert!(list["printers"].as_array().unwrap().iter().all(|one| one["manner"] == "FULL"));
}

#[tokio::test]
async fn the_drawer_opens_on_its_pin() {
    for (at, (scheme, start)) in kinds().into_iter().enumerate() {
        let (house, printer) = (House::open().await, start(Profile::wide()));
        let pin = [2, 5][at];
        let till = json!({"documents": ["receipt"], "drawer_pin": pin});
        add(&house, "Till", scheme, &printer, till).await;
        let order = house.place().await;
        let checks = house.waiter.get(&format!("/orders/{}/checks", order["id"])).await.ok();
        let check = &checks["checks"][0];
        let paid = json!({"method_id": house.cash, "amount": check["due"],
            "expected_due": check["due"]});
        let path = format!("/checks/{}/payments", check["id"]);
        house.waiter.post(&path, &paid).await.created();
        until_printed(&house.admin, 2).await;
        let pins: Vec<_> = printer.pulses().iter().map(|pulse| pulse.pin).collect();
        assert_eq!((pins, pages(&printer).len()), (vec![pin], 1), "{scheme}");
    }
}

#[tokio::test]
async fn what_keeps_it_from_printing_is_told_and_nothing_is_sent_in_vain() {
    let house = House::open().await;
    let printers = kinds().map(|(scheme, start)| (scheme, start(Profile::wide())));
    for (scheme, printer) in &printers {
        printer.set(Condition::out_of_paper());
        add(&house, scheme, scheme, printer, json!({})).await;
    }
    // Nobody is at this address, and at that one somebody else.
    for (name, address) in [("gone", "epos:127.0.0.1:9"), ("box", "webprnt:127.0.0.1:8000")] {
        let body = json!({"name": name, "kind": "tcp", "address": address, "width_dots": 576,
                          "documents": ["ticket"]});
        let reply = house.admin.post("/printers", &body).await;
        match name {
            "gone" => drop(reply.created()),
            _ => assert!(reply.status.as_u16() == 201 || reply.status.as_u16() == 400),
        }
    }
    house.place().await;
    let told = async |name: &str| {
        let now = house.waiter.get("/printers/troubles").await.ok();
        let all = now["troubles"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["name"] == name).map(|one| one["trouble"].clone())
    };
    for (name, trouble) in [("epos", "NO_PAPER"), ("webprnt", "NO_PAPER"), ("gone", "UNREACHABLE")]
    {
        eventually("it is told", async || told(name).await == Some(trouble.into())).await;
    }
    for (_, printer) in &printers {
        printer.set(Condition::default());
    }
    eventually("the paper is in", async || {
        let jobs = jobs(&house.admin).await;
        jobs.iter().filter(|job| job["state"] == "PRINTED").count() == 2
    })
    .await;
    let slips = jobs(&house.admin).await;
    for (name, printer) in &printers {
        let job = slips.iter().find(|job| job["printer_name"] == *name).unwrap();
        let shown = preview(&house.admin, job).await;
        assert_eq!(pages(printer), [shown], "once, and without a word of a repeat: {name}");
        eventually("it is well", async || told(name).await.is_none()).await;
    }
}

/// One printer for each trouble of each kind, all at once: what breaks on one delays no other.
#[tokio::test]
async fn whatever_breaks_on_the_way_loses_no_ticket() {
    let house = House::open().await;
    let troubles = [
        Trouble::HangsUpUnprinted,
        Trouble::HangsUpPrinted,
        Trouble::HalfAnswer,
        Trouble::SilentPrinted,
        Trouble::SilentUnprinted,
        Trouble::Unavailable,
        Trouble::Busy,
        Trouble::TimesOut,
    ];
    let mut printers = Vec::new();
    for (scheme, start) in kinds() {
        for trouble in troubles {
            let (printer, name) = (start(Profile::narrow()), format!("{scheme} {trouble:?}"));
            printer.after_next(trouble);
            add(&house, &name, scheme, &printer, json!({})).await;
            printers.push((name, scheme, trouble, printer));
        }
    }
    let begun = Instant::now();
    place(&house, 1).await;
    assert!(begun.elapsed() < Duration::from_secs(2), "an order waits for no printer");
    let slips = loop {
        let slips = jobs(&house.admin).await;
        if slips.len() == printers.len() && slips.iter().all(|job| job["state"] == "PRINTED") {
            break slips;
        }
        let open: Vec<_> = slips.iter().filter(|job| job["state"] != "PRINTED").collect();
        assert!(begun.elapsed() < PATIENCE, "{open:#?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    for (name, scheme, trouble, printer) in &printers {
        let job = slips.iter().find(|job| job["printer_name"] == name.as_str()).unwrap();
        let shown = preview(&house.admin, job).await;
        let mut own = pages(printer);
        // Who knows the names of jobs is asked, and prints nothing twice.
        let is_known = *scheme == "epos" || matches!(trouble, Trouble::Unavailable | Trouble::Busy);
        assert!(!is_known || own.len() == 1, "{name} printed {} pages", own.len());
        assert_is_there(&shown, job, &mut own);
        assert!(own.is_empty(), "{name} printed what nobody wanted");
    }
}
