//! A waiter's word for what guests ordered.

use super::items::{is_sent, move_item, tell_sent};
use super::load;
use crate::core::error::Result;
use crate::core::store::{Command, Priority, Tx};
use crate::features::orders::states::ItemStatus;
use crate::features::orders::types::OrderItem;
use crate::features::permissions::Principal;

/// Sends a guest's waiting lines to the kitchen: all of them when none is named.
pub struct SendToKitchen {
    /// The order.
    pub order_id: i64,
    /// The lines.
    pub item_ids: Vec<i64>,
    /// Who.
    pub by: Principal,
}

impl Command for SendToKitchen {
    type Output = usize;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<usize> {
        let order = load::for_change(tx, self.order_id)?;
        let wanted: Vec<&OrderItem> = if self.item_ids.is_empty() {
            order.items.iter().filter(|item| item.status == ItemStatus::New).collect()
        } else {
            self.item_ids.iter().map(|id| load::find_item(&order, *id)).collect::<Result<_>>()?
        };
        let (mut sent, mut taken_on) = (Vec::new(), 0);
        for item in wanted {
            // Sent twice is sent once: a second tap is no error.
            if item.status == ItemStatus::New {
                let to = ItemStatus::InPreparation;
                let (to, _) = move_item(tx, &order, item, to, (&self.by, None))?;
                taken_on += 1;
                sent.extend(Some(item).filter(|item| is_sent(item, to)));
            }
        }
        if !sent.is_empty() {
            tell_sent(tx, self.order_id, &sent, &self.by)?;
        }
        Ok(taken_on)
    }
}
