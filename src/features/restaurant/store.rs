//! The one row of the restaurant in SQL.

use rusqlite::params;
use uuid::Uuid;

use super::events::{MenuChanged, MenuPart};
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::{DayHour, TaxRate};
use crate::core::store::{Command, Tx};
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
#[derive(Debug, Default)]
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
    /// The tax that is in every price.
    pub tax: Option<TaxRate>,
    /// Who changes it; nobody when it is imported by a shell.
    pub by: Option<i64>,
}

impl UpdateSite {
    /// Writes it without telling the screens; true when something is other than before.
    ///
    /// # Errors
    /// 400 when there are prices in another currency.
    pub fn write(self, tx: &Tx<'_>) -> Result<bool> {
        let old = load(tx)?.ok_or_else(|| Error::internal("the restaurant's row is missing"))?;
        let before = old.clone();
        let currency = self.currency.unwrap_or_else(|| old.currency.clone());
        if currency != old.currency {
            let priced: bool =
                tx.query_row("SELECT EXISTS (SELECT 1 FROM dish_variations)", [], |row| {
                    row.get(0)
                })?;
            if priced {
                let detail = format!(
                    "The prices here are in {}; they cannot become {currency}. \
                     Begin with an empty data folder.",
                    old.currency
                );
                return Err(Error::rule("currency_fixed", detail));
            }
        }
        tx.execute(
            "UPDATE site SET name = ?1, currency = ?2, timezone = ?3, languages = ?4,
                             guest_orders = ?5, tax_rate = ?6, day_begins_hour = ?7",
            params![
                self.name.unwrap_or(old.name),
                currency,
                self.timezone.unwrap_or(old.timezone),
                self.languages.unwrap_or(old.languages).join(","),
                self.guest_orders.or(old.guest_orders).map(GuestOrders::as_str),
                self.tax.unwrap_or(old.tax).hundredths(),
                self.day_begins.unwrap_or(old.day_begins).get(),
            ],
        )?;
        let after = load(tx)?.unwrap_or_else(|| before.clone());
        if after == before {
            return Ok(false);
        }
        let changed = audit::differences(&before, &after);
        audit::note(tx, self.by, "settings_changed", ("restaurant", None), changed)?;
        Ok(true)
    }
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
