//! Who is kept out for a while, and who never is. The truth is in the database, so that a restart
//! opens no door; every request asks the copy in memory.

mod api;
mod known;
mod net;
mod store;
mod types;

pub use api::router;
pub use known::Blocks;
pub use net::{client_net, net_of};
pub use store::{MakeBlock, forget_expired};
pub use types::{
    Block, BlockCreate, BlockList, Reason, Shut, TrustedNet, TrustedNetCreate, TrustedNetList,
};
