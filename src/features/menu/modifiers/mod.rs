//! What guests choose with a dish: groups of options, shared between dishes. What a choice costs and
//! whether it holds is decided in `rules.rs` and `price.rs`; orders ask by `offers.rs`.

mod api;
mod check;
mod link_api;
mod offered;
mod options_api;
mod price;
mod rules;
mod store;
mod types;

pub use check::wrong;
pub use offered::Offer;
pub use rules::{Chosen, Reason, Wrong, choose};
pub use store::{
    DishModifierGroup, DishModifierGroupLink, SetGroups, all, asked_by, check_option,
    ensure_all_choices, ensure_choices, ensure_sound, gone, of_all_dishes, of_dish, offer,
};
pub use types::{
    Choices, Halves, LineModifier, ModifierChoice, ModifierGroup, ModifierOption, Prefix, Times,
    for_guests,
};

use utoipa_axum::router::OpenApiRouter;

use crate::platform::app::App;

/// The routes under `/modifier-groups`, and which groups a dish has.
pub fn router() -> OpenApiRouter<App> {
    api::router().merge(options_api::router()).merge(link_api::router())
}
