//! Whether every sum that anybody may look at is the same.

use qres::features::cash::check_shifts;
use qres::features::house_accounts::check_accounts;
use qres::features::orders::compare;
use rusqlite::Connection;
use serde_json::Value;

use super::{Client, id};

/// What an evening came to, in minor units.
#[derive(Debug, PartialEq, Eq)]
pub struct Sums {
    /// Payments without refunds.
    pub moved: i64,
    /// What was sold, as entries say it.
    pub revenue: i64,
    pub tips: i64,
    /// What accounts hold, less what they owe.
    pub accounts: i64,
    /// What was counted when cash shifts were closed, and what all their Z took.
    pub drawers: [i64; 2],
}

/// The head and the checks of each order since one, as the API tells them; page by page.
async fn bills(admin: &Client, since: i64) -> Vec<(Value, Value)> {
    let mut bills = Vec::new();
    loop {
        let page = format!("/orders?limit=10&skip={}", bills.len());
        let page = admin.get(&page).await.ok();
        let orders = page["orders"].as_array().unwrap();
        for order in orders {
            if id(order) <= since {
                return bills;
            }
            let checks = admin.get(&format!("/orders/{}/checks", order["id"])).await.ok();
            bills.push((order.clone(), checks));
        }
        if orders.is_empty() {
            return bills;
        }
    }
}

fn money(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

fn one(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// What was taken for orders that are not paid whole. Each check is its lines, and takes no more than
/// it comes to.
async fn taken_in_part(admin: &Client, since: i64) -> i64 {
    let mut in_part = 0;
    for (order, checks) in bills(admin, since).await {
        if order["payment_status"] == "UNPAID" {
            in_part += money(&checks["paid"]);
            let valid = checks["checks"].as_array().unwrap().iter();
            for check in valid.filter(|check| check["state"] != "REFUNDED") {
                in_part -= money(&check["refunded"]);
            }
        }
        if order["status"] != "CANCELLED" {
            assert_eq!(order["total_price"], checks["total"], "{order} {checks}");
        }
        for check in checks["checks"].as_array().unwrap() {
            let lines = check["lines"].as_array().unwrap().iter().map(|line| money(&line["total"]));
            assert_eq!(lines.sum::<i64>(), money(&check["total"]), "{check}");
            assert!(money(&check["paid"]) <= money(&check["total"]), "{check}");
        }
    }
    in_part
}

/// A report, whose rows add up to its total.
async fn report(admin: &Client, name: &str) -> Value {
    let report = admin.get(&format!("/reports/{name}")).await.ok();
    let rows = report["rows"].as_array().unwrap().iter().map(|row| money(&row["values"][0]));
    assert_eq!(rows.sum::<i64>(), money(&report["total"]["values"][0]), "{report}");
    report
}

/// What was taken for the orders since one is what they came to.
pub async fn assert_paid(admin: &Client, db: &Connection, since: i64) -> i64 {
    let sum = |sql: &str| one(db, &format!("{sql} > {since}"));
    let moved = sum("SELECT coalesce(sum(iif(kind = 'PAYMENT', amount, -amount)), 0) FROM payments
         WHERE state IN ('TAKEN', 'VOIDED') AND order_id");
    let orders = sum("SELECT coalesce(sum(total - given_back), 0) FROM orders
         WHERE payment_status = 'PAID' AND id");
    let in_part = taken_in_part(admin, since).await;
    assert_eq!(moved, orders + in_part, "of the orders after {since}");
    moved
}

/// Every sum, against the rows. Reports are of one day: the orders must be, too.
pub async fn assert_agrees(admin: &Client, db: &Connection) -> Sums {
    let moved = assert_paid(admin, db, 0).await;
    let revenue = one(
        db,
        "SELECT coalesce(sum(total - given_back), 0) FROM orders
         WHERE payment_status = 'PAID' AND status <> 'CANCELLED'",
    );
    let by_method = report(admin, "payment-methods").await;
    assert_eq!(money(&by_method["total"]["values"][0]), moved);
    for name in ["days", "dishes", "waiters", "hours", "taxes"] {
        let report = report(admin, name).await;
        assert_eq!(money(&report["total"]["values"][0]), revenue, "{name}");
    }
    let board = admin.get("/reports/today").await.ok();
    assert_eq!(money(&board["sales"]["revenue"]), revenue);
    // What is written down is what orders stand for, and the sums are what is written down.
    let right = compare(db, 9, usize::MAX).unwrap();
    assert!(right.is_right(), "{right:?}");
    assert_eq!(one(db, "SELECT coalesce(sum(revenue), 0) FROM entry_figures"), revenue);
    let other = "SELECT count(*) FROM order_items i WHERE modifiers <>
        (SELECT coalesce(sum(value ->> 'amount'), 0) FROM json_each(coalesce(i.chosen, '[]')))";
    assert_eq!(one(db, other), 0, "what was chosen adds up to something else");
    assert_columns_agree(admin, db).await;
    assert_accounts_agree(admin, db).await;
    assert_shifts_agree(db);
    let tips = one(
        db,
        "SELECT coalesce(sum(iif(p.kind = 'PAYMENT', tip, -tip)), 0)
         FROM payments p JOIN orders o ON o.id = p.order_id
         WHERE o.payment_status <> 'UNPAID' AND p.state IN ('TAKEN', 'VOIDED')",
    );
    assert_eq!(one(db, "SELECT coalesce(sum(tips), 0) FROM daily_waiters"), tips);
    let accounts = one(db, "SELECT coalesce(sum(balance), 0) FROM house_accounts");
    let drawers = ["counted", "turnover"].map(|column| {
        let closed = "FROM cash_shifts WHERE closed_at IS NOT NULL";
        one(db, &format!("SELECT coalesce(sum({column}), 0) {closed}"))
    });
    Sums { moved, revenue, tips, accounts, drawers }
}

/// Accounts stand where their moves and payments brought them, and reports say so.
async fn assert_accounts_agree(admin: &Client, db: &Connection) {
    assert_eq!(check_accounts(db).unwrap(), Vec::<i64>::new(), "accounts");
    let accounts = admin.get("/reports/accounts").await.ok();
    let cell = |place: usize| money(&accounts["total"]["values"][place]);
    let balance = one(db, "SELECT coalesce(sum(balance), 0) FROM house_accounts");
    assert_eq!(cell(4) - cell(5), balance, "{accounts}");
    assert_eq!(cell(0) + cell(1) - cell(2) - cell(3), balance, "{accounts}");
    let used = one(
        db,
        "SELECT coalesce(sum(iif(kind = 'PAYMENT', 1, -1) * (amount + rounding + tip)), 0)
         FROM payments WHERE method_kind = 'ACCOUNT' AND state IN ('TAKEN', 'VOIDED')",
    );
    assert_eq!(cell(2), used, "what checks were paid by accounts");
    let methods = admin.get("/reports/payment-methods").await.ok();
    let of = |place: usize| money(&methods["total"]["values"][place]);
    assert_eq!((of(7), of(8)), (cell(0) + cell(1), cell(3)), "{methods}");
}

/// Closed shifts are what their payments and moves come to, their Z have no gaps, and no cash is lost
/// between them.
fn assert_shifts_agree(db: &Connection) {
    assert_eq!(check_shifts(db, usize::MAX).unwrap(), Vec::<i64>::new(), "cash shifts");
    let gaps =
        "SELECT count(*) FROM (SELECT max(z_number) AS last, count(*) AS many FROM cash_shifts
                WHERE z_number IS NOT NULL GROUP BY drawer_id) WHERE last <> many";
    assert_eq!(one(db, gaps), 0, "numbers of Z");
    let lost = "SELECT count(*) FROM payments p
                WHERE method_kind = 'CASH' AND shift_id IS NULL
                  AND created_at >= (SELECT min(created_at) FROM cash_drawers)
                  AND NOT EXISTS (SELECT 1 FROM cash_strays y WHERE y.payment_id = p.id)";
    assert_eq!(one(db, lost), 0, "cash in no shift");
    // By other words than the program's own.
    let moved = "(SELECT coalesce(sum(iif(kind = 'PAYMENT', 1, -1) * (amount + rounding + tip)), 0)
                  FROM payments p WHERE p.shift_id = s.id AND state IN ('TAKEN', 'VOIDED')";
    let other = format!(
        "SELECT count(*) FROM cash_shifts s WHERE closed_at IS NOT NULL
           AND (turnover <> {moved}) OR counted <> expected + difference
                OR expected <> opening + {moved} AND method_kind = 'CASH')
                   + (SELECT coalesce(sum(amount), 0) FROM account_moves m WHERE m.shift_id = s.id)
                   + (SELECT coalesce(sum(iif(kind = 'PAY_IN', amount, -amount)), 0)
                      FROM cash_moves m WHERE m.shift_id = s.id))"
    );
    assert_eq!(one(db, &other), 0, "a Z that is not what went by its drawer");
}

/// Every column of the reports by day and by waiter is the sum of the entries, and the rates together
/// are the taxes of the day.
async fn assert_columns_agree(admin: &Client, db: &Connection) {
    let days = report(admin, "days").await;
    let rates = report(admin, "taxes").await["total"]["values"].clone();
    let tax = one(db, "SELECT coalesce(sum(tax), 0) FROM entry_figures");
    assert_eq!((money(&rates[2]), money(&rates[1])), (tax, money(&rates[0]) - tax));
    let exempt = one(db, "SELECT coalesce(sum(exempt), 0) FROM entry_figures");
    assert_eq!(money(&rates[3]), exempt);
    let waiters = report(admin, "waiters").await;
    for (place, column) in days["columns"].as_array().unwrap().iter().enumerate() {
        // What dishes cost is known by day, and not by waiter.
        if ["cost", "margin", "food_cost"].contains(&column["key"].as_str().unwrap()) {
            continue;
        }
        let (by_day, by_waiter) =
            (&days["total"]["values"][place], &waiters["total"]["values"][place]);
        assert_eq!(by_day, by_waiter, "{column}");
        let figure = match column["key"].as_str().unwrap() {
            "discounts" => "discount",
            "comps" => "comp",
            "fees" => "fee",
            key @ ("service" | "tax" | "removed" | "tips" | "refunded" | "cancelled") => key,
            _ => continue,
        };
        let sum = one(db, &format!("SELECT coalesce(sum({figure}), 0) FROM entry_figures"));
        assert_eq!(money(by_day), sum, "{figure}");
    }
}

/// Nothing waits for a course, or is made, that nobody is to pay.
pub fn assert_paid_for(db: &Connection) {
    let back =
        "SELECT coalesce(sum(part.value ->> 'q'), 0) FROM payments p, json_each(p.parts) part
                WHERE p.check_id = c.id AND p.kind = 'REFUND' AND p.state = 'TAKEN'
                  AND part.value ->> 'i' = i.id";
    let on = "FROM check_lines l JOIN checks c ON c.id = l.check_id WHERE l.item_id = i.id";
    let is_left = format!(
        "NOT EXISTS (SELECT 1 {on}) OR EXISTS (SELECT 1 {on}
            AND c.state NOT IN ('VOID', 'REFUNDED') AND (l.quantity > ({back}) OR l.quantity = 0))"
    );
    let waits = format!(
        "SELECT count(*) FROM order_items i JOIN orders o ON o.id = i.order_id
         WHERE i.status IN ('NEW', 'HELD')
           AND (o.closed_at IS NOT NULL OR o.payment_status = 'REFUNDED' OR NOT ({is_left}))"
    );
    assert_eq!(one(db, &waits), 0, "lines that wait and that nobody is to pay");
    let made = format!(
        "SELECT count(*) FROM order_items i WHERE i.status NOT IN ('NEW', 'HELD', 'CANCELLED')
           AND NOT EXISTS (SELECT 1 {on} AND c.state <> 'VOID')
           AND EXISTS (SELECT 1 {on} AND c.state = 'VOID' AND c.closed_at < i.sent_to_kitchen_at)"
    );
    assert_eq!(one(db, &made), 0, "lines that were fired after their check was called off");
}

/// No row is broken, and none points to one that is not there.
pub fn assert_whole(db: &Connection) {
    let orphans = one(db, "SELECT count(*) FROM pragma_foreign_key_check");
    assert_eq!(orphans, 0, "rows point to rows that are not there");
    let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}
