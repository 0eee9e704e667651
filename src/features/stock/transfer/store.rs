//! What a table changes: looked at first, then done thing by thing, behind orders.

use std::ops::ControlFlow;

use rusqlite::Connection;

use super::Table;
use super::plan_store::{Deed, Planned, plan};
use crate::core::error::Result;
use crate::core::store::{Command, Steps, Tx};
use crate::features::import::{Outcome, Report, Wrong};
use crate::features::stock::goods::{CreateGood, UpdateGood};
use crate::features::stock::recipes::CreateRecipe;
use crate::features::stock::suppliers::{CreateSupplier, SetPrices, UpdateSupplier};

/// What a table would change.
///
/// # Errors
/// 422 that names every wrong place.
pub fn look(db: &Connection, table: &Table) -> Result<Report> {
    let (mut report, mut wrong) = (Report::default(), Wrong::default());
    for at in 0..table.len() {
        if let Some(planned) = plan(db, table, at, &mut wrong)? {
            tell(&mut report, &planned);
        }
    }
    wrong.refuse_if_any()?;
    Ok(Report { dry_run: true, ..report })
}

fn tell(report: &mut Report, planned: &Planned) {
    let place = format!("line {}", planned.line);
    let (name, fields) = (planned.name.clone(), planned.fields.clone());
    let outcome = match (&planned.deed, planned.is_new) {
        (None, _) => Outcome::Unchanged,
        (Some(_), true) => Outcome::Created,
        (Some(_), false) => Outcome::Updated,
    };
    report.add(planned.what, place, name, outcome, fields);
}

/// Takes a table in that was looked at.
pub struct TakeIn {
    table: Table,
    by: i64,
    /// The next thing.
    at: usize,
    report: Report,
}

impl TakeIn {
    /// Nothing is done yet; `by` takes it in.
    pub fn new(table: Table, by: i64) -> Self {
        Self { table, by, at: 0, report: Report::default() }
    }
}

impl Steps for TakeIn {
    type Output = Report;

    fn step(&mut self, tx: &mut Tx<'_>) -> Result<ControlFlow<Report>> {
        while self.at < self.table.len() {
            let mut wrong = Wrong::default();
            let planned = plan(tx, &self.table, self.at, &mut wrong)?;
            wrong.refuse_if_any()?;
            if let Some(planned) = planned {
                tell(&mut self.report, &planned);
                planned.deed.map_or(Ok(()), |deed| self.apply(tx, deed))?;
            }
            self.at += 1;
            if !tx.has_time() {
                return Ok(ControlFlow::Continue(()));
            }
        }
        Ok(ControlFlow::Break(std::mem::take(&mut self.report)))
    }
}

impl TakeIn {
    fn apply(&self, tx: &mut Tx<'_>, deed: Deed) -> Result<()> {
        let by = self.by;
        match deed {
            Deed::AddGood(good) => CreateGood { good, by }.apply(tx).map(drop),
            Deed::ChangeGood(id, changes) => UpdateGood { id, changes, by }.apply(tx).map(drop),
            Deed::AddSupplier(supplier, prices) => {
                let supplier_id = CreateSupplier { supplier, by }.apply(tx)?.id;
                SetPrices { supplier_id, prices, by }.apply(tx).map(drop)
            }
            Deed::ChangeSupplier(id, changes, prices) => {
                UpdateSupplier { id, changes, by }.apply(tx)?;
                SetPrices { supplier_id: id, prices, by }.apply(tx).map(drop)
            }
            Deed::AddRecipe(recipe) => CreateRecipe { recipe, by }.apply(tx).map(drop),
        }
    }
}
