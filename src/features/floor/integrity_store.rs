//! The search for what is wrong on the floor, and its repair, in SQL.

use rusqlite::{Connection, params};

use super::events::TableChange;
use super::integrity::{IntegrityCheck, Issue, IssueType, Repair, Suspect, issue};
use super::open_orders::open_orders;
use super::tables_store::tell_of;
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Tx};

/// The most issues of one type that are told at once.
const MOST: i64 = 200;

const SELECT: &str = concat!(
    "SELECT tables.id, label, location_id, locations.name,
            location_id IS NULL OR (locations.is_active AND locations.deleted_at IS NULL),
            tables.deleted_at IS NOT NULL, (SELECT max(orders.id) ",
    open_orders!(),
    ") AS order_id
     FROM tables LEFT JOIN locations ON locations.id = location_id"
);

fn condition(kind: IssueType) -> &'static str {
    match kind {
        IssueType::ActiveTableInInactiveLocation => {
            "tables.is_active AND tables.deleted_at IS NULL
             AND NOT locations.is_active AND locations.deleted_at IS NULL"
        }
        IssueType::TableInRemovedLocation => {
            "tables.deleted_at IS NULL AND locations.deleted_at IS NOT NULL"
        }
        IssueType::SeatedInactiveTable => {
            "is_seated AND NOT tables.is_active AND tables.deleted_at IS NULL"
        }
        IssueType::OpenOrderOnInactiveTable => {
            "(NOT tables.is_active OR tables.deleted_at IS NOT NULL) AND order_id IS NOT NULL"
        }
        IssueType::TableWithoutLocation => "location_id IS NULL AND tables.deleted_at IS NULL",
    }
}

fn find(db: &Connection, kind: IssueType) -> Result<Vec<Issue>> {
    let sql = format!("{SELECT} WHERE {} ORDER BY natural(label) LIMIT {MOST}", condition(kind));
    let mut statement = db.prepare_cached(&sql)?;
    let issues = statement.query_map([], |row| {
        let suspect = Suspect {
            table_id: row.get(0)?,
            name: row.get(1)?,
            location_id: row.get(2)?,
            location_name: row.get(3)?,
            is_location_open: row.get(4)?,
            is_removed: row.get(5)?,
            order_id: row.get(6)?,
        };
        Ok(issue(kind, suspect))
    })?;
    Ok(issues.collect::<rusqlite::Result<_>>()?)
}

pub fn check(db: &Connection) -> Result<IntegrityCheck> {
    let mut issues = Vec::new();
    for kind in IssueType::ALL {
        issues.extend(find(db, kind)?);
    }
    let now = "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)";
    Ok(IntegrityCheck {
        is_consistent: issues.iter().all(|issue| issue.repair == Repair::NotNeeded),
        issues,
        checked_at: Timestamp(db.query_row(now, [], |row| row.get(0))?),
    })
}

/// What can be repaired by itself, of these types.
pub fn repairable(db: &Connection, kinds: &[IssueType]) -> Result<Vec<Issue>> {
    let mut issues = Vec::new();
    for &kind in kinds {
        issues.extend(find(db, kind)?);
    }
    issues.retain(|issue| issue.repair == Repair::Automatic);
    Ok(issues)
}

/// Repairs all that can be repaired by itself, of these types. Says what that was.
pub struct Fix {
    pub kinds: Vec<IssueType>,
    pub by: Option<i64>,
}

impl Command for Fix {
    type Output = Vec<Issue>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Vec<Issue>> {
        let issues = repairable(tx, &self.kinds)?;
        for issue in &issues {
            let change = match issue.kind {
                IssueType::ActiveTableInInactiveLocation => "is_active = 0, is_seated = 0",
                IssueType::TableInRemovedLocation => "location_id = NULL",
                IssueType::SeatedInactiveTable => "is_seated = 0",
                IssueType::OpenOrderOnInactiveTable => "is_active = 1",
                IssueType::TableWithoutLocation => continue,
            };
            tx.execute(
                &format!("UPDATE tables SET {change}, updated_at = ?2 WHERE id = ?1"),
                params![issue.table_id, tx.now().0],
            )?;
            tell_of(tx, issue.table_id, TableChange::Changed, self.by)?;
        }
        Ok(issues)
    }
}
