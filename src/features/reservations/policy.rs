//! The owner's rules of the book: a document that is read and written whole.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::{PartyLength, Spell};
use crate::core::error::{Error, FieldError, Result};
use crate::core::kernel::fields::{Id, Label};
use crate::core::kernel::{Day, Int, TimeOfDay};

/// A day of the week: 1 is Monday, 7 Sunday.
pub type Weekday = Int<1, 7>;

/// When one can book on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BookingHours {
    /// Which days.
    #[schema(min_items = 1, max_items = 7)]
    pub weekdays: Vec<Weekday>,
    /// The first time.
    pub first: TimeOfDay,
    /// The last time; before the first it is after midnight.
    pub last: TimeOfDay,
}

/// A day with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SpecialDay {
    /// The day.
    pub day: Day,
    /// When one can book; nowhere: nobody can.
    #[schema(max_items = 4)]
    pub hours: Vec<SpecialHours>,
    /// What guests read.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100)]
    pub note: Label<0, 100>,
}

/// When one can book on a special day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SpecialHours {
    /// The first time.
    pub first: TimeOfDay,
    /// The last time; before the first it is after midnight.
    pub last: TimeOfDay,
}

/// How long tables are kept for parties up to a size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LengthOfParty {
    /// The largest party for which it holds.
    pub up_to: Int<1, 99>,
    /// So many minutes.
    pub minutes: Int<15, 720>,
}

/// Tables that can be put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TableJoin {
    /// Which.
    #[schema(min_items = 2, max_items = 10)]
    pub table_ids: Vec<Id>,
    /// How many sit at them together.
    pub seats: Int<1, 99>,
}

/// By which rules is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReservationRules {
    /// Whether guests may book by themselves.
    pub guests_may: bool,
    /// When one can book.
    #[schema(max_items = 21)]
    pub hours: Vec<BookingHours>,
    /// Days with hours of their own.
    #[schema(max_items = 200)]
    pub special_days: Vec<SpecialDay>,
    /// One can book every so many minutes.
    pub every_minutes: Int<5, 120>,
    /// How long tables are kept, by the size of the party; for a larger one than the last, that.
    #[schema(min_items = 1, max_items = 20)]
    pub lengths: Vec<LengthOfParty>,
    /// So many minutes more they are kept to be cleared.
    pub clear_minutes: Int<0, 120>,
    /// So many guests can come within a quarter of an hour; none: any number.
    pub guests_per_quarter: Option<Int<1, 999>>,
    /// So many parties; none: any number.
    pub parties_per_quarter: Option<Int<1, 99>>,
    /// The largest party that books by itself.
    pub largest_party: Int<1, 99>,
    /// A guest books so many minutes before at the latest.
    pub notice_minutes: Int<0, 10_080>,
    /// And so many days before at the earliest.
    pub days_ahead: Int<1, 365>,
    /// After so many minutes a party that has not come is late, and staff are asked.
    pub late_minutes: Int<5, 120>,
    /// Which tables can be put together.
    #[schema(max_items = 200)]
    pub joins: Vec<TableJoin>,
}

fn int<const MIN: i64, const MAX: i64>(number: i64) -> Int<MIN, MAX> {
    Int::new(number).unwrap_or_default()
}

impl Default for ReservationRules {
    fn default() -> Self {
        let length = |(up_to, minutes)| LengthOfParty { up_to: int(up_to), minutes: int(minutes) };
        let at = |minute| TimeOfDay::of_minute(minute).unwrap_or(TimeOfDay::MIDNIGHT);
        let hours = BookingHours {
            weekdays: (1..=7).map(int).collect(),
            first: at(12 * 60),
            last: at(21 * 60),
        };
        Self {
            guests_may: false,
            hours: vec![hours],
            special_days: Vec::new(),
            every_minutes: int(15),
            lengths: [(2, 90), (6, 120), (99, 150)].map(length).into(),
            clear_minutes: int(0),
            guests_per_quarter: None,
            parties_per_quarter: None,
            largest_party: int(8),
            notice_minutes: int(60),
            days_ahead: int(60),
            late_minutes: int(15),
            joins: Vec::new(),
        }
    }
}

impl ReservationRules {
    /// Whether they can be followed.
    ///
    /// # Errors
    /// 422 that names every field that cannot.
    pub fn check(&self) -> Result<()> {
        let mut wrong = Vec::new();
        let mut refuse = |field: String, message: &str| {
            wrong.push(FieldError { field, message: message.into() });
        };
        for (field, length, most) in [
            ("hours", self.hours.len(), 21),
            ("special_days", self.special_days.len(), 200),
            ("lengths", self.lengths.len(), 20),
            ("joins", self.joins.len(), 200),
        ] {
            if length > most {
                refuse(field.into(), &format!("must have at most {most} entries"));
            }
        }
        for (at, hours) in self.hours.iter().enumerate() {
            if hours.weekdays.is_empty() || hours.weekdays.len() > 7 {
                refuse(format!("hours[{at}].weekdays"), "must name 1 to 7 days");
            }
        }
        let mut days = BTreeSet::new();
        for (at, special) in self.special_days.iter().enumerate() {
            if !days.insert(special.day) {
                refuse(format!("special_days[{at}].day"), "is there twice");
            }
            if special.hours.len() > 4 {
                refuse(format!("special_days[{at}].hours"), "must have at most 4 entries");
            }
        }
        let rises = self.lengths.windows(2).all(|pair| pair[0].up_to < pair[1].up_to);
        if self.lengths.is_empty() || !rises {
            refuse("lengths".into(), "must name larger and larger parties");
        }
        for (at, join) in self.joins.iter().enumerate() {
            let different: BTreeSet<_> = join.table_ids.iter().collect();
            if !(2..=10).contains(&join.table_ids.len()) || different.len() < join.table_ids.len() {
                refuse(format!("joins[{at}].table_ids"), "must name 2 to 10 different tables");
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
    }

    /// When one can book on a day, and what is special about it.
    pub fn spells(&self, day: Day) -> (Vec<Spell>, Option<String>) {
        if let Some(special) = self.special_days.iter().find(|special| special.day == day) {
            let spell = |hours: &SpecialHours| Spell { first: hours.first, last: hours.last };
            return (special.hours.iter().map(spell).collect(), special.note.clone().non_empty());
        }
        let is_open =
            |hours: &&BookingHours| hours.weekdays.iter().any(|one| one.get() == day.weekday());
        let spell = |hours: &BookingHours| Spell { first: hours.first, last: hours.last };
        (self.hours.iter().filter(is_open).map(spell).collect(), None)
    }

    /// How long tables are kept, by the size of the party.
    pub fn lengths(&self) -> Vec<PartyLength> {
        let length = |one: &LengthOfParty| PartyLength {
            up_to: one.up_to.get(),
            minutes: one.minutes.get(),
        };
        self.lengths.iter().map(length).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_cannot_be_followed_are_named() {
        let rules = ReservationRules::default();
        rules.check().unwrap();
        let twice = TableJoin { table_ids: vec![int(1), int(1)], seats: int(8) };
        let day: Day = serde_json::from_value("2026-12-31".into()).unwrap();
        let special = SpecialDay { day, hours: Vec::new(), note: Label::new("Closed").unwrap() };
        let wrong = ReservationRules {
            joins: vec![twice],
            special_days: vec![special.clone(), special],
            lengths: Vec::new(),
            ..rules
        };
        let error = wrong.check().unwrap_err();
        let fields: Vec<_> =
            error.problem().errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["special_days[1].day", "lengths", "joins[0].table_ids"]);
    }

    #[test]
    fn a_special_day_has_its_own_hours() {
        let mut rules = ReservationRules::default();
        let day: Day = serde_json::from_value("2026-12-31".into()).unwrap();
        assert_eq!(rules.spells(day).0.len(), 1);
        let note = Label::new("New Year's Eve").unwrap();
        rules.special_days = vec![SpecialDay { day, hours: Vec::new(), note }];
        assert_eq!(rules.spells(day), (Vec::new(), Some("New Year's Eve".into())));
        assert_eq!(rules.spells(day.plus_days(1)).0.len(), 1);
    }
}
