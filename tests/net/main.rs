//! Boxes in a network: real multicast between network namespaces, with Avahi as a client that
//! shares no code with us. Needs root.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod lan;
mod programs;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use lan::{Lan, Machine, eventually};
use programs::{Avahi, Box};

/// Waits until a machine finds boxes with just these host names and addresses, in any order.
#[track_caller]
fn finds(machine: &Machine, wanted: &[(&str, &[&str])]) -> Vec<Value> {
    let mut last = Vec::new();
    let mut wanted: Vec<_> = wanted.iter().map(|(h, a)| (json!(h), json!(a))).collect();
    wanted.sort_by_key(|(host, _)| host.to_string());
    let what = format!("boxes {wanted:?}");
    eventually(&what, || {
        last = machine.discover();
        let mut found: Vec<_> =
            last.iter().map(|b| (b["host"].clone(), b["addresses"].clone())).collect();
        found.sort_by_key(|(host, _)| host.to_string());
        (found == wanted).then(|| last.clone())
    })
}

/// The name that a box takes when `qres.local` is another's.
fn own_name(found: &Value) -> String {
    format!("qres-{}.local", &found["site"].as_str().unwrap()[..4])
}

/// Waits until so many boxes are found, one at most under the short name and the others each under
/// its own, and returns them by their addresses.
#[track_caller]
fn boxes<const N: usize>(machine: &Machine) -> [Value; N] {
    eventually("boxes with names of their own", || {
        let mut found = machine.discover();
        found.sort_by_key(|found| found["addresses"].to_string());
        let is_settled =
            |found: &Value| found["host"] == "qres.local" || found["host"] == *own_name(found);
        let settled = found.iter().filter(|found| is_settled(found));
        let hosts: BTreeSet<_> = settled.map(|found| found["host"].to_string()).collect();
        found.try_into().ok().filter(|_| hosts.len() == N)
    })
}

/// The name of a service as `avahi-browse` prints it, with the mark of its box.
fn marked(restaurant: &str, found: &Value) -> String {
    format!("{restaurant}\\032\\040{}\\041", &found["site"].as_str().unwrap()[..4])
}

const PAGES: [&str; 2] = ["_http._tcp", "_https._tcp"];

#[test]
fn a_box_is_found_by_its_name_with_all_that_is_said_of_it() {
    let lan = Lan::new();
    let (machine, phone) = (lan.machine(&["10.77.0.1/24"]), lan.machine(&["10.77.0.2/24"]));
    let _box = Box::start_with(&machine, "Dr. Анна’s", &[("QRES_LISTEN", "0.0.0.0:8123")]);

    let found = finds(&phone, &[("qres.local", &["10.77.0.1:8123"])]);
    assert_eq!(found[0]["name"], "Dr. Анна’s");
    assert_eq!(found[0]["version"], env!("CARGO_PKG_VERSION"));
    let site = found[0]["site"].as_str().unwrap();
    assert_eq!(site.len(), 36, "{site}");

    let avahi = Avahi::start(&phone);
    assert_eq!(avahi.resolve("qres.local").as_deref(), Some("10.77.0.1"));
    for (kind, port) in [("_qres._tcp", 8123), ("_http._tcp", 8123), ("_https._tcp", 8443)] {
        let lines = eventually(kind, || Some(avahi.browse(kind)).filter(|lines| lines.len() == 1));
        let line = &lines[0];
        assert!(line.contains(&format!(";local;qres.local;10.77.0.1;{port};")), "{line}");
        let (site, version) = (format!("site={site}"), format!("version={}", found[0]["version"]));
        for text in ["path=/", "api=/api", "menu=/menu", "waiter=/app/waiter", "name=Dr. ", &site] {
            assert!(line.contains(&format!("\"{text}")), "{text}: {line}");
        }
        assert!(line.contains(&version.replace('"', "")), "{version}: {line}");
    }
}

#[test]
fn a_second_box_takes_a_name_of_its_own() {
    let lan = Lan::new();
    let machines = [lan.machine(&["10.77.0.1/24"]), lan.machine(&["10.77.0.2/24"])];
    let phone = lan.machine(&["10.77.0.3/24"]);
    let _first = Box::start(&machines[0], "Anna");
    finds(&phone, &[("qres.local", &["10.77.0.1:8000"])]);
    let _second = Box::start(&machines[1], "Anna");

    let [first, second] = boxes(&phone);
    assert_eq!(first["host"], "qres.local");
    let own = own_name(&second);
    assert_eq!(second["host"], *own);
    assert_eq!((&first["name"], &second["name"]), (&json!("Anna"), &json!("Anna")));

    let avahi = Avahi::start(&phone);
    assert_eq!(avahi.resolve("qres.local").as_deref(), Some("10.77.0.1"));
    assert_eq!(avahi.resolve(&own).as_deref(), Some("10.77.0.2"));
    let both = BTreeSet::from([marked("Anna", &first), marked("Anna", &second)]);
    assert_eq!(avahi.names("_qres._tcp"), both);
    for kind in PAGES {
        let wanted = BTreeSet::from(["Anna".to_owned(), marked("Anna", &second)]);
        eventually(kind, || (avahi.names(kind) == wanted).then_some(()));
    }
}

#[test]
fn of_boxes_that_start_in_the_same_second_just_one_has_the_short_name() {
    for restaurants in [["Anna", "Anna", "Anna"], ["Anna", "Boris", "Clara"]] {
        let lan = Lan::new();
        let addresses = ["10.77.0.1", "10.77.0.2", "10.77.0.3"];
        let machines = addresses.map(|address| lan.machine(&[&format!("{address}/24")]));
        let phone = lan.machine(&["10.77.0.9/24"]);
        let running: Vec<_> = machines
            .iter()
            .zip(restaurants)
            .map(|(machine, restaurant)| Box::start(machine, restaurant))
            .collect();

        let found: [Value; 3] = boxes(&phone);
        let short = found.iter().filter(|found| found["host"] == "qres.local").count();
        assert_eq!(short, 1, "{found:?}\n{}", running.iter().map(Box::log).collect::<String>());
        let avahi = Avahi::start(&phone);
        for (found, address) in found.iter().zip(addresses) {
            let host = found["host"].as_str().unwrap();
            eventually(host, || (avahi.resolve(host).as_deref() == Some(address)).then_some(()));
        }
        for kind in PAGES {
            eventually("each has its own page", || (avahi.names(kind).len() == 3).then_some(()));
        }
    }
}

#[test]
fn a_name_that_another_machine_has_is_left_to_it() {
    let lan = Lan::new();
    let (machine, other) = (lan.machine(&["10.77.0.1/24"]), lan.machine(&["10.77.0.2/24"]));
    let avahi = Avahi::named(&other, "qres");
    eventually("the other has the name", || {
        (avahi.resolve("qres.local").as_deref() == Some("10.77.0.2")).then_some(())
    });
    let _box = Box::start(&machine, "Anna");

    let found = eventually("a box", || other.discover().pop());
    let own = own_name(&found);
    assert_eq!(found["host"], *own);
    assert_eq!(avahi.resolve(&own).as_deref(), Some("10.77.0.1"));
    assert_eq!(avahi.resolve("qres.local").as_deref(), Some("10.77.0.2"));
}

#[test]
fn a_box_that_stops_says_goodbye() {
    let lan = Lan::new();
    let (machine, phone) = (lan.machine(&["10.77.0.1/24"]), lan.machine(&["10.77.0.2/24"]));
    let avahi = Avahi::start(&phone);
    let mut the_box = Box::start(&machine, "Anna");
    finds(&phone, &[("qres.local", &["10.77.0.1:8000"])]);
    for kind in PAGES {
        eventually(kind, || (avahi.names(kind) == BTreeSet::from(["Anna".into()])).then_some(()));
    }
    assert_eq!(avahi.names("_qres._tcp").len(), 1);

    the_box.stop();
    for kind in PAGES.into_iter().chain(["_qres._tcp"]) {
        eventually("the box is forgotten", || avahi.names(kind).is_empty().then_some(()));
    }
    assert_eq!(avahi.resolve("qres.local"), None);
    assert_eq!(phone.discover(), Vec::<Value>::new());
}

#[test]
fn a_new_address_is_followed() {
    let lan = Lan::new();
    let (machine, phone) = (lan.machine(&["10.77.0.1/24"]), lan.machine(&["10.77.0.2/24"]));
    let _box = Box::start(&machine, "Anna");
    finds(&phone, &[("qres.local", &["10.77.0.1:8000"])]);
    let avahi = Avahi::start(&phone);
    assert_eq!(avahi.resolve("qres.local").as_deref(), Some("10.77.0.1"));

    machine.ip("addr del 10.77.0.1/24 dev eth0");
    machine.ip("addr add 10.77.0.9/24 dev eth0");
    finds(&phone, &[("qres.local", &["10.77.0.9:8000"])]);
    eventually("the new address", || {
        (avahi.resolve("qres.local").as_deref() == Some("10.77.0.9")).then_some(())
    });
}

#[test]
fn a_network_that_comes_later_is_found() {
    let lan = Lan::new();
    let (machine, phone) = (lan.machine(&["10.77.0.1/24"]), lan.machine(&["10.77.0.2/24"]));
    machine.ip("link set eth0 down");
    let the_box = Box::start(&machine, "Anna");
    eventually("a warning", || the_box.log().contains("not announced yet").then_some(()));
    machine.ip("link set eth0 up");
    finds(&phone, &[("qres.local", &["10.77.0.1:8000"])]);
}

#[test]
fn a_box_with_two_cards_in_one_network_is_no_conflict() {
    let lan = Lan::new();
    let machine = lan.machine(&["10.77.0.1/24", "10.77.0.2/24"]);
    let phone = lan.machine(&["10.77.0.3/24"]);
    let _box = Box::start(&machine, "Anna");
    let found = eventually("both addresses", || {
        phone.discover().pop().filter(|found| found["addresses"].as_array().unwrap().len() == 2)
    });
    assert_eq!(found["host"], "qres.local");
    assert_eq!(found["addresses"], json!(["10.77.0.1:8000", "10.77.0.2:8000"]));
}

#[test]
fn who_does_not_want_to_be_found_is_not() {
    let lan = Lan::new();
    let machines = [1, 2, 3].map(|n| lan.machine(&[&format!("10.77.0.{n}/24")]));
    let silent = Box::start_with(&machines[0], "Silent", &[("QRES_MDNS", "false")]);
    let local = Box::start_with(&machines[1], "Local", &[("QRES_LISTEN", "127.0.0.1:8000")]);
    eventually("both are open, and one says why it is silent", || {
        (silent.log().contains("open") && local.log().contains("not announced")).then_some(())
    });
    let _third = Box::start(&machines[2], "Anna");
    finds(&machines[0], &[("qres.local", &["10.77.0.3:8000"])]);
}

#[test]
fn nobody_there_is_said_and_is_no_failure() {
    let lan = Lan::new();
    let machine = lan.machine(&["10.77.0.1/24"]);
    let mut command = machine.command(env!("CARGO_BIN_EXE_qres"));
    let output = command.args(["discover", "--seconds", "1"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.is_empty());
    assert!(lan::said(&output).contains("No box answered within 1 s."), "{}", lan::said(&output));
}

#[test]
fn printers_are_found_by_who_takes_a_call_and_who_announces_himself() {
    let lan = Lan::new();
    let machine = lan.machine(&["10.77.0.1/24"]);
    let _own = Box::start_owned(&machine);
    // Whoever takes a call at this port may be a printer.
    let silent = lan.machine(&["10.77.0.50/24"]);
    let _silent = Box::start_with(&silent, "P", &[("QRES_LISTEN", "0.0.0.0:9100")]);
    let announced = lan.machine(&["10.77.0.200/24"]);
    let avahi = Avahi::named(&announced, "epson");
    let _service = avahi.publish(&announced, "TM-m30III", "_pdl-datastream._tcp", 9100);

    let wanted = json!([
        {"address": "10.77.0.50", "name": null, "printer_id": null},
        {"address": "10.77.0.200", "name": "TM-m30III", "printer_id": null},
    ]);
    eventually("two printers", || {
        (Box::asked_on(&machine, "/printers/scan")["found"] == wanted).then_some(())
    });
}
