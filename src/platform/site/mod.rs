//! Whose the box is: the facts of the restaurant that every part of the box reads.

mod current;
mod store;

use crate::core::kernel::Zone;
use crate::platform::config::GuestOrders;

pub use current::CurrentSite;
pub use store::{SiteRow, load};

/// What every part of the box knows of the restaurant.
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
    /// The zone itself, and when its day begins.
    pub zone: Zone,
    /// Languages of the menu, the main one first (ISO 639-1).
    pub languages: Vec<String>,
    /// Whether a guest's order waits for a waiter.
    pub guest_orders: GuestOrders,
    /// The class of what names none.
    pub tax_class_id: i64,
    /// The class of service charges; none where they are taxed like what they are on.
    pub service_tax_class_id: Option<i64>,
    /// For so many minutes a price holds on that a screen still shows.
    pub price_grace_minutes: i64,
    /// Whether a tip may be given to the house, where it is paid.
    pub house_tips: bool,
    /// So many minutes after all of a course was served the next one is fired; none: waiters fire it.
    pub next_course_minutes: Option<i64>,
    /// Whether it is the demo.
    pub is_demo: bool,
}
