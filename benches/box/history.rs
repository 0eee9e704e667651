//! A year of a busy restaurant: 182,500 closed orders of 4 lines, written straight into a copy
//! of the data folder. `tests/it/bench_history.rs` looks whether a box could have written it.

use std::path::Path;

use rusqlite::Connection;

/// Adds so many days, 500 orders each, to the database of a box. Its newest order is the sample.
pub fn write(database: &Path, days: usize) {
    let db = Connection::open(database).unwrap();
    // Durability is for what cannot be made again.
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;",
    )
    .unwrap();
    db.execute_batch(&format!(
        "BEGIN;
         CREATE TEMP TABLE n AS
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {days} * 500 - 1)
            SELECT i,
                   -- 500 orders a day, the last yesterday
                   (unixepoch() / 86400 - {days} - 1 + i / 500) * 86400000 + i % 500 * 100000 AS at
            FROM n;
         CREATE TEMP TABLE sample AS SELECT * FROM orders WHERE id = (SELECT max(id) FROM orders);
         -- Four lines an order, of all dishes and sizes in turn.
         CREATE TEMP TABLE size AS
            SELECT row_number() OVER (ORDER BY v.id) - 1 AS place, v.id AS variation_id, v.dish_id,
                   h.name, v.name AS size, v.price, h.department
            FROM dish_variations v JOIN dishes h ON h.id = v.dish_id;
         CREATE UNIQUE INDEX temp.size_place ON size (place);
         CREATE TEMP TABLE line AS
            SELECT i, at, at + (180 + (i * 31 + value * 17) % 40 * 60) * 1000 AS ready_at, size.*
            FROM n, json_each('[0,1,2,3]'), size
            WHERE size.place = (i * 7 + value * 151) % (SELECT count(*) FROM size);
         CREATE TEMP TABLE bill AS SELECT i, sum(price) AS total FROM line GROUP BY i;
         CREATE UNIQUE INDEX temp.bill_order ON bill (i);
         CREATE TEMP TABLE told AS
            SELECT * FROM events WHERE seq = (SELECT max(seq) FROM events);

         INSERT INTO orders (id, business_day, number, order_type, table_id, waiter_id, status,
                payment_status, payment_method_id, total, confirmed_at, served_at, completed_at,
                cancelled_at, closed_at, created_at, updated_at)
            SELECT 1000000 + i, cast(strftime('%Y%m%d', at / 1000, 'unixepoch') AS INTEGER),
                i % 500 + 1, iif(i % 5 = 0, 'TAKEAWAY', 'DINE_IN'),
                iif(i % 5 = 0, NULL, (SELECT id FROM tables ORDER BY id LIMIT 1) + i % (SELECT count(*) FROM tables)),
                waiter_id, iif(i % 50 = 0, 'CANCELLED', 'COMPLETED'),
                iif(i % 50 = 0, 'UNPAID', 'PAID'),
                (SELECT id FROM payment_methods), bill.total, at, at + 1200000,
                iif(i % 50 = 0, NULL, at + 3600000), iif(i % 50 = 0, at + 60000, NULL),
                at + 3600000, at, at + 3600000
            FROM n JOIN bill USING (i), sample ORDER BY i;
         INSERT INTO order_items (order_id, dish_id, dish_variation_id, dish_name, variation_name,
                department, quantity, price, gross, status, estimated_preparation_time, added_by_id,
                sent_to_kitchen_at, preparation_started_at, ready_at, served_at, created_at,
                updated_at)
            SELECT 1000000 + i, dish_id, variation_id, name, size, department, 1000, price, price,
                iif(i % 50 = 0, 'CANCELLED', 'SERVED'), 20, waiter_id, at, at + 60000, ready_at,
                ready_at + 120000, at, ready_at + 120000
            FROM line, (SELECT waiter_id FROM sample) ORDER BY i;
         INSERT INTO payments (order_id, kind, amount, method_id, method_name, user_id, created_at)
            SELECT 1000000 + i, 'PAYMENT', bill.total, (SELECT id FROM payment_methods), 'Cash',
                waiter_id, at + 3600000
            FROM n JOIN bill USING (i), sample WHERE i % 50 <> 0;
         -- What was written down of it.
         INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind,
                orders, amount)
            SELECT closed_at, id, business_day, created_at / 900000, order_type, waiter_id,
                iif(status = 'CANCELLED', 'CANCELLED', 'ORDER'), 1,
                iif(status = 'CANCELLED', total, 0)
            FROM orders WHERE id >= 1000000 ORDER BY id;
         INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind,
                check_id, item_id, dish_variation_id, quantity, gross, amount, tax_kind, tax_rate)
            SELECT o.closed_at, o.id, business_day, o.created_at / 900000, order_type, waiter_id,
                iif(i.status = 'CANCELLED', 'REMOVED', 'SOLD'),
                iif(i.status = 'CANCELLED', NULL, o.id * 100 + 1), i.id, dish_variation_id,
                quantity / 1000, price, price, iif(i.status = 'CANCELLED', NULL, 'NONE'),
                iif(i.status = 'CANCELLED', NULL, 0)
            FROM orders o CROSS JOIN order_items i ON i.order_id = o.id
            WHERE o.id >= 1000000 ORDER BY i.id;
         -- The event log reaches back 30 days: an order told whole, and twelve steps of it.
         INSERT INTO events (at, kind, audience, subject, subject_id, table_id, waiter_id, actor_id,
                status, data, order_packed)
            SELECT n.at + step * 60000, iif(step = 0, kind, 'item_status_changed'), audience,
                'order', 1000000 + i, table_id, waiter_id, actor_id, status, data,
                iif(step = 0, order_packed, NULL)
            FROM n, told, (SELECT value AS step FROM json_each('[0,1,2,3,4,5,6,7,8,9,10,11,12]'))
            WHERE i >= ({days} - 30) * 500 ORDER BY i, step;
         COMMIT;"
    ))
    .unwrap();
    qres::core::store::count_anew(&db).unwrap();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    let count = |table: &str| -> i64 {
        db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    println!(
        "{days} days: {} orders, {} lines, {} events, {} MB",
        count("orders"),
        count("order_items"),
        count("events"),
        std::fs::metadata(database).unwrap().len() / 1_000_000
    );
}

/// The first and the last day of the year, as a report takes them: 366 days at most.
pub fn days(database: &Path) -> (String, String) {
    let db = Connection::open(database).unwrap();
    let sql = "SELECT date(max(created_at) / 1000, 'unixepoch', '-365 days'),
                      date(max(created_at) / 1000, 'unixepoch') FROM orders WHERE id >= 1000000";
    db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}
