//! HTTPS without the internet: the box's own authority, a certificate for all its names and
//! addresses that renews itself, or a certificate that the owner brings.

mod api;
mod authority;
mod feature;
mod keeper;
mod owners;
mod private_file;

pub use authority::Authority;
pub use feature::feature;
pub use keeper::{Tls, is_own_good};
pub use owners::{Files, Good};
