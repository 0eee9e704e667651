//! What a request costs the box in time of the processor, all its threads together: a figure that
//! stands on a busy machine too, where replies a second do not. To compare two builds, each is run in
//! turns with the other.

use crate::figures::{Place, ROUNDS, get, scripts};
use crate::load::{self, Lines, Orders, Script, Visits};
use crate::report::{Report, Wanted};
use crate::server::Server;

/// A request of each kind.
pub async fn cost(place: &Place, report: &mut Report) {
    let restaurant = place.restaurant();
    let table = format!("/orders/active/table/{}", restaurant.tables[0]);
    let gets = [
        ("GET /dishes/menu", get("/dishes/menu", "")),
        ("GET /restaurant", get("/restaurant", "")),
        ("GET /orders/active/table", get(&table, place.token())),
    ];
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let server = Server::start(&place.copy("cost")).await;
        let mut round = Vec::new();
        for (what, get) in &gets {
            round.push((*what, of(&server, load::same(16, get.clone())).await));
        }
        let order = of(&server, scripts(64, |i| Orders::new(restaurant, i))).await;
        round.push(("an order, 64 connections", order));
        let alone = of(&server, scripts(1, |i| Orders::new(restaurant, i))).await;
        round.push(("an order, 1 connection", alone));
        // Of five requests one is the order itself.
        let lines = of(&server, scripts(64, |i| Lines::new(restaurant, i))).await;
        round.push(("a line made ready, 64 connections", (5.0 * lines - order) / 4.0));
        let visit = of(&server, scripts(64, |i| Visits::new(restaurant, i))).await;
        round.push(("a whole visit, 64 connections", visit * Visits::REQUESTS));
        server.stop();
        rounds.push(round);
    }
    for (at, (what, _)) in rounds[0].iter().enumerate() {
        let values = rounds.iter().map(|round| round[at].1).collect::<Vec<_>>();
        report.add(&format!("processor: {what}"), &values, &[], "µs", &Wanted::Nothing);
    }
}

/// Microseconds of the processor that a reply costs.
async fn of<S: Script + 'static>(server: &Server, scripts: Vec<S>) -> f64 {
    let (replies, took) = load::watched(server.port, scripts, || server.processor_time()).await;
    took.as_secs_f64() * 1e6 / replies
}
