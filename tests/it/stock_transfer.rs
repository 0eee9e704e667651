//! Goods, suppliers and recipes as tables: in, out, and in again.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Cellar, Reply, id};

async fn take_in(cellar: &Cellar, what: &str, dry_run: bool, file: impl Into<Vec<u8>>) -> Reply {
    let admin = &cellar.house.admin;
    let path = format!("/stock/import?what={what}&dry_run={dry_run}");
    admin.send(admin.request(Method::POST, &path).body(file.into())).await
}

async fn given(cellar: &Cellar, what: &str, format: &str) -> Vec<u8> {
    let path = format!("/stock/export?what={what}&format={format}&language=ru");
    let reply = cellar.house.admin.get(&path).await;
    assert_eq!(reply.status, 200);
    reply.bytes
}

fn counts(report: &Value, what: &str) -> [u64; 3] {
    ["created", "updated", "unchanged"].map(|key| report["counts"][what][key].as_u64().unwrap_or(0))
}

const GOODS: &str = "Товар;Единица;Вид;Пора заказывать;Упаковка;В упаковке;Штрихкод
Flour;г;сырьё;5000;Sack;25000;
Flour;;;;Bag;1000;4600000100012
Stock cube;шт;полуфабрикат;;;;
";

#[tokio::test]
async fn goods_come_in_are_changed_and_go_out_as_they_came() {
    let cellar = Cellar::open().await;
    let admin = &cellar.house.admin;
    let looked_at = take_in(&cellar, "goods", true, GOODS).await.ok();
    assert_eq!((counts(&looked_at, "goods"), &looked_at["dry_run"]), ([2, 0, 0], &json!(true)));
    assert_eq!(admin.get("/stock/goods?search=flour").await.ok()["total"], 0, "it was a look");
    assert_eq!(counts(&take_in(&cellar, "goods", false, GOODS).await.ok(), "goods"), [2, 0, 0]);
    let flour = &admin.get("/stock/goods?barcode=4600000100012").await.ok()["goods"][0];
    assert_eq!(
        (&flour["name"], &flour["low_at"], &flour["base_unit"], &flour["kind"]),
        (&json!("Flour"), &json!(5000), &json!("g"), &json!("RAW"))
    );
    let packs: Vec<_> = flour["packs"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(packs, ["Bag", "Sack"]);
    // What went out comes in again, and nothing differs; also as a workbook.
    for format in ["csv", "xlsx"] {
        let file = given(&cellar, "goods", format).await;
        let report = take_in(&cellar, "goods", false, file).await.ok();
        assert_eq!(counts(&report, "goods"), [0, 0, 6], "{format}: {report}");
    }
    let changed = "good,low_at,pack,pack_quantity\nFlour,7000,Sack,20000\n";
    let report = take_in(&cellar, "goods", false, changed).await.ok();
    assert_eq!(counts(&report, "goods"), [0, 1, 0]);
    let fields: Vec<_> = report["changes"][0]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["field"])
        .collect();
    assert_eq!(fields, ["low_at", "packs"]);
    let flour = &admin.get("/stock/goods?search=flour").await.ok()["goods"][0];
    let sack = flour["packs"].as_array().unwrap().iter().find(|one| one["name"] == "Sack").unwrap();
    assert_eq!((&flour["low_at"], &sack["quantity"]), (&json!(7000), &json!(20_000)));
    assert_eq!(flour["packs"].as_array().unwrap().len(), 2, "what is left out stays");
}

#[tokio::test]
async fn every_wrong_place_is_named_and_nothing_is_changed() {
    let cellar = Cellar::open().await;
    let wrong = "good,base_unit,pack,pack_quantity,barcode,low_at
Salt,spoon,,,,
Sugar,,,,,
Rice,g,,5,,
Tea,g,Box,0,,
Mint,g,Bunch,10,4600000100013,
Beef,ml,,,,
Oil,ml,Can,5000,46000001,1.500
";
    let reply = take_in(&cellar, "goods", false, wrong).await;
    let problem = reply.json();
    let places: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap().to_owned())
        .collect();
    for place in [
        "line 2, base_unit",
        "line 4, pack_quantity",
        "line 5, pack_quantity",
        "line 6, barcode",
        "line 8, low_at",
    ] {
        assert!(places.iter().any(|one| one == place), "{place}: {places:?}");
    }
    assert_eq!(cellar.house.admin.get("/stock/goods").await.ok()["total"], 4);
    // What the goods that are there say against it.
    let wrong = "good,base_unit\nSugar,\nBeef,ml\n";
    let reply = take_in(&cellar, "goods", true, wrong).await;
    let errors = reply.json()["errors"].clone();
    assert_eq!(
        (&errors[0]["field"], &errors[1]["field"]),
        (&json!("line 2, base_unit"), &json!("line 3, base_unit"))
    );
    take_in(&cellar, "goods", false, "").await.refused(400, "bad_file");
    take_in(&cellar, "goods", false, "spoon\n1\n").await.refused(400, "bad_file");
    let waiter = &cellar.house.waiter;
    let path = "/stock/import?what=goods&dry_run=true";
    waiter.send(waiter.request(Method::POST, path).body("x")).await.refused(403, "wrong_role");
}

#[tokio::test]
async fn suppliers_and_recipes_come_in_by_names() {
    let cellar = Cellar::open().await;
    let house = &cellar.house;
    let suppliers = "supplier,phone,good,quantity,price
Butcher,+7 900 1234567,Beef,1000,800
Butcher,,Water,1000,\"1,50\"
Market,,,,
";
    assert_eq!(
        counts(&take_in(&cellar, "suppliers", false, suppliers).await.ok(), "suppliers"),
        [2, 0, 0]
    );
    let all = house.admin.get("/suppliers").await.ok();
    let butcher = &all["suppliers"][0];
    assert_eq!(butcher["phone"], "+7 900 1234567");
    let path = format!("/suppliers/{}/prices", id(butcher));
    let prices = house.admin.get(&path).await.ok();
    assert_eq!(
        (&prices["prices"][0]["price"], &prices["prices"][1]["price"]),
        (&json!("800.00"), &json!("1.50"))
    );
    let file = given(&cellar, "suppliers", "csv").await;
    assert_eq!(
        counts(&take_in(&cellar, "suppliers", false, file).await.ok(), "suppliers"),
        [0, 0, 2]
    );
    let dearer = "supplier,good,quantity,price\nButcher,Beef,1000,850\n";
    let report = take_in(&cellar, "suppliers", false, dearer).await.ok();
    assert_eq!(report["changes"][0]["fields"][0]["to"], "850.00 / 1000");
    assert_eq!(house.admin.get(&path).await.ok()["prices"].as_array().unwrap().len(), 2);

    let recipes = "dish,variation,prep,batch_out,good,gross,cold_percent,hot_percent
,,Broth,3000,Beef,1200,20,35
,,Broth,3000,Water,4000,,
Borscht,Portion,,10,Broth,2500,,
Borscht,Portion,,10,Beetroot,800,\"12,5\",
";
    assert_eq!(
        counts(&take_in(&cellar, "recipes", false, recipes).await.ok(), "recipes"),
        [2, 0, 0]
    );
    let path = format!("/stock/recipes?variation_id={}", house.borscht_portion);
    let list = house.admin.get(&path).await.ok();
    let borscht = &list["recipes"][0];
    assert_eq!(
        (&borscht["batch_out"], &borscht["lines"][1]["cold_percent"], &borscht["is_current"]),
        (&json!(10), &json!("12.5"), &json!(true))
    );
    for format in ["csv", "xlsx"] {
        let file = given(&cellar, "recipes", format).await;
        let report = take_in(&cellar, "recipes", false, file).await.ok();
        assert_eq!(counts(&report, "recipes"), [0, 0, 2], "{format}: {report}");
    }
    let other = "dish,good,gross,batch_out\nBorscht,Beetroot,90,1\n";
    assert_eq!(counts(&take_in(&cellar, "recipes", false, other).await.ok(), "recipes"), [0, 1, 0]);
    assert_eq!(house.admin.get(&path).await.ok()["recipes"].as_array().unwrap().len(), 2);
    let wrong = "dish,variation,option,group,prep,good,gross
Pizza,,,,,Beef,1
Nothing,,,,,Beef,1
Borscht,Portion,,,Broth,Beef,1
Borscht,Portion,,,,Salt,1
";
    let reply = take_in(&cellar, "recipes", false, wrong).await;
    let errors = reply.json()["errors"].clone();
    assert_eq!(errors[0]["field"], "line 4, dish", "{errors}");
    let wrong = wrong.replace("Borscht,Portion,,,Broth,Beef,1\n", "");
    let reply = take_in(&cellar, "recipes", false, wrong).await;
    let errors = reply.json()["errors"].clone();
    let places: Vec<_> =
        errors.as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(places, ["line 2, dish", "line 3, dish", "line 4, good"]);
    assert!(errors[0]["message"].as_str().unwrap().contains("several"), "{errors}");
}
