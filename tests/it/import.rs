//! A restaurant as a file: in, again, and out.

use qres::appliance::Appliance;
use qres::features::import::{self, Content, Counts, File, Import, Report, Sheet};
use qres::platform::app::App;
use qres::platform::config::Settings;
use serde_json::{Value, json};

use crate::harness::{House, PASSWORD, TestApp, id};

const DEMO: &str = include_str!("../../demo/restaurant.json");

pub async fn take_in(
    app: &App,
    file: impl Into<File>,
    dry_run: bool,
) -> qres::core::error::Result<Report> {
    let import = Import::new(file);
    if dry_run {
        return import.dry_run(&app.store).await;
    }
    import.run(&app.store, &app.auth.hasher, app.hub.stopping.clone()).await
}

pub async fn json_in(app: &App, file: &Value) -> qres::core::error::Result<Report> {
    take_in(app, import::read_json(file.to_string().as_bytes())?, false).await
}

pub async fn csv_in(app: &App, file: &str) -> qres::core::error::Result<Report> {
    take_in(app, import::read_csv(file.as_bytes())?, false).await
}

/// The demo without its people, whose passwords are too short for a real restaurant.
pub fn demo_without_staff() -> Content {
    Content { staff: Vec::new(), ..import::read_json(DEMO.as_bytes()).unwrap() }
}

pub async fn exported(app: &App) -> String {
    let content = app.store.read(import::export).await.unwrap();
    serde_json::to_string_pretty(&content).unwrap()
}

pub fn totals(report: &Report) -> Counts {
    report.counts.values().fold(Counts::default(), |sum, counts| Counts {
        created: sum.created + counts.created,
        updated: sum.updated + counts.updated,
        unchanged: sum.unchanged + counts.unchanged,
        removed: sum.removed + counts.removed,
    })
}

#[tokio::test]
async fn a_file_taken_twice_changes_nothing() {
    let test = TestApp::start().await;
    let app = &test.app;
    let first = take_in(app, demo_without_staff(), false).await.unwrap();
    assert_eq!(first.counts["categories"].created, 12);
    assert_eq!(first.counts["tables"].created, 24);
    assert_eq!(first.counts["restaurant"].updated, 1);
    let before = (exported(app).await, app.store.last_seq());
    let second = take_in(app, demo_without_staff(), false).await.unwrap();
    let Counts { created, updated, unchanged, .. } = totals(&second);
    assert_eq!((created, updated), (0, 0), "{second:?}");
    assert_eq!(unchanged, totals(&first).created + 1);
    assert_eq!((exported(app).await, app.store.last_seq()), before);
}

#[tokio::test]
async fn a_dry_run_reports_and_changes_nothing() {
    let test = TestApp::start().await;
    let before = (exported(&test.app).await, test.app.store.last_seq());
    let tried = take_in(&test.app, demo_without_staff(), true).await.unwrap();
    assert!(tried.dry_run);
    assert_eq!((exported(&test.app).await, test.app.store.last_seq()), before);
    let done = take_in(&test.app, demo_without_staff(), false).await.unwrap();
    assert_eq!(done.counts, tried.counts);
    // A dry run left no holes in the feed's numbers.
    assert_eq!(test.app.store.last_seq(), before.1 + 3);
}

#[tokio::test]
async fn what_is_exported_makes_the_same_restaurant() {
    let (old, new) = (TestApp::start().await, TestApp::start().await);
    take_in(&old.app, demo_without_staff(), false).await.unwrap();
    let file = exported(&old.app).await;
    for secret in ["password", "pin_code", "$argon2"] {
        assert!(!file.contains(secret), "{secret} is in the file");
    }
    take_in(&new.app, import::read_json(file.as_bytes()).unwrap(), false).await.unwrap();
    assert_eq!(exported(&new.app).await, file);
    let menu = |test: &TestApp| {
        let client = test.anonymous();
        async move { client.get("/dishes/menu").await.ok() }
    };
    let (old, new) = (menu(&old).await, menu(&new).await);
    assert_eq!(old["categories"].as_array().unwrap().len(), 12);
    assert_eq!(without_ids(old), without_ids(new));
}

fn without_ids(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            fields.retain(|name, _| name != "id" && !name.ends_with("_id"));
            fields.values_mut().for_each(|field| *field = without_ids(field.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_ids(item.take())),
        _ => {}
    }
    value
}

#[tokio::test]
async fn a_menu_goes_to_a_spreadsheet_and_back() {
    let test = TestApp::start().await;
    take_in(&test.app, demo_without_staff(), false).await.unwrap();
    let content = test.app.store.read(import::export).await.unwrap();
    let sheet =
        String::from_utf8(import::write_sheet(&content, Sheet::Menu, false).unwrap()).unwrap();
    assert!(sheet.starts_with('\u{feff}'));
    let again = csv_in(&test.app, &sheet).await.unwrap();
    let Counts { created, updated, .. } = totals(&again);
    assert_eq!((created, updated), (0, 0), "{again:?}");

    let dearer = sheet.replacen(",590.00,", ",\"600,00\",", 1);
    let report = csv_in(&test.app, &dearer).await.unwrap();
    assert_eq!(report.counts["variations"].updated, 1);
    assert_eq!(totals(&report).updated, 1);
}

fn one_dish(change: impl FnOnce(&mut Value)) -> Value {
    let mut file = json!({
        "ingredients": [{"name": "Milk", "is_allergen": true}],
        "categories": [{"name": "Soups", "dishes": [{
            "name": "Borscht", "department": "hot", "code": "S1", "ingredients": ["Milk"],
            "variations": [{"name": "Small", "price": "250.00", "sku": "S1-S"},
                           {"name": "Large", "price": 350, "sku": "S1-L"}],
        }]}],
    });
    change(&mut file);
    file
}

#[tokio::test]
async fn mistakes_are_named_by_their_place_and_nothing_stays() {
    let test = TestApp::start().await;
    let before = exported(&test.app).await;
    let dish = "/categories/0/dishes/0";
    for (pointer, key, value, place) in [
        (format!("{dish}/variations/1"), "price", json!("0"), ".variations[1].price"),
        (format!("{dish}/variations/1"), "prise", json!("1"), ".variations[1].prise"),
        (dish.into(), "department", json!("stove"), "categories[0].dishes[0].department"),
        (dish.into(), "department", json!(null), "categories[0].dishes[0].department"),
        (dish.into(), "ingredients", json!(["Milk", "Salt"]), "ingredients[1]"),
        (format!("{dish}/variations/1"), "sku", json!("S1-S"), ".variations[1]"),
        ("/ingredients/0".into(), "name", json!(" "), "ingredients[0].name"),
        (String::new(), "restaurant", json!({"timezone": "Mars"}), "restaurant.timezone"),
        (String::new(), "restaurant", json!({"languages": ["Russian"]}), "restaurant.languages"),
        (
            String::new(),
            "staff",
            json!([{"username": "a b", "full_name": "A B",
            "role": "waiter"}]),
            "staff[0].username",
        ),
        (
            String::new(),
            "staff",
            json!([{"username": "anna", "full_name": "A B",
            "role": "waiter", "password": "short"}]),
            "staff[0].password",
        ),
        (
            String::new(),
            "tables",
            json!([{"number": 1, "seats": 2}, {"number": 1, "seats": 4}]),
            "tables[1]",
        ),
    ] {
        let file = one_dish(|file| file.pointer_mut(&pointer).unwrap()[key] = value);
        let error = json_in(&test.app, &file).await.unwrap_err();
        let named = error.problem().errors[0].field.clone();
        assert!(named.ends_with(place), "{named} for {place}: {error}");
        assert_eq!(exported(&test.app).await, before, "{place}");
    }
    let no_json = import::read_json(b"{").err().unwrap();
    assert!(no_json.to_string().starts_with("The file is not valid JSON"), "{no_json}");
}

#[tokio::test]
async fn what_a_file_leaves_out_stays() {
    let test = TestApp::start().await;
    json_in(&test.app, &one_dish(|_| {})).await.unwrap();
    let dish = |file: &mut Value| {
        file["ingredients"] = json!([]);
        file["categories"][0] = json!({"name": "Soups", "dishes": [{
            "name": "Красный борщ", "code": "S1",
            "variations": [{"name": "Huge", "price": "500", "is_default": true}],
        }]});
    };
    let report = json_in(&test.app, &one_dish(dish)).await.unwrap();
    assert_eq!(report.counts["dishes"].updated, 1);
    assert_eq!(report.counts["variations"].created, 1);
    let menu = test.anonymous().get("/dishes/menu").await.ok();
    let dish = &menu["categories"][0]["dishes"][0];
    assert_eq!(dish["name"], "Красный борщ");
    assert_eq!(dish["department"], "hot");
    assert_eq!(dish["allergens"][0]["name"], "Milk");
    let variations = dish["variations"].as_array().unwrap();
    let default = |v: &&Value| v["is_default"] == true;
    assert_eq!(variations.len(), 3);
    assert_eq!(variations.iter().filter(default).count(), 1);
    assert_eq!(variations.iter().find(default).unwrap()["name"], "Huge");
}

#[tokio::test]
async fn the_screens_and_the_menu_hear_of_it() {
    let test = TestApp::start().await;
    let nobody = test.anonymous();
    assert_eq!(nobody.get("/dishes/menu").await.ok()["categories"], json!([]));
    json_in(&test.app, &one_dish(|_| {})).await.unwrap();
    assert_eq!(nobody.get("/dishes/menu").await.ok()["categories"][0]["name"], "Soups");
}

#[tokio::test]
async fn people_move_in_and_keep_their_own_secrets() {
    let test = TestApp::start().await;
    let list = format!(
        "username,full_name,role,password,pin\nanna,Анна К,waiter,{PASSWORD},4711\n\
         igor,Игорь Л,kitchen,,\nWAITER,Old Hand,waiter,another secret,9753\n"
    );
    let report = csv_in(&test.app, &list).await.unwrap();
    assert_eq!(report.counts["staff"], Counts { created: 2, updated: 1, ..Counts::default() });
    assert_eq!(report.without_password, ["igor"]);
    let anna = json!({"username": "anna", "pin_code": "4711"});
    test.anonymous().post("/auth/login/pin", &anna).await.ok();
    // Who was here keeps password and PIN.
    let waiter = test.waiter().await;
    assert_eq!(waiter.get("/auth/me").await.ok()["full_name"], "Old Hand");
    let igor = json!({"username": "igor", "password": ""});
    test.anonymous().post("/auth/login", &igor).await.invalid("password");

    // Whoever is let go by a file is out at once.
    let file = json!({"staff": [{"username": "waiter", "full_name": "Old Hand",
                                 "role": "waiter", "is_active": false}]});
    json_in(&test.app, &file).await.unwrap();
    waiter.get("/auth/me").await.refused(401, "token_expired");
    let file = json!({"staff": [{"username": "admin", "full_name": "Admin", "role": "waiter"}]});
    let error = json_in(&test.app, &file).await.unwrap_err();
    let wrong = &error.problem().errors[0];
    assert!(wrong.field == "staff[0]" && wrong.message.contains("admin"), "{wrong:?}");
}

#[tokio::test]
async fn a_room_closes_with_its_tables() {
    let test = TestApp::start().await;
    let csv = "location,table,seats\nTerrace,1,4\nTerrace,2,2\n";
    csv_in(&test.app, csv).await.unwrap();
    let admin = test.admin().await;
    let codes = admin.get("/tables").await.ok();
    let close = json!({"locations": [{"name": "Terrace", "is_active": false}]});
    json_in(&test.app, &close).await.unwrap();
    let tables = admin.get("/tables?is_active=true").await.ok();
    assert_eq!(tables["total"], 0);

    let stray = json!({"locations": [{"name": "Terrace", "tables": [
        {"number": 1, "seats": 4, "is_active": true}]}]});
    let error = json_in(&test.app, &stray).await.unwrap_err();
    let wrong = &error.problem().errors[0];
    assert_eq!((error.status(), &*wrong.field), (422, "locations[0].tables[0]"));
    assert!(wrong.message.contains("a room that is not"), "{wrong:?}");
    let code = codes["tables"][0]["qr_code"].clone();
    let stolen = json!({"tables": [{"number": 9, "seats": 4, "qr_code": code}]});
    let error = json_in(&test.app, &stolen).await.unwrap_err();
    assert_eq!(error.problem().errors[0].field, "tables[0].qr_code");
}

#[tokio::test]
async fn prices_keep_their_currency() {
    let test = TestApp::start().await;
    json_in(&test.app, &one_dish(|_| {})).await.unwrap();
    let file = json!({"restaurant": {"currency": "EUR"}});
    let error = json_in(&test.app, &file).await.unwrap_err();
    let wrong = &error.problem().errors[0];
    assert!(wrong.field == "restaurant" && wrong.message.contains("EUR"), "{wrong:?}");
}

#[tokio::test]
async fn the_demo_is_whole_from_its_first_start() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { data_dir: folder.path().into(), ..Settings::default() };
    let content = import::read_json(DEMO.as_bytes()).unwrap();
    let app = Appliance::open_demo(settings.clone(), content).await.unwrap();
    assert!(app.site().is_demo);
    assert_eq!(app.site().name, "Печь и пряности");
    app.store.close().await;
    drop(app);
    // Its second start keeps what is there, and needs no file.
    let app = Appliance::open(settings).await.unwrap();
    assert!(app.site().is_demo && exported(&app).await.contains("Маргарита"));
    app.store.close().await;
}

/// Out of one box, into an empty one, and out of that: the same, to the last limit.
#[tokio::test]
async fn what_is_said_of_bills_goes_to_another_box_as_it_is() {
    let house = House::open().await;
    let admin = &house.admin;
    let rates = json!([{"percent": "20"}, {"valid_from": "2030-01-01", "percent": "22"}]);
    let class = json!({"name": "Alcohol", "kind": "ADDED", "rates": rates});
    admin.post("/tax-classes", &class).await.created();
    let hall = admin.get("/locations").await.ok()["locations"][0]["id"].clone();
    let table = house.tables[1];
    let when = json!({"least_guests": 6, "location_id": hall, "weekdays": [5, 6],
        "time_from": "18:00", "time_to": "02:00", "date_from": "2026-12-01"});
    for rule in [
        json!({"kind": "SERVICE", "name": "Обслуживание", "percent": "12.5", "conditions": when,
            "translations": {"en": {"name": "Service"}}}),
        json!({"kind": "FEE", "name": "Cover", "amount": "50.00", "per_guest": true,
            "conditions": {"table_id": table}, "is_active": false}),
    ] {
        admin.post("/adjustment-rules", &rule).await.created();
    }
    for account in [
        json!({"name": "Dacha Ltd", "phone": "+7 495", "note": "monthly", "credit_limit": "500.00"}),
        json!({"name": "Dacha Ltd", "phone": "+7 495"}),
        json!({"name": "Anna"}),
    ] {
        admin.post("/house-accounts", &account).await.created();
    }
    // One of the box's own reasons has other words, one is gone, one is new.
    let reasons = admin.get("/reasons?kind=VOID").await.ok();
    let path = |at: usize| format!("/reasons/{}", reasons[at]["id"]);
    admin.patch(&path(0), &json!({"name": "Changed their mind", "is_waste": true})).await.ok();
    admin.delete(&path(1)).await.ok();
    admin.post("/reasons", &json!({"kind": "COMP", "name": "Birthday"})).await.created();
    let rules = json!({"rules": [
        {"permission": "COMP", "decision": "ALLOW", "at_most": "500.00"},
        {"permission": "DISCOUNT_PERCENT", "decision": "ASK", "at_most": "12.5"},
        {"permission": "ORDER_MOVE", "decision": "DENY"}]});
    admin.put("/roles/waiter/permissions", &rules).await.ok();
    let people = admin.get("/users").await.ok();
    let people = people["users"].as_array().unwrap();
    let manager = id(people.iter().find(|one| one["username"] == "manager").unwrap());
    let rules = json!({"rules": [{"permission": "PAYMENT_REFUND", "decision": "ASK"}]});
    admin.put(&format!("/users/{manager}/permissions"), &rules).await.ok();
    admin.post("/payment-methods", &json!({"name": "Later", "kind": "ACCOUNT"})).await.created();
    admin.patch("/restaurant", &json!({"house_tips": true})).await.ok();

    let out = exported(&house.app.app).await;
    let other = TestApp::start_as_left(|_| {}).await;
    let file: Value = serde_json::from_str(&out).unwrap();
    let dry = take_in(&other.app, import::read_json(out.as_bytes()).unwrap(), true).await.unwrap();
    assert_eq!(dry.counts["house_accounts"].created, 3);
    json_in(&other.app, &file).await.unwrap();
    assert_eq!(exported(&other.app).await, out);
    // And again it changes nothing.
    let again = totals(&json_in(&other.app, &file).await.unwrap());
    assert_eq!((again.created, again.updated, again.removed), (0, 0, 0));
}
