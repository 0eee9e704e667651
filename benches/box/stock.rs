//! Stock: what an order costs more whose lines have recipes; and a year of it: a count, variance, a late
//! invoice at its start.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::cellar;
use crate::figures::{Place, ROUNDS, get, scripts};
use crate::http::{Connection, request};
use crate::load::{self, Orders};
use crate::report::{Report, Wanted};
use crate::server::{Restaurant, Server};

/// What each dish takes.
const TAKEN: usize = 8;
/// Goods of which dishes take them.
const GOODS: usize = 40;
/// Goods that are counted at once, and moves in a year of the busiest and of each other.
const COUNTED: usize = 300;
const BUSIEST: usize = 100_000;
const OTHERS: usize = 1_000;
/// Variance is asked so often; the first time finds the cache cold.
const TIMES: usize = 15;

pub async fn stock(place: &Place, report: &mut Report) {
    orders(place, report).await;
    a_year(place, report).await;
}

/// Orders of which every line takes goods, beside the same without.
async fn orders(place: &Place, report: &mut Report) {
    let restaurant = place.restaurant();
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (figures, has_recipes) in [(&mut without, false), (&mut with, true)] {
            let server = Server::start(&place.copy("stock-orders")).await;
            if has_recipes {
                write_recipes(&server, restaurant).await;
            }
            let scripts = scripts(64, |seed| Orders::new(restaurant, seed));
            figures.push(load::run(server.port, scripts).await);
            server.stop();
        }
    }
    let what = "orders with 8 goods on every line, beside none, 64 connections";
    report.add(what, &with, &without, "/s", &Wanted::Ratio { least: 0.80, aim: 0.90 });
}

async fn write_recipes(server: &Server, restaurant: &Restaurant) {
    let mut connection = Connection::open(server.port).await.unwrap();
    let mut goods = Vec::new();
    for number in 0..GOODS {
        let good = json!({"name": format!("Good {number}"), "base_unit": "g"});
        let made = request("POST", "/stock/goods", &restaurant.token, "", &good);
        goods.push(connection.call(&made).await["id"].clone());
    }
    let sizes = restaurant.dishes.iter().flat_map(|dish| &dish.variations);
    for (at, size) in sizes.enumerate() {
        let line = |one| json!({"good_id": goods[(at + one * 5) % GOODS], "gross": 20 + one});
        let lines: Vec<_> = (0..TAKEN).map(line).collect();
        let recipe = json!({"variation_id": size, "batch_out": 1, "lines": lines});
        connection.call(&request("POST", "/stock/recipes", &restaurant.token, "", &recipe)).await;
    }
}

/// A year of 300 goods, of which one was sold 100,000 times.
async fn a_year(place: &Place, report: &mut Report) {
    let data = place.copy("stock-year");
    let begin = cellar::write(&data.join("qres.db"), COUNTED, BUSIEST, OTHERS);
    let server = Server::start(&data).await;
    let mut year = Year { connection: Connection::open(server.port).await.unwrap(), place };
    year.variance(report).await;
    year.count(report).await;
    year.late_invoice(begin, report).await;
    server.stop();
}

struct Year<'a> {
    connection: Connection,
    place: &'a Place,
}

impl Year<'_> {
    async fn read(&mut self, path: &str) -> Value {
        self.connection.call(&get(path, self.place.token())).await
    }

    /// Posts a document; returns how long the reply took, and how long until nothing is counted anew.
    async fn posts(&mut self, body: Value) -> (f64, f64) {
        let key = Uuid::new_v4().to_string();
        let post = request("POST", "/stock/documents", self.place.token(), &key, &body);
        let began = Instant::now();
        let document = self.connection.call(&post).await;
        let replied = began.elapsed().as_secs_f64() * 1e3;
        let path = format!("/stock/documents/{}", document["id"]);
        while self.read(&path).await["is_counting"] == true {
            assert!(began.elapsed() < Duration::from_mins(2), "it is still counted");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        (replied, began.elapsed().as_secs_f64() * 1e3)
    }

    async fn variance(&mut self, report: &mut Report) {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let began = Instant::now();
            let goods = self.read("/stock/variance").await["total"].as_u64();
            times.push(began.elapsed().as_secs_f64() * 1e3);
            assert_eq!(goods, u64::try_from(COUNTED).ok());
        }
        let wanted = Wanted::AtMost { most: 200.0, aim: 50.0 };
        report.add("variance of a week, 300 goods of a year", &times, &[], "ms", &wanted);
    }

    /// Last night's count, written down in the morning.
    async fn count(&mut self, report: &mut Report) {
        let at = json!(moment(-12 * 3_600_000));
        let line = |good| json!({"good_id": 1_000_000 + good, "quantity": 900_000, "at": at});
        let lines: Vec<_> = (0..COUNTED).map(line).collect();
        let body = json!({"kind": "COUNT", "place_id": 1, "state": "POSTED", "lines": lines});
        let (replied, counted) = self.posts(body).await;
        report.add("a count of 300 goods is posted", &[replied], &[], "ms", &Wanted::Nothing);
        let wanted = Wanted::AtMost { most: 1000.0, aim: 500.0 };
        report.add("the same, until all after it is counted", &[counted], &[], "ms", &wanted);
        let longest = self.longest("staff").await.max(self.longest("upkeep").await);
        let wanted = Wanted::AtMost { most: 20.0, aim: 15.0 };
        report.add("the same, the longest hold of the writer", &[longest], &[], "ms", &wanted);
    }

    /// An invoice of a year ago, of the good that was sold 100,000 times since.
    async fn late_invoice(&mut self, begin: i64, report: &mut Report) {
        let line = json!({"good_id": 1_000_000, "quantity": 1000, "sum": "77"});
        let body = json!({"kind": "PURCHASE", "place_id": 1, "state": "POSTED",
                          "at": text(begin), "lines": [line]});
        let (replied, counted) = self.posts(body).await;
        report.add("an invoice of a year ago is posted", &[replied], &[], "ms", &Wanted::Nothing);
        let what = "the same, until 100,000 moves after it are counted";
        report.add(what, &[counted], &[], "ms", &Wanted::AtMost { most: 1000.0, aim: 500.0 });
        let longest = self.longest("upkeep").await;
        let wanted = Wanted::AtMost { most: 20.0, aim: 15.0 };
        report.add("the same, the longest hold of the writer", &[longest], &[], "ms", &wanted);
    }

    /// The longest that a command of this priority has held the writer since the box began, in milliseconds.
    async fn longest(&mut self, priority: &str) -> f64 {
        let metrics = self.connection.exchange(&get("/metrics", self.place.token())).await.unwrap();
        let text = String::from_utf8_lossy(metrics.body);
        let name = format!("qres_store_longest_seconds{{priority=\"{priority}\"");
        let line = text.lines().find(|line| line.starts_with(&name)).unwrap();
        line.rsplit(' ').next().unwrap().parse::<f64>().unwrap() * 1e3
    }
}

/// So many milliseconds from now, as the API writes moments.
fn moment(from_now: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    text(i64::try_from(now.as_millis()).unwrap() + from_now)
}

fn text(at: i64) -> String {
    serde_json::to_value(qres::core::kernel::Timestamp(at)).unwrap().as_str().unwrap().to_owned()
}
