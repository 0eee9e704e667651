//! What a changed line takes of the portions that are left, and gives back.

use crate::core::error::Result;
use crate::core::store::Tx;
use crate::features::menu;
use crate::features::orders::types::OrderItem;

/// Takes what a line has more than before, and gives back what it has less. What was weighed again is
/// there, however little was thought to be left.
///
/// # Errors
/// 409 when there are not so many left.
pub(super) fn take_difference(
    tx: &mut Tx<'_>,
    was: &OrderItem,
    now: &OrderItem,
    is_weighed_again: bool,
) -> Result<()> {
    let of = |item: &OrderItem| (item.dish_variation_id, item.quantity);
    if of(was) == of(now) {
        return Ok(());
    }
    menu::give_portions(tx, was.dish_variation_id, was.quantity)?;
    if !is_weighed_again {
        let wanted = (now.dish_variation_id, now.dish_name.as_str(), now.quantity);
        menu::check_portions(tx, [wanted].into_iter())?;
    }
    menu::take_portions(tx, now.dish_variation_id, now.quantity)
}
