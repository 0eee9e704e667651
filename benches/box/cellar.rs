//! A year of a cellar, written straight into a copy of the data folder: one good that is sold all the
//! time, and others that are sold less. `tests/it/bench_cellar.rs` looks whether a box could have written
//! it, and what a late invoice at its start costs.

use std::path::Path;

use rusqlite::Connection;

/// Milliseconds in a year.
const YEAR: i64 = 365 * 86_400_000;

/// Adds so many goods of a year: the first with so many moves, the others with so many each. Each was
/// bought at the start, a gram for 2 minor units, and has gone a gram at a time. Their numbers are from
/// 1,000,000 on. Returns the moment before the first move.
pub fn write(database: &Path, goods: usize, first: usize, others: usize) -> i64 {
    let db = Connection::open(database).unwrap();
    // Durability is for what cannot be made again.
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN;").unwrap();
    let now: i64 = db.query_row("SELECT unixepoch() * 1000", [], |row| row.get(0)).unwrap();
    let begin = now - YEAR;
    db.execute_batch(&format!(
        "INSERT INTO stock_goods (id, name, base_unit, kind, created_at, updated_at)
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {goods} - 1)
            SELECT 1000000 + i, printf('Good %04d', i), 'g', 'RAW', {begin}, {begin} FROM n;
         CREATE TEMP TABLE had AS
            SELECT id AS good_id, iif(id = 1000000, {first}, {others}) AS moves FROM stock_goods
            WHERE id >= 1000000;
         INSERT INTO stock_moves (good_id, place_id, at, kind, quantity, value, cost, after_quantity,
                average_money, average_quantity, place_after, created_at)
            SELECT good_id, 1, {begin} + 1, 'PURCHASE', 1000000000, 2000000, 2000000, 1000000000,
                2000000, 1000000000, 1000000000, {begin} FROM had;
         INSERT INTO stock_moves (good_id, place_id, at, kind, quantity, value, after_quantity,
                average_money, average_quantity, place_after, created_at)
            WITH RECURSIVE n(i) AS
                (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < max({first}, {others}))
            SELECT good_id, 1, {begin} + 1 + i * {YEAR} / (moves + 1), 'WRITE_OFF', -1000, -2,
                1000000000 - i * 1000, 2000000, 1000000000, 1000000000 - i * 1000, {begin}
            FROM n JOIN had ON i <= moves ORDER BY i, good_id;
         INSERT INTO stock_levels (good_id, place_id, quantity)
            SELECT good_id, 1, 1000000000 - moves * 1000 FROM had;
         INSERT INTO stock_costs (id, quantity, value, average_money, average_quantity)
            SELECT good_id, 1000000000 - moves * 1000, 2000000 - moves * 2, 2000000, 1000000000
            FROM had;
         DROP TABLE had;
         COMMIT;
         PRAGMA wal_checkpoint(TRUNCATE);"
    ))
    .unwrap();
    begin
}
