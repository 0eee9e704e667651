//! How guests may pay.

mod api;
mod feature;
mod store;

pub use feature::feature;
pub use store::{
    CreateMethod, PaymentMethod, PaymentMethodCreate, active_method, active_methods, methods_known,
};
