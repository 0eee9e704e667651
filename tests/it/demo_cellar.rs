//! The demo's cellar: what was sold in its past took goods, and the last count misses some.

use qres::appliance::Appliance;
use qres::features::import;
use qres::features::orders::WritePast;
use qres::features::stock::{Cellar, FillCellar, check_ledger};
use qres::platform::config::Settings;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::harness::Client;

#[tokio::test]
async fn the_variance_finds_the_leak_of_the_demo() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        data_dir: folder.path().join("data"),
        rate_limit_requests: 0,
        tls_listen: None,
        pin_needs_device: Some(false),
        ..Settings::default()
    };
    let content = import::read_json(include_bytes!("../../demo/restaurant.json")).unwrap();
    let app = Appliance::open_demo(settings, content).await.unwrap();
    let zone = app.site().zone.clone();
    app.store.run(WritePast { days: 21, zone: zone.clone() }).await.unwrap();
    let cellar =
        || -> Cellar { serde_json::from_str(include_str!("../../demo/cellar.json")).unwrap() };
    app.store.run_in_steps(FillCellar::new(cellar(), zone.clone())).await.unwrap();
    let db = rusqlite::Connection::open(folder.path().join("data/qres.db")).unwrap();
    assert_eq!(check_ledger(&db).unwrap(), Vec::<i64>::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let stop = CancellationToken::new();
    tokio::spawn(app.clone().serve(listener, None, stop.clone()));
    let sign_in = json!({"username": "admin", "password": "admin"});
    let token = Client::new(&base, None).post("/auth/login", &sign_in).await.ok();
    let admin = Client::new(&base, token["access_token"].as_str());
    let counts = admin.get("/stock/documents?kind=COUNT").await.ok();
    let counts = counts["documents"].as_array().unwrap();
    assert_eq!(counts.len(), 2);
    let path = format!(
        "/stock/variance?from={}&to={}",
        counts[1]["at"].as_str().unwrap(),
        counts[0]["at"].as_str().unwrap()
    );
    let report = admin.get(&path).await.ok();
    let worst = &report["goods"][0];
    assert_eq!(worst["name"], "Лосось, филе");
    let missing = worst["unexplained"].as_f64().unwrap();
    assert!((1_800.0..1_810.0).contains(&missing), "{missing}");
    let below: Vec<_> = admin.get("/stock/levels?state=NEGATIVE").await.ok()["levels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|level| level["name"].clone())
        .collect();
    assert_eq!(below, Vec::<Value>::new(), "nothing was sold that was not there");
    let cost: i64 =
        db.query_row("SELECT sum(cost) FROM daily_costs", [], |row| row.get(0)).unwrap();
    let sql = "SELECT -sum(value) FROM stock_moves WHERE kind = 'SALE'";
    let value: i64 = db.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(cost > 0 && cost == value, "{cost} {value}");
    // A second time nothing is done.
    app.store.run_in_steps(FillCellar::new(cellar(), zone)).await.unwrap();
    let again = admin.get("/stock/documents?kind=COUNT").await.ok();
    assert_eq!(again["documents"].as_array().unwrap().len(), 2);
    stop.cancel();
}
