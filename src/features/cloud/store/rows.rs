//! The rows that wait, column by column, as they are sent.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::{Kind, Shape};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::{IdRange, Waiting, waiting};

/// A batch: what of each table is there, and what is gone.
#[derive(Debug)]
pub struct Batch {
    /// In the order of the shapes; only tables that have something.
    pub tables: Vec<TableRows>,
    /// What is forgotten when the cloud has taken it.
    pub taken: Waiting,
    /// The box's clock when the rows were read, if nothing else waited then.
    pub complete_until: Option<Timestamp>,
}

impl Batch {
    /// How many rows come or go.
    pub fn rows(&self) -> i64 {
        self.tables.iter().map(|rows| rows.len() as i64).sum()
    }
}

/// Rows of one table.
#[derive(Debug)]
pub struct TableRows {
    /// The index of its shape.
    pub shape: usize,
    /// The ids, in order.
    pub ids: Vec<i64>,
    /// The other columns, each as long as `ids`.
    pub columns: Vec<Values>,
    /// Ids of rows that are no longer there.
    pub gone: Vec<i64>,
}

/// One column of many rows.
#[derive(Debug, Clone)]
pub enum Values {
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Numbers with a point.
    Real(Vec<Option<f64>>),
    /// Texts.
    Text(Vec<Option<String>>),
    /// Bytes.
    Blob(Vec<Option<Vec<u8>>>),
}

impl Values {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Integer => Self::Integer(Vec::new()),
            Kind::Real => Self::Real(Vec::new()),
            Kind::Text => Self::Text(Vec::new()),
            Kind::Blob => Self::Blob(Vec::new()),
        }
    }

    fn push(&mut self, value: ValueRef<'_>) -> rusqlite::Result<()> {
        match self {
            Self::Integer(values) => values.push(value.as_i64_or_null()?),
            Self::Real(values) => values.push(value.as_f64_or_null()?),
            Self::Text(values) => values.push(value.as_str_or_null()?.map(str::to_owned)),
            Self::Blob(values) => values.push(value.as_blob_or_null()?.map(<[u8]>::to_vec)),
        }
        Ok(())
    }

    /// Some of them.
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        match self {
            Self::Integer(values) => Self::Integer(values[range].to_vec()),
            Self::Real(values) => Self::Real(values[range].to_vec()),
            Self::Text(values) => Self::Text(values[range].to_vec()),
            Self::Blob(values) => Self::Blob(values[range].to_vec()),
        }
    }
}

impl TableRows {
    fn new(index: usize, shape: &Shape) -> Self {
        let columns = shape.columns.iter().filter(|column| column.name != "id");
        Self {
            shape: index,
            ids: Vec::new(),
            columns: columns.map(|column| Values::new(column.kind)).collect(),
            gone: Vec::new(),
        }
    }

    /// How many rows come or go.
    pub fn len(&self) -> usize {
        self.ids.len() + self.gone.len()
    }

    /// Some of the rows that are there.
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        Self {
            shape: self.shape,
            ids: self.ids[range.clone()].to_vec(),
            columns: self.columns.iter().map(|column| column.part(range.clone())).collect(),
            gone: Vec::new(),
        }
    }

    fn read(&mut self, db: &Connection, sql: &str, range: &IdRange) -> rusqlite::Result<()> {
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query([range.first, range.first + (range.count - 1)])?;
        let mut expected = range.first;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            self.gone.extend(expected..id);
            expected = id + 1;
            self.push(id, row)?;
        }
        self.gone.extend(expected..range.first + range.count);
        Ok(())
    }

    fn push(&mut self, id: i64, row: &Row<'_>) -> rusqlite::Result<()> {
        self.ids.push(id);
        for (at, column) in self.columns.iter_mut().enumerate() {
            column.push(row.get_ref(at + 1)?)?;
        }
        Ok(())
    }
}

/// Reads up to about `limit` waiting rows as they stand now, all of one moment.
///
/// # Errors
/// When the database cannot be read.
pub fn next_batch(db: &Connection, shapes: &[Shape], limit: i64) -> Result<Option<Batch>> {
    let now = clock::now();
    let Some(taken) = waiting(db, limit)? else { return Ok(None) };
    let sql = "SELECT EXISTS (SELECT 1 FROM changes WHERE seq > ?1)";
    let more: bool = db.query_row(sql, [taken.through], |row| row.get(0))?;
    let mut tables = Vec::new();
    for (index, shape) in shapes.iter().enumerate() {
        let ranges: Vec<&IdRange> =
            taken.ranges.iter().filter(|range| range.table == shape.table.code).collect();
        if ranges.is_empty() {
            continue;
        }
        let names: Vec<&str> =
            shape.columns.iter().map(|c| c.name.as_str()).filter(|name| *name != "id").collect();
        let sql = format!(
            "SELECT id, {} FROM {} WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
            names.join(", "),
            shape.table.name
        );
        let mut rows = TableRows::new(index, shape);
        for range in ranges {
            rows.read(db, &sql, range)?;
        }
        tables.push(rows);
    }
    let complete_until = (!more && taken.rest.is_empty()).then_some(now);
    Ok(Some(Batch { tables, taken, complete_until }))
}
