//! One batch to the cloud: all of it and the watermark in one transaction of PostgreSQL.
//!
//! A batch has a number. The cloud takes each number once, in order, from the right box only, so a
//! batch that is sent again or late changes nothing, whatever broke in between.

use std::collections::BTreeMap;

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Statement, Transaction};
use uuid::Uuid;

use super::connect::{CloudError, cloud_error};
use super::store::{Batch, RefusedRow, Shape, TableRows, Values};

/// Who sends.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The site in the cloud.
    pub site_id: Uuid,
    /// Which of the site's boxes this is.
    pub epoch: i64,
    /// What tells this machine from others.
    pub hardware: String,
    /// The version of the box's schema.
    pub schema: i32,
}

/// How the cloud took a batch.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Now; with the rows that it could not take.
    Taken(Vec<RefusedRow>),
    /// It had it already; the change that it ended with, and that change's tag.
    Repeated {
        /// The change.
        through: i64,
        /// Its tag.
        tag: i64,
    },
    /// The cloud has lost batches, perhaps it was restored itself; the last that it has.
    Lost(i64),
}

/// The statements of a connection, each made when it is needed first: one that breaks often must get
/// something across before it does.
#[derive(Default)]
pub struct Statements(BTreeMap<usize, (Statement, Statement)>);

impl Statements {
    async fn of(
        &mut self,
        client: &Client,
        index: usize,
        shape: &Shape,
    ) -> Result<(Statement, Statement), CloudError> {
        if let Some(known) = self.0.get(&index) {
            return Ok(known.clone());
        }
        let put = client.prepare(&put_sql(shape)).await.map_err(cloud_error)?;
        let name = shape.table.name;
        let remove = format!("DELETE FROM qres.{name} WHERE site_id = $1 AND id = ANY($2)");
        let remove = client.prepare(&remove).await.map_err(cloud_error)?;
        self.0.insert(index, (put.clone(), remove.clone()));
        Ok((put, remove))
    }
}

/// Whole columns as arrays: one statement for any number of rows.
fn put_sql(shape: &Shape) -> String {
    let name = shape.table.name;
    let columns: Vec<&str> = shape.columns.iter().map(|c| c.name.as_str()).collect();
    let arrays: Vec<String> = (shape.columns.iter().enumerate())
        .map(|(at, column)| format!("${}::{}[]", at + 2, column.kind.in_cloud()))
        .collect();
    let set: Vec<String> = (columns.iter().filter(|name| **name != "id"))
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    format!(
        "INSERT INTO qres.{name} (site_id, {columns}) SELECT $1, * FROM unnest({arrays})
         ON CONFLICT (site_id, id) DO UPDATE SET {set}",
        columns = columns.join(", "),
        arrays = arrays.join(", "),
        set = set.join(", "),
    )
}

/// Hands a batch over.
///
/// # Errors
/// Why the cloud does not take it from this box, or what is wrong with the cloud.
pub async fn send(
    client: &mut Client,
    statements: &mut Statements,
    shapes: &[Shape],
    sender: &Sender,
    number: i64,
    batch: &Batch,
) -> Result<Outcome, CloudError> {
    let mut prepared = Vec::with_capacity(batch.tables.len());
    for rows in &batch.tables {
        prepared.push(statements.of(client, rows.shape, &shapes[rows.shape]).await?);
    }
    let mut transaction = client.transaction().await.map_err(cloud_error)?;
    if let Some(outcome) = begin(&transaction, sender, number).await? {
        transaction.commit().await.map_err(cloud_error)?;
        return Ok(outcome);
    }
    let mut refused = Vec::new();
    for (rows, statements) in batch.tables.iter().zip(&prepared) {
        put(&mut transaction, statements, &shapes[rows.shape], sender, rows, &mut refused).await?;
    }
    let until = batch.complete_until.map(|moment| moment.0);
    let (through, tag) = (batch.taken.through, batch.taken.tag);
    transaction
        .execute("SELECT qres.end_batch($1, $2, $3, $4)", &[&number, &through, &tag, &until])
        .await
        .map_err(cloud_error)?;
    transaction.commit().await.map_err(cloud_error)?;
    Ok(Outcome::Taken(refused))
}

/// Says who is there, so that a clone or an old copy is found also when nothing waits.
///
/// # Errors
/// Why this box is not the right one.
pub async fn greet(
    client: &mut Client,
    sender: &Sender,
    next: i64,
) -> Result<Option<Outcome>, CloudError> {
    let transaction = client.transaction().await.map_err(cloud_error)?;
    let outcome = begin(&transaction, sender, next).await?;
    transaction.commit().await.map_err(cloud_error)?;
    Ok(outcome)
}

/// An old copy of the card runs.
pub fn behind() -> CloudError {
    CloudError::new(
        "cloud_behind",
        "The cloud has newer data of this restaurant than this box: an old copy of the card runs. Restore from the cloud, or run `qres cloud take-over` if this box is right.",
    )
}

/// Asks whether the batch may go; otherwise says how it ended already.
async fn begin(
    transaction: &Transaction<'_>,
    sender: &Sender,
    number: i64,
) -> Result<Option<Outcome>, CloudError> {
    let row = transaction
        .query_one(
            "SELECT verdict, taken, last_through, last_tag FROM qres.begin_batch($1, $2, $3, $4, $5)",
            &[&sender.epoch, &sender.hardware, &number, &sender.schema, &crate::VERSION],
        )
        .await
        .map_err(cloud_error)?;
    let (code, words) = match row.get::<_, &str>(0) {
        "go" => return Ok(None),
        "repeat" => {
            let (through, tag): (Option<i64>, Option<i64>) = (row.get(2), row.get(3));
            let (through, tag) = (through.unwrap_or_default(), tag.unwrap_or_default());
            return Ok(Some(Outcome::Repeated { through, tag }));
        }
        "lost" => return Ok(Some(Outcome::Lost(row.get(1)))),
        "fenced" => (
            "cloud_fenced",
            "Another box has taken over this restaurant in the cloud. This one is no longer copied: switch it off, or enrol it anew.",
        ),
        "cloned" => (
            "cloud_cloned",
            "Another machine runs a copy of this card and is known to the cloud. This one is not copied: switch off the one that is not the restaurant's.",
        ),
        "behind" => {
            transaction.batch_execute("COMMIT").await.map_err(cloud_error)?;
            return Err(behind());
        }
        _ => ("cloud_refused", "The cloud has cut this restaurant off."),
    };
    // The cloud's alarm stays: it was written in this transaction.
    transaction.batch_execute("COMMIT").await.map_err(cloud_error)?;
    Err(CloudError::new(code, words))
}

async fn put(
    transaction: &mut Transaction<'_>,
    (put, remove): &(Statement, Statement),
    shape: &Shape,
    sender: &Sender,
    rows: &TableRows,
    refused: &mut Vec<RefusedRow>,
) -> Result<(), CloudError> {
    if !rows.gone.is_empty() {
        transaction.execute(remove, &[&sender.site_id, &rows.gone]).await.map_err(cloud_error)?;
    }
    if rows.ids.is_empty() {
        return Ok(());
    }
    // What the cloud refuses is halved until the rows that are to blame stand alone.
    let mut parts = Vec::from([std::ops::Range { start: 0, end: rows.ids.len() }]);
    while let Some(range) = parts.pop() {
        let whole = range.len() == rows.ids.len();
        let savepoint = transaction.savepoint("part").await.map_err(cloud_error)?;
        let sent = if whole {
            put_part(&savepoint, put, sender, rows).await
        } else {
            put_part(&savepoint, put, sender, &rows.part(range.clone())).await
        };
        match sent {
            Ok(()) => savepoint.commit().await.map_err(cloud_error)?,
            Err(error) if is_about_data(&error) => {
                savepoint.rollback().await.map_err(cloud_error)?;
                if range.len() == 1 {
                    let reason =
                        error.as_db_error().map_or_else(String::new, |db| db.message().to_owned());
                    let row = rows.ids[range.start];
                    tracing::warn!(table = shape.table.name, row, %reason, "the cloud does not take a row");
                    refused.push(RefusedRow { table: shape.table.code, row, reason });
                } else {
                    let middle = range.start + range.len() / 2;
                    parts.push(middle..range.end);
                    parts.push(range.start..middle);
                }
            }
            Err(error) => return Err(cloud_error(error)),
        }
    }
    Ok(())
}

async fn put_part(
    savepoint: &Transaction<'_>,
    put: &Statement,
    sender: &Sender,
    rows: &TableRows,
) -> Result<(), tokio_postgres::Error> {
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![&sender.site_id, &rows.ids];
    values.extend(rows.columns.iter().map(|column| match column {
        Values::Integer(values) => values as &(dyn ToSql + Sync),
        Values::Real(values) => values,
        Values::Text(values) => values,
        Values::Blob(values) => values,
    }));
    savepoint.execute(put, &values).await.map(drop)
}

/// Whether the rows are to blame (a value that cannot be stored, a rule of the cloud's own that is
/// broken), and not the connection, the rights or the disk: SQLSTATE classes 22, 23 and P0.
fn is_about_data(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| matches!(code.code().get(..2), Some("22" | "23" | "P0")))
}
