//! How long the kitchen took.

use rusqlite::{Connection, params};

use crate::core::error::Result;
use crate::core::kernel::Period;
use crate::features::menu::Department;
use crate::features::reports::rules::{Entry, Figures, average_minutes, minute_of_share, percent};
use crate::features::reports::types::Cell;

/// Lines by the minutes that they took; see `daily_kitchen` in the migration.
#[derive(Debug, Clone)]
pub struct Times {
    lines_by_minute: Vec<i64>,
    lines: i64,
    late: i64,
    waiting: i64,
    making: i64,
}

impl Default for Times {
    fn default() -> Self {
        Self { lines_by_minute: vec![0; 241], lines: 0, late: 0, waiting: 0, making: 0 }
    }
}

impl Times {
    /// How many lines took so many minutes; the last: 240 or more.
    pub fn lines_by_minute(&self) -> &[i64] {
        &self.lines_by_minute
    }
}

impl Figures for Times {
    fn add(&mut self, other: &Self) {
        for (mine, others) in self.lines_by_minute.iter_mut().zip(&other.lines_by_minute) {
            *mine += others;
        }
        self.lines += other.lines;
        self.late += other.late;
        self.waiting += other.waiting;
        self.making += other.making;
    }

    fn cells(&self) -> Vec<Cell> {
        let minute = |share| {
            let minute = minute_of_share(&self.lines_by_minute, share);
            Cell::Decimal(minute.map(|minute| minute as f64))
        };
        vec![
            minute(0.5),
            minute(0.9),
            Cell::Decimal(average_minutes(self.waiting, self.lines)),
            Cell::Decimal(average_minutes(self.making, self.lines)),
            Cell::Count(self.lines),
            Cell::Count(self.late),
            Cell::Decimal(percent(self.late, self.lines)),
        ]
    }

    fn weight(&self) -> i64 {
        self.lines
    }
}

/// The times of each department that made something.
pub fn departments(db: &Connection, period: Period) -> Result<Vec<Entry<Times>>> {
    let mut statement = db.prepare_cached(
        "SELECT minutes, lines, late, waiting, making FROM daily_kitchen
         WHERE department = ?1 AND business_day BETWEEN ?2 AND ?3",
    )?;
    let (from, to) = period.bounds();
    let mut entries = Vec::new();
    for department in Department::ALL {
        let mut times = Times::default();
        let mut rows = statement.query(params![department.as_str(), from, to])?;
        while let Some(row) = rows.next()? {
            let (minutes, lines): (i64, i64) = (row.get(0)?, row.get(1)?);
            let minutes = usize::try_from(minutes).unwrap_or_default();
            times.lines_by_minute[minutes.min(240)] += lines;
            times.lines += lines;
            times.late += row.get::<_, i64>(2)?;
            times.waiting += row.get::<_, i64>(3)?;
            times.making += row.get::<_, i64>(4)?;
        }
        if times.lines > 0 {
            let key = department.as_str().to_owned();
            entries.push(Entry { key, label: String::new(), figures: times });
        }
    }
    Ok(entries)
}
