//! What our printing says to printers that were written from their makers' documents alone: the page
//! that they burn is the preview, dot by dot, and no fault of theirs loses a ticket.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake::condition::Condition;
use crate::fake::escpos::real_time::RealTime;
use crate::fake::escpos::{Page, Profile};
use crate::fake::picture::Picture;
use crate::fake::tcp::{Answers, BrokenOff, Obeys, Printer, SecondClient, Settings};
use crate::harness::{Client, House, eventually, id};
use crate::printing::{jobs, until_printed};

/// White rows at the head of each page.
const MARGIN: usize = 24;

async fn add(house: &House, name: &str, printer: &Printer) -> i64 {
    let width = printer.look(|record| record.mechanism.profile.dots);
    let body = json!({"name": name, "kind": "tcp", "address": printer.address().to_string(),
                      "width_dots": width, "documents": ["ticket"]});
    id(&house.admin.post("/printers", &body).await.created())
}

/// An order whose ticket is like no other's.
pub async fn place(house: &House, number: usize) {
    let item = json!({"dish_id": house.borscht, "quantity": 1, "comment": format!("{number}")});
    let body = json!({"table_id": house.tables[0], "items": [item]});
    house.waiter.post("/orders/", &body).await.created();
}

/// What the box shows of a job.
pub async fn preview(client: &Client, job: &Value) -> Picture {
    let reply = client.get(&format!("/print-jobs/{}/preview.png", job["id"])).await;
    Picture::from_png(&reply.bytes).unwrap()
}

fn pages(printer: &Printer) -> Vec<Page> {
    printer.look(|record| record.mechanism.pages.clone())
}

/// Nothing that it stumbled over, no page whose end is in the printer still, and nothing that it
/// obeyed at once but questions: a picture must not open a drawer.
fn assert_clean(printer: &Printer, profile: &Profile) {
    assert_eq!(printer.faults(), []);
    assert!(pages(printer).iter().all(|page| !page.is_cut_short(profile)));
    let obeyed = printer.obeyed_at_once();
    assert!(obeyed.iter().all(|what| matches!(what, RealTime::Status(_))), "{obeyed:?}");
}

#[tokio::test]
async fn the_page_is_the_preview_on_every_width_of_paper() {
    let house = House::open().await;
    let profiles = [Profile::wide(), Profile::narrow(), Profile::tm_t88(), Profile::chinese()];
    let mut printers = Vec::new();
    for (at, profile) in profiles.into_iter().enumerate() {
        let printer = Printer::start(Settings { profile: profile.clone(), ..Settings::default() });
        add(&house, &format!("{at}"), &printer).await;
        printers.push((printer, profile));
    }
    let comment = "без сметаны, №1 «ёлка» ½ ₽ € é ß Ω — очень-очень длинное пожелание гостя";
    let body = json!({"table_id": house.tables[0], "items": [
        {"dish_id": house.borscht, "quantity": 2, "comment": comment},
        {"dish_id": house.pizza, "quantity": 1}]});
    house.waiter.post("/orders/", &body).await.created();
    let slips = until_printed(&house.admin, printers.len()).await;
    for (at, (printer, profile)) in printers.iter().enumerate() {
        let name = format!("{at}");
        let job = slips.iter().find(|job| job["printer_name"] == name.as_str()).unwrap();
        let shown = preview(&house.kitchen, job).await;
        let page = &pages(printer)[0];
        assert_eq!(page.picture.first_difference(&shown), None, "{:?} {shown:?}", page.picture);
        assert!(!page.picture.is_blank());
        assert_clean(printer, profile);
    }
}

/// Each kind of printer prints each ticket once and says nothing of a repeat.
#[tokio::test]
async fn printers_of_every_manner_print_each_ticket_once() {
    let house = House::open().await;
    let usual = Settings::default;
    let kinds = [
        ("silent", Settings { answers: Answers::Nothing, ..usual() }),
        ("answers only the first question", Settings { answers: Answers::OnlyTheFirst, ..usual() }),
        ("slow", Settings { speed: Some(60_000), buffer: 4096, ..usual() }),
        ("half-closing", Settings { half_closes_after: Some(1), ..usual() }),
        (
            "turns a second client away",
            Settings { second_client: SecondClient::TurnedAway, ..usual() },
        ),
        ("obeys between commands", Settings { obeys: Obeys::BetweenCommands, ..usual() }),
    ];
    let mut printers = Vec::new();
    for (name, settings) in kinds {
        let printer = Printer::start(settings);
        add(&house, name, &printer).await;
        printers.push((name, printer));
    }
    for _ in 0..2 {
        let begun = Instant::now();
        house.place().await;
        assert!(begun.elapsed() < Duration::from_secs(1), "an order waits for no printer");
    }
    let slips = until_printed(&house.admin, 2 * printers.len()).await;
    for (name, printer) in &printers {
        eventually("it has printed", async || printer.look(|record| record.waiting == 0)).await;
        let pages = pages(printer);
        assert_eq!(pages.len(), 2, "{name}");
        let mut own: Vec<_> = slips.iter().filter(|job| job["printer_name"] == *name).collect();
        own.reverse();
        for (job, page) in own.iter().zip(&pages) {
            let shown = preview(&house.admin, job).await;
            assert_eq!(page.picture.first_difference(&shown), None, "{name}");
        }
        assert_clean(printer, &Profile::wide());
    }
}

/// The roll ends in the middle of a page: that page may be torn, so it comes again and says so.
#[tokio::test]
async fn a_roll_that_ends_in_the_middle_loses_nothing() {
    let house = House::open().await;
    let printer = Printer::start(Settings { rows_left: Some(150), ..Settings::default() });
    add(&house, "Kitchen", &printer).await;
    for order in 0..2 {
        place(&house, order).await;
    }
    eventually("it is told", async || {
        let now = house.waiter.get("/printers/troubles").await.ok();
        now["troubles"][0]["trouble"] == "NO_PAPER" && now["troubles"][0]["waiting"] == 2
    })
    .await;
    printer.new_roll();
    let slips = until_printed(&house.admin, 2).await;
    let mut pages: Vec<_> = pages(&printer).into_iter().map(|page| page.picture).collect();
    for job in &slips {
        assert_is_there(&preview(&house.admin, job).await, job, &mut pages);
    }
    assert_eq!(pages.len(), 0);
}

/// Dice that fall alike each time (xorshift).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides).unwrap()
    }
}

/// What goes wrong with a printer for a while.
fn strike(printer: &Printer, dice: &mut Dice) {
    match dice.throw(6) {
        0 => printer.set(|settings| settings.closes_after = Some(dice.throw(12_000))),
        1 => printer.set(|settings| settings.condition = Condition::cover_open()),
        2 => printer.set(|settings| settings.condition = Condition::out_of_paper()),
        3 => printer.set(|settings| settings.refuses = true),
        4 => printer.set(|settings| settings.speed = Some(30_000)),
        _ => printer.cut_power(),
    }
}

fn mend(printer: &Printer) {
    printer.switch_on();
    printer.set(|settings| {
        let profile = settings.profile.clone();
        *settings = Settings { profile, broken_off: settings.broken_off, ..Settings::default() };
    });
}

#[tokio::test]
async fn through_random_faults_no_ticket_is_lost_and_none_comes_twice_unsaid() {
    const PRINTERS: usize = 4;
    const ORDERS: usize = 10;
    let house = House::open().await;
    let mut dice = Dice(0xD1CE_5EED);
    let mut printers = Vec::new();
    for at in 0..PRINTERS {
        let profile = if at == 0 { Profile::narrow() } else { Profile::wide() };
        let printer = Printer::start(Settings { profile, ..Settings::default() });
        add(&house, &format!("{at}"), &printer).await;
        printers.push(printer);
    }
    for order in 0..ORDERS {
        let struck = &printers[dice.throw(PRINTERS as u64)];
        strike(struck, &mut dice);
        let begun = Instant::now();
        place(&house, order).await;
        assert!(begun.elapsed() < Duration::from_secs(1), "an order waited for a printer");
        let time = u64::try_from(dice.throw(900)).unwrap();
        tokio::time::sleep(Duration::from_millis(time)).await;
        mend(&printers[dice.throw(PRINTERS as u64)]);
    }
    printers.iter().for_each(mend);
    let begun = Instant::now();
    let all = loop {
        let all = jobs(&house.admin).await;
        assert_eq!(all.len(), PRINTERS * ORDERS);
        if all.iter().all(|job| job["state"] == "PRINTED") {
            break all;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "{all:#?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    for (at, printer) in printers.iter().enumerate() {
        let mut pages: Vec<_> = pages(printer).into_iter().map(|page| page.picture).collect();
        for job in all.iter().filter(|job| job["printer_name"] == format!("{at}").as_str()) {
            assert_is_there(&preview(&house.admin, job).await, job, &mut pages);
        }
    }
}

/// A printer that takes what the next one sends for the rest of half a picture swallows a page: it is
/// not believed that it printed what it always confirmed before.
#[tokio::test]
async fn what_is_swallowed_as_the_rest_of_another_page_is_printed_again() {
    let house = House::open().await;
    let printer = Printer::start(Settings { broken_off: BrokenOff::Waits, ..Settings::default() });
    add(&house, "Kitchen", &printer).await;
    house.place().await;
    until_printed(&house.admin, 1).await;
    printer.set(|settings| settings.closes_after = Some(3000));
    house.place().await;
    eventually("it is not known", async || jobs(&house.admin).await[0]["state"] == "UNSURE").await;
    printer.set(|settings| settings.closes_after = None);
    let begun = Instant::now();
    while jobs(&house.admin).await[0]["state"] != "PRINTED" {
        assert!(begun.elapsed() < Duration::from_secs(150), "{:?}", jobs(&house.admin).await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let shown = preview(&house.admin, &jobs(&house.admin).await[0]).await;
    let last = pages(&printer).pop().unwrap().picture;
    assert!(ends_with(&last, &shown), "the ticket is on paper, whole");
}

/// Whether a page ends as this one does, below the margin at its head.
fn ends_with(page: &Picture, shown: &Picture) -> bool {
    let stride = shown.rows().len() / shown.height();
    page.width() == shown.width() && page.rows().ends_with(&shown.rows()[MARGIN * stride..])
}

/// Takes a job's pages from those that were printed: at least one, and one without a word of a repeat
/// at most.
pub fn assert_is_there(shown: &Picture, job: &Value, pages: &mut Vec<Picture>) {
    let (own, others): (Vec<_>, Vec<_>) = pages.drain(..).partition(|page| ends_with(page, shown));
    *pages = others;
    assert!(!own.is_empty(), "a ticket is lost: {job}");
    let plain = own.iter().filter(|page| *page == shown).count();
    assert!(plain <= 1, "a ticket came twice and does not say so: {job}");
}
