//! Orders in SQL: one file a kind of change, one for reading, one for telling.

mod add;
mod check_story;
mod checks;
mod choices;
mod chosen;
mod combos;
mod compare;
mod courses;
mod delayed;
mod entries;
mod events;
mod guests;
mod history;
mod item_status;
mod items;
mod kitchen;
mod line;
mod list;
mod load;
mod party;
mod past;
mod payment;
mod permits;
mod place;
mod portions;
mod prices;
mod print_check;
mod raised;
mod receipts;
mod rewards;
mod seats;
mod send;
mod source;
mod status;
mod tickets;
mod transfer;
mod whose;

pub use add::{AddItems, AddedReply};
pub use checks::{
    AddAdjustment, ClearPayment, CorrectSale, DescribeCheck, JoinChecks, LinesMove, MoveBetween,
    OtherWay, PayCheck, RefundPayment, ReopenCheck, SplitCheck, Step, StepCheck,
    TakeBackAdjustment, UsePromo, UseReward, What, WireBegun, WireEnd, WireOffer, WirePayer,
    WireSettled, WireWay, begin_wire, check, checks_of, order_checks, part, returned_receipt,
    settle_wire, unclear,
};
pub use chosen::chosen;
pub use compare::{Compared, compare};
pub use courses::{FireDue, StepCourse, due_orders};
pub use delayed::{MarkDelayed, overdue_orders};
pub use entries::write_down;
pub use guests::SetGuests;
pub use history::history;
pub use items::{RemoveItem, SetItemStatus, UpdateItem};
pub use kitchen::{MoveLines, MovedLines};
pub use list::{Wanted, list};
pub use load::{active_at_table, combo, order_with_items, table_order};
pub use past::WritePast;
pub use payment::{CompletePayment, SetPayment};
pub use place::PlaceOrder;
pub use print_check::PrintCheck;
pub use receipts::bill;
pub use send::SendToKitchen;
pub use source::OrderSource;
pub use status::SetOrderStatus;
pub use transfer::{MoveItems, MoveOrder};
pub use whose::{
    customer_of, favourites, forget_person, has_open_order, orders_of, orders_with_phone,
    set_customer, visits, visits_in_all, written_on_checks,
};

use super::states::Actor;
use super::types::Order;
use crate::platform::auth::{Person, Role};

/// In which capacity this person touches this order.
fn actor(person: &Person, order: &Order) -> Actor {
    match person.role {
        Role::Admin | Role::Manager => Actor::Admin,
        Role::Kitchen => Actor::Cook,
        // No order is open to hosts: `By` keeps them out before.
        Role::Waiter | Role::Cashier | Role::Host => {
            Actor::Waiter { own: order.waiter_id == 0 || order.waiter_id == person.id }
        }
    }
}
