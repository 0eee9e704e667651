//! Which rate holds on a day, and how a class has to look. No SQL, no clock.

use std::collections::BTreeSet;

use super::{ClassRate, TaxKind};
use crate::core::error::{Error, Result};
use crate::core::kernel::Tax;
use crate::core::kernel::TaxRate;

/// A tax does not change more often.
const MOST_RATES: usize = 50;

/// Where something is eaten: the rate may be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eaten {
    /// At a table.
    Here,
    /// Taken away.
    Away,
    /// Delivered.
    Delivered,
}

/// What a class says on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassOnDay {
    /// Which class.
    pub id: i64,
    /// Whether the tax is in the price or beside it.
    pub kind: TaxKind,
    /// Its rate.
    pub here: TaxRate,
    /// Of what is taken away, where that is another.
    pub away: Option<TaxRate>,
    /// Of what is delivered, where that is another.
    pub delivered: Option<TaxRate>,
}

impl ClassOnDay {
    /// How something is taxed that is eaten there.
    pub fn tax(&self, eaten: Eaten) -> Tax {
        let rate = match eaten {
            Eaten::Here => None,
            Eaten::Away => self.away,
            Eaten::Delivered => self.delivered,
        };
        Tax::of_rate(rate.unwrap_or(self.here), self.kind == TaxKind::Added)
    }
}

/// How a line of an order is taxed, and by which class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineTax {
    /// The class; none of what was ordered before there were classes.
    pub class_id: Option<i64>,
    /// What that said when the line was ordered.
    pub tax: Tax,
}

/// What all classes say on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxesOfDay {
    /// Each class.
    pub classes: Vec<ClassOnDay>,
    /// The one of what names none.
    pub usual: i64,
    /// The one of service charges; none where they are taxed like what they are on.
    pub service: Option<i64>,
}

impl TaxesOfDay {
    /// How something of a class is taxed, or of none.
    pub fn of(&self, class: Option<i64>, eaten: Eaten) -> LineTax {
        let id = class.unwrap_or(self.usual);
        let tax = self.class(id).map_or(Tax::Exempt, |class| class.tax(eaten));
        LineTax { class_id: Some(id), tax }
    }

    /// The rate of what names no class and is eaten here.
    pub fn usual_rate(&self) -> TaxRate {
        self.class(self.usual).map_or(TaxRate::default(), |class| class.here)
    }

    /// How service charges are taxed; none where like what they are on.
    pub fn service(&self, eaten: Eaten) -> Option<Tax> {
        Some(self.class(self.service?)?.tax(eaten))
    }

    fn class(&self, id: i64) -> Option<&ClassOnDay> {
        self.classes.iter().find(|class| class.id == id)
    }
}

/// Checks the rates of a class: one holds before all others, and no two begin on one day. Returns
/// them with the oldest first.
///
/// # Errors
/// 422 that says what is missing or stands there twice.
pub(super) fn in_order(mut rates: Vec<ClassRate>) -> Result<Vec<ClassRate>> {
    if rates.len() > MOST_RATES {
        return Err(Error::invalid("rates", format!("must hold at most {MOST_RATES} rates")));
    }
    let mut days = BTreeSet::new();
    for (at, rate) in rates.iter().enumerate() {
        if !days.insert(rate.valid_from) {
            let message = match rate.valid_from {
                Some(day) => format!("begins on {day}, as another does; leave one of them"),
                None => "has no day, as another; leave one of them".into(),
            };
            return Err(Error::invalid(format!("rates[{at}].valid_from"), message));
        }
    }
    if !days.contains(&None) {
        let message =
            "must hold one rate without a day (valid_from null): it holds before the others";
        return Err(Error::invalid("rates", message));
    }
    rates.sort_by_key(|rate| rate.valid_from);
    Ok(rates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::kernel::Day;

    fn rate(percent: &str) -> TaxRate {
        TaxRate::parse(percent).unwrap()
    }

    #[test]
    fn a_line_is_taxed_by_its_class_and_by_where_it_is_eaten() {
        let food = ClassOnDay {
            id: 1,
            kind: TaxKind::Included,
            here: rate("19"),
            away: Some(rate("7")),
            delivered: None,
        };
        let sales =
            ClassOnDay { id: 2, kind: TaxKind::Added, away: None, here: rate("8.25"), ..food };
        let free = ClassOnDay { id: 3, here: rate("0"), away: None, ..food };
        let day = TaxesOfDay { classes: vec![food, sales, free], usual: 1, service: Some(2) };
        for (class, eaten, tax) in [
            (None, Eaten::Here, Tax::Included(rate("19"))),
            (None, Eaten::Away, Tax::Included(rate("7"))),
            (Some(1), Eaten::Delivered, Tax::Included(rate("19"))),
            (Some(2), Eaten::Away, Tax::Added(rate("8.25"))),
            (Some(3), Eaten::Here, Tax::Exempt),
            (Some(9), Eaten::Here, Tax::Exempt),
        ] {
            assert_eq!(day.of(class, eaten).tax, tax, "{class:?} {eaten:?}");
        }
        assert_eq!(day.of(None, Eaten::Here).class_id, Some(1));
        assert_eq!(
            (day.usual_rate(), day.service(Eaten::Here)),
            (rate("19"), Some(Tax::Added(rate("8.25"))))
        );
        assert_eq!(TaxesOfDay { service: None, ..day }.service(Eaten::Here), None);
    }

    #[test]
    fn a_class_has_one_rate_before_all_others_and_one_a_day() {
        let day = |text: &str| serde_json::from_value::<Day>(text.into()).unwrap();
        let of = |valid_from, percent: &str| ClassRate {
            valid_from,
            percent: rate(percent),
            takeaway_percent: None,
            delivery_percent: None,
        };
        let (old, new) = (of(None, "20"), of(Some(day("2026-01-01")), "22"));
        assert_eq!(in_order(vec![new, old]).unwrap(), [old, new]);
        for (wrong, field) in [
            (vec![], "rates"),
            (vec![new], "rates"),
            (vec![old, old], "rates[1].valid_from"),
            (vec![old, new, new], "rates[2].valid_from"),
            (vec![old; 51], "rates"),
        ] {
            assert_eq!(in_order(wrong).unwrap_err().problem().errors[0].field, field);
        }
    }
}
