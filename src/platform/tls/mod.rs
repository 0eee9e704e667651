//! HTTPS without the internet: the box's own authority, a certificate for all its names and
//! addresses that renews itself, or a certificate that the owner brings.

mod api;
mod authority;
mod cert_manager;
mod doctor;
mod feature;
mod owners;
mod private_file;

pub use authority::Authority;
pub use cert_manager::Tls;
pub use feature::feature;
pub use owners::{Files, Good};
