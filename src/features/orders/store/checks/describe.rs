//! What people write on a check: for how many guests it is, a note, and where its receipt is sent.

use super::adjust::{done, to_change};
use super::follow::follow_rules;
use crate::core::error::{Error, Result};
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
    /// To which phone or e-mail address the fiscal receipt is sent too.
    pub receipt_to: Patch<Text<0, 64>>,
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
        check.row.receipt_to = self.receipt_to.text_or(check.row.receipt_to.take());
        check_address(check.row.receipt_to.as_deref())?;
        let order_id = check.row.order_id;
        check.save(tx)?;
        follow_rules(tx, order_id)?;
        done(tx, self.check_id, &self.by)
    }
}

/// Whether something can be sent there: a phone with its country, or an e-mail address.
fn check_address(address: Option<&str>) -> Result<()> {
    let Some(address) = address else { return Ok(()) };
    let is_phone = address.strip_prefix('+').is_some_and(|digits| {
        (10..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let is_email = address.split_once('@').is_some_and(|(name, host)| {
        let has_gap = address.contains(char::is_whitespace);
        !name.is_empty() && !host.contains('@') && host.contains('.') && !has_gap
    });
    if is_phone || is_email {
        return Ok(());
    }
    Err(Error::invalid("receipt_to", "must be a phone such as +79991234567, or an e-mail address"))
}
