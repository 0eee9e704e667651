//! Import and export over HTTP, while the box serves.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Reply, Screen, TestApp};

const DEMO: &str = include_str!("../../demo/restaurant.json");

/// The demo without its people and itself.
fn demo_menu() -> Value {
    let mut file: Value = serde_json::from_str(DEMO).unwrap();
    file.as_object_mut().unwrap().retain(|part, _| part != "staff" && part != "restaurant");
    file
}

async fn import(client: &Client, dry_run: bool, file: impl Into<reqwest::Body>) -> Reply {
    let request = client.request(Method::POST, &format!("/import?dry_run={dry_run}"));
    client.send(request.body(file)).await
}

async fn export(client: &Client, format: &str) -> String {
    let reply = client.get(&format!("/export?format={format}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let disposition = reply.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.ends_with(&format!(".{format}\"")), "{disposition}");
    reply.text()
}

fn change<'a>(report: &'a Value, name: &str) -> &'a Value {
    let changes = report["changes"].as_array().unwrap();
    let found = changes.iter().find(|change| change["name"] == name);
    found.unwrap_or_else(|| panic!("no change of {name} in {report}"))
}

#[tokio::test]
async fn a_dry_run_shows_what_would_change_and_changes_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    import(&admin, false, demo_menu().to_string()).await.ok();
    let before = (export(&admin, "json").await, app.app.store.last_seq());

    let sheet = export(&admin, "csv").await;
    let line = sheet.lines().position(|line| line.contains(",590.00,")).unwrap();
    let sheet = sheet.replacen(",590.00,", ",600,", 1);
    let sheet = format!("{sheet}Супы,Уха царская,,Порция,700,,hot,,,20,,,Рыба\n");
    let report = import(&admin, true, sheet.clone()).await.ok();
    assert_eq!(report["dry_run"], true);
    assert_eq!(report["counts"]["dishes"]["created"], 1);
    let price = change(&report, "Маргарита · 25 см");
    assert_eq!(price["place"], format!("line {}", line + 1));
    assert_eq!(price["outcome"], "updated");
    assert_eq!(price["fields"], json!([{"field": "price", "from": "590.00", "to": "600.00"}]));
    assert_eq!(change(&report, "Уха царская")["outcome"], "created");
    assert_eq!(report["changes_count"], report["changes"].as_array().unwrap().len());
    assert_eq!((export(&admin, "json").await, app.app.store.last_seq()), before);

    let (mut screen, _) = Screen::greeted(&app, &app.kitchen().await, None).await;
    let done = import(&admin, false, sheet.clone()).await.ok();
    assert_eq!((&done["counts"], &done["changes"]), (&report["counts"], &report["changes"]));
    screen.wait_for("menu_changed").await;
    let again = import(&admin, false, sheet).await.ok();
    assert_eq!((&again["changes_count"], &again["dry_run"]), (&json!(0), &json!(false)));
}

#[tokio::test]
async fn every_wrong_line_is_named_and_nothing_is_changed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let fields = |reply: Reply| {
        let errors = reply.json()["errors"].clone();
        let says = reply.refused(422, "invalid");
        let names: Vec<_> = errors.as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
        (json!(names), says)
    };
    // What can be seen of each line alone.
    let sheet = "category,dish,variation,price,department,sku\nSoups,Borscht,Small,250,hot,\n\
                 Soups,Borscht,Large,free,stove,\n,Ukha,,100,hot,\nSoups,Shchi,,,hot,\n";
    let (names, says) = fields(import(&admin, true, sheet).await);
    assert_eq!(
        names,
        json!(["line 3, price", "line 3, department", "line 4, category", "line 5, price"])
    );
    assert_eq!(says, "4 fields are wrong; nothing was changed.");
    // What only shows beside the menu and the other lines: no department, a SKU twice, a line twice.
    let sheet = "category,dish,variation,price,department,sku\nSoups,Borscht,Small,250,,\n\
                 Soups,Shchi,Small,1,hot,S-1\nSoups,Ukha,Small,1,hot,S-1\n\
                 Soups,Ukha,Pot,2,hot,\nSoups,Ukha,Pot,3,hot,\n";
    let wanted = json!(["line 2, department", "line 4, sku", "line 6"]);
    for dry_run in [true, false] {
        assert_eq!(fields(import(&admin, dry_run, sheet).await).0, wanted);
    }
    // JSON names the place.
    let mut file = demo_menu();
    let places = ["categories[0].dishes[0].variations[0].price", "categories[3].name"];
    file["categories"][0]["dishes"][0]["variations"][0]["price"] = json!("-1");
    file["categories"][3]["name"] = json!("");
    let (names, _) = fields(import(&admin, false, file.to_string()).await);
    assert!(
        places.iter().all(|place| names.as_array().unwrap().contains(&json!(place))),
        "{names}"
    );

    assert_eq!(export(&admin, "csv").await.lines().count(), 1);
    assert_eq!(admin.get("/categories").await.ok()["total"], 0);
}

#[tokio::test]
async fn only_an_admin_with_a_file_that_fits_gets_in() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for other in [app.manager().await, app.waiter().await, app.kitchen().await] {
        import(&other, false, "{}").await.refused(403, "wrong_role");
        other.get("/export").await.refused(403, "wrong_role");
    }
    app.anonymous().get("/export").await.refused(401, "no_token");
    for (file, code) in [
        (b"".to_vec(), "bad_file"),
        (b"a,b\n1,2\n".to_vec(), "bad_file"),
        (b"{\"categories\":".to_vec(), "bad_file"),
        (b"\xD0\xCF\x11\xE0xls".to_vec(), "bad_file"),
        (b"PK\x03\x04xlsx".to_vec(), "bad_file"),
    ] {
        import(&admin, false, file).await.refused(400, code);
    }
    import(&admin, true, "{\"dishes\": []}").await.invalid("dishes");
    let says = import(&admin, true, vec![b'x'; 9 << 20]).await.refused(413, "too_large");
    assert!(says.contains("8 MB"), "{says}");
    let mut dishes = String::from("category,dish,price,department\n");
    (0..2001).for_each(|n| dishes.push_str(&format!("Soups,Dish {n},1,hot\n")));
    import(&admin, false, dishes).await.refused(400, "menu_full");
}

#[tokio::test]
async fn the_restaurant_itself_stays_while_the_box_serves() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut file: Value = serde_json::from_str(&export(&admin, "json").await).unwrap();
    file["restaurant"]["name"] = json!("Another");
    let report = import(&admin, false, file.to_string()).await.ok();
    assert_eq!(report["left_out"], json!(["restaurant"]));
    assert_eq!(app.anonymous().get("/restaurant").await.ok()["name"], "Test");
    file["restaurant"]["currency"] = json!("JPY");
    import(&admin, true, file.to_string()).await.invalid("restaurant.currency");
}

/// F11: a name that is a formula is one nowhere, and comes back as it was.
#[tokio::test]
async fn an_export_runs_no_formula_and_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let name = "=HYPERLINK(\"http://x\")";
    let file = json!({"categories": [{"name": "+Soups", "dishes": [{"name": name,
        "department": "hot", "description": "-1", "code": "@SUM(1)",
        "variations": [{"name": "'=1", "price": "5"}]}]}]});
    import(&admin, false, file.to_string()).await.ok();
    let sheet = export(&admin, "csv").await;
    let line = sheet.lines().nth(1).unwrap();
    assert!(line.starts_with("'+Soups,\"'=HYPERLINK"), "{line}");
    assert!(line.contains(",'-1,''=1,5.00,piece,hot,'@SUM(1),"), "{line}");
    let again = import(&admin, true, sheet).await.ok();
    assert_eq!(again["changes_count"], 0, "{again}");
    // A workbook says itself what is text, so nothing in it is marked.
    let workbook = admin.get("/export?format=xlsx").await;
    let again = import(&admin, true, workbook.bytes.clone()).await.ok();
    assert_eq!(again["changes_count"], 0, "{again}");
}

/// The template and the export are workbooks too, in the owner's language.
#[tokio::test]
async fn a_template_is_filled_and_taken_in() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (address, dish) in [
        ("/import/template?format=xlsx", "Борщ · Малый"),
        ("/import/template?format=csv&language=en", "Borscht · Small"),
    ] {
        let template = admin.get(address).await;
        assert_eq!(template.status, 200);
        let report = import(&admin, false, template.bytes.clone()).await.ok();
        assert_eq!(change(&report, dish)["outcome"], "created");
    }
    let workbook = admin.get("/export?format=xlsx").await;
    let again = import(&admin, true, workbook.bytes.clone()).await.ok();
    assert_eq!(
        (&again["changes_count"], &again["counts"]["variations"]["unchanged"]),
        (&json!(0), &json!(6))
    );
    app.waiter().await.get("/import/template?format=csv").await.refused(403, "wrong_role");
}
