//! What an owner asks of a year of orders: every report, the board, lists, a history.

use std::time::Instant;

use crate::figures::{Place, get};
use crate::http::Connection;
use crate::report::{Report, Wanted};
use crate::server::Server;

/// Each is asked so often; the first time finds the cache cold.
const TIMES: usize = 15;

/// The time of one request each, over the whole year.
pub async fn reports(place: &Place, report: &mut Report) {
    let old = place.copy("owner");
    crate::history::write(&old.join("qres.db"), 365);
    let (from, to) = crate::history::days(&old.join("qres.db"));
    let server = Server::start(&old).await;
    let mut connection = Connection::open(server.port).await.unwrap();
    let year = format!("date_from={from}&date_to={to}");
    let by = |by: &str| (format!("report by {by}, a year"), format!("/reports/{by}?{year}"));
    let named = |what: &str, path: String| (what.to_owned(), path);
    for (what, path) in [
        by("days"),
        by("hours"),
        by("dishes"),
        by("categories"),
        by("variations"),
        by("waiters"),
        by("payment-methods"),
        by("departments"),
        named(
            "report by variations as XLSX, a year",
            format!("/reports/variations?{year}&format=xlsx"),
        ),
        named("the board of today", "/reports/today".to_owned()),
        named("orders of a year, the largest first", format!("/orders?{year}&sort=largest")),
        named("orders of a customer in a year", format!("/orders?{year}&search=nobody")),
        named("history of an order", "/orders/1182499/history".to_owned()),
    ] {
        let request = get(&path, place.token());
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let began = Instant::now();
            let reply = connection.exchange(&request).await.unwrap();
            assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(reply.body));
            times.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        let wanted = Wanted::AtMost { most: 200.0, aim: 50.0 };
        report.add(&what, &times, &[], "ms", &wanted);
    }
    server.stop();
}
