//! Printers and pulled plugs: every ticket comes out, and one that comes twice says so.
//!
//! `QRES_PAPER_KILLS=250 cargo nextest run --test faults printing` sends ten thousand tickets through.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Qres, eventually_within};
use crate::printer::{Dice, FakePrinter, Page};

const KILLS: usize = 6;
const ORDERS_A_KILL: usize = 5;
const PRINTERS: usize = 8;
/// A job is begun some seconds after it failed; so long all that still waits may take.
const PATIENCE: Duration = Duration::from_mins(15);
/// White rows at the head of each page.
const MARGIN: usize = 24;

fn count(qres: &Qres, which: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM jobs WHERE kind = 'print' AND {which}");
    qres.database().query_row(&sql, [], |row| row.get(0)).unwrap()
}

fn kills() -> usize {
    std::env::var("QRES_PAPER_KILLS").map_or(KILLS, |kills| kills.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_ticket_is_lost_in_pulled_plugs_and_one_that_came_twice_says_so() {
    let kills = kills();
    let mut dice = Dice::new(0x0BAD_CAFE);
    let mut qres = Qres::start().await;
    let mut printers = Vec::new();
    for name in 0..PRINTERS {
        let printer = FakePrinter::open().await;
        // Slow enough that a plug is pulled in the middle of a page.
        printer.inside().slowness = 400;
        printer.inside().faults = dice.faults(kills * ORDERS_A_KILL);
        let body = json!({"name": format!("Kitchen {name}"), "kind": "tcp", "width_dots": 384,
                          "address": printer.address, "documents": ["ticket"]});
        qres.admin.create("/printers", &body).await;
        printers.push(printer);
    }
    let waiter = qres.waiter("anna").await;
    for _ in 0..kills {
        for _ in 0..ORDERS_A_KILL {
            let (status, reply) = waiter.post("/orders/", &qres.order("paper", 1)).await;
            assert_eq!(status, 201, "{reply}");
        }
        tokio::time::sleep(Duration::from_millis(20 + dice.throw(400))).await;
        qres.kill();
        qres.restart().await;
    }
    let is_open = "state IN ('WAITING', 'RUNNING', 'UNKNOWN')";
    eventually_within(PATIENCE, "everything is printed", || {
        (count(&qres, is_open) == 0).then_some(())
    })
    .await;
    assert_eq!(count(&qres, "state = 'FAILED'"), 0, "nothing is given up");
    let mut repeated = 0;
    for printer in &printers {
        repeated += assert_complete(&printer.pages(), kills * ORDERS_A_KILL);
    }
    println!("{} tickets, {repeated} of them more than once", PRINTERS * kills * ORDERS_A_KILL);
    qres.assert_sound();
}

/// Each ticket is among these pages, at most once without saying that it may be a repeat. How many
/// pages more than tickets there are.
fn assert_complete(pages: &[Page], tickets: usize) -> usize {
    let height = pages.iter().map(|page| page.dots.len()).min().unwrap();
    let body =
        |page: &Page| page.dots[page.dots.len() - height + MARGIN * page.row_bytes..].to_vec();
    let all: BTreeSet<_> = pages.iter().map(body).collect();
    assert_eq!(all.len(), tickets, "each ticket came, and nothing else");
    let plain: Vec<_> = pages.iter().filter(|page| page.dots.len() == height).collect();
    let once: BTreeSet<_> = plain.iter().map(|page| &page.dots).collect();
    assert_eq!(plain.len(), once.len(), "what came twice says so");
    pages.len() - tickets
}
