//! The restaurant itself: its name, currency and zone.

mod api;
mod events;
mod feature;
mod rules;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::VERSION;
use crate::core::kernel::fields::{Id, Name};
use crate::core::kernel::{DayHour, Int, Money, Patch, TaxRate, money};
use crate::features::checks::CashRounding;
use crate::platform::app::App;
use crate::platform::config::GuestOrders;

pub use events::{MenuChanged, MenuPart};
pub use feature::feature;
pub use rules::check_facts;
pub use store::{CreateSite, NewSite, UpdateSite, tax_now};

/// The restaurant, as anybody may know it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Restaurant {
    /// What its guests' page knows of it too.
    #[serde(flatten)]
    pub facts: Facts,
    /// The tax of what names no class, today, in percent; "0" for none.
    pub tax_percent: TaxRate,
    /// The class of what names none.
    pub tax_class_id: i64,
    /// The class of service charges; none where they are taxed like what they are on.
    pub service_tax_class_id: Option<i64>,
    /// For so many minutes after the clock changed a price the one holds on that a screen still shows.
    pub price_grace_minutes: i64,
    /// Whether a tip may be given to the house, where it is paid.
    pub house_tips: bool,
    /// So many minutes after all of a course was served the next one is fired by itself; none: waiters
    /// fire it.
    pub next_course_minutes: Option<i64>,
}

/// What hardly ever changes of the restaurant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RestaurantFacts)]
pub struct Facts {
    /// Its name.
    pub name: String,
    /// ISO 4217 code of the currency of every amount.
    pub currency: String,
    /// Digits behind the point of an amount.
    pub currency_digits: u8,
    /// The smallest coin: what is paid in cash is rounded to it.
    pub cash_coin: Money,
    /// The zone's name in the tz database.
    pub timezone: String,
    /// The hour of the clock at which a day begins: what is ordered before it counts to the day
    /// before.
    pub day_begins_hour: i64,
    /// Languages of the menu, the main one first (ISO 639-1).
    pub languages: Vec<String>,
    /// Whether it is the demo.
    pub is_demo: bool,
    /// Whether a guest's order waits for a waiter.
    pub guest_orders: GuestOrders,
    /// What `qres.toml` or the environment sets; it cannot be changed by `PATCH /restaurant`.
    pub fixed: Vec<&'static str>,
    /// Version of the box's program.
    pub version: &'static str,
}

impl Facts {
    /// As they are now.
    pub fn of(app: &App) -> Self {
        let site = app.site();
        Self {
            name: site.name.clone(),
            currency: site.currency.clone(),
            currency_digits: money::minor_digits(),
            cash_coin: CashRounding::of_currency(&site.currency).coin(),
            timezone: site.timezone.clone(),
            day_begins_hour: site.zone.first_hour(),
            languages: site.languages.clone(),
            is_demo: site.is_demo,
            guest_orders: site.guest_orders,
            fixed: Self::fixed(app),
            version: VERSION,
        }
    }

    /// What the settings say stays as they say it.
    fn fixed(app: &App) -> Vec<&'static str> {
        let settings = &app.settings;
        [
            ("name", settings.restaurant_name.is_some()),
            ("timezone", settings.restaurant_timezone.is_some()),
            ("guest_orders", settings.guest_orders.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, is_fixed)| is_fixed.then_some(name))
        .collect()
    }
}

/// Minutes.
pub type PriceGrace = Int<0, 15>;
/// Minutes.
pub type NextCourse = Int<0, 60>;

/// Changes to the restaurant; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RestaurantUpdate {
    /// Its name.
    pub name: Option<Name>,
    /// ISO 4217 code; stays once there are prices.
    pub currency: Option<String>,
    /// The zone's name in the tz database.
    pub timezone: Option<String>,
    /// The hour of the clock at which a day begins, 0 to 12. Orders keep the day that they have.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 12)]
    pub day_begins_hour: Option<DayHour>,
    /// Languages of the menu, the main one first (ISO 639-1).
    pub languages: Option<Vec<String>>,
    /// Whether a guest's order waits for a waiter.
    pub guest_orders: Option<GuestOrders>,
    /// The tax of what names no class, in percent, from today on; "0" for none. What was ordered
    /// keeps its rate.
    pub tax_percent: Option<TaxRate>,
    /// The class of what names none.
    pub tax_class_id: Option<Id>,
    /// The class of service charges; `null` where they are to be taxed like what they are on.
    #[serde(default)]
    pub service_tax_class_id: Patch<Id>,
    /// For so many minutes after the clock changed a price the one holds on that a screen still shows:
    /// 0 to 15.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 15)]
    pub price_grace_minutes: Option<PriceGrace>,
    /// Whether a tip may be given to the house, where it is paid.
    pub house_tips: Option<bool>,
    /// So many minutes after all of a course was served the next one is fired by itself, 0 to 60; `null`:
    /// waiters fire it.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 60)]
    pub next_course_minutes: Patch<NextCourse>,
}
