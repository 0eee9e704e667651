//! The one row of the restaurant in SQL.

use rusqlite::params;
use uuid::Uuid;

use super::events::{MenuChanged, MenuPart};
use super::{NextCourse, PriceGrace};
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::{DayHour, Patch, TaxRate, Timestamp, Zone};
use crate::core::store::{Command, Connection, Tx};
use crate::features::taxes;
use crate::platform::audit;
use crate::platform::config::GuestOrders;
use crate::platform::site::{SiteRow, load};

/// A restaurant that begins.
#[derive(Debug, Clone)]
pub struct NewSite {
    /// Its name.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// The zone's name in the tz database.
    pub timezone: String,
    /// Languages of the menu, the main one first.
    pub languages: Vec<String>,
    /// Whether it is the demo.
    pub is_demo: bool,
}

/// Writes the restaurant's row at the first start; later it changes nothing.
pub struct CreateSite(pub NewSite);

impl Command for CreateSite {
    type Output = SiteRow;

    fn apply(self, tx: &mut Tx<'_>) -> Result<SiteRow> {
        let Self(site) = self;
        tx.execute(
            "INSERT OR IGNORE INTO site (id, uuid, name, currency, timezone, languages, is_demo, created_at)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                Uuid::new_v4().to_string(),
                site.name,
                site.currency,
                site.timezone,
                site.languages.join(","),
                site.is_demo,
                tx.now().0
            ],
        )?;
        load(tx)?.ok_or_else(|| Error::internal("the restaurant's row is missing"))
    }
}

/// Changes what is said of the restaurant, and tells the screens. The currency stays once there are prices:
/// their minor units would mean something else.
#[derive(Default)]
pub struct UpdateSite {
    /// Its name.
    pub name: Option<String>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// The zone's name in the tz database.
    pub timezone: Option<String>,
    /// The hour at which a day begins.
    pub day_begins: Option<DayHour>,
    /// Languages of the menu, the main one first.
    pub languages: Option<Vec<String>>,
    /// Whether a guest's order waits for a waiter.
    pub guest_orders: Option<GuestOrders>,
    /// The tax of what names no class, from today on.
    pub tax: Option<TaxRate>,
    /// The class of what names none.
    pub tax_class_id: Option<i64>,
    /// The class of service charges.
    pub service_tax_class_id: Patch<i64>,
    /// For so many minutes a price holds on that a screen still shows.
    pub price_grace: Option<PriceGrace>,
    /// Whether a tip may be given to the house.
    pub house_tips: Option<bool>,
    /// So many minutes after a course was served the next one is fired.
    pub next_course: Patch<NextCourse>,
    /// In which zone today is; that of its row where nobody says.
    pub zone: Option<Zone>,
    /// Who changes it; nobody when it is imported by a shell.
    pub by: Option<i64>,
}

impl UpdateSite {
    /// Changes nothing yet, in a zone.
    pub fn in_zone(zone: Zone) -> Self {
        Self { zone: Some(zone), ..Self::default() }
    }

    /// Writes it without telling the screens; true when something is other than before.
    ///
    /// # Errors
    /// 400 when there are prices in another currency, or a tax class is not offered.
    pub fn write(self, tx: &Tx<'_>) -> Result<bool> {
        let old = load(tx)?.ok_or_else(|| Error::internal("the restaurant's row is missing"))?;
        let before = old.clone();
        let currency = self.currency.clone().unwrap_or_else(|| old.currency.clone());
        if currency != old.currency {
            let priced: bool = tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM dish_variations)
                         OR EXISTS (SELECT 1 FROM account_moves)
                         OR EXISTS (SELECT 1 FROM cash_shifts)",
                [],
                |row| row.get(0),
            )?;
            if priced {
                let detail = format!(
                    "The prices here are in {}; they cannot become {currency}. \
                     Begin with an empty data folder.",
                    old.currency
                );
                return Err(Error::rule("currency_fixed", detail));
            }
        }
        let (was, usual) = (old.tax_class_id, self.tax_class_id.unwrap_or(old.tax_class_id));
        taxes::check_class(tx, Some(usual), Some(was))?;
        let service = self.service_tax_class_id.clone().or(old.service_tax_class_id);
        taxes::check_class(tx, service, old.service_tax_class_id)?;
        tx.execute(
            "UPDATE site SET name = ?1, currency = ?2, timezone = ?3, languages = ?4,
                             guest_orders = ?5, tax_class_id = ?6, day_begins_hour = ?7,
                             service_tax_class_id = ?8, price_grace_minutes = ?9, house_tips = ?10,
                             next_course_minutes = ?11",
            params![
                self.name.unwrap_or(old.name),
                currency,
                self.timezone.unwrap_or(old.timezone),
                self.languages.unwrap_or(old.languages).join(","),
                self.guest_orders.or(old.guest_orders).map(GuestOrders::as_str),
                usual,
                self.day_begins.unwrap_or(old.day_begins).get(),
                service,
                self.price_grace.map_or(old.price_grace_minutes, PriceGrace::get),
                self.house_tips.unwrap_or(old.house_tips),
                self.next_course.map(NextCourse::get).or(old.next_course_minutes),
            ],
        )?;
        let after = load(tx)?.unwrap_or_else(|| before.clone());
        let is_taxed_anew = match self.tax {
            None => false,
            Some(rate) => {
                let zone = self.zone.map_or_else(|| after.zone(), Ok)?;
                taxes::set_usual_rate(tx, zone.day(tx.now()), rate, self.by)?
            }
        };
        if after == before {
            return Ok(is_taxed_anew);
        }
        let changed = audit::differences(&before, &after);
        audit::note(tx, self.by, "settings_changed", ("restaurant", None), changed)?;
        Ok(true)
    }
}

/// The tax at a moment of what names no class; 0 before the first start.
///
/// # Errors
/// When the database cannot be read.
pub fn tax_now(db: &Connection, now: Timestamp) -> Result<TaxRate> {
    let Some(site) = load(db)? else { return Ok(TaxRate::default()) };
    taxes::usual_rate(db, site.zone()?.day(now))
}

impl Command for UpdateSite {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        if self.write(tx)? {
            // The menu's prices and languages are shown by these facts.
            let details = MenuChanged { what: MenuPart::Restaurant, id: None };
            tx.emit(NewEvent::new(Thing::Restaurant.any(), None, &details)?)?;
        }
        Ok(())
    }
}
