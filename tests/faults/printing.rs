//! A printer and pulled plugs: every ticket comes out, and one that comes twice says so.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Qres, eventually};
use crate::printer::{FakePrinter, Page};

const KILLS: usize = 6;
const ORDERS_A_KILL: usize = 5;

fn open_jobs(qres: &Qres) -> i64 {
    let sql = "SELECT count(*) FROM jobs WHERE kind = 'print' AND state <> 'DONE'";
    qres.database().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_ticket_is_lost_in_pulled_plugs_and_one_that_came_twice_says_so() {
    let printer = FakePrinter::open().await;
    // Slow enough that a plug is pulled in the middle of a page.
    printer.inside().slowness = 400;
    let mut qres = Qres::start().await;
    let body = json!({"name": "Kitchen", "kind": "tcp", "address": printer.address,
                      "width_dots": 384, "documents": ["ticket"]});
    qres.admin.create("/printers", &body).await;
    let waiter = qres.waiter("anna").await;
    for kill in 0..KILLS {
        for _ in 0..ORDERS_A_KILL {
            let (status, reply) = waiter.post("/orders/", &qres.order("paper", 1)).await;
            assert_eq!(status, 201, "{reply}");
        }
        let time = 20 + 61 * u64::try_from(kill).unwrap();
        tokio::time::sleep(Duration::from_millis(time)).await;
        qres.kill();
        qres.restart().await;
    }
    eventually("everything is printed", || (open_jobs(&qres) == 0).then_some(())).await;
    let pages = printer.pages();
    let height = pages.iter().map(|page| page.dots.len()).min().unwrap();
    let body = |page: &Page| page.dots[page.dots.len() - height + 24 * page.row_bytes..].to_vec();
    let tickets: BTreeSet<_> = pages.iter().map(body).collect();
    assert_eq!(tickets.len(), KILLS * ORDERS_A_KILL, "each ticket came");
    let plain: Vec<_> = pages.iter().filter(|page| page.dots.len() == height).collect();
    let once: BTreeSet<_> = plain.iter().map(|page| &page.dots).collect();
    assert_eq!(plain.len(), once.len(), "what came twice says so");
    qres.assert_sound();
}
