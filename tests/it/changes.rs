//! The change log: the cloud hears of every row that a commit touched, and of none that was rolled
//! back. And no table is forgotten: each is copied, or stays here on purpose.

use std::collections::BTreeSet;

use qres::appliance::tables;
use qres::core::error::{Error, Result};
use qres::core::store::{
    Command, IdRange, Store, Tx, backlog, everything, fold, forget_taken, waiting,
};

/// Writes payment methods with these ids; refuses at the end when told to.
struct Touch {
    ids: Vec<i64>,
    refuse: bool,
}

impl Command for Touch {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.keep_changes();
        for id in self.ids {
            tx.execute(
                "INSERT INTO payment_methods (id, name, created_at, updated_at)
                 VALUES (?1, 'method ' || ?1, 0, 0)
                 ON CONFLICT (id) DO UPDATE SET updated_at = updated_at + 1",
                [id],
            )?;
        }
        if self.refuse { Err(Error::rule("no", "No.")) } else { Ok(()) }
    }
}

/// Changes a row, and says nothing of a cloud.
struct Rename;

impl Command for Rename {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute("UPDATE payment_methods SET name = 'cash' WHERE id = 1", [])?;
        Ok(())
    }
}

struct Fold;

impl Command for Fold {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        fold(tx, 0)
    }
}

/// The cloud took up to `limit` rows.
struct Take(i64);

impl Command for Take {
    type Output = Vec<IdRange>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Vec<IdRange>> {
        let Some(taken) = waiting(tx, self.0)? else { return Ok(Vec::new()) };
        forget_taken(tx, &taken)?;
        Ok(taken.ranges)
    }
}

fn methods(first: i64, count: i64) -> IdRange {
    IdRange { table: 10, first, count }
}

async fn touch(store: &Store, ids: &[i64]) {
    store.run(Touch { ids: ids.to_vec(), refuse: false }).await.unwrap();
}

async fn waits(store: &Store) -> Vec<IdRange> {
    let all = store.read(|db| waiting(db, i64::MAX)).await.unwrap();
    all.map(|all| all.ranges).unwrap_or_default()
}

#[tokio::test]
async fn what_was_rolled_back_is_not_noted() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), tables(), Vec::new()).unwrap();
    assert!(store.run(Touch { ids: vec![1, 2], refuse: true }).await.is_err());
    assert_eq!(waits(&store).await, []);
    touch(&store, &[5, 6, 9]).await;
    assert_eq!(waits(&store).await, [methods(5, 2), methods(9, 1)]);
    store.close().await;
}

#[tokio::test]
async fn a_box_without_a_cloud_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), tables(), Vec::new()).unwrap();
    touch(&store, &[1]).await;
    store.close().await;
    // `cloud_state` is what tells a start that there is a cloud: here there is none.
    let store = Store::open(folder.path(), tables(), Vec::new()).unwrap();
    store.run(Rename).await.unwrap();
    assert_eq!(store.read(backlog).await.unwrap(), (1, 1), "only what stood there before");
    store.close().await;
}

#[tokio::test]
async fn a_row_that_changed_often_waits_once_and_is_taken_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), tables(), Vec::new()).unwrap();
    for id in 1..=10 {
        touch(&store, &[id, 1]).await;
    }
    assert_eq!(store.read(backlog).await.unwrap(), (19, 10));
    store.run(Fold).await.unwrap();
    assert_eq!(store.read(backlog).await.unwrap(), (10, 1));
    touch(&store, &[4]).await;
    assert_eq!(store.run(Take(7)).await.unwrap(), [methods(1, 7)]);
    assert_eq!(store.read(backlog).await.unwrap(), (4, 2), "a part of the first change is left");
    assert_eq!(store.run(Take(100)).await.unwrap(), [methods(4, 1), methods(8, 3)]);
    assert_eq!(store.run(Take(100)).await.unwrap(), []);
    let all = store.read(|db| everything(db, tables())).await.unwrap();
    assert_eq!(all[0], methods(1, 10));
    assert_eq!(
        (all[1].table, all.len()),
        (23, 5),
        "and the reasons, taxes and the place that a box begins with"
    );
    store.close().await;
}

#[tokio::test]
async fn every_table_is_copied_or_stays_here_on_purpose() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path(), tables(), Vec::new()).unwrap().close().await;
    let db = rusqlite::Connection::open(folder.path().join("qres.db")).unwrap();
    let mut tables_there = db
        .prepare(
            "SELECT name, wr FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
        .unwrap();
    let tables_there: Vec<(String, bool)> = tables_there
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let (mut seen, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for (name, without_rowid) in &tables_there {
        let copied = tables().copied().iter().find(|table| table.name == name);
        assert_ne!(
            copied.is_some(),
            tables().local().contains(&name.as_str()),
            "{name}: its feature.rs names it in `copies` (with a new code) or in `local`"
        );
        let Some(copied) = copied else { continue };
        assert!(!without_rowid, "{name}: the update hook does not hear of WITHOUT ROWID tables");
        let key: String = db
            .query_row(
                "SELECT group_concat(name || ' ' || type) FROM pragma_table_info(?1) WHERE pk > 0",
                [name],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(key, "id INTEGER", "the key of {name}");
        assert!(codes.insert(copied.code) && tables().with_code(copied.code) == Some(copied));
        seen.insert(copied.name);
    }
    let (copied, local) = (tables().copied().len(), tables().local().len());
    assert_eq!(seen.len(), copied, "a copied table is gone");
    assert_eq!(seen.len() + local, tables_there.len(), "a table is gone, or named twice");
}

/// The codes are on disks and in clouds.
#[test]
fn a_copied_table_keeps_its_code() {
    let known = [
        (1, "site"),
        (2, "users"),
        (3, "locations"),
        (4, "tables"),
        (5, "categories"),
        (6, "dishes"),
        (7, "dish_variations"),
        (8, "ingredients"),
        (9, "dish_ingredients"),
        (10, "payment_methods"),
        (11, "orders"),
        (12, "order_items"),
        (13, "payments"),
        (14, "money_changes"),
        (17, "audit"),
        (18, "checks"),
        (19, "check_lines"),
        (20, "adjustments"),
        (21, "role_permissions"),
        (22, "user_permissions"),
        (23, "reasons"),
        (25, "entries"),
        (31, "tax_classes"),
        (32, "tax_rates"),
        (40, "house_accounts"),
        (41, "account_moves"),
        (50, "cash_drawers"),
        (51, "cash_moves"),
        (52, "cash_counts"),
        (53, "cash_strays"),
        (54, "cash_shifts"),
        (73, "adjustment_rules"),
        (74, "tip_rules"),
        (75, "work_days"),
        (76, "periods"),
        (77, "price_lists"),
        (78, "prices"),
        (79, "menu_times"),
        (80, "modifier_groups"),
        (81, "modifier_options"),
        (82, "option_ingredients"),
        (83, "dish_modifier_groups"),
        (84, "combo_parts"),
        (85, "combo_choices"),
        (90, "printers"),
        (91, "scales"),
        (95, "variation_barcodes"),
        (96, "fiscal_devices"),
        (97, "fiscal_documents"),
        (120, "stock_goods"),
        (121, "stock_packs"),
        (122, "stock_places"),
        (123, "stock_shelves"),
        (124, "suppliers"),
        (125, "supplier_prices"),
        (126, "recipes"),
        (127, "recipe_lines"),
        (128, "stock_documents"),
        (129, "stock_document_lines"),
        (130, "stock_moves"),
        (131, "stock_levels"),
        (132, "stock_costs"),
        (133, "portions_left"),
        (134, "stock_recounts"),
        (135, "stock_postings"),
        (140, "reservations"),
        (141, "reservation_tables"),
        (142, "reservation_rules"),
        (150, "pay_providers"),
        (151, "pay_attempts"),
        (152, "pay_refunds"),
        (180, "customers"),
        (181, "customer_words"),
        (182, "customer_consents"),
        (183, "customer_erasures"),
        (190, "loyalty_programs"),
        (191, "loyalty_accounts"),
        (192, "loyalty_entries"),
        (193, "promo_codes"),
        (194, "promo_uses"),
        (200, "suggestion_settings"),
        (201, "suggestion_marks"),
    ];
    let now: Vec<_> = tables().copied().iter().map(|table| (table.code, table.name)).collect();
    assert_eq!(now, known, "add a new table with a code that was never used");
    let users = tables().with_code(2).unwrap();
    assert_eq!(users.secret, ["password_hash", "pin_hash"]);
}

/// The hook does not hear of rows that REPLACE removes, nor of a DELETE without WHERE.
#[test]
fn copied_tables_are_written_in_ways_that_the_hook_hears() {
    let mut sources = Vec::new();
    let mut folders = vec![std::path::PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources.push((path.clone(), std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (path, source) in sources {
        let source = words(&source);
        for table in tables().copied() {
            let name = table.name;
            for forbidden in [
                format!("REPLACE INTO {name} "),
                format!("DELETE FROM {name}\""),
                format!("DELETE FROM {name};"),
            ] {
                assert!(!source.contains(&forbidden), "{}: {forbidden}", path.display());
            }
        }
    }
}
