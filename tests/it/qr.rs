//! The codes on the tables.

use serde_json::json;

use crate::floor::{add_location, add_table, sql};
use crate::harness::TestApp;

#[tokio::test]
async fn a_table_has_a_code_to_scan() {
    let app = TestApp::start_with(|settings| {
        settings.qr_base_url = Some("https://eat.example/menu/".into());
    })
    .await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let id = add_table(&admin, 1, None).await;
    let other = add_table(&admin, 2, None).await;
    let table = waiter.get(&format!("/tables/{id}")).await.ok();
    let qr = waiter.get(&format!("/tables/{id}/qr")).await.ok();
    let code = qr["qr_code"].as_str().unwrap();
    assert_eq!(qr["qr_code"], table["qr_code"]);
    assert_ne!(waiter.get(&format!("/tables/{other}/qr")).await.ok()["qr_code"], code);
    let url = format!("https://eat.example/menu/{code}");
    assert_eq!(qr["menu_url"], url);

    let png = waiter.get(qr["qr_url"].as_str().unwrap()).await;
    assert_eq!(
        (png.status.as_u16(), &png.headers["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    assert_eq!(scan(&png.bytes), url);
    let svg = waiter.get(&format!("/tables/{id}/qr.svg")).await;
    assert_eq!(svg.headers["content-type"], "image/svg+xml");
    assert!(svg.text().starts_with("<svg"));
    waiter.get("/tables/99/qr").await.refused(404, "not_found");
    waiter.get("/tables/99/qr.png").await.refused(404, "not_found");
    app.anonymous().get(&format!("/tables/{id}/qr.png")).await.refused(401, "no_token");
}

/// What a camera reads in a picture.
fn scan(png: &[u8]) -> String {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("its size")];
    let width = reader.next_frame(&mut pixels).expect("a picture").width as usize;
    let grey = |x, y| pixels[y * width + x];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, pixels.len() / width, grey);
    let codes = image.detect_grids();
    codes[0].decode().expect("a readable code").1
}

#[tokio::test]
async fn without_a_set_address_the_code_leads_to_the_box() {
    let app = TestApp::start_with(|settings| settings.listen = "10.1.2.3:8080".parse().unwrap());
    let app = app.await;
    let admin = app.admin().await;
    let id = add_table(&admin, 1, None).await;
    let qr = admin.get(&format!("/tables/{id}/qr")).await.ok();
    let code = qr["qr_code"].as_str().unwrap();
    // Only this machine reaches it, so it is told as the asker found it.
    assert_eq!(qr["menu_url"], format!("{}/menu/{code}", app.base));
    let told = admin.post("/tables/qr-sheet/printed", &json!({})).await.ok();
    assert_eq!(told, json!({"menu_base": null, "outdated": []}));
}

#[tokio::test]
async fn codes_that_were_printed_with_another_address_are_told() {
    let app = TestApp::start_with(|settings| {
        settings.qr_base_url = Some("http://192.168.1.20/menu".into());
    })
    .await;
    let admin = app.admin().await;
    let hall = add_location(&admin, "Hall").await;
    for number in 1..=3 {
        add_table(&admin, number, (number < 3).then_some(hall)).await;
    }
    let none = json!({"menu_base": "http://192.168.1.20/menu", "outdated": []});
    assert_eq!(admin.get("/tables/qr-sheet/printed").await.ok(), none, "nothing was printed");
    assert_eq!(admin.post("/tables/qr-sheet/printed", &json!({})).await.ok(), none);

    // As it stands when the router gave the box another address since.
    sql(&app, "UPDATE printed_codes SET menu_base = 'http://192.168.1.9/menu'").await;
    let told = admin.get("/tables/qr-sheet/printed").await.ok();
    let outdated = &told["outdated"][0];
    assert_eq!(
        (&outdated["menu_base"], &outdated["tables"]),
        (&json!("http://192.168.1.9/menu"), &json!(3))
    );
    assert!(outdated["printed_at"].is_string(), "{told}");

    // One room is printed anew, then the rest; a table that is gone needs no code.
    let path = format!("/tables/qr-sheet/printed?location_id={hall}");
    let told = admin.post(&path, &json!({})).await.ok();
    assert_eq!(told["outdated"][0]["tables"], 1);
    admin.delete("/tables/3").await.ok();
    assert_eq!(admin.get("/tables/qr-sheet/printed").await.ok(), none);
    app.kitchen().await.get("/tables/qr-sheet/printed").await.refused(403, "wrong_role");
}

#[tokio::test]
async fn the_first_page_leads_everybody_to_his_place() {
    let app = TestApp::start_with(|settings| {
        settings.qr_base_url = Some("http://192.168.1.20/menu".into());
    })
    .await;
    let (guest, admin) = (app.anonymous(), app.admin().await);
    let places = guest.get("/home").await.ok();
    assert_eq!(places["guest"], "http://192.168.1.20/menu");
    for place in ["waiter", "kitchen", "admin"] {
        assert_eq!(places[place], format!("{}/app/{place}", app.base));
        let qr = guest.get(&format!("/home/{place}/qr.svg")).await;
        assert_eq!(qr.headers["content-type"], "image/svg+xml");
        assert!(qr.text().starts_with("<svg"));
    }
    assert_eq!((&places["trust"], &places["by_name"]), (&json!(null), &json!(null)));
    guest.get("/home/trust/qr.svg").await.refused(404, "not_found");
    guest.get("/home/cellar/qr.svg").await.refused(404, "not_found");
    // A table's code and the page about pairing say the same.
    let id = add_table(&admin, 1, None).await;
    let qr = admin.get(&format!("/tables/{id}/qr")).await.ok();
    let code = qr["qr_code"].as_str().unwrap();
    assert_eq!(qr["menu_url"], format!("{}/{code}", places["guest"].as_str().unwrap()));
    let pairing = admin.post("/devices/pairing", &json!({})).await.created();
    assert!(pairing["url"].as_str().unwrap().starts_with(places["waiter"].as_str().unwrap()));
}

#[tokio::test]
async fn all_codes_are_printed_on_one_sheet() {
    let app = TestApp::start_with(|settings| {
        settings.restaurant_name = Some("Tom & Jerry".into());
    })
    .await;
    let (admin, kitchen) = (app.admin().await, app.kitchen().await);
    let hall = add_location(&admin, "<Hall>").await;
    for number in 1..=3 {
        add_table(&admin, number, (number < 3).then_some(hall)).await;
    }
    admin.patch("/tables/2", &json!({"is_active": false})).await.ok();

    for person in [&admin, &app.manager().await, &app.waiter().await] {
        let sheet = person.get("/tables/qr-sheet").await;
        assert_eq!(sheet.headers["content-type"], "text/html; charset=utf-8");
        let html = sheet.text();
        assert_eq!(html.matches("<svg").count(), 2, "the active ones");
        assert!(html.contains("Стол 1 ") && html.contains("Table 3") && !html.contains("Table 2"));
        assert!(html.contains("Tom &amp; Jerry") && html.contains("&lt;Hall&gt;"));
    }
    let hall = admin.get(&format!("/tables/qr-sheet?location_id={hall}")).await.text();
    assert_eq!(hall.matches("<svg").count(), 1);
    kitchen.get("/tables/qr-sheet").await.refused(403, "wrong_role");
    app.anonymous().get("/tables/qr-sheet").await.refused(401, "no_token");
    let style = app.anonymous().get("/tables/qr-sheet.css").await;
    assert_eq!(
        (style.status.as_u16(), &style.headers["content-type"]),
        (200, &"text/css".parse().unwrap())
    );

    sql(
        &app,
        "WITH RECURSIVE n (n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM n WHERE n < 508)
         INSERT INTO tables (number, seats, qr_code, created_at, updated_at)
         SELECT n, 2, 'code' || n, 0, 0 FROM n",
    )
    .await;
    admin.get("/tables/qr-sheet").await.refused(400, "too_many_tables");
}
