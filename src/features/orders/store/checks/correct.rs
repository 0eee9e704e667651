//! A sale that was not rung up in its time.

use serde_json::{Value, json};

use super::adjust::for_check;
use super::fiscal::receipt_of;
use crate::core::error::{Error, Result};
use crate::core::kernel::Zone;
use crate::core::store::{Command, Tx};
use crate::features::fiscal::{self, Basis, Correction, Document};
use crate::platform::audit;
use crate::platform::auth::Person;

/// Rings a paid check up late, as a correction.
pub struct CorrectSale {
    /// The check.
    pub check_id: i64,
    /// Why.
    pub basis: Basis,
    /// The number of the tax office's order.
    pub number: Option<String>,
    /// What happened.
    pub reason: String,
    /// Whose days count.
    pub zone: Zone,
    /// Who.
    pub by: Person,
}

impl Command for CorrectSale {
    type Output = Document;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Document> {
        if self.basis == Basis::Order && self.number.is_none() {
            return Err(Error::invalid("number", "must be that of the tax office's order"));
        }
        let bill = for_check(tx, self.check_id)?;
        let check = &bill.checks[bill.place(self.check_id)?];
        let Some((receipt, paid_at)) = receipt_of(tx, &bill, check)? else {
            let detail = "The check is not paid; there is nothing to ring up.";
            return Err(Error::conflict("check_not_paid", detail));
        };
        let date = self.zone.date_of(paid_at);
        let corrects = Correction { basis: self.basis, date, number: self.number };
        let made = fiscal::correct(tx, self.check_id, &receipt, corrects, &self.by)?;
        let order = ("order", Some(check.row.order_id));
        let after = json!({"check": self.check_id, "total": made.total, "reason": self.reason});
        audit::note(tx, Some(self.by.id), "fiscal_sale_corrected", order, (Value::Null, after))?;
        Ok(made)
    }
}
