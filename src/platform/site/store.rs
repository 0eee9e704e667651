//! The restaurant's row in SQL, as everybody reads it.

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use crate::core::error::{Error, Result};
use crate::core::kernel::{DayHour, Zone};
use crate::platform::config::GuestOrders;

/// The restaurant's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteRow {
    /// Tells this restaurant from all others.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// The zone's name in the tz database.
    pub timezone: String,
    /// The hour at which a day begins.
    pub day_begins: DayHour,
    /// Languages of the menu, the main one first.
    pub languages: Vec<String>,
    /// Whether a guest's order waits for a waiter; none where nobody has chosen.
    pub guest_orders: Option<GuestOrders>,
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

impl SiteRow {
    /// The zone that it names, with its day.
    ///
    /// # Errors
    /// 400 when there is no such zone.
    pub fn zone(&self) -> Result<Zone> {
        let zone = Zone::named(&self.timezone);
        let zone = zone.map_err(|reason| Error::rule("bad_timezone", reason))?;
        Ok(zone.with_day_from(self.day_begins))
    }
}

/// The row; none before the first start.
///
/// # Errors
/// When the database cannot be read.
pub fn load(connection: &Connection) -> Result<Option<SiteRow>> {
    let sql =
        "SELECT uuid, name, currency, timezone, languages, is_demo, guest_orders, tax_class_id,
                      day_begins_hour, service_tax_class_id, price_grace_minutes, house_tips,
                      next_course_minutes
               FROM site";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([], |row| {
            let languages: String = row.get(4)?;
            let guest_orders: Option<String> = row.get(6)?;
            Ok(SiteRow {
                uuid: row.get(0)?,
                name: row.get(1)?,
                currency: row.get(2)?,
                timezone: row.get(3)?,
                languages: languages.split(',').map(str::to_owned).collect(),
                guest_orders: guest_orders.as_deref().and_then(GuestOrders::parse),
                is_demo: row.get(5)?,
                tax_class_id: row.get(7)?,
                service_tax_class_id: row.get(9)?,
                price_grace_minutes: row.get(10)?,
                house_tips: row.get(11)?,
                next_course_minutes: row.get(12)?,
                day_begins: DayHour::new(row.get(8)?).unwrap_or_default(),
            })
        })
        .optional()?)
}
