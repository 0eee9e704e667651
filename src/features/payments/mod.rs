//! How guests may pay.

mod api;
mod events;
mod feature;
mod store;

pub use events::{MethodsFrom, PaymentMethodsChanged, methods_imported};
pub use feature::feature;
pub use store::{
    CreateMethod, PaymentMethod, PaymentMethodCreate, active_method, active_methods, method_kind,
    methods_known,
};
