//! What people write on a check: for how many guests it is, and a note.

use super::adjust::{done, to_change};
use super::follow::follow_rules;
use crate::core::error::Result;
use crate::core::kernel::{Patch, Text};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::checks::{CheckState, Refusal};
use crate::platform::auth::Person;

/// Writes on a check that is not paid yet. What was presented is not computed anew by it.
pub struct DescribeCheck {
    /// The check.
    pub check_id: i64,
    /// For how many guests it is.
    pub guests: Option<u32>,
    /// The note.
    pub note: Patch<Text<0, 200>>,
    /// The check's version that the person saw.
    pub version: i64,
    /// Who.
    pub by: Person,
}

impl Command for DescribeCheck {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let (mut bill, at) = to_change(tx, self.check_id, self.version)?;
        let check = &mut bill.checks[at];
        let state = check.row.state;
        if state.is_settled() || state == CheckState::Void {
            return Err(Refusal::WrongState { is: state.as_str() }.into());
        }
        check.row.guests = self.guests.unwrap_or(check.row.guests);
        check.row.note = self.note.text_or(check.row.note.take());
        let order_id = check.row.order_id;
        check.save(tx)?;
        follow_rules(tx, order_id)?;
        done(tx, self.check_id, &self.by)
    }
}
