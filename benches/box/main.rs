//! What reaches the user of what the machine can do: every figure stands beside a ceiling that
//! is measured in the same run, on the same disk. The server has one core, the load the other.
//!
//! `make bench` runs all; `make bench ONLY=menu,orders` runs some.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod by_lot;
mod ceilings;
mod cellar;
mod checks;
mod cloud;
mod cost;
mod evening;
mod feed;
mod figures;
mod history;
mod http;
mod load;
mod options;
mod paper;
#[path = "../../tests/faults/port.rs"]
mod port;
#[path = "../../tests/cloud/postgres.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod postgres;
#[path = "../../tests/it/printer.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod printer;
mod report;
mod reports;
mod restore;
mod server;
mod stock;

use report::Report;

/// The core of whatever is measured, and the core of the load.
pub const SERVER_CORE: &str = "0";
pub const LOAD_CORE: &str = "1";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        // The ceilings run as processes of their own, so that they can be pinned like the box.
        ["ceiling-http", body] => ceilings::serve_from_memory(body),
        ["ceiling-sqlite", database, group, seconds] => {
            ceilings::insert_orders(database, group, seconds);
        }
        _ => {
            server::pin_this_process();
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(tokio::task::LocalSet::new().run_until(measure(&arguments)));
        }
    }
}

async fn measure(only: &[&str]) {
    let wanted =
        |name: &str| only.is_empty() || only.iter().any(|one| one.split(',').any(|o| o == name));
    let mut report = Report::default();
    let place = figures::Place::prepare().await;
    if wanted("menu") {
        figures::menu(&place, &mut report).await;
    }
    if wanted("orders") {
        figures::orders(&place, &mut report).await;
    }
    if wanted("checks") {
        checks::checks(&place, &mut report).await;
    }
    if wanted("paper") {
        paper::paper(&place, &mut report).await;
    }
    if wanted("rush") {
        figures::rush(&place, &mut report).await;
    }
    if wanted("options") {
        options::options(&place, &mut report).await;
    }
    // Not among all: it compares builds, and says nothing beside a ceiling.
    if only.iter().any(|one| one.split(',').any(|name| name == "cost")) {
        cost::cost(&place, &mut report).await;
    }
    if wanted("feed") {
        figures::feed(&place, &mut report).await;
    }
    if wanted("evening") {
        evening::evening(&place, &mut report).await;
    }
    if wanted("history") {
        figures::history(&place, &mut report).await;
    }
    if wanted("reports") {
        reports::reports(&place, &mut report).await;
    }
    if wanted("stock") {
        stock::stock(&place, &mut report).await;
    }
    if wanted("restore") {
        restore::restore(&place, &mut report);
    }
    if wanted("cloud") {
        cloud::cloud(&place, &mut report).await;
    }
    if wanted("size") {
        figures::size(&mut report);
    }
    report.print();
}
