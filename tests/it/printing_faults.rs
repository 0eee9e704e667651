//! Tickets through random faults: each is printed at least once, one that came twice says so, none is
//! lost. `QRES_PAPER_SEED=7 cargo nextest run --test it every_ticket_is_printed` throws other dice.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::House;
use crate::printer::{Dice, FakePrinter, Page};
use crate::printing::{add, preview};

const PRINTERS: usize = 8;
const ORDERS: usize = 12;
/// White rows at the head of each page.
const MARGIN: usize = 24;
/// A job is begun some seconds after it failed; so long a few faults in a row may take.
const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test]
async fn every_ticket_is_printed_and_what_comes_twice_says_so() {
    let house = House::open().await;
    let seed = std::env::var("QRES_PAPER_SEED").map_or(0x5EED_CAFE, |seed| seed.parse().unwrap());
    let mut dice = Dice::new(seed);
    let mut printers = Vec::new();
    for name in 0..PRINTERS {
        let printer = FakePrinter::open().await;
        printer.inside().faults = dice.faults(40);
        printer.inside().is_simple = name == 0;
        add(&house.admin, &format!("Printer {name}"), &printer, json!({})).await;
        printers.push(printer);
    }
    let mut longest = Duration::ZERO;
    for order in 0..ORDERS {
        let item = json!({"dish_id": house.borscht, "quantity": 1, "comment": format!("{order}")});
        let body = json!({"table_id": house.tables[0], "items": [item]});
        let begun = Instant::now();
        house.waiter.post("/orders/", &body).await.created();
        longest = longest.max(begun.elapsed());
    }
    assert!(longest < Duration::from_secs(2), "an order waited for a printer: {longest:?}");
    let begun = Instant::now();
    let jobs = loop {
        let all = house.admin.get("/print-jobs?limit=100").await.ok();
        let all = all["print_jobs"].as_array().unwrap().clone();
        assert_eq!(all.len(), PRINTERS * ORDERS);
        if all.iter().all(|job| job["state"] == "PRINTED") {
            break all;
        }
        let open = || all.iter().filter(|job| job["state"] != "PRINTED").collect::<Vec<_>>();
        assert!(begun.elapsed() < PATIENCE, "{:#?}", open());
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    for (at, printer) in printers.iter().enumerate() {
        let name = format!("Printer {at}");
        let mut pages = printer.pages();
        for job in jobs.iter().filter(|job| job["printer_name"] == name.as_str()) {
            assert_is_there(&house, job, &mut pages).await;
        }
        assert!(pages.is_empty(), "{name} printed {} pages that nobody wanted", pages.len());
    }
}

/// Takes the pages of a job from those that were printed: at least one, and at most one that does not
/// say that it may be a repeat.
async fn assert_is_there(house: &House, job: &Value, pages: &mut Vec<Page>) {
    let shown = preview(&house.admin, job).await;
    let body = &shown.dots[MARGIN * shown.row_bytes..];
    let (own, others): (Vec<_>, Vec<_>) =
        pages.drain(..).partition(|page| page.dots.ends_with(body));
    *pages = others;
    assert!(!own.is_empty(), "a ticket is lost: {job}");
    let plain = own.iter().filter(|page| **page == shown).count();
    assert!(plain <= 1, "a ticket came twice and does not say so: {job}");
}
