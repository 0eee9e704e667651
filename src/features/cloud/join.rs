//! How a box becomes a site's box: the first one joins, another takes over; and what it finds there.

use std::collections::BTreeSet;

use super::connect::{CloudError, Connection, cloud_error};
use super::hardware;
use super::store::{self, BeginJoin, CopyAll, Join, Shape, State, shapes};
use super::sync_state::SyncHandle;
use crate::core::store::{IdRange, Tables};
use crate::platform::app::App;
use crate::platform::config::Enrolment;

/// Says who is there; a box that comes for the first time joins.
///
/// # Errors
/// Why this box is not let on, in plain words.
pub(super) async fn introduce(
    app: &App,
    enrolment: &Enrolment,
    connection: &Connection,
    hardware: &str,
) -> Result<State, CloudError> {
    let row = connection
        .client
        .query_one("SELECT site_id, epoch, complete_until, batch FROM qres.my_state()", &[])
        .await
        .map_err(cloud_error)?;
    if row.get::<_, Option<uuid::Uuid>>(0).is_none() {
        return Err(cut_off());
    }
    let take_over = app.state::<SyncHandle>().change(|sync| {
        sync.cloud_reaches = row.get(2);
        std::mem::take(&mut sync.take_over)
    });
    let (known, begun) = app.store.read(|db| Ok((store::state(db)?, store::joining(db)?))).await?;
    let there = row.get::<_, i64>(1);
    if begun == Some((enrolment.site_id, there)) && !take_over {
        // The cloud took this box in, and the box did not hear it. Should another have been taken in
        // instead, the cloud tells the two apart by their hardware.
        let rows = rows_there(connection, app.store.tables()).await?;
        let (site_id, batch) = (enrolment.site_id, row.get(3));
        app.store.run(Join { site_id, epoch: there, batch, there: rows }).await?;
        return joined_state(app).await;
    }
    if let Some(state) = known.filter(|state| state.site_id == enrolment.site_id)
        && !take_over
    {
        return Ok(state);
    }
    if there > 0 && !take_over {
        return Err(CloudError::new(
            "cloud_taken",
            "The cloud has the data of another box under this enrolment. To go on with them here, use `qres restore --from-cloud`; for a new restaurant, add a site of its own.",
        ));
    }
    let joined = join(app, connection, enrolment, hardware).await?;
    app.store.run(joined).await?;
    joined_state(app).await
}

fn cut_off() -> CloudError {
    CloudError::new("cloud_refused", "The cloud has cut this restaurant off.")
}

async fn joined_state(app: &App) -> Result<State, CloudError> {
    let state = app.store.read(store::state).await?;
    state.ok_or_else(|| CloudError::new("box_busy", "The box forgot its cloud."))
}

/// Takes over with a box that is connected already; it then has to come again.
///
/// # Errors
/// What is wrong, in plain words.
pub(super) async fn again(
    app: &App,
    enrolment: &Enrolment,
    connection: &Connection,
) -> Result<(), CloudError> {
    let joined = join(app, connection, enrolment, &hardware::id(&app.settings)).await?;
    Ok(app.store.run(joined).await?)
}

/// A person says that this box, which is open but does not serve, is the right one: its data count,
/// and all of them go again. Returns the epoch.
///
/// # Errors
/// What is wrong, in plain words.
pub async fn take_over_by_hand(app: &App, enrolment: &Enrolment) -> Result<i64, CloudError> {
    let connection = Connection::enrolled(enrolment).await?;
    let joined = join(app, &connection, enrolment, &hardware::id(&app.settings)).await?;
    let epoch = joined.epoch;
    app.store.run(joined).await?;
    Ok(epoch)
}

async fn join(
    app: &App,
    connection: &Connection,
    enrolment: &Enrolment,
    hardware: &str,
) -> Result<Join, CloudError> {
    // What an earlier box has there and this one has not is removed by the first copy.
    let there = rows_there(connection, app.store.tables()).await?;
    // The box writes down what it is about to get: it may be cut off before it hears of it, and must
    // not take itself for another box then.
    let sql = "SELECT epoch FROM qres.my_state()";
    let now = connection.client.query_one(sql, &[]).await.map_err(cloud_error)?;
    let now: i64 = now.get::<_, Option<i64>>(0).ok_or_else(cut_off)?;
    app.store.run(BeginJoin { site_id: enrolment.site_id, epoch: now + 1 }).await?;
    let (epoch, batch) = take_over(connection, hardware).await?;
    Ok(Join { site_id: enrolment.site_id, epoch, batch, there })
}

/// This box is the site's box from now on; the one before it is refused.
///
/// # Errors
/// What is wrong, in plain words.
pub(super) async fn take_over(
    connection: &Connection,
    hardware: &str,
) -> Result<(i64, i64), CloudError> {
    let row = connection
        .client
        .query_one("SELECT epoch, batch FROM qres.take_over($1)", &[&hardware])
        .await
        .map_err(cloud_error)?;
    Ok((row.get(0), row.get(1)))
}

/// The ends of what the cloud has of each table.
async fn rows_there(connection: &Connection, tables: &Tables) -> Result<Vec<IdRange>, CloudError> {
    let known = columns_there(connection).await?;
    let mut ranges = Vec::new();
    for table in tables.copied() {
        if !known.contains(&(table.name.to_owned(), "id".to_owned())) {
            continue;
        }
        let sql = format!("SELECT min(id), max(id) FROM qres.{}", table.name);
        let row = connection.client.query_one(&sql, &[]).await.map_err(cloud_error)?;
        if let (Some(first), Some(last)) =
            (row.get::<_, Option<i64>>(0), row.get::<_, Option<i64>>(1))
        {
            // What the cloud says may be anything: a range that no number holds is none.
            let count = last.checked_sub(first).and_then(|more| more.checked_add(1));
            ranges.extend(count.map(|count| IdRange { table: table.code, first, count }));
        }
    }
    Ok(ranges)
}

/// Tables and columns that the cloud has. A row for each table: said before anything is sent, it has
/// to get through on a line that breaks soon.
async fn columns_there(connection: &Connection) -> Result<BTreeSet<(String, String)>, CloudError> {
    let rows = connection
        .client
        .query(
            "SELECT c.relname::text, string_agg(a.attname::text, ' ')
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'qres' AND c.relkind IN ('r', 'p')
               AND a.attnum > 0 AND NOT a.attisdropped
             GROUP BY 1",
            &[],
        )
        .await
        .map_err(cloud_error)?;
    let mut there = BTreeSet::new();
    for row in &rows {
        let (table, columns): (String, &str) = (row.get(0), row.get(1));
        there.extend(columns.split(' ').map(|column| (table.clone(), column.to_owned())));
    }
    Ok(there)
}

/// The shapes cut to what the cloud has. A box may be a version ahead: what the cloud learns later
/// is copied then.
///
/// # Errors
/// What is wrong, in plain words.
pub(super) async fn known_shapes(
    app: &App,
    connection: &Connection,
    state: &State,
) -> Result<Vec<Shape>, CloudError> {
    let (there, tables) = (columns_there(connection).await?, app.store.tables());
    let mut own = app.store.read(move |db| shapes(db, tables)).await?;
    for shape in &mut own {
        let table = shape.table.name.to_owned();
        shape.columns.retain(|column| there.contains(&(table.clone(), column.name.clone())));
    }
    own.retain(|shape| !shape.columns.is_empty());
    let columns: Vec<String> = own
        .iter()
        .flat_map(|shape| {
            shape.columns.iter().map(|column| format!("{}.{}", shape.table.name, column.name))
        })
        .collect();
    let before: BTreeSet<&str> = state.columns.split(' ').collect();
    let learned = columns.iter().any(|column| !before.contains(column.as_str()));
    if learned || columns.len() != before.len() {
        let rows = learned && !state.columns.is_empty();
        app.store.run(CopyAll { columns: columns.join(" "), rows }).await?;
    }
    Ok(own)
}
