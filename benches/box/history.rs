//! A year of a busy restaurant: 180,000 closed orders of 4 lines, written straight into a copy
//! of the data folder.

use std::path::Path;

use rusqlite::Connection;

/// Adds the year to the database of a box that does not run. Its newest order is the sample.
pub fn write(database: &Path) {
    let db = Connection::open(database).unwrap();
    // Durability is for what cannot be made again.
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;",
    )
    .unwrap();
    db.execute_batch(
        "BEGIN;
         CREATE TEMP TABLE n AS
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 179999)
            SELECT i,
                   -- 493 orders a day, the first a year ago, the last yesterday
                   (unixepoch() / 86400 - 366 + i / 493) * 86400000 + i % 493 * 100000 AS at
            FROM n;
         CREATE TEMP TABLE sample AS SELECT * FROM orders WHERE id = (SELECT max(id) FROM orders);
         CREATE TEMP TABLE line AS
            SELECT *, row_number() OVER () - 1 AS place FROM order_items
            WHERE order_id = (SELECT id FROM sample);
         CREATE TEMP TABLE told AS
            SELECT * FROM events WHERE seq = (SELECT max(seq) FROM events);

         INSERT INTO orders (id, business_day, number, order_type, table_id, waiter_id, status,
                payment_status, payment_method_id, total, confirmed_at, served_at, completed_at,
                cancelled_at, closed_at, created_at, updated_at)
            SELECT 1000000 + i, cast(strftime('%Y%m%d', at / 1000, 'unixepoch') AS INTEGER),
                i % 493 + 1, iif(i % 5 = 0, 'TAKEAWAY', 'DINE_IN'),
                iif(i % 5 = 0, NULL, (SELECT id FROM tables ORDER BY id LIMIT 1) + i % 64),
                waiter_id, iif(i % 50 = 0, 'CANCELLED', 'COMPLETED'),
                iif(i % 50 = 0, 'UNPAID', 'PAID'),
                (SELECT id FROM payment_methods), total, at, at + 1200000,
                iif(i % 50 = 0, NULL, at + 3600000), iif(i % 50 = 0, at + 60000, NULL),
                at + 3600000, at, at + 3600000
            FROM n, sample;
         INSERT INTO order_items (order_id, dish_id, dish_variation_id, dish_name, variation_name,
                department, quantity, price, status, estimated_preparation_time, added_by_id,
                sent_to_kitchen_at, preparation_started_at, ready_at, served_at, created_at,
                updated_at)
            SELECT 1000000 + i, dish_id, dish_variation_id, dish_name, variation_name, department,
                quantity, price, iif(i % 50 = 0, 'CANCELLED', 'SERVED'),
                estimated_preparation_time, added_by_id, at, at, at + 900000, at + 1200000, at,
                at + 1200000
            FROM n, line ORDER BY i, place;
         INSERT INTO payments (order_id, kind, amount, method_id, method_name, user_id, created_at)
            SELECT 1000000 + i, 'PAYMENT', total, (SELECT id FROM payment_methods), 'Cash',
                waiter_id, at + 3600000
            FROM n, sample WHERE i % 50 <> 0;
         -- The event log reaches back 30 days: an order told whole, and twelve steps of it.
         INSERT INTO events (at, kind, audience, order_id, table_id, waiter_id, actor_id, status,
                data, order_json)
            SELECT n.at + step * 60000, iif(step = 0, kind, 'item_status_changed'), audience,
                1000000 + i, table_id, waiter_id, actor_id, status, data,
                iif(step = 0, order_json, NULL)
            FROM n, told, (SELECT value AS step FROM json_each('[0,1,2,3,4,5,6,7,8,9,10,11,12]'))
            WHERE i >= 180000 - 30 * 493 ORDER BY i, step;
         COMMIT;
         PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .unwrap();
    let count = |table: &str| -> i64 {
        db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    println!(
        "a year: {} orders, {} lines, {} events, {} MB",
        count("orders"),
        count("order_items"),
        count("events"),
        std::fs::metadata(database).unwrap().len() / 1_000_000
    );
}
