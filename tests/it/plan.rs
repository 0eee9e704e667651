//! Where tables stand on the plan of their room.

use serde_json::{Value, json};

use crate::floor::{add_location, add_table};
use crate::harness::{Client, Screen, TestApp};

fn place(table: &Value) -> (&Value, &Value, &Value) {
    (&table["x"], &table["y"], &table["shape"])
}

#[tokio::test]
async fn a_table_has_a_place_and_a_shape() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let (hall, bar) = (add_location(&admin, "Hall").await, add_location(&admin, "Bar").await);
    let plain = json!({"number": 1, "seats": 4, "location_id": hall});
    let table = admin.post("/tables", &plain).await.created();
    assert_eq!(place(&table), (&Value::Null, &Value::Null, &json!("square")));
    let placed = json!({"number": 2, "seats": 4, "location_id": hall, "x": 0, "y": 1000,
                        "shape": "wide"});
    let table = admin.post("/tables", &placed).await.created();
    assert_eq!(place(&table), (&json!(0), &json!(1000), &json!("wide")));
    let only_x = json!({"number": 3, "seats": 4, "x": 10});
    admin.post("/tables", &only_x).await.invalid("y");
    admin.post("/tables", &json!({"number": 3, "seats": 4, "x": 1001, "y": 0})).await.invalid("x");
    let oval = json!({"number": 3, "seats": 4, "shape": "oval"});
    admin.post("/tables", &oval).await.invalid("shape");

    let path = format!("/tables/{}", table["id"]);
    let moved = admin.patch(&path, &json!({"x": 500, "shape": "round"})).await.ok();
    assert_eq!(place(&moved), (&json!(500), &json!(1000), &json!("round")));
    admin.patch(&path, &json!({"x": null})).await.invalid("x");
    let elsewhere = admin.patch(&path, &json!({"location_id": bar})).await.ok();
    assert_eq!(place(&elsewhere), (&Value::Null, &Value::Null, &json!("round")));
    let back = json!({"location_id": hall, "x": 1, "y": 2});
    assert_eq!(place(&admin.patch(&path, &back).await.ok()).0, 1);
    let off = admin.patch(&path, &json!({"x": null, "y": null})).await.ok();
    assert_eq!(place(&off).1, &Value::Null);
}

#[tokio::test]
async fn a_plan_is_set_whole_or_not_at_all() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let (hall, bar) = (add_location(&admin, "Hall").await, add_location(&admin, "Bar").await);
    let one = add_table(&admin, 1, Some(hall)).await;
    let two = add_table(&admin, 2, Some(hall)).await;
    let far = add_table(&admin, 3, Some(bar)).await;
    let path = format!("/locations/{hall}/plan");
    let (mut screen, _) = Screen::greeted(&app, &waiter, None).await;
    let plan = json!([{"id": one, "x": 100, "y": 200, "shape": "round"},
                      {"id": two, "x": 300, "y": 400}]);
    let placed = admin.put(&path, &plan).await.ok();
    assert_eq!(place(&placed[0]), (&json!(100), &json!(200), &json!("round")));
    assert_eq!(place(&placed[1]), (&json!(300), &json!(400), &json!("square")));
    let told = screen.wait_for("table_changed").await;
    assert_eq!(told["data"], json!({"what": "location", "id": hall}));

    let with_a_stranger = json!([{"id": one, "x": 0, "y": 0}, {"id": far, "x": 0, "y": 0}]);
    let why = admin.put(&path, &with_a_stranger).await.refused(400, "table_elsewhere");
    assert!(why.contains("Table 3") && why.contains("Hall"), "{why}");
    let only_x = json!([{"id": one, "x": 0, "y": null}]);
    admin.put(&path, &only_x).await.invalid("y");
    let unknown = json!([{"id": 99, "x": 0, "y": 0}]);
    admin.put(&path, &unknown).await.refused(404, "not_found");
    admin.put("/locations/99/plan", &json!([])).await.refused(404, "not_found");
    admin
        .put(&path, &json!(vec![json!({"id": one, "x": 1, "y": 1}); 501]))
        .await
        .refused(400, "too_many_tables");
    waiter.put(&path, &plan).await.refused(403, "wrong_role");
    let kept = waiter.get(&format!("/tables/{one}")).await.ok();
    assert_eq!(place(&kept), (&json!(100), &json!(200), &json!("round")), "nothing has moved");

    let off = json!([{"id": one, "x": null, "y": null}]);
    assert_eq!(place(&admin.put(&path, &off).await.ok()[0]).0, &Value::Null);
}

#[tokio::test]
async fn a_leaked_code_dies_when_it_is_renewed() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let id = add_table(&admin, 1, None).await;
    let old = admin.get(&format!("/tables/{id}")).await.ok()["qr_code"].clone();
    let session = json!({"qr_code": old});
    let guest = app.anonymous().post("/guest/session", &session).await.created();
    let guest = Client::new(&app.base, guest["token"].as_str());
    guest.get("/guest/order").await.ok();

    let path = format!("/tables/{id}/qr/renew");
    waiter.post(&path, &json!(null)).await.refused(403, "wrong_role");
    let new = admin.post(&path, &json!(null)).await.ok()["qr_code"].clone();
    assert_ne!(new, old);
    app.anonymous().post("/guest/session", &session).await.refused(404, "no_such_code");
    assert_eq!(guest.get("/guest/order").await.status, 401, "the old code's guests are out");
    app.anonymous().post("/guest/session", &json!({"qr_code": new})).await.created();
    admin.post("/tables/99/qr/renew", &json!(null)).await.refused(404, "not_found");
}
