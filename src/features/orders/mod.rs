//! Orders: placed, added to, moved on, paid.

mod adjustment_rules;
mod api;
mod check_adjustments;
mod check_requests;
mod check_types;
mod checks_api;
mod course_rules;
mod courses_api;
mod doctor;
mod entries;
mod events;
mod feature;
mod fiscal_api;
mod history;
mod items_api;
mod late;
mod line_rules;
mod list_api;
mod money_rules;
mod moves_api;
mod new_order;
mod notes;
mod order_requests;
mod pacing;
mod receipt_api;
mod rewards_api;
mod rules;
mod states;
mod step_rules;
mod store;
mod types;
mod unclear_api;

pub use adjustment_rules::{
    AdjustmentRule, AdjustmentRuleBody, AdjustmentRuleKind, Conditions, check_room, house_rules,
    rule_columns,
};
pub use check_adjustments::RuleKind;
pub use check_requests::LinePart;
pub use check_types::{CheckAdjustment, CheckLine, CheckPayment, CheckTax, CheckView, OrderChecks};
pub use events::{
    ChangedCheck, ChangedLine, CheckChanged, ItemStatusChanged, LineChange, OrderCreated,
    OrderDelayed, OrderHead, OrderLines, OrderReady, OrderStatusChanged, OrderUpdated, PaymentKind,
    PaymentReceived, TakenOn,
};
pub use feature::feature;
pub use late::tell_of_late_orders;
pub use new_order::NewOrder;
pub use order_requests::{OrderItemCreate, OrderItemStatusUpdate};
pub use pacing::fire_due_courses;
pub use states::{
    Actor, Direction, ItemStatus, KitchenStep, OrderStatus, OrderType, PaymentStatus,
};
pub use store::{
    AddItems, AddedReply, Compared, MoveLines, MovedLines, OrderSource, PlaceOrder, SendToKitchen,
    SetItemStatus, WireBegun, WireEnd, WireOffer, WirePayer, WireSettled, WireWay, WritePast,
    begin_wire, checks_of, chosen, combo, compare, customer_of, favourites, forget_person,
    has_open_order, order_with_items, orders_of, orders_with_phone, part, returned_receipt,
    set_customer, settle_wire, table_order, visits, visits_in_all, write_down, written_on_checks,
};
pub use types::{CustomerVisit, FavouriteDish, LineCombo, Order, OrderItem, OrderWithDetails};
