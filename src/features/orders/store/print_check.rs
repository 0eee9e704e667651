//! A check on paper, when somebody asks for it.

use super::receipts::Who;
use super::{checks, receipts};
use crate::core::error::{Error, Result};
use crate::core::store::{Command, Reply, Tx};
use crate::features::cash;
use crate::features::printing::{BillKind, print_bill_now};

/// Prints a check on demand.
pub struct PrintCheck {
    /// Which.
    pub check_id: i64,
    /// Who, at which tablet.
    pub who: Who,
}

impl Command for PrintCheck {
    type Output = Reply;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let check = checks::check(tx, self.check_id)?;
        let bill = receipts::bill(tx, &check, tx.now())?;
        let word = if bill.what == BillKind::Receipt { "receipt" } else { "precheck" };
        print_bill_now(tx, bill, cash::receipts_at(tx, self.who)?)?.ok_or_else(|| {
            let detail =
                format!("No printer prints a {word}. An admin sets one up under Printers.");
            Error::conflict("no_printer", detail).with("document", word)
        })
    }
}
