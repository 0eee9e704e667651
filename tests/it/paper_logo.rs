//! The restaurant's logo on paper: made of dots once, at the head of what guests get, and printed as it
//! is shown.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fake::escpos::Profile;
use crate::fake::picture::Picture;
use crate::fake::tcp::{Printer, Settings};
use crate::harness::{House, id};
use crate::paper::preview;
use crate::printing::until_printed;

/// A black bar of 200 x 60 pixels on white, in a picture of 400 x 100.
fn bar() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 400, 100);
    encoder.set_color(png::ColorType::Grayscale);
    let pixel = |at: usize| {
        let (x, y) = (at % 400, at / 400);
        if (100..300).contains(&x) && (20..80).contains(&y) { 0 } else { 255 }
    };
    let pixels: Vec<u8> = (0..400 * 100).map(pixel).collect();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

async fn sent(house: &House) -> Value {
    let request = house.admin.request(Method::POST, "/uploads").body(bar());
    let photo = house.admin.send(request.header("content-type", "image/png")).await.created();
    photo["url"].clone()
}

async fn shown(house: &House, path: &str) -> Picture {
    Picture::from_png(&house.admin.get(path).await.bytes).unwrap()
}

/// How many dots of a row are black.
fn black(picture: &Picture, row: usize) -> u32 {
    let stride = picture.rows().len() / picture.height();
    let row = &picture.rows()[row * stride..(row + 1) * stride];
    row.iter().map(|byte| byte.count_ones()).sum()
}

#[tokio::test]
async fn it_stands_on_what_guests_get_and_is_printed_as_it_is_shown() {
    let house = House::open().await;
    let profile = Profile::wide();
    let printer = Printer::start(Settings { profile: profile.clone(), ..Settings::default() });
    let body = json!({"name": "Till", "kind": "tcp", "address": printer.address().to_string(),
                      "width_dots": 576, "documents": ["ticket", "precheck"]});
    house.admin.post("/printers", &body).await.created();
    let url = sent(&house).await;
    house.admin.put("/printers/logo", &json!({"image_url": url})).await.ok();

    // 400 x 100 is 360 x 90: the bar is 180 wide, in the middle.
    let logo = shown(&house, "/printers/logo").await;
    assert_eq!((logo.width(), logo.height()), (360, 90));
    assert!((178..=182).contains(&black(&logo, 45)), "{}", black(&logo, 45));
    assert_eq!((black(&logo, 2), black(&logo, 87)), (0, 0), "no haze around it");

    let order = house.place().await;
    let checks = house.waiter.get(&format!("/orders/{}/checks", order["id"])).await.ok();
    let check = &checks["checks"][0];
    let present = format!("/checks/{}/present", check["id"]);
    house.waiter.post(&present, &json!({"version": check["version"]})).await.ok();
    let slips = until_printed(&house.admin, 2).await;
    let mut heads = Vec::new();
    for job in &slips {
        let page = preview(&house.admin, job).await;
        let pages = printer.look(|record| record.mechanism.pages.clone());
        let is_there = pages.iter().any(|one| one.picture.first_difference(&page).is_none());
        assert!(is_there, "what is shown is what is printed: {job}");
        // The head of the page is white for 24 dots.
        heads.push((job["document"].as_str().unwrap(), black(&page, 24 + 45)));
    }
    assert_eq!(heads.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), ["precheck", "ticket"]);
    assert_eq!(heads[0].1, black(&logo, 45));
    assert_ne!(heads[1].1, heads[0].1, "cooks need no logo");
    let receipt = format!("/checks/{}/receipt", check["id"]);
    assert_eq!(black(&shown(&house, &receipt).await, 24 + 45), heads[0].1);
    // Paper too narrow for it does without.
    let narrow = shown(&house, &format!("{receipt}?width_dots=256")).await;
    assert_ne!(black(&narrow, 24 + 45), heads[0].1);

    house.admin.delete("/printers/logo").await.ok();
    house.admin.get("/printers/logo").await.refused(404, "not_found");
    assert_ne!(black(&shown(&house, &receipt).await, 24 + 45), heads[0].1);
    let trace = house.admin.get("/audit?limit=100").await.text();
    assert!(trace.contains("logo_changed"));
}

#[tokio::test]
async fn what_is_no_photo_of_ours_is_no_logo() {
    let house = House::open().await;
    let set = async |url: &str| house.admin.put("/printers/logo", &json!({"image_url": url})).await;
    for url in ["https://example.org/logo.png", "/uploads/../qres.db", "/uploads/notes.txt"] {
        set(url).await.invalid("image_url");
    }
    let gone = "/uploads/0123456789abcdef0123456789abcdef-960.jpg";
    set(gone).await.invalid("image_url");
    let url = sent(&house).await;
    let body = json!({"image_url": url});
    house.waiter.put("/printers/logo", &body).await.refused(403, "wrong_role");
    house.app.manager().await.put("/printers/logo", &body).await.refused(403, "wrong_role");
    house.waiter.delete("/printers/logo").await.refused(403, "wrong_role");
    house.admin.get("/printers/logo").await.refused(404, "not_found");
    assert!(id(&house.place().await) > 0);
}
