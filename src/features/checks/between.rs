//! Lines go from one check of an order to another that lies beside it.

use super::draft::Draft;
use super::refusal::Refusal;
use super::split::{By, add_rules, join, split};
use crate::core::kernel::Quantity;

/// Takes so much of some lines from one check to another of the same order. Says what both hold
/// then: together they come to what they came to, and what was agreed on the one goes along with its
/// lines, at what it came to, and reaches no other.
///
/// # Errors
/// When the lines are not there, or there is less of them.
pub fn move_between(
    from: &Draft,
    to: &Draft,
    lines: &[(i64, Quantity)],
) -> Result<(Draft, Draft), Refusal> {
    let (rest, part) = take_off(from, lines)?;
    let mut joined = join(&[to.clone(), part])?;
    // What holds for the other check goes on holding for what is ordered on it later.
    let holds = |id: &i64| {
        let adjustments = to.adjustments.iter().map(|rule| rule.id);
        let is_there =
            adjustments.chain(to.charges.iter().map(|rule| rule.id)).any(|one| one == *id);
        is_there && !to.spent.contains(id)
    };
    joined.spent.retain(|id| !holds(id));
    Ok((rest, joined))
}

/// What stays and what goes. Guests sit where they sat, until nothing of theirs is left there.
fn take_off(from: &Draft, lines: &[(i64, Quantity)]) -> Result<(Draft, Draft), Refusal> {
    match split(from, &By::Lines(vec![lines.to_vec()])) {
        Ok(mut parts) => {
            let mut part = parts.pop().ok_or(Refusal::OnePart)?;
            let mut rest = parts.pop().ok_or(Refusal::OnePart)?;
            (rest.guests, part.guests) = (from.guests, 0);
            Ok((rest, part))
        }
        Err(Refusal::OnePart) => {
            let mut rest = Draft { spent: from.spent.clone(), ..Draft::default() };
            add_rules(&mut rest, from);
            Ok((rest, from.clone()))
        }
        Err(refusal) => Err(refusal),
    }
}
