//! Payments over the wire in SQL.

mod attempts;
mod begin;
mod compare;
mod providers;
mod refunds;
mod settle;

pub use attempts::{
    AttemptRow, attempt, attempts, ended_since, late, newest_of_phone, of_check, open_attempts,
    view,
};
pub use begin::{Begin, By};
pub use compare::{Adopt, Adopted, NoteDay, is_compared, is_known, last_compared};
pub use providers::{
    CreateProvider, DeleteProvider, UpdateProvider, account, asked, providers, ways,
};
pub use refunds::{
    GiveBack, MarkRefundSent, RefundRow, SendAgain, SettleRefund, TakeUp, are_to_take_up,
    open_refunds, refused,
};
pub use settle::{LetGo, MarkSent, Say, Settle, Step};
