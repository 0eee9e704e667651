//! The restaurant itself: its name, currency and zone, and how the box is.

mod api;
mod store;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::VERSION;
use crate::app::App;
use crate::kernel::{Zone, money};

pub use store::{CreateSite, NewSite, SiteRow, UpdateSite, load};

/// The routes of the restaurant and of the box's health.
pub fn router() -> OpenApiRouter<App> {
    api::router()
}

/// What every part of the box knows of the restaurant. Read at start.
#[derive(Debug, Clone)]
pub struct Site {
    /// Tells this restaurant from all others.
    pub uuid: String,
    /// Its name, as guests see it.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// The zone's name in the tz database.
    pub timezone: String,
    /// The zone itself.
    pub zone: Zone,
    /// Languages of the menu, the main one first (ISO 639-1).
    pub languages: Vec<String>,
    /// Whether it is the demo.
    pub is_demo: bool,
}

/// The restaurant, as anybody may know it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Restaurant {
    /// Its name.
    pub name: String,
    /// ISO 4217 code of the currency of every amount.
    pub currency: String,
    /// Digits behind the point of an amount.
    pub currency_digits: u8,
    /// The zone's name in the tz database.
    pub timezone: String,
    /// Languages of the menu, the main one first (ISO 639-1).
    pub languages: Vec<String>,
    /// Whether it is the demo.
    pub is_demo: bool,
    /// Whether a guest's order waits for a waiter.
    pub guest_orders: crate::config::GuestOrders,
    /// Version of the box's program.
    pub version: &'static str,
}

impl Restaurant {
    /// As it is now.
    pub fn of(app: &App) -> Self {
        Self {
            name: app.site.name.clone(),
            currency: app.site.currency.clone(),
            currency_digits: money::minor_digits(),
            timezone: app.site.timezone.clone(),
            languages: app.site.languages.clone(),
            is_demo: app.site.is_demo,
            guest_orders: app.settings.guest_orders,
            version: VERSION,
        }
    }
}
