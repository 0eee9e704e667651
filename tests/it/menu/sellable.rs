//! What orders may sell.

use qres::core::error::{Error, Result};
use qres::core::kernel::Measure;
use qres::core::store::{Command, Tx};
use qres::features::menu::{Sellable, sellable};
use serde_json::{Value, json};

use super::{category, dish, id, variation};
use crate::harness::TestApp;

/// Asks twice: what is answered first is remembered.
struct Ask(i64, Option<i64>);

impl Command for Ask {
    type Output = Sellable;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Sellable> {
        let first = sellable(tx, self.0, self.1)?;
        let again = sellable(tx, self.0, self.1)?;
        assert_eq!(format!("{first:?}"), format!("{again:?}"));
        Ok(again)
    }
}

/// Makes a size dearer, looks what it costs then, and takes that back.
struct Raise(i64, i64);

impl Command for Raise {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let Self(dish, size) = self;
        let before = sellable(tx, dish, Some(size))?.price;
        tx.execute("UPDATE dish_variations SET price = price + 1 WHERE id = ?1", [size])?;
        let after = sellable(tx, dish, Some(size))?.price;
        assert_eq!(after.0, before.0 + 1, "what this batch wrote is seen");
        Err(Error::rule("no", "No."))
    }
}

#[tokio::test]
async fn an_order_takes_what_can_be_sold() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let drinks = category(&admin, "Drinks").await;
    let tea = json!({"name": "Tea", "description": "Black.", "category_id": drinks,
        "department": "bar", "cooking_time": 5, "main_image_url": "/tea.webp"});
    let tea = id(&admin.post("/dishes", &tea).await.created());
    let coffee = dish(&admin, drinks, "Coffee").await;
    let espresso = variation(&admin, coffee, "Espresso", "120").await;
    let ask = async |dish, variation| app.app.store.run(Ask(dish, variation)).await;
    let code = async |dish, variation| {
        let error = ask(dish, variation).await.unwrap_err();
        (error.status(), error.problem().code)
    };
    let unavailable = (400, "dish_unavailable");

    let error = ask(tea, None).await.unwrap_err();
    assert_eq!((error.status(), error.problem().code), unavailable, "no variation yet");
    assert_eq!(error.problem().params["dish"], "Tea");
    assert_eq!(error.problem().params["dish_id"], tea);

    let path = format!("/dishes/{tea}/variations");
    let cup = json!({"name": "Cup", "price": "150.50", "sort_order": 3});
    let cup = id(&admin.post(&path, &cup).await.created());
    let pot = json!({"name": "Pot", "price": 350, "sort_order": 2});
    let pot = id(&admin.post(&path, &pot).await.created());
    let jug = json!({"name": "Jug", "price": 500, "sort_order": 2});
    let jug = id(&admin.post(&path, &jug).await.created());
    let sold = ask(tea, None).await.unwrap();
    assert_eq!((sold.dish_id, sold.variation_id), (tea, cup), "the default one");
    assert_eq!((sold.dish_name.as_str(), sold.variation_name.as_str()), ("Tea", "Cup"));
    assert_eq!((sold.price.0, sold.department.as_str()), (15_050, "bar"));
    assert_eq!((sold.cooking_time, sold.image_url.as_deref()), (Some(5), Some("/tea.webp")));
    assert_eq!(ask(tea, Some(jug)).await.unwrap().price.0, 50_000);
    assert!(app.app.store.run(Raise(tea, jug)).await.is_err());
    assert_eq!(ask(tea, Some(jug)).await.unwrap().price.0, 50_000, "it was taken back");

    // In what it is measured and how it is taxed is of now, too.
    assert_eq!((sold.measure, sold.tax_class_id), (None, None));
    admin.patch(&format!("{path}/{jug}"), &json!({"unit": "l"})).await.ok();
    let rates = json!([{"valid_from": null, "percent": "10"}]);
    let class = json!({"name": "Drinks", "kind": "INCLUDED", "rates": rates});
    let class = id(&admin.post("/tax-classes", &class).await.created());
    let taxed = json!({"tax_class_id": class});
    admin.patch(&format!("/categories/{drinks}"), &taxed).await.ok();
    let sold = ask(tea, Some(jug)).await.unwrap();
    let measure = sold.measure.map(Measure::as_str);
    assert_eq!((measure, sold.tax_class_id), (Some("l"), Some(class)));

    let (away, back) = (json!({"is_available": false}), json!({"is_available": true}));
    let switch = async |variation, body: &Value| {
        admin.patch(&format!("{path}/{variation}/availability"), body).await.ok();
    };
    switch(cup, &away).await;
    assert_eq!(ask(tea, None).await.unwrap().variation_id, pot, "the first available one");
    assert_eq!(code(tea, Some(cup)).await, unavailable);
    switch(pot, &away).await;
    assert_eq!(ask(tea, None).await.unwrap().variation_id, jug);
    switch(jug, &away).await;
    assert_eq!(code(tea, None).await, unavailable);
    switch(cup, &back).await;

    assert_eq!(code(99, None).await, (404, "not_found"));
    assert_eq!(code(tea, Some(99)).await, (404, "not_found"));
    assert_eq!(code(tea, Some(espresso)).await, (404, "not_found"));
    assert_eq!(code(99, Some(espresso)).await, (404, "not_found"));

    let dish_switch = format!("/dishes/{tea}/availability");
    admin.patch(&dish_switch, &away).await.ok();
    assert_eq!(code(tea, None).await, unavailable);
    assert_eq!(code(tea, Some(cup)).await, unavailable);
    admin.patch(&dish_switch, &back).await.ok();
    admin.patch(&format!("/categories/{drinks}"), &json!({"is_active": false})).await.ok();
    assert_eq!(code(tea, Some(cup)).await, unavailable);
    admin.patch(&format!("/categories/{drinks}"), &json!({"is_active": true})).await.ok();
    assert!(ask(tea, Some(cup)).await.is_ok());
    admin.delete(&format!("/dishes/{tea}")).await.ok();
    assert_eq!(code(tea, None).await, (404, "not_found"));
    assert_eq!(code(tea, Some(cup)).await, (404, "not_found"));
}
