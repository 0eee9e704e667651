//! What the goods on the shelf say of the stop-list: how many portions they still make.

mod rules;
mod store;

pub(super) use store::follow_goods;
