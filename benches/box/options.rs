//! What choosing costs: the mixed rush with options on every second line, beside the same rush without.

use serde_json::json;

use crate::figures::{Place, ROUNDS, order_at};
use crate::http::{Connection, request};
use crate::load::{self, Rush};
use crate::report::{Report, Wanted};
use crate::server::{Restaurant, Server};

/// Of how many groups each dish asks, and how many options each has.
const GROUPS: usize = 3;
const OPTIONS: usize = 8;

/// How many connections there are.
const CONNECTIONS: usize = 32;

/// The rush of a menu with options: who chooses, beside who takes dishes as they come.
pub async fn options(place: &Place, report: &mut Report) {
    let restaurant = place.restaurant();
    let (mut chosen, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let server = Server::start(&place.copy("options")).await;
        let mut connection = Connection::open(server.port).await.unwrap();
        let groups = groups(&mut connection, restaurant).await;
        for &table in &restaurant.tables[..CONNECTIONS] {
            connection.call(&order_at(restaurant, table)).await;
        }
        for (figures, is_chosen) in [(&mut plain, false), (&mut chosen, true)] {
            let script = |seed| {
                let mut body = load::order(restaurant, seed);
                for line in body["items"].as_array_mut().unwrap().iter_mut().step_by(2) {
                    let option = |group: &Vec<i64>| json!({"option_id": group[seed % OPTIONS]});
                    if is_chosen {
                        line["modifiers"] = groups.iter().map(option).collect();
                    }
                }
                Rush::of(restaurant, seed, &body)
            };
            let scripts = (0..CONNECTIONS).map(script).collect();
            figures.push(load::run(server.port, scripts).await);
        }
        server.stop();
    }
    let what = "mixed rush with options on every second line, beside none, 32 connections";
    report.add(what, &chosen, &plain, "/s", &Wanted::Ratio { least: 0.90, aim: 0.95 });
}

/// Lets every dish ask for the same groups; the options of each.
async fn groups(connection: &mut Connection, restaurant: &Restaurant) -> Vec<Vec<i64>> {
    let (mut links, mut groups) = (Vec::new(), Vec::new());
    for group in 0..GROUPS {
        let option = |at| json!({"name": format!("Option {group} {at}"), "price": "10.50"});
        let options: Vec<_> = (0..OPTIONS).map(option).collect();
        let body = json!({"name": format!("Group {group}"), "max": 3, "options": options});
        let made = request("POST", "/modifier-groups", &restaurant.token, "", &body);
        let made = connection.call(&made).await;
        links.push(json!({"group_id": made["id"]}));
        let options = made["options"].as_array().unwrap().iter();
        groups.push(options.map(|option| option["id"].as_i64().unwrap()).collect());
    }
    for dish in &restaurant.dishes {
        let path = format!("/dishes/{}/modifier-groups", dish.id);
        let body = json!({"groups": links});
        connection.call(&request("PUT", &path, &restaurant.token, "", &body)).await;
    }
    groups
}
