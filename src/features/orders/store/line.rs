//! A line of an order before it is written: as it is asked for, and as it can be sold.

use super::choices::choose;
use crate::core::error::Result;
use crate::core::kernel::fields::{Comment, Course};
use crate::core::kernel::{Money, Quantity, Tax, Text, Timestamp};
use crate::core::store::Tx;
use crate::features::menu::{Chosen, Sellable, Wrong};
use crate::features::orders::order_requests::OrderItemCreate;
use crate::features::orders::states::ItemStatus;
use crate::features::orders::types::{OrderItem, line_sum};
use crate::features::taxes::LineTax;

/// Of which combo of a request a line is a part.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Where the combo stands in the request.
    pub(super) at: usize,
    /// The dish that is the combo.
    pub(super) dish_id: i64,
    /// What it is called.
    pub(super) name: String,
}

/// A line that can be sold now.
pub(super) struct Line {
    /// What.
    pub(super) dish: Sellable,
    quantity: Quantity,
    total: Money,
    comment: Option<String>,
    seat: Option<u32>,
    /// With which course it is served.
    pub(super) course: Option<Course>,
    tax: LineTax,
    chosen: Chosen,
    /// Of which combo it is a part.
    pub(super) combo: Option<Part>,
}

impl Line {
    /// So much more of what was ordered before, as it is sold now.
    pub(super) fn more_of(
        item: &OrderItem,
        (dish, tax): (Sellable, LineTax),
        quantity: Quantity,
    ) -> Self {
        let chosen = Chosen { modifiers: item.modifiers.clone(), adds: item.modifiers_price };
        Self {
            total: line_sum(quantity, dish.price + chosen.adds),
            dish,
            quantity,
            comment: item.comment.clone(),
            seat: item.seat,
            course: item.course,
            tax,
            chosen,
            combo: None,
        }
    }

    /// What it costs, before the tax that is paid beside, and how it is taxed.
    pub(super) fn taxed(&self) -> (Tax, Money) {
        (self.tax.tax, self.total)
    }

    /// What it takes of the portions that are left: the size, the name of its dish, how much.
    pub(super) fn portions(&self) -> (i64, &str, Quantity) {
        (self.dish.variation_id, &self.dish.dish_name, self.quantity)
    }

    /// The line as it is ordered now; it has no id yet.
    pub(super) fn into_item(self, order_id: i64, now: Timestamp, status: ItemStatus) -> OrderItem {
        let Self { dish, quantity, total, comment, seat, course, tax, chosen, combo: _ } = self;
        let is_sent = status == ItemStatus::InPreparation;
        OrderItem {
            id: 0,
            order_id,
            dish_id: dish.dish_id,
            dish_variation_id: dish.variation_id,
            dish_name: dish.dish_name,
            variation_name: dish.variation_name,
            dish_image_url: dish.image_url,
            dish_cooking_time: dish.cooking_time,
            dish_department: dish.department,
            quantity,
            unit: dish.measure,
            comment,
            seat,
            course,
            tax,
            price: dish.price,
            price_list_id: dish.list.map(|(id, _)| id),
            list_price: dish.list.map(|(_, own)| own),
            modifiers: chosen.modifiers,
            combo: None,
            modifiers_price: chosen.adds,
            total,
            status,
            department: dish.department,
            sent_to_kitchen_at: is_sent.then_some(now),
            preparation_started_at: None,
            ready_at: None,
            served_at: None,
            estimated_preparation_time: dish.cooking_time,
            actual_preparation_time: None,
            created_at: now,
            updated_at: now,
        }
    }
}

/// A line as it is asked for, and how its dishes are taxed by their class.
pub(super) struct Wanted<'a> {
    /// Where it stands in the request.
    pub(super) at: usize,
    /// What is asked.
    pub(super) item: &'a OrderItemCreate,
    /// Whether a member of staff asks. Guests name no course: in which the table eats is the house's.
    pub(super) is_staff: bool,
    /// Whether it is eaten at a table: nothing else comes in courses, unless somebody says so.
    pub(super) is_at_table: bool,
    /// The tax of a class.
    pub(super) tax: &'a dyn Fn(Option<i64>) -> LineTax,
}

/// What does not hold of a line of a request: where it stands, its dish, and what of it.
pub(super) type WrongLine = (usize, String, Vec<Wrong>);

impl Wanted<'_> {
    /// The line, or what does not hold of it.
    pub(super) fn line(
        &self,
        tx: &Tx<'_>,
        dish: Sellable,
    ) -> Result<Result<Vec<Line>, Vec<WrongLine>>> {
        let item = self.item;
        Ok(match choose(tx, &dish, item.modifiers.as_deref(), item.shown_price)? {
            Ok(chosen) => Ok(vec![self.of(dish, chosen, item.comment.as_ref(), None)]),
            Err(all) => Err(vec![(self.at, dish.dish_name, all)]),
        })
    }

    /// So much of a dish with what was chosen.
    pub(super) fn of(
        &self,
        dish: Sellable,
        chosen: Chosen,
        comment: Option<&Comment>,
        combo: Option<Part>,
    ) -> Line {
        let quantity = self.item.quantity.get();
        let usual = dish.course.filter(|_| self.is_at_table);
        Line {
            course: if self.is_staff { self.item.course.clone().or(usual) } else { usual },
            tax: (self.tax)(dish.tax_class_id),
            total: line_sum(quantity, dish.price + chosen.adds),
            dish,
            quantity,
            comment: comment.cloned().and_then(Text::non_empty),
            seat: self.item.seat.and_then(|seat| u32::try_from(seat.get()).ok()),
            chosen,
            combo,
        }
    }
}
