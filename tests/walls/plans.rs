//! No statement walks a table that grows: each that stands in the sources is planned by SQLite on the
//! newest schema. What is put together from parts at run time is not seen here; its parts that are
//! constants of the same file are.

use std::collections::BTreeSet;

use qres::core::store::{Connection, with_newest_schema};

use super::{Source, sources};

/// What grows with every evening.
const GROWING: [&str; 43] = [
    "account_moves",
    "adjustments",
    "approvals",
    "audit",
    "calls",
    "cash_counts",
    "cash_moves",
    "cash_shifts",
    "cash_strays",
    "check_lines",
    "checks",
    "customer_consents",
    "customer_words",
    "customers",
    "daily_costs",
    "daily_dishes",
    "daily_options",
    "daily_quarters",
    "daily_taxes",
    "daily_waiters",
    "deeds",
    "entries",
    "events",
    "fiscal_documents",
    "idempotency_keys",
    "loyalty_accounts",
    "loyalty_entries",
    "money_changes",
    "order_items",
    "orders",
    "pay_attempts",
    "pay_days",
    "pay_refunds",
    "payments",
    "promo_uses",
    "reservation_tables",
    "reservations",
    "stock_document_lines",
    "stock_documents",
    "stock_moves",
    "suggestion_orders",
    "visits",
    "work_days",
];

/// Walks that are right: where, of what, why.
const RIGHT: &[(&str, &str, &str)] = &[
    ("core/store/event_trim.rs", "events", "the oldest few"),
    ("core/store/events.rs", "events", "from the newest back to a moment"),
    (
        "core/store/idempotency.rs",
        "idempotency_keys",
        "of three days, when they are trimmed or an account is erased",
    ),
    ("core/store/snapshot.rs", "events", "the newest one, when a backup is restored"),
    ("features/backup/secrets_store.rs", "visits", "those that are taken over by a restore"),
    ("features/orders/store/past.rs", "orders", "whether there is any, for the demo"),
    (
        "features/permissions/approvals_store.rs",
        "approvals",
        "of a month, when an account is erased",
    ),
    (
        "features/cash/shifts_store.rs",
        "cash_shifts",
        "the last few that are closed, for the doctor",
    ),
    ("features/fiscal/store/make.rs", "fiscal_documents", "the last thousand"),
    (
        "features/fiscal/store/people.rs",
        "fiscal_documents",
        "from the newest back to one that has a number",
    ),
    ("features/pay/store/attempts.rs", "pay_attempts", "the last thousand, and how many there are"),
    ("features/loyalty/ledger_store.rs", "loyalty_accounts", "all are compared, by `qres doctor`"),
    ("features/restaurant/store.rs", "account_moves", "whether there is any, for the currency"),
    ("features/restaurant/store.rs", "cash_shifts", "the same"),
    ("features/update/store.rs", "orders", "counted once, beside an update"),
    ("platform/audit/store.rs", "audit", "the chain is checked whole, by `qres doctor`"),
];

/// The texts between quotation marks, as the compiler reads them.
fn texts(code: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut chars = code.chars().peekable();
    while let Some(char) = chars.next() {
        if char == '\'' && chars.peek() == Some(&'"') {
            chars.next();
        } else if char == '"' {
            let mut text = String::new();
            while let Some(char) = chars.next().filter(|char| *char != '"') {
                if char != '\\' {
                    text.push(char);
                } else if let Some(escaped) = chars.next()
                    && escaped != '\n'
                {
                    text.push(escaped);
                }
            }
            texts.push(text);
        }
    }
    texts
}

/// The statements of a file, with its constants in their places.
fn statements(source: &Source) -> Vec<String> {
    let code = source.code.split("#[cfg(test)]").next().unwrap();
    let mut constants = Vec::new();
    for after in code.split("const ").skip(1) {
        if let Some((name, rest)) = after.split_once(": &str =")
            && let Some(text) = texts(rest).into_iter().next()
        {
            constants.push((format!("{{{name}}}"), text));
        }
    }
    let filled =
        |text: String| constants.iter().fold(text, |text, (name, value)| text.replace(name, value));
    // What others are begun with is looked at there.
    let is_part = |text: &String| {
        constants.iter().any(|(name, value)| {
            let with = format!("with({},", name.trim_matches(['{', '}']));
            value == text && (code.contains(name.as_str()) || code.contains(&with))
        })
    };
    let begins = |text: &String| {
        ["SELECT ", "UPDATE ", "DELETE ", "INSERT ", "WITH "]
            .iter()
            .any(|word| text.starts_with(word))
    };
    let all = texts(code).into_iter().filter(|text| !is_part(text)).map(filled);
    all.filter(begins).collect()
}

/// Which of these tables a statement walks whole; none where it is no statement of SQLite's.
fn walked(db: &Connection, sql: &str, tables: &[&'static str]) -> Option<BTreeSet<&'static str>> {
    // A new row makes SQLite look for rows that waited for it only where such rows may be.
    db.pragma_update(None, "foreign_keys", !sql.starts_with("INSERT")).ok()?;
    let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).ok()?;
    for at in 1..=plan.parameter_count() {
        plan.raw_bind_parameter(at, 1).ok()?;
    }
    let mut rows = plan.raw_query();
    let mut walked = BTreeSet::new();
    while let Some(row) = rows.next().ok()? {
        let step: String = row.get(3).ok()?;
        let Some(step) = step.strip_prefix("SCAN ") else { continue };
        let (alias, how) = step.split_once(' ').unwrap_or((step, ""));
        // An index of few rows is walked whole: of what is open.
        let is_of_few = how.split(' ').next_back().is_some_and(|index| is_partial(db, index));
        // So is the end of a table.
        let is_end = sql.contains(" LIMIT ") && !sql.contains("WHERE") && !sql.contains("count(");
        let table = tables.iter().find(|table| is_named(sql, table, alias));
        walked.extend(table.filter(|_| !is_of_few && !is_end));
    }
    Some(walked)
}

fn is_partial(db: &Connection, index: &str) -> bool {
    let sql = "SELECT sql LIKE '% WHERE %' FROM sqlite_schema WHERE type = 'index' AND name = ?1";
    db.query_row(sql, [index], |row| row.get::<_, bool>(0)).unwrap_or(false)
}

/// Whether a table is called so in a statement.
fn is_named(sql: &str, table: &str, alias: &str) -> bool {
    let words: Vec<&str> =
        sql.split([' ', '\n', ',', '(', ')']).filter(|w| !w.is_empty()).collect();
    alias == table
        || words.windows(2).any(|two| two == [table, alias])
        || words.windows(3).any(|three| three == [table, "AS", alias])
}

#[test]
fn no_statement_walks_a_table_that_grows() {
    let (mut planned, mut wrong) = (0, Vec::new());
    with_newest_schema(|db| {
        // A test looks at all that it wrote.
        for source in sources().into_iter().filter(|source| !source.path.ends_with("/tests.rs")) {
            for sql in statements(&source) {
                let Some(walked) = walked(db, &sql, &GROWING) else { continue };
                planned += 1;
                for table in walked {
                    let is_right =
                        |(file, of, _): &&(&str, &str, &str)| source.path == *file && table == *of;
                    if RIGHT.iter().find(is_right).is_none() {
                        wrong.push(format!("{}: {table}: {sql}", source.path));
                    }
                }
            }
        }
        Ok(())
    })
    .unwrap();
    println!("{planned} statements were planned");
    assert!(planned > 350, "only {planned} statements were found");
    assert!(wrong.is_empty(), "walked whole: {}", wrong.join("\n"));
}

#[test]
fn a_walk_is_found() {
    let of = |sql: &str| with_newest_schema(|db| Ok(walked(db, sql, &GROWING))).unwrap();
    assert_eq!(of("SELECT * FROM payments p WHERE p.tip > ?1"), Some(["payments"].into()));
    assert_eq!(of("SELECT * FROM entries WHERE at > 3 LIMIT 5"), Some(["entries"].into()));
    assert_eq!(of("SELECT * FROM payments WHERE order_id = ?1"), Some([].into()));
    assert_eq!(of("SELECT * FROM nothing"), None);
}

/// What a long menu is long of: 2,000 dishes, 50,000 options.
const OF_A_MENU: [&str; 7] = [
    "combo_choices",
    "combo_parts",
    "dish_modifier_groups",
    "dish_variations",
    "dishes",
    "modifier_groups",
    "modifier_options",
];

/// Where orders ask the menu.
const OF_ORDERS: [&str; 4] = [
    "features/orders/store/",
    "features/menu/store.rs",
    "features/menu/modifiers/store/offers.rs",
    "features/menu/combos/offers_store.rs",
];

/// However long the menu is, an order looks up what it names.
#[test]
fn no_order_walks_the_menu() {
    let (mut planned, mut wrong) = (0, Vec::new());
    with_newest_schema(|db| {
        let asks = |source: &Source| OF_ORDERS.iter().any(|path| source.path.starts_with(path));
        // The demo's past is made of all dishes.
        let is_demo = |source: &Source| source.path.ends_with("/past.rs");
        for source in sources().into_iter().filter(|one| asks(one) && !is_demo(one)) {
            for sql in statements(&source) {
                let Some(walked) = walked(db, &sql, &OF_A_MENU) else { continue };
                planned += usize::from(OF_A_MENU.iter().any(|table| sql.contains(table)));
                wrong.extend(walked.iter().map(|table| format!("{}: {table}: {sql}", source.path)));
            }
        }
        Ok(())
    })
    .unwrap();
    assert!(planned > 5, "only {planned} statements were found");
    assert!(wrong.is_empty(), "walked whole: {}", wrong.join("\n"));
}

/// The columns of a table that point to another and have no index.
fn without_index(db: &Connection, table: &str) -> Vec<String> {
    let mut missing = db
        .prepare(
            "SELECT \"from\" FROM pragma_foreign_key_list(?1) k
             WHERE NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) i, pragma_index_info(i.name) c
                               WHERE c.seqno = 0 AND c.name = k.\"from\")
               AND NOT EXISTS (SELECT 1 FROM pragma_table_info(?1) c
                               WHERE c.pk = 1 AND c.name = k.\"from\")",
        )
        .unwrap();
    missing.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// An index costs each insert, and spares the deletion of a parent a walk: where parents are never
/// deleted there is none, and the schema says so (`No index: …`, `No index on both: …`).
#[test]
fn keys_without_an_index_say_why() {
    let schema: String =
        super::files("migrations", ".sql").into_iter().map(|(_, text)| text).collect();
    let missing: BTreeSet<(String, String)> = with_newest_schema(|db| {
        let mut tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
        let tables = tables.query_map([], |row| row.get(0)).unwrap();
        let tables: Vec<String> = tables.map(Result::unwrap).collect();
        let of = |table: &String| -> Vec<_> {
            let columns = without_index(db, table).into_iter();
            columns.map(|column| (table.clone(), column)).collect()
        };
        Ok(tables.iter().flat_map(of).collect())
    })
    .unwrap();
    let mut unsaid = Vec::new();
    for (table, column) in &missing {
        let block = schema.split(&format!("CREATE TABLE {table} (")).nth(1).unwrap();
        let before = block.split(&format!("\n    {column} ")).next().unwrap();
        let mut lines = before.lines().rev();
        let is_said = lines.next().is_some_and(|line| line.contains("-- No index"))
            || lines.next().is_some_and(|line| line.contains("-- No index on both"));
        if !is_said {
            unsaid.push(format!("{table}.{column}"));
        }
    }
    assert!(unsaid.is_empty(), "no index, and nothing says why: {unsaid:?}");
}
