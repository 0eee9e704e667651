//! Text in a printer's own letters: it reads as meant on printers whose code pages were written down
//! from their makers' tables, what they cannot write is drawn, and the sheet of alphabets finds out
//! which number a maker gave to a page.

use serde_json::{Value, json};

use crate::fake::escpos::code_pages::{self, Table};
use crate::fake::escpos::{Event, Page, Profile};
use crate::fake::tcp::{Printer, Settings};
use crate::harness::{House, eventually, id};
use crate::paper::place;
use crate::printing::{jobs, until_printed};

async fn add(house: &House, printer: &Printer, fast_text: Value) -> i64 {
    let width = printer.look(|record| record.mechanism.profile.dots);
    let body = json!({"name": "Kitchen", "kind": "tcp", "width_dots": width,
                      "address": printer.address().to_string(), "documents": ["ticket"],
                      "fast_text": fast_text});
    id(&house.admin.post("/printers", &body).await.created())
}

fn pages(printer: &Printer) -> Vec<Page> {
    printer.look(|record| record.mechanism.pages.clone())
}

fn pictures(printer: &Printer) -> usize {
    printer.look(|record| {
        let events = record.mechanism.events.iter();
        events.filter(|event| matches!(event.what, Event::Picture { .. })).count()
    })
}

async fn order(house: &House, comment: &str) {
    let item = json!({"dish_id": house.borscht, "quantity": 2, "comment": comment});
    let body = json!({"table_id": house.tables[0], "items": [item]});
    house.waiter.post("/orders/", &body).await.created();
}

#[tokio::test]
async fn what_the_code_page_has_is_written_and_the_rest_is_drawn() {
    let house = House::open().await;
    for (page, number, profile) in [
        ("cp866", 17, Profile::wide()),
        ("cp1251", 46, Profile::narrow()),
        // It begins in Chinese, and has the page by another number.
        ("cp866", 59, Profile::chinese()),
    ] {
        let printer = Printer::start(Settings { profile: profile.clone(), ..Settings::default() });
        let kitchen = add(&house, &printer, json!({"code_page": page, "number": number})).await;
        let before = jobs(&house.admin).await.len();
        order(&house, "без лука, №1 – щи").await;
        until_printed(&house.admin, before + 1).await;
        let text = pages(&printer)[0].text();
        assert!(text.lines().any(|line| line.starts_with("2 x ")), "{text}");
        let wish = if page == "cp866" {
            "! без лука, №1 - щи"
        } else {
            "! без лука, №1 – щи"
        };
        assert!(text.lines().any(|line| line.trim_start() == wish), "{text}");
        assert!(text.contains("No 1") || text.contains("№ "), "the order's number: {text}");
        assert_eq!(pictures(&printer), 0, "{page}: nothing need be drawn");
        // No page of these has Қ or ₽: their line is drawn, and none becomes another letter.
        order(&house, "Қазы за 5 ₽").await;
        until_printed(&house.admin, before + 2).await;
        assert_eq!(pictures(&printer), 1, "{page}");
        let text = pages(&printer)[1].text();
        assert!(!text.contains("азы") && !text.contains('?') && text.contains("2 x "), "{text}");
        assert!(pages(&printer).iter().all(|page| !page.is_cut_short(&profile)));
        assert_eq!(printer.faults(), []);
        house.admin.delete(&format!("/printers/{kitchen}")).await.ok();
    }
}

#[tokio::test]
async fn what_may_have_been_printed_says_so_in_letters_too() {
    let house = House::open().await;
    let printer = Printer::start(Settings { rows_left: Some(60), ..Settings::default() });
    add(&house, &printer, json!({"code_page": "cp866", "number": 17})).await;
    place(&house, 7).await;
    eventually("it is told", async || {
        let now = house.waiter.get("/printers/troubles").await.ok();
        now["troubles"][0]["trouble"] == "NO_PAPER"
    })
    .await;
    printer.new_roll();
    until_printed(&house.admin, 1).await;
    let pages = pages(&printer);
    let repeats = |page: &&Page| page.text().contains("REPRINT") || page.text().contains("ПОВТОР");
    let repeat = pages.iter().find(repeats).expect("one says that it may be the second");
    let banner = &repeat.lines[0].pieces[0].style;
    assert!(banner.is_inverse && banner.is_bold && banner.down == 2, "{banner:?}");
    assert!(repeat.text().contains("! 7"), "{}", repeat.text());
    assert!(!repeat.lines.last().unwrap().pieces[0].style.is_inverse);
}

/// Where the sheet shows under a column's letter what its head shows: the numbers of that page.
fn readable(sheet: &str, column: char, sample: &str) -> Vec<u8> {
    let wanted = format!(" {column} {sample}");
    let (mut number, mut found) = (None::<u8>, Vec::new());
    for line in sheet.lines() {
        number = line.get(..2).and_then(|head| head.trim().parse().ok()).or(number);
        if line.contains(&wanted) {
            found.extend(number);
        }
    }
    found
}

/// What a person does with the sheet: look, choose, print.
#[tokio::test]
async fn the_sheet_of_alphabets_shows_which_number_a_maker_gave_to_a_page() {
    let house = House::open().await;
    let makers: [(Table, u8, Option<u8>, Profile); 5] = [
        (code_pages::EPSON, 17, Some(46), Profile::wide()),
        (code_pages::EPSON, 17, Some(46), Profile::tm_t88()),
        (code_pages::RONGTA, 7, Some(6), Profile::narrow()),
        (code_pages::STAR, 10, Some(34), Profile::wide()),
        (code_pages::NETUM, 59, Some(73), Profile::chinese()),
    ];
    for (code_pages, cp866, cp1251, profile) in makers {
        let profile = Profile { code_pages, puts_up_with_pages: true, ..profile };
        let printer = Printer::start(Settings { profile, ..Settings::default() });
        let kitchen = add(&house, &printer, Value::Null).await;
        let path = format!("/printers/{kitchen}");
        let before = jobs(&house.admin).await.len();
        let job = house.admin.post(&format!("{path}/alphabets"), &json!({})).await.created();
        assert_eq!(job["document"], "alphabets");
        until_printed(&house.admin, before + 1).await;
        let sheet = pages(&printer)[0].text();
        let numbers = readable(&sheet, 'A', "Жёя№");
        assert_eq!(numbers, [cp866], "{sheet}");
        assert_eq!(readable(&sheet, 'B', "Жё№€"), cp1251.into_iter().collect::<Vec<_>>());
        let chosen = json!({"fast_text": {"code_page": "cp866", "number": numbers[0]}});
        let shown = house.admin.patch(&path, &chosen).await.ok();
        assert_eq!(shown["fast_text"], chosen["fast_text"]);
        order(&house, "щёлочь").await;
        until_printed(&house.admin, before + 2).await;
        let ticket = pages(&printer)[1].text();
        assert!(ticket.contains("! щёлочь"), "{ticket}");
        house.admin.patch(&path, &json!({"fast_text": null})).await.ok();
        order(&house, "щёлочь").await;
        until_printed(&house.admin, before + 3).await;
        assert_eq!(pages(&printer)[2].text(), "", "it is drawn again");
        assert_eq!(printer.faults(), []);
        house.admin.delete(&path).await.ok();
    }
}

#[tokio::test]
async fn who_may_set_letters_and_what_is_refused() {
    let house = House::open().await;
    let printer = Printer::start(Settings::default());
    let kitchen = add(&house, &printer, Value::Null).await;
    let path = format!("/printers/{kitchen}");
    let own = json!({"fast_text": {"code_page": "cp866", "number": 17}});
    house.waiter.patch(&path, &own).await.refused(403, "wrong_role");
    let sheet = format!("{path}/alphabets");
    house.waiter.post(&sheet, &json!({})).await.refused(403, "wrong_role");
    house.admin.post("/printers/99/alphabets", &json!({})).await.refused(404, "not_found");
    for wrong in
        [json!({"code_page": "cp866", "number": 256}), json!({"code_page": "koi8", "number": 1})]
    {
        let reply = house.admin.patch(&path, &json!({"fast_text": wrong})).await;
        assert_eq!(reply.status.as_u16(), 422);
    }
    // Who is told pictures alone has no letters.
    house.admin.patch(&path, &own).await.ok();
    for address in ["epos:192.168.1.51", "webprnt:192.168.1.52", "pull:"] {
        house.admin.patch(&path, &json!({"address": address})).await.invalid("fast_text");
    }
    house.admin.patch(&path, &json!({"address": "pull:", "fast_text": null})).await.ok();
    house.admin.patch(&path, &own).await.invalid("fast_text");
    house.admin.post(&sheet, &json!({})).await.refused(409, "no_own_letters");
    let new = json!({"name": "Bar", "kind": "tcp", "address": "epos:192.168.1.51", "width_dots": 576,
                     "fast_text": own["fast_text"]});
    house.admin.post("/printers", &new).await.invalid("fast_text");
}
