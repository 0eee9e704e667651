//! Whether the cloud's tables are the box's, compared row by row.

use std::path::Path;
use std::time::{Duration, Instant};

use qres::appliance::tables;
use rusqlite::types::Value;

use crate::harness::books::Sums;
use crate::postgres::Postgres;

/// Only a failure takes so long.
const PATIENCE: Duration = Duration::from_mins(3);

/// Waits until every copied table of the site is the box's; tells of the first difference.
pub async fn until_same(box_db: &Path, postgres: &Postgres, site: uuid::Uuid) {
    let began = Instant::now();
    loop {
        match difference(box_db, postgres, site).await {
            None => return,
            Some(told) => assert!(began.elapsed() < PATIENCE, "the cloud differs: {told}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The first row that differs.
pub async fn difference(box_db: &Path, postgres: &Postgres, site: uuid::Uuid) -> Option<String> {
    let owner = postgres.owner().await;
    for table in tables().copied() {
        let columns = open_columns(box_db, table.name, table.secret);
        let here = box_rows(box_db, table.name, &columns);
        let list: Vec<String> =
            columns.iter().map(|column| format!("coalesce({column}::text, '-')")).collect();
        let sql = format!(
            "SELECT concat_ws('|', {}) FROM qres.{} WHERE site_id = $1 ORDER BY id",
            list.join(", "),
            table.name
        );
        let there = owner.client().query(&sql, &[&site]).await.unwrap();
        let there: Vec<String> = there.iter().map(|row| row.get(0)).collect();
        if here != there {
            let first = here.iter().zip(&there).find(|(here, there)| here != there);
            return Some(format!(
                "{}: {} rows here, {} there; {first:?}",
                table.name,
                here.len(),
                there.len()
            ));
        }
    }
    None
}

fn open_columns(box_db: &Path, table: &str, secret: &[&str]) -> Vec<String> {
    let db = rusqlite::Connection::open(box_db).unwrap();
    let mut info = db.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid").unwrap();
    let names = info.query_map([table], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).filter(|name: &String| !secret.contains(&name.as_str())).collect()
}

fn box_rows(box_db: &Path, table: &str, columns: &[String]) -> Vec<String> {
    let db = rusqlite::Connection::open(box_db).unwrap();
    let sql = format!("SELECT {} FROM {table} ORDER BY id", columns.join(", "));
    let mut statement = db.prepare(&sql).unwrap();
    let rows = statement.query_map([], |row| {
        let values = (0..columns.len()).map(|at| Ok(text(&row.get(at)?)));
        Ok(values.collect::<rusqlite::Result<Vec<String>>>()?.join("|"))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".into(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => {
            bytes.iter().fold("\\x".into(), |hex, byte| format!("{hex}{byte:02x}"))
        }
    }
}

/// What evenings came to, from the cloud's rows.
pub async fn sums_of_the_cloud(postgres: &Postgres) -> Sums {
    let owner = postgres.owner().await;
    let one = async |sql: &str| -> i64 {
        owner.client().query_one(sql, &[]).await.unwrap().get::<_, i64>(0)
    };
    Sums {
        moved: one("SELECT sum(CASE kind WHEN 'PAYMENT' THEN amount ELSE -amount END)::bigint
             FROM qres.payments WHERE state IN ('TAKEN', 'VOIDED')")
        .await,
        revenue: one("SELECT sum(amount)::bigint FROM qres.entries WHERE kind = 'SOLD'").await,
        tips: one("SELECT sum(amount)::bigint FROM qres.entries WHERE kind LIKE 'TIP%'").await,
        accounts: one("SELECT sum(amount)::bigint FROM qres.account_moves").await,
        drawers: [
            one("SELECT sum(counted)::bigint FROM qres.cash_shifts WHERE closed_at IS NOT NULL")
                .await,
            one("SELECT sum(turnover)::bigint FROM qres.cash_shifts").await,
        ],
    }
}
