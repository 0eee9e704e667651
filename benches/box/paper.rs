//! Paper: what it costs to draw, how much goes through, and that nobody waits for a dead printer.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use qres::core::kernel::{Money, Quantity, Timestamp, Zone};
use qres::features::printing::{
    Bill, BillKind, BillLine, Document, Language, Letterhead, Marks, OrderFacts, Place as Table,
    draw, rows,
};
use rusqlite::Connection as Database;
use serde_json::json;

use crate::figures::Place;
use crate::http::{Connection, request};
use crate::load::{Orders, Script};
use crate::printer::FakePrinter;
use crate::report::{Report, Wanted};
use crate::server::{Restaurant, Server};

/// Printers that print at once: as many as the box serves in parallel.
const PRINTERS: usize = 16;
/// Orders of which each of them gets a ticket.
const ORDERS: usize = 40;
/// Orders whose time is taken, one after another with a rest: what an evening asks.
const TIMED: usize = 200;
const REST: Duration = Duration::from_millis(10);
/// Nobody is at this address.
const NOBODY: &str = "127.0.0.1:9";

pub async fn paper(place: &Place, report: &mut Report) {
    a_receipt(report);
    through(place, report).await;
    beside_a_dead_printer(place, report).await;
}

/// A receipt of 30 lines as dots. The best of many: what others do on the machine is not the page's.
fn a_receipt(report: &mut Report) {
    let (document, zone) = (receipt(), Zone::named("Europe/Moscow").unwrap());
    let head = Letterhead {
        restaurant: "Трактир",
        language: Language::Ru,
        zone: &zone,
        currency: "RUB",
        logo: None,
    };
    let marks = Marks { width_dots: 576, ..Marks::default() };
    let round = |_| {
        let began = Instant::now();
        black_box(draw(&rows(black_box(&document), &marks, &head), marks.width_dots).unwrap());
        began.elapsed().as_secs_f64() * 1e3
    };
    let best = (0..100).map(round).fold(f64::INFINITY, f64::min);
    let wanted = Wanted::AtMost { most: 5.0, aim: 3.0 };
    report.add("a receipt of 30 lines is drawn", &[best], &[], "ms", &wanted);
}

fn receipt() -> Document {
    let line = |number: i64| BillLine {
        name: format!("Салат с печёной свёклой и козьим сыром № {number}"),
        modifiers: Vec::new(),
        quantity: Quantity::pieces(2),
        unit: None,
        price: Money(45_000 + number),
        sum: Money(2 * (45_000 + number)),
    };
    Document::Bill(Box::new(Bill {
        what: BillKind::Receipt,
        order: OrderFacts {
            order_id: 1,
            number: 117,
            place: Table::Table("12".into()),
            guests: Some(4),
            waiter: "Анна Соколова".into(),
        },
        check_number: None,
        lines: (0..30).map(line).collect(),
        subtotal: Money(2_700_870),
        changes: Vec::new(),
        taxes: Vec::new(),
        total: Money(2_700_870),
        payments: Vec::new(),
        due: Money::ZERO,
        at: Timestamp(1_764_450_000_000),
    }))
}

/// From the first order until the last ticket is printed on each of many printers.
async fn through(place: &Place, report: &mut Report) {
    let data = place.copy("paper");
    let server = Server::start(&data).await;
    let mut printers = Vec::with_capacity(PRINTERS);
    for number in 0..PRINTERS {
        let printer = FakePrinter::open().await;
        add(&server, place.restaurant(), number, &printer.address).await;
        printers.push(printer);
    }
    let mut connection = Connection::open(server.port).await.unwrap();
    let mut orders = Orders::new(place.restaurant(), 1);
    let began = Instant::now();
    for _ in 0..ORDERS {
        assert_eq!(connection.exchange(orders.next()).await.unwrap().status, 201);
    }
    while printed(&data) < PRINTERS * ORDERS {
        assert!(began.elapsed() < Duration::from_mins(5), "{} are printed", printed(&data));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let rate = (PRINTERS * ORDERS) as f64 / began.elapsed().as_secs_f64();
    assert!(printers.iter().all(|printer| printer.pages().len() == ORDERS));
    let wanted = Wanted::Nothing;
    report.add("tickets printed, 16 printers", &[rate], &[], "/s", &wanted);
    server.stop();
}

fn printed(data: &Path) -> usize {
    let sql = "SELECT count(*) FROM jobs WHERE kind = 'print' AND state = 'DONE'";
    let count: i64 =
        Database::open(data.join("qres.db")).unwrap().query_row(sql, [], |row| row.get(0)).unwrap();
    usize::try_from(count).unwrap()
}

/// How long an order takes with a printer at which nobody answers, beside none.
async fn beside_a_dead_printer(place: &Place, report: &mut Report) {
    let (mut dead, mut none) = (Vec::new(), Vec::new());
    let with = Server::start(&place.copy("dead-printer")).await;
    add(&with, place.restaurant(), 0, NOBODY).await;
    let without = Server::start(&place.copy("no-printer")).await;
    for _ in 0..3 {
        for (server, figures) in [(&with, &mut dead), (&without, &mut none)] {
            figures.push(median_of_orders(server, place.restaurant()).await);
        }
    }
    let wanted = Wanted::RatioAtMost { most: 1.3, aim: 1.1 };
    report.add("an order beside a dead printer against none", &dead, &none, "ms", &wanted);
    with.stop();
    without.stop();
}

async fn median_of_orders(server: &Server, restaurant: &Restaurant) -> f64 {
    let mut connection = Connection::open(server.port).await.unwrap();
    let mut orders = Orders::new(restaurant, 2);
    let mut times = Vec::with_capacity(TIMED);
    for _ in 0..TIMED {
        let order = orders.next().to_vec();
        let began = Instant::now();
        assert_eq!(connection.exchange(&order).await.unwrap().status, 201);
        times.push(began.elapsed().as_secs_f64() * 1e3);
        tokio::time::sleep(REST).await;
    }
    times.sort_by(f64::total_cmp);
    times[TIMED / 2]
}

async fn add(server: &Server, restaurant: &Restaurant, number: usize, address: &str) {
    let body = json!({"name": format!("Printer {number}"), "kind": "tcp", "address": address,
                      "width_dots": 576, "documents": ["ticket"]});
    let mut connection = Connection::open(server.port).await.unwrap();
    connection.call(&request("POST", "/printers", &restaurant.token, "", &body)).await;
}
