//! What guests, cooks and owners complained of in the stock of others, each by its number in the list of
//! complaints; what is not here has its test elsewhere, and is named below.
//!
//! - 7, the last portion sold twice: `portions::ten_tablets_sell_the_last_fifty`.
//! - 8, a dish that ran out is ordered from an old menu: `portions::the_menu_says_what_is_left_and_is_without_what_ran_out`,
//!   `options_refused`.
//! - 9, a recipe in a recipe a hundred times too large: the tables of three levels beside `features/stock/recipes/rules.rs`.
//! - 18, the price of a late invoice reaches no dish: `stock::a_late_invoice_reaches_what_was_sold_and_what_was_made`.

use serde_json::json;

use crate::combos::{furnish, order};
use crate::harness::{Cellar, House, eventually, id};

/// What was taken off comes back for what it went, whatever it costs by now.
#[tokio::test]
async fn complaint_4_what_comes_back_is_worth_what_it_went_for() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    cellar.buys(cellar.beef, 1_000, "800.00").await;
    let order = house.place().await;
    cellar.until(cellar.beef, 900.0).await;
    cellar.buys(cellar.beef, 900, "1440.00").await;
    assert_eq!(cellar.stands(cellar.beef).await, (json!(1_800), json!("2160.00")));
    let line = format!("/orders/{}/items/{}", id(&order), order["items"][0]["id"]);
    house.waiter.delete(&format!("{line}?reason=mistake")).await.ok();
    cellar.until(cellar.beef, 1_900.0).await;
    let back = cellar.moves(cellar.beef).await.pop().unwrap();
    assert_eq!(back, ("SALE".into(), 100.0, "80.00".into()), "not the 120.00 of today");
    assert_eq!(cellar.stands(cellar.beef).await, (json!(1_900), json!("2240.00")));
}

/// The parts of a combo take their goods when they go to the kitchen, and a part whose goods ran out stops
/// the combo at once, not when somebody closes the day.
#[tokio::test]
async fn complaint_5_a_combo_takes_the_goods_of_its_parts() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    let lunch = furnish(house).await;
    cellar.buys(cellar.beetroot, 160, "20.00").await;
    let watch = json!({"watch": "STOP"});
    house.admin.patch(&format!("/stock/goods/{}", cellar.beetroot), &watch).await.ok();
    order(house, &lunch, 2, &[lunch.soup[0], lunch.drink[0]]).await.created();
    cellar.until(cellar.beetroot, 0.0).await;
    eventually("the soup stops", async || {
        order(house, &lunch, 1, &[lunch.soup[0], lunch.drink[0]]).await.status == 409
    })
    .await;
    let other = [lunch.soup[1], lunch.drink[0]];
    order(house, &lunch, 1, &other).await.created();
    cellar.assert_right();
}

/// Each move has the moment at which its line was sold; closing a shift moves nothing.
#[tokio::test]
async fn complaint_6_closing_a_shift_moves_no_goods_and_no_moments() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    cellar.buys(cellar.beef, 1_000, "800.00").await;
    let body = json!({"name": "Till", "tolerance": "5"});
    let drawer = id(&house.admin.post("/cash/drawers", &body).await.created());
    let shift = json!({"drawer_id": drawer, "float": "100"});
    let shift = id(&house.admin.post("/cash/shifts", &shift).await.created());
    house.place().await;
    cellar.until(cellar.beef, 900.0).await;
    let before = moments(house);
    let path = format!("/cash/shifts/{shift}");
    house.admin.post(&format!("{path}/count"), &json!({"counted": "100"})).await.created();
    house.admin.post(&format!("{path}/close"), &json!({"counted": "100"})).await.ok();
    // What is sold after it is read after it.
    let next =
        json!({"order_type": "TAKEAWAY", "items": [{"dish_id": house.borscht, "quantity": 1}]});
    house.waiter.post("/orders/", &next).await.created();
    cellar.until(cellar.beef, 800.0).await;
    assert_eq!(moments(house)[..before.len()], before);
    cellar.assert_right();
}

/// The moves in their order: which good, how much, when.
fn moments(house: &House) -> Vec<(i64, i64, i64)> {
    let db = house.app.database();
    let mut moves =
        db.prepare("SELECT good_id, quantity, at FROM stock_moves ORDER BY id").unwrap();
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    moves.query_map([], read).unwrap().collect::<Result<_, _>>().unwrap()
}
