//! What choosing costs: the mixed rush with options on every second line, beside the same rush without;
//! and what a menu of 50,000 options costs, beside one of few.

use std::time::Instant;

use serde_json::json;

use crate::figures::{Place, ROUNDS, get, order_at, scripts};
use crate::http::{Connection, request};
use crate::load::{self, Orders, Rush};
use crate::report::{Report, Wanted};
use crate::server::{Restaurant, Server};

/// How many connections there are.
const CONNECTIONS: usize = 32;

/// A menu's groups, and of how many of them each dish asks.
struct Size {
    groups: usize,
    options: usize,
    of_a_dish: usize,
}

/// As a restaurant has it, every dish with the same groups.
const FEW: Size = Size { groups: 3, options: 8, of_a_dish: 3 };
/// All that a menu takes, every dish with as many as one may ask for.
const MOST: Size = Size { groups: 500, options: 100, of_a_dish: 20 };

/// The rush of a menu with options: who chooses, beside who takes dishes as they come.
pub async fn options(place: &Place, report: &mut Report) {
    let restaurant = place.restaurant();
    let (mut chosen, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let server = Server::start(&place.copy("options")).await;
        let mut connection = Connection::open(server.port).await.unwrap();
        let menu = Menu::make(&mut connection, restaurant, &FEW).await;
        for &table in &restaurant.tables[..CONNECTIONS] {
            connection.call(&order_at(restaurant, table)).await;
        }
        for (figures, is_chosen) in [(&mut plain, false), (&mut chosen, true)] {
            let script = |seed| {
                let plain = load::order(restaurant, seed);
                let body = if is_chosen { menu.choosing(restaurant, seed) } else { plain };
                Rush::of(restaurant, seed, &body)
            };
            figures.push(load::run(server.port, scripts(CONNECTIONS, script)).await);
        }
        server.stop();
    }
    let what = "mixed rush with options on every second line, beside none, 32 connections";
    report.add(what, &chosen, &plain, "/s", &Wanted::Ratio { least: 0.90, aim: 0.95 });
    many(place, report).await;
}

/// Orders that choose of 50,000 options, beside orders that choose of 24, in turns; and what guests and
/// the box have of such a menu.
async fn many(place: &Place, report: &mut Report) {
    let restaurant = place.restaurant();
    let mut boxes = Vec::new();
    for (name, size) in [("many-options", &MOST), ("few-options", &FEW)] {
        let server = Server::start(&place.copy(name)).await;
        let mut connection = Connection::open(server.port).await.unwrap();
        let menu = Menu::make(&mut connection, restaurant, size).await;
        boxes.push((server, menu, Vec::new()));
    }
    for _ in 0..ROUNDS {
        for (server, menu, figures) in &mut boxes {
            let script = |seed| Orders::of(restaurant, &menu.choosing(restaurant, seed));
            figures.push(load::run(server.port, scripts(CONNECTIONS, script)).await);
        }
    }
    let what = "orders that choose, with 50,000 options on the menu against 24, 32 connections";
    let wanted = Wanted::Ratio { least: 0.90, aim: 0.95 };
    report.add(what, &boxes[0].2, &boxes[1].2, "/s", &wanted);

    let server = &boxes[0].0;
    let mut connection = Connection::open(server.port).await.unwrap();
    for (what, path) in [("the menu", "/dishes/menu"), ("the page", "/menu")] {
        let began = Instant::now();
        let reply = connection.exchange(&get(path, "")).await.unwrap();
        assert_eq!(reply.status, 200);
        let bytes = reply.body.len() as f64 / 1024.0;
        let took = began.elapsed().as_secs_f64();
        let first = format!("50,000 options: {what}, made for the first who asks");
        report.add(&first, &[took], &[], "s", &Wanted::Nothing);
        report.add(&format!("50,000 options: {what}"), &[bytes], &[], "KiB", &Wanted::Nothing);
    }
    let memory = [server.memory()];
    report.add("50,000 options: memory of the box then", &memory, &[], "MiB", &Wanted::Nothing);
    for (server, ..) in boxes {
        server.stop();
    }
}

/// Groups of options, which of them each dish asks for, and what is in them.
struct Menu {
    groups: Vec<(i64, Vec<i64>)>,
    of_a_dish: usize,
}

impl Menu {
    /// Writes the groups and lets every dish ask for some.
    async fn make(connection: &mut Connection, restaurant: &Restaurant, size: &Size) -> Self {
        let mut groups = Vec::new();
        for group in 0..size.groups {
            let option = |at| json!({"name": format!("Option {group} {at}"), "price": "10.50"});
            let options: Vec<_> = (0..size.options).map(option).collect();
            let body = json!({"name": format!("Group {group}"), "max": 3, "options": options});
            let made = request("POST", "/modifier-groups", &restaurant.token, "", &body);
            let made = connection.call(&made).await;
            let options = made["options"].as_array().unwrap().iter();
            let options = options.map(|option| option["id"].as_i64().unwrap()).collect();
            groups.push((made["id"].as_i64().unwrap(), options));
        }
        let menu = Self { groups, of_a_dish: size.of_a_dish };
        for (place, dish) in restaurant.dishes.iter().enumerate() {
            let links: Vec<_> =
                menu.of_dish(place).map(|(id, _)| json!({"group_id": id})).collect();
            let path = format!("/dishes/{}/modifier-groups", dish.id);
            let body = json!({"groups": links});
            connection.call(&request("PUT", &path, &restaurant.token, "", &body)).await;
        }
        menu
    }

    /// The groups of the dish at this place.
    fn of_dish(&self, place: usize) -> impl Iterator<Item = &(i64, Vec<i64>)> {
        let first = place * self.of_a_dish;
        (first..first + self.of_a_dish).map(|at| &self.groups[at % self.groups.len()])
    }

    /// The order of this seed, with three options on every second line.
    fn choosing(&self, restaurant: &Restaurant, seed: usize) -> serde_json::Value {
        let mut body = load::order(restaurant, seed);
        for line in body["items"].as_array_mut().unwrap().iter_mut().step_by(2) {
            let place = restaurant.dishes.iter().position(|dish| line["dish_id"] == dish.id);
            let groups = self.of_dish(place.unwrap()).take(3);
            let option = |(_, options): &(i64, Vec<i64>)| json!({"option_id": options[seed % options.len()]});
            line["modifiers"] = groups.map(option).collect();
        }
        body
    }
}
