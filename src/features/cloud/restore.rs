//! A new box from the cloud's copy: the old one is fenced off first, then every table is read, and
//! the box goes on where the copy ends.

use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use tokio_postgres::types::ToSql;

use super::connect::{CloudError, Connection, cloud_error};
use super::store::{Kind, Rebuild, Shape, Value};
use super::{hardware, join};
use crate::core::kernel::{Timestamp, Zone};
use crate::core::store::{DataFolder, Tables};
use crate::platform::config::Enrolment;
use crate::platform::config::Settings;

/// Rows that are written at once.
const AT_ONCE: usize = 2000;

/// How far a restore is.
pub struct Progress {
    /// The table that is read.
    pub table: &'static str,
    /// Rows so far, of all tables.
    pub rows: u64,
    /// Rows in all.
    pub total: u64,
}

/// What came back.
#[derive(Debug)]
pub struct Restored {
    /// Rows of all tables.
    pub rows: u64,
    /// Up to this moment of the old box's clock nothing is missing; none if the copy was never
    /// complete.
    pub complete_until: Option<Timestamp>,
}

/// Rebuilds the data folder, which must hold no restaurant. The box that had this enrolment before
/// is refused by the cloud from now on.
///
/// # Errors
/// What is wrong, in plain words; the folder then holds no restaurant.
pub async fn restore(
    settings: &Settings,
    enrolment: &Enrolment,
    tables: &'static Tables,
    mut tell: impl FnMut(&Progress),
) -> Result<Restored, CloudError> {
    let folder = DataFolder::lock(&settings.data_dir)
        .map_err(|error| CloudError::new("data_folder", error.to_string()))?;
    let files = DatabaseFiles::new(folder.path())?;
    let connection = Connection::enrolled(enrolment).await?;
    let state = connection
        .client
        .query_one("SELECT epoch, batch, schema_version, complete_until FROM qres.my_state()", &[])
        .await
        .map_err(cloud_error)?;
    let Some(1..) = state.get::<_, Option<i64>>(0) else {
        return Err(CloudError::new(
            "cloud_empty",
            "The cloud has no copy under this enrolment yet.",
        ));
    };
    let schema = i64::from(state.get::<_, i32>(2));
    let mut rebuild = Rebuild::begin(&files.unfinished, schema, tables)?;
    // From here on the old box is refused: what is read now stays the last word.
    let hardware = hardware::id(settings);
    let (epoch, batch) = join::take_over(&connection, &hardware).await?;
    let rows = copy(&connection, &mut rebuild, &mut tell).await?;
    let zone = settings.restaurant_timezone.clone();
    rebuild.finish(enrolment.site_id, epoch, batch, |own| {
        Zone::named(zone.as_deref().unwrap_or(own)).ok()
    })?;
    files.put_in_place()?;
    Ok(Restored { rows, complete_until: state.get::<_, Option<i64>>(3).map(Timestamp) })
}

/// Where the database is built, and where it goes when it is whole.
struct DatabaseFiles {
    unfinished: PathBuf,
    finished: PathBuf,
}

impl DatabaseFiles {
    fn new(folder: &Path) -> Result<Self, CloudError> {
        let finished = folder.join("qres.db");
        if finished.exists() {
            return Err(CloudError::new(
                "folder_in_use",
                format!(
                    "{} holds a restaurant already. Name an empty folder, or move this one aside.",
                    folder.display()
                ),
            ));
        }
        let unfinished = folder.join("qres.db.restoring");
        // What a restore that was cut off has left.
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(format!("{}{ending}", unfinished.display()));
        }
        Ok(Self { unfinished, finished })
    }

    fn put_in_place(&self) -> Result<(), CloudError> {
        let failed = |error: std::io::Error| CloudError::new("data_folder", format!("{error}."));
        std::fs::rename(&self.unfinished, &self.finished).map_err(failed)?;
        let folder = self.finished.parent().unwrap_or(Path::new("."));
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

async fn copy(
    connection: &Connection,
    rebuild: &mut Rebuild,
    tell: &mut impl FnMut(&Progress),
) -> Result<u64, CloudError> {
    let shapes = rebuild.shapes()?;
    let mut counts = Vec::new();
    for shape in &shapes {
        counts.push(count(connection, shape).await?);
    }
    let total = counts.iter().sum();
    let mut done = 0;
    for shape in &shapes {
        let names: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
        let sql = format!("SELECT {} FROM qres.{} ORDER BY id", names.join(", "), shape.table.name);
        let none: [&(dyn ToSql + Sync); 0] = [];
        let rows = connection.client.query_raw(&sql, none).await.map_err(cloud_error)?;
        let mut rows = std::pin::pin!(rows);
        let mut waiting = Vec::with_capacity(AT_ONCE);
        while let Some(row) = rows.try_next().await.map_err(cloud_error)? {
            waiting.push(values(&row, shape));
            if waiting.len() == AT_ONCE {
                done += rebuild.write(shape, &mut waiting)?;
                tell(&Progress { table: shape.table.name, rows: done, total });
            }
        }
        done += rebuild.write(shape, &mut waiting)?;
        tell(&Progress { table: shape.table.name, rows: done, total });
    }
    Ok(done)
}

async fn count(connection: &Connection, shape: &Shape) -> Result<u64, CloudError> {
    let sql = format!("SELECT count(*) FROM qres.{}", shape.table.name);
    let row = connection.client.query_one(&sql, &[]).await.map_err(cloud_error)?;
    Ok(u64::try_from(row.get::<_, i64>(0)).unwrap_or(0))
}

fn values(row: &tokio_postgres::Row, shape: &Shape) -> Vec<Value> {
    let value = |(at, kind): (usize, Kind)| match kind {
        Kind::Integer => row.get::<_, Option<i64>>(at).map_or(Value::Null, Value::Integer),
        Kind::Real => row.get::<_, Option<f64>>(at).map_or(Value::Null, Value::Real),
        Kind::Text => row.get::<_, Option<String>>(at).map_or(Value::Null, Value::Text),
        Kind::Blob => row.get::<_, Option<Vec<u8>>>(at).map_or(Value::Null, Value::Blob),
    };
    shape.columns.iter().map(|column| column.kind).enumerate().map(value).collect()
}
