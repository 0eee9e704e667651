//! The periods and price lists of an import.

use super::importer::{Importer, Saved};
use super::named::{id, within};
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::kernel::fields::{Id, Name};
use crate::core::store::Command;
use crate::features::import::offers::{ListedPrice, Period, PriceList};
use crate::features::import::report::{FieldChange, Outcome};
use crate::features::prices::{
    self, CreateList, CreatePeriod, ListPrice, MenuPeriod, MenuPeriodBody, PriceKind,
    PriceList as Standing, PriceListBody, PriceScope, ReplaceList, ReplacePeriod,
};

impl Importer<'_, '_> {
    pub(super) fn period(&mut self, place: &str, new: &Period) -> Result<()> {
        let standing = prices::periods(self.tx)?.into_iter().find(|old| old.name == *new.name);
        let period = MenuPeriodBody {
            name: Name::new(&new.name).map_err(Error::internal)?,
            weekdays: new.weekdays.clone(),
            time_from: new.time_from,
            time_to: new.time_to,
            date_from: new.date_from,
            date_to: new.date_to,
        };
        let by = self.by;
        let saved = match standing {
            None => {
                let made =
                    CreatePeriod { period, by }.apply(self.tx).map_err(|e| within(place, e))?;
                Saved { id: made.id, outcome: Outcome::Created, fields: Vec::new() }
            }
            Some(old) if is_period(&old, &period) => {
                Saved { id: old.id, outcome: Outcome::Unchanged, fields: Vec::new() }
            }
            Some(old) => {
                let id = old.id;
                let made = ReplacePeriod { id, period, by }
                    .apply(self.tx)
                    .map_err(|e| within(place, e))?;
                changed(id, ("hours", &old, &made))
            }
        };
        self.note(place, "periods", saved.id)?;
        self.count("periods", place, new.name.to_string(), saved);
        Ok(())
    }

    pub(super) fn price_list(&mut self, place: &str, new: &PriceList) -> Result<()> {
        let standing = prices::price_lists(self.tx)?.into_iter().find(|old| old.name == *new.name);
        let list = self.list_body(place, new)?;
        let by = self.by;
        let saved = match standing {
            None => {
                let made = CreateList { list, by }.apply(self.tx).map_err(|e| within(place, e))?;
                Saved { id: made.id, outcome: Outcome::Created, fields: Vec::new() }
            }
            Some(old) if says(&old, &list) => {
                Saved { id: old.id, outcome: Outcome::Unchanged, fields: Vec::new() }
            }
            Some(old) => {
                let id = old.id;
                let made =
                    ReplaceList { id, list, by }.apply(self.tx).map_err(|e| within(place, e))?;
                changed(id, ("prices", &old, &made))
            }
        };
        self.note(place, "price_lists", saved.id)?;
        self.count("price_lists", place, new.name.to_string(), saved);
        Ok(())
    }

    fn list_body(&self, place: &str, new: &PriceList) -> Result<PriceListBody> {
        let named = |table: &str, field: &str, name: Option<&Name>| -> Result<Option<Id>> {
            let Some(name) = name else { return Ok(None) };
            let sql = format!("SELECT id FROM {table} WHERE name = ?1 AND deleted_at IS NULL");
            let found = self.find(&sql, [&**name])?;
            let found = found.ok_or_else(|| {
                let message = format!("names “{name}”, which is not there");
                Error::invalid(format!("{place}.{field}"), message)
            })?;
            id(found).map(Some)
        };
        let mut prices = Vec::with_capacity(new.prices.len());
        for (at, price) in new.prices.iter().enumerate() {
            prices.push(self.listed(&format!("{place}.prices[{at}]"), price)?);
        }
        Ok(PriceListBody {
            name: Name::new(&new.name).map_err(Error::internal)?,
            period_id: named("periods", "period", new.period.as_ref())?,
            location_id: named("locations", "location", new.location.as_ref())?,
            channel: new.channel,
            round_to: new.round_to,
            priority: new.priority.unwrap_or_default(),
            is_active: new.is_active.unwrap_or(true),
            prices,
        })
    }

    /// What a list says of one thing.
    fn listed(&self, place: &str, new: &ListedPrice) -> Result<ListPrice> {
        let (scope, target) = match (&new.category, &new.dish, &new.variation) {
            (category, Some(dish), size) => {
                let name = (&**dish, new.dish_number);
                let dish = self.dish_named(&format!("{place}.dish"), name, category.as_ref())?;
                match size {
                    None => (PriceScope::Dish, Some(dish)),
                    Some(size) => {
                        let place = format!("{place}.variation");
                        let name = (Some(size), new.variation_number);
                        let size = self.variation_named(&place, dish, name)?;
                        (PriceScope::Variation, Some(size))
                    }
                }
            }
            (_, None, Some(_)) => {
                return Err(Error::invalid(format!("{place}.dish"), "is missing"));
            }
            (Some(category), None, None) => {
                let sql = "SELECT id FROM categories WHERE name = ?1 AND deleted_at IS NULL";
                let found = self.find(sql, [&**category])?.ok_or_else(|| {
                    let message = format!("names “{category}”, which is not on the menu");
                    Error::invalid(format!("{place}.category"), message)
                })?;
                (PriceScope::Category, Some(found))
            }
            (None, None, None) => (PriceScope::All, None),
        };
        let target_id = target.map(id).transpose()?;
        let (kind, amount, percent) = match (new.price, new.percent, new.minus) {
            (Some(price), None, None) => (PriceKind::Set, Some(price), None),
            (None, Some(percent), None) => (PriceKind::Percent, None, Some(percent)),
            (None, None, Some(minus)) => (PriceKind::Minus, Some(minus), None),
            _ => {
                let message = "must say one of price, percent and minus";
                return Err(Error::invalid(format!("{place}.price"), message));
            }
        };
        Ok(ListPrice { scope, target_id, kind, amount, percent })
    }
}

/// Whether a period is this already.
fn is_period(old: &MenuPeriod, new: &MenuPeriodBody) -> bool {
    let mut days: Vec<i64> = new.weekdays.iter().map(|day| day.get()).collect();
    days.sort_unstable();
    days.dedup();
    old.weekdays == days
        && (old.time_from, old.time_to) == (new.time_from, new.time_to)
        && (old.date_from, old.date_to) == (new.date_from, new.date_to)
}

/// Whether a list says this already.
fn says(old: &Standing, new: &PriceListBody) -> bool {
    let ids = (new.period_id.map(Id::get), new.location_id.map(Id::get));
    (old.period_id, old.location_id) == ids
        && old.channel == new.channel
        && old.round_to == new.round_to.unwrap_or(Money(1))
        && old.priority == new.priority.get()
        && old.is_active == new.is_active
        && old.prices == new.prices
}

/// What was there, and what is there now.
fn changed<T: PartialEq + serde::Serialize>(id: i64, (field, old, new): (&str, &T, &T)) -> Saved {
    if old == new {
        return Saved { id, outcome: Outcome::Unchanged, fields: Vec::new() };
    }
    let written = |thing: &T| serde_json::to_string(thing).ok();
    let fields = vec![FieldChange::new(field, written(old), written(new))];
    Saved { id, outcome: Outcome::Updated, fields }
}
