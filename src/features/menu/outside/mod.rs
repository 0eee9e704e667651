//! What other programs know the menu by: stable ids of their own, and barcodes.

mod barcode;
mod store;

pub use barcode::Barcode;
pub use store::{barcode_holder, ensure_free, set_barcodes};

use crate::core::kernel::fields::Label;

/// The id of a dish, a size, a group or an option in another program. No two of a kind are alike.
pub type ExternalId = Label<0, 100>;
