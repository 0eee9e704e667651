//! A menu of 50,000 options: an order asks for those of its own dishes, and nothing walks the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use qres::core::error::Result;
use qres::core::store::{Command, Tx};
use reqwest::Method;
use serde_json::json;

use crate::harness::House;
use crate::options::{Group, ask, furnish};

/// Groups of a hundred options each, until there are 50,000; no dish asks for them yet.
struct Fill;

impl Command for Fill {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute_batch(
            "CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS
                 (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i FROM n;
             INSERT INTO modifier_groups (id, name, max_choices, created_at, updated_at)
                 SELECT 1000 + i, 'Group ' || i, 3, 0, 0 FROM n;
             INSERT INTO modifier_options (group_id, name, price, sort_order, created_at, updated_at)
                 SELECT 1000 + g.i, hex(randomblob(12)), o.i * 10, o.i, 0, 0
                 FROM n g JOIN n o ON o.i <= 100;
             DROP TABLE n;",
        )?;
        Ok(())
    }
}

/// Counts what SQLite does on the writer's connection.
struct Count(Arc<AtomicU64>);

impl Command for Count {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let count = move || {
            self.0.fetch_add(1, Relaxed);
            false
        };
        Ok(tx.progress_handler(10, Some(count))?)
    }
}

/// The fewest steps, in tens, of five times the same work: upkeep may come between.
async fn steps_of(steps: &AtomicU64, mut work: impl AsyncFnMut()) -> u64 {
    let mut fewest = u64::MAX;
    for _ in 0..5 {
        let before = steps.load(Relaxed);
        work().await;
        fewest = fewest.min(steps.load(Relaxed) - before);
    }
    fewest
}

/// What the writer does for an order that chooses, the same when the menu has just changed, and for an
/// option that runs out or costs something else.
async fn costs(
    house: &House,
    steps: &AtomicU64,
    (doneness, toppings): &(Group, Group),
) -> [u64; 4] {
    let chosen = json!([{"option_id": doneness.options[1]}, {"option_id": toppings.options[0]}]);
    // To go, so that each is an order of its own and no bill grows.
    let line = json!({"dish_id": house.borscht, "quantity": 1, "modifiers": chosen});
    let to_go = json!({"order_type": "TAKEAWAY", "items": [line]});
    let again = async || drop(house.waiter.post("/orders", &to_go).await.created());
    let path = format!("/modifier-groups/{}/options/{}", toppings.id, toppings.options[2]);
    let availability = format!("{path}/availability");
    let changed = async || {
        house.kitchen.patch(&availability, &json!({"is_available": false})).await.ok();
    };
    let mut price = 0;
    let priced = async || {
        price += 1;
        house.admin.patch(&path, &json!({"price": format!("-{price}")})).await.ok();
    };
    again().await;
    [
        steps_of(steps, &again).await,
        steps_of(steps, async || {
            changed().await;
            again().await;
        })
        .await,
        steps_of(steps, &changed).await,
        steps_of(steps, priced).await,
    ]
}

#[tokio::test]
async fn fifty_thousand_options_cost_an_order_nothing() {
    let house = House::open().await;
    let groups = furnish(&house).await;
    let steps = Arc::new(AtomicU64::new(0));
    let store = &house.app.app.store;
    store.run(Count(Arc::clone(&steps))).await.unwrap();
    let before = costs(&house, &steps, &groups).await;
    let menu = house.app.anonymous().get("/dishes/menu").await.ok();
    store.run(Fill).await.unwrap();
    let after = costs(&house, &steps, &groups).await;
    for (before, after) in before.into_iter().zip(after) {
        assert!(before > 0 && after <= before + before / 4 + 10, "{before:?} {after:?}");
    }

    // Nor do those cost a guest anything for which no dish asks.
    let now = house.app.anonymous().get("/dishes/menu").await.ok();
    assert_eq!(now["modifier_groups"], menu["modifier_groups"]);
}

#[tokio::test]
async fn a_dish_of_two_thousand_options_is_ordered_and_the_first_reply_stays_small() {
    let house = House::open().await;
    house.app.app.store.run(Fill).await.unwrap();
    let asked: Vec<i64> = (1001..=1020).collect();
    ask(&house.admin, house.borscht, &asked).await;
    let menu = house.app.anonymous().get("/dishes/menu").await.ok();
    let groups = menu["modifier_groups"].as_array().unwrap();
    let options = groups.iter().map(|group| group["options"].as_array().unwrap().len());
    assert_eq!((groups.len(), options.sum::<usize>()), (20, 2000));

    let last = groups[19]["options"][99]["id"].clone();
    let line = json!({"dish_id": house.borscht, "quantity": 1, "modifiers": [{"option_id": last}]});
    let body = json!({"table_id": house.tables[0], "items": [line]});
    let placed = house.waiter.post("/orders", &body).await.created();
    assert_eq!(placed["items"][0]["modifiers_price"], "10.00");

    // Names of 2,000 options do not fit a first reply: they come after it.
    let name = groups[19]["options"][99]["name"].as_str().unwrap();
    let guest = house.app.anonymous();
    let page = guest.get("/menu").await.text();
    if page.contains("data-part") {
        assert!(!page.contains(name));
        assert!(guest.get("/menu?whole").await.text().contains(name));
        let packed = guest.request(Method::GET, "/menu").header("accept-encoding", "gzip");
        let packed = guest.send(packed).await;
        assert_eq!(packed.headers["content-encoding"], "gzip");
        assert!(packed.bytes.len() <= 17_300, "{}", packed.bytes.len());
    }

    // One more than a menu takes.
    let more = json!({"name": "One more", "options": [{"name": "Too many"}]});
    house.admin.post("/modifier-groups", &more).await.refused(400, "menu_full");
    let path = "/modifier-groups/1500/options";
    house.admin.post(path, &json!({"name": "Too many"})).await.refused(400, "menu_full");
}
