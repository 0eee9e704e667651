//! Orders: placed, added to, moved on, paid.

mod api;
mod history;
mod items_api;
mod line_rules;
mod list_api;
mod money_rules;
mod moves_api;
mod notes;
mod rules;
mod store;
mod types;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub use rules::{Hand, ItemStatus, KitchenStep, OrderStatus, OrderType, PaymentStatus, Way};
pub use store::{
    AddItems, AddedReply, MarkDelayed, MoveLines, MovedLines, PlaceOrder, Placer, SendToKitchen,
    SetItemStatus, WritePast, order_with_items, overdue_orders, table_order,
};
pub use types::{
    NewOrder, Order, OrderItem, OrderItemCreate, OrderItemStatusUpdate, OrderWithDetails,
};

/// The routes under `/orders`.
pub fn router() -> OpenApiRouter<App> {
    let lists = api::router().merge(list_api::router());
    lists.merge(items_api::router()).merge(moves_api::router())
}
