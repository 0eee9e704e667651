//! Whose the box is, as every request reads it: kept in memory, and read anew by each commit that
//! touches it.

use std::sync::{Arc, PoisonError, RwLock};

use super::Site;
use super::store::{SiteRow, load};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Zone, money};
use crate::core::store::{Commit, Connection};
use crate::platform::config::{GuestOrders, Settings};

/// What the settings say of the restaurant goes before what its row says.
struct Fixed {
    name: Option<String>,
    timezone: Option<String>,
    guest_orders: Option<GuestOrders>,
}

/// The restaurant as it is now.
pub struct CurrentSite {
    fixed: Fixed,
    site: RwLock<Arc<Site>>,
}

impl CurrentSite {
    /// From its row, where the settings say nothing else.
    ///
    /// # Errors
    /// When its zone is unknown.
    pub fn new(row: SiteRow, settings: &Settings) -> Result<Self> {
        let fixed = Fixed {
            name: settings.restaurant_name.clone(),
            timezone: settings.restaurant_timezone.clone(),
            guest_orders: settings.guest_orders,
        };
        let site = RwLock::new(Arc::new(fixed.site(row)?));
        Ok(Self { fixed, site })
    }

    /// As it is now.
    pub fn get(&self) -> Arc<Site> {
        Arc::clone(&self.site.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Hears of commits.
    pub fn observe(&self, commit: &Commit<'_>) {
        if commit.touched("site")
            && let Err(error) = self.reload(commit.db)
        {
            tracing::error!(%error, "the restaurant's facts cannot be read");
        }
    }

    fn reload(&self, db: &Connection) -> Result<()> {
        let row = load(db)?.ok_or_else(|| Error::internal("the restaurant's row is missing"))?;
        let site = self.fixed.site(row)?;
        *self.site.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(site);
        Ok(())
    }
}

impl Fixed {
    fn site(&self, row: SiteRow) -> Result<Site> {
        money::use_currency(&row.currency);
        let timezone = self.timezone.clone().unwrap_or(row.timezone);
        let zone = Zone::named(&timezone).map_err(|reason| Error::rule("bad_timezone", reason))?;
        Ok(Site {
            uuid: row.uuid,
            name: self.name.clone().unwrap_or(row.name),
            currency: row.currency,
            zone: zone.with_day_from(row.day_begins),
            timezone,
            languages: row.languages,
            guest_orders: self.guest_orders.or(row.guest_orders).unwrap_or_default(),
            tax_class_id: row.tax_class_id,
            service_tax_class_id: row.service_tax_class_id,
            price_grace_minutes: row.price_grace_minutes,
            house_tips: row.house_tips,
            next_course_minutes: row.next_course_minutes,
            is_demo: row.is_demo,
        })
    }
}
