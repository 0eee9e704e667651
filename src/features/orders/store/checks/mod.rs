//! Checks in SQL: a file a kind of change, one for their rows, one for how they stand together.

mod adjust;
mod adjustment_rows;
mod between;
mod bill;
mod clear;
mod correct;
mod describe;
mod fiscal;
mod follow;
mod guard;
mod left;
mod pay;
mod refund;
mod reopen;
mod reward;
mod rows;
mod settle;
mod spared;
mod split;
mod steps;
mod unpaid;
mod view;
mod wire;
mod wishes;

pub use adjust::{AddAdjustment, TakeBackAdjustment};
pub(super) use adjustment_rows::{AdjustmentRow, adjustments};
pub use between::{LinesMove, MoveBetween};
pub(super) use bill::{Bill, Check, check_id, check_number, keep_sale, service_of, write_sums};
pub use clear::{ClearPayment, unclear};
pub use correct::CorrectSale;
pub use describe::DescribeCheck;
pub(super) use fiscal::follow_order;
pub(super) use follow::{follow_facts, sums_of};
pub(super) use guard::{Touch, check_cancel, check_close, check_join, check_line, check_room};
pub use pay::PayCheck;
pub(super) use pay::{Way, pay_whole};
pub(super) use refund::give_back_whole;
pub use refund::{OtherWay, RefundPayment, What};
pub use reopen::ReopenCheck;
pub use reward::{UsePromo, UseReward};
pub(super) use rows::{Method, PaymentRow, are_any, close_all, pay};
pub(super) use settle::{finish, follow_lines, mark_paid, write_paid_lines};
pub(super) use spared::{is_spared, off_lines, stay_off};
pub use split::{JoinChecks, SplitCheck};
pub use steps::{Step, StepCheck};
pub(super) use unpaid::{drop_unpaid_of, has_waiting};
pub use view::{check, checks_of, order_checks};
pub use wire::{
    WireBegun, WireEnd, WireOffer, WirePayer, WireSettled, WireWay, begin_wire, returned_receipt,
    settle_wire,
};
pub use wishes::part;
