//! The menu that guests read: made once after each change, as the very bytes that travel.

mod api;
mod cache;
mod encoded;
mod page;
mod price;
mod store;
mod types;
mod words;

pub(super) use api::router;
pub use cache::Cache;
pub use types::OnSale;
