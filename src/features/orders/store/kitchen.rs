//! The kitchen's steps over a ticket: what is begun or ready in one breath, and back.

use serde::Serialize;
use utoipa::ToSchema;

use super::item_status::write_step;
use super::{actor, events, load, status};
use crate::core::error::{Error, Result};
use crate::core::store::{Command, Priority, Tx};
use crate::features::menu::Department;
use crate::features::orders::states::{Direction, ItemStatus, KitchenStep};
use crate::features::orders::types::{OrderItem, OrderWithDetails};
use crate::features::orders::{rules, step_rules};
use crate::platform::auth::Person;

/// Moves the lines of a ticket a step on, or back. A line that is past the step, or not yet at it,
/// stays as it is: a step that is sent twice happens once.
pub struct MoveLines {
    /// The order.
    pub order_id: i64,
    /// Which step.
    pub step: KitchenStep,
    /// Taken, or taken back.
    pub direction: Direction,
    /// Only the lines that are made there.
    pub department: Option<Department>,
    /// Only these lines; all when empty.
    pub item_ids: Vec<i64>,
    /// Who.
    pub by: Person,
}

/// Which lines moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovedLines {
    /// Their ids: what an undo has to name.
    pub item_ids: Vec<i64>,
}

impl Command for MoveLines {
    type Output = MovedLines;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<MovedLines> {
        let mut order = load::for_change(tx, self.order_id)?;
        if order.order.status.is_closed() {
            let detail = format!("Order {} is closed.", order.order.number);
            return Err(Error::rule("order_closed", detail).with("number", order.order.number));
        }
        self.check_known(&order)?;
        let mut steps = Vec::new();
        for item in order.items.iter().filter(|item| self.is_meant(item)) {
            if let Some(moved) = self.moved(tx, item) {
                step_rules::check_item_step(
                    item.status,
                    moved.status,
                    actor(&self.by, &order.order),
                )?;
                write_step(tx, &moved)?;
                steps.push((moved, item.status));
            }
        }
        let item_ids = steps.iter().map(|(item, _)| item.id).collect();
        if !steps.is_empty() {
            events::items_status(tx, Some(self.by.id), &order.order, &steps)?;
            for (item, _) in steps {
                order.put(item);
            }
            status::follow(tx, &order, self.by.id)?;
        }
        Ok(MovedLines { item_ids })
    }
}

impl MoveLines {
    fn check_known(&self, order: &OrderWithDetails) -> Result<()> {
        let is_known = |id: &&i64| order.items.iter().any(|item| item.id == **id);
        match self.item_ids.iter().find(|id| !is_known(id)) {
            Some(id) => Err(Error::not_found("order item", *id)),
            None => Ok(()),
        }
    }

    fn is_meant(&self, item: &OrderItem) -> bool {
        self.department.is_none_or(|department| department == item.department)
            && (self.item_ids.is_empty() || self.item_ids.contains(&item.id))
    }

    /// The line after the step, if it is one for it.
    fn moved(&self, tx: &Tx<'_>, item: &OrderItem) -> Option<OrderItem> {
        let was_begun = item.preparation_started_at.is_some();
        let (status, begun) =
            rules::after_kitchen_step(item.status, was_begun, self.step, self.direction)?;
        let mut moved = OrderItem { status, ..item.clone() };
        moved.ready_at = (status == ItemStatus::Ready).then(|| tx.now());
        moved.preparation_started_at =
            begun.then(|| item.preparation_started_at.unwrap_or(tx.now()));
        Some(moved)
    }
}
