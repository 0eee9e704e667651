//! An order about to be placed, from whatever body it came.

use super::order_requests::{DeliveryOrderCreate, OrderCreate, OrderItemCreate};
use super::states::OrderType;
use crate::core::kernel::Text;
use crate::core::kernel::fields::Id;
use crate::features::floor::Guests;

/// An order about to be placed, whoever places it.
#[derive(Debug, Default)]
pub struct NewOrder {
    /// The table.
    pub table_id: Option<i64>,
    /// Where it is eaten; at the table when none is said.
    pub order_type: Option<OrderType>,
    /// How many guests sit there.
    pub guests: Option<i64>,
    /// Notes for the waiter.
    pub notes: Option<String>,
    /// Notes for the kitchen.
    pub kitchen_notes: Option<String>,
    /// Who picks it up or gets it.
    pub customer_name: Option<String>,
    /// His telephone.
    pub customer_phone: Option<String>,
    /// Where it is brought.
    pub delivery_address: Option<String>,
    /// Notes for the courier.
    pub delivery_notes: Option<String>,
    /// The lines.
    pub items: Vec<OrderItemCreate>,
}

impl From<OrderCreate> for NewOrder {
    fn from(order: OrderCreate) -> Self {
        Self {
            table_id: order.table_id.map(Id::get),
            order_type: Some(order.order_type),
            guests: order.guests.map(Guests::get),
            notes: order.notes.and_then(Text::non_empty),
            kitchen_notes: order.kitchen_notes.and_then(Text::non_empty),
            customer_name: order.customer_name.and_then(Text::non_empty),
            customer_phone: order.customer_phone.and_then(Text::non_empty),
            items: order.items,
            ..Self::default()
        }
    }
}

impl From<DeliveryOrderCreate> for NewOrder {
    fn from(order: DeliveryOrderCreate) -> Self {
        Self {
            table_id: None,
            order_type: Some(OrderType::Delivery),
            notes: order.notes.and_then(Text::non_empty),
            kitchen_notes: order.kitchen_notes.and_then(Text::non_empty),
            customer_name: order.customer_name.non_empty(),
            customer_phone: order.customer_phone.non_empty(),
            delivery_address: order.delivery_address.non_empty(),
            delivery_notes: order.delivery_notes.and_then(Text::non_empty),
            items: order.items,
            guests: None,
        }
    }
}
