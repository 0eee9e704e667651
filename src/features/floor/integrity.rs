//! What an import or a hand edit can break on the floor, and what can be done about it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::Timestamp;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FloorIssueType)]
pub enum IssueType {
    /// The table is active, its location is not. Repaired by switching the table off.
    ActiveTableInInactiveLocation,
    /// The table's location was removed. Repaired by taking the table out of it.
    TableInRemovedLocation,
    /// Somebody sits at an inactive table. Repaired by freeing the table.
    SeatedInactiveTable,
    /// There is an open order at an inactive or removed table. Repaired by switching the table
    /// on.
    OpenOrderOnInactiveTable,
    /// The table has no location; nothing is wrong with that.
    TableWithoutLocation,
}

impl IssueType {
    /// All of them, in the order in which they are told and repaired.
    pub const ALL: [Self; 5] = [
        Self::ActiveTableInInactiveLocation,
        Self::TableInRemovedLocation,
        Self::SeatedInactiveTable,
        Self::OpenOrderOnInactiveTable,
        Self::TableWithoutLocation,
    ];
}

/// Who can put it right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// `auto-fix` does.
    Automatic,
    /// Only a person can: there is an open order that must be closed first.
    ByHand,
    /// Nothing is wrong.
    NotNeeded,
}

/// One thing that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FloorIssue)]
pub struct Issue {
    /// What is wrong.
    #[serde(rename = "type")]
    pub kind: IssueType,
    /// The table.
    pub table_id: i64,
    /// Its location.
    pub location_id: Option<i64>,
    /// The open order.
    pub order_id: Option<i64>,
    /// What is wrong, in a sentence.
    pub description: String,
    /// Who can put it right.
    pub repair: Repair,
}

/// The state of the floor.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntegrityCheck {
    /// Whether nothing is wrong.
    pub is_consistent: bool,
    /// What was found; at most 200 of a type.
    pub issues: Vec<Issue>,
    /// When it was looked at.
    pub checked_at: Timestamp,
}

/// What was repaired.
#[derive(Debug, Serialize, ToSchema)]
pub struct AutoFix {
    /// Whether nothing was changed: `fixed` is then what would be.
    pub dry_run: bool,
    /// What was repaired.
    pub fixed: Vec<Issue>,
    /// How many that are.
    pub total: usize,
}

/// A table with all that counts for it.
pub struct Suspect {
    pub table_id: i64,
    pub name: String,
    pub location_id: Option<i64>,
    pub location_name: Option<String>,
    /// Whether the table stands in no location, or in an active one.
    pub is_location_open: bool,
    pub is_removed: bool,
    pub order_id: Option<i64>,
}

/// The issue, for a table of which `kind` is known to hold.
pub fn issue(kind: IssueType, suspect: Suspect) -> Issue {
    let table = suspect.name;
    let location = suspect.location_name.unwrap_or_default();
    let has_order = suspect.order_id.is_some();
    let (description, repair) = match kind {
        IssueType::ActiveTableInInactiveLocation => (
            format!("Table {table} is active, but its location “{location}” is switched off."),
            if has_order { Repair::ByHand } else { Repair::Automatic },
        ),
        IssueType::TableInRemovedLocation => (
            format!("Table {table} stands in the location “{location}”, which was removed."),
            Repair::Automatic,
        ),
        IssueType::SeatedInactiveTable => {
            (format!("Table {table} is switched off, but is marked as taken."), Repair::Automatic)
        }
        IssueType::OpenOrderOnInactiveTable if suspect.is_removed => {
            (format!("Table {table} was removed, but has an open order."), Repair::ByHand)
        }
        IssueType::OpenOrderOnInactiveTable => (
            format!("Table {table} is switched off, but has an open order."),
            if suspect.is_location_open { Repair::Automatic } else { Repair::ByHand },
        ),
        IssueType::TableWithoutLocation => {
            (format!("Table {table} has no location."), Repair::NotNeeded)
        }
    };
    Issue {
        kind,
        table_id: suspect.table_id,
        location_id: suspect.location_id,
        order_id: suspect.order_id,
        description,
        repair,
    }
}
