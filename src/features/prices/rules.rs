//! Which price holds at a moment, and when another one will. No SQL, no clock.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{Channel, Place, PriceKind, PriceScope, Priced, What};
use crate::core::kernel::{Day, Money, Timestamp, Wall, Zone};

/// So far ahead an edge is looked for, in milliseconds: a period of the week has one within it. One that
/// begins to hold on a later day is found when that is near.
const AHEAD: i64 = 8 * 24 * 3_600_000;

/// All of a price in hundredths of a percent.
const WHOLE: i128 = 10_000;

/// A stretch of the week by the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// A bit for each day of the week; Monday is 1.
    pub days: u8,
    /// The minute of the day at which it begins.
    pub from: u16,
    /// And before which it ends. Not later than `from`: on the next day.
    pub to: u16,
    /// The first day on which it may begin.
    pub valid_from: Option<Day>,
    /// And the last.
    pub valid_to: Option<Day>,
}

impl Hours {
    /// Whether the wall shows a moment of it.
    pub fn hold(&self, wall: &Wall) -> bool {
        if self.from < self.to {
            return (self.from..self.to).contains(&wall.minute) && self.begin_on(wall.date);
        }
        (wall.minute >= self.from && self.begin_on(wall.date))
            || (wall.minute < self.to && self.begin_on(wall.day_before))
    }

    fn begin_on(&self, day: Day) -> bool {
        self.days & (1 << (day.weekday() - 1)) != 0
            && self.valid_from.is_none_or(|first| first <= day)
            && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// What a list says of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// How.
    pub kind: PriceKind,
    /// Minor units, or hundredths of a percent.
    pub value: i64,
}

impl Rule {
    /// What it makes of the menu's own price. What is reckoned is rounded to a multiple of `step`, halves
    /// up, and is neither below nothing nor above the dearest price.
    pub fn of(self, own: Money, step: i64) -> Money {
        // In hundredths of a percent of minor units, so that a price is rounded once.
        let reckoned = match self.kind {
            PriceKind::Set => return Money(self.value),
            PriceKind::Minus => i128::from(own.0 - self.value) * WHOLE,
            PriceKind::Percent => i128::from(own.0) * (WHOLE + i128::from(self.value)),
        };
        let most = i128::from(Money::max_price().0);
        let (reckoned, step) = (reckoned.clamp(0, most * WHOLE), i128::from(step));
        let down = reckoned / (step * WHOLE) * step;
        let is_up = (reckoned - down * WHOLE) * 2 >= step * WHOLE;
        let rounded = if is_up && down + step <= most { down + step } else { down };
        i64::try_from(rounded).map_or(Money::max_price(), Money)
    }
}

/// A list of prices that is switched on.
#[derive(Debug, Clone)]
pub struct List {
    /// Id.
    pub id: i64,
    /// The highest goes first.
    pub priority: i64,
    /// When: a place among the book's periods; none for always.
    pub period: Option<usize>,
    /// In which room alone.
    pub location_id: Option<i64>,
    /// Sold in which way alone.
    pub channel: Option<Channel>,
    /// To a multiple of what it rounds, in minor units.
    pub round_to: i64,
    /// What it says of what.
    pub rules: HashMap<(PriceScope, i64), Rule>,
}

impl List {
    /// One that speaks of nothing yet, and holds always and everywhere.
    #[cfg(test)]
    pub fn of_all(id: i64) -> Self {
        let (period, location_id, channel, rules) = Default::default();
        Self { id, priority: 0, period, location_id, channel, round_to: 1, rules }
    }

    /// What it says of a thing: the narrowest of what fits.
    fn rule(&self, what: What) -> Option<(PriceScope, Rule)> {
        [
            (PriceScope::Variation, what.variation_id),
            (PriceScope::Dish, what.dish_id),
            (PriceScope::Category, what.category_id),
            (PriceScope::All, 0),
        ]
        .into_iter()
        .find_map(|(scope, id)| Some((scope, *self.rules.get(&(scope, id))?)))
    }
}

/// When and how something is on the menu.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// A place among the book's periods; none for always.
    pub period: Option<usize>,
    /// Sold in which way alone.
    pub channel: Option<Channel>,
}

/// All that is to be known of prices: read once, asked often.
#[derive(Debug, Clone)]
pub struct PriceBook {
    /// The restaurant's clock.
    pub zone: Zone,
    /// For so many minutes a price holds on that a screen still shows.
    pub grace_minutes: i64,
    /// The periods that something asks for.
    pub periods: Vec<Hours>,
    /// The lists that are switched on, the highest priority first, then the oldest.
    pub lists: Vec<List>,
    /// When what is on the menu, where not always: a category or a dish.
    pub shown: HashMap<(PriceScope, i64), Vec<Shown>>,
}

impl PriceBook {
    /// One in which nothing stands.
    pub fn plain(zone: Zone) -> Self {
        let (periods, lists, shown) = Default::default();
        Self { zone, grace_minutes: 0, periods, lists, shown }
    }

    /// Whether the menu's own prices are all that there is.
    pub fn is_plain(&self) -> bool {
        self.lists.is_empty() && self.shown.is_empty()
    }

    /// The rooms that have prices of their own.
    pub fn rooms(&self) -> impl Iterator<Item = i64> {
        self.lists.iter().filter_map(|list| list.location_id)
    }

    /// The ways to sell for which something is other than usual.
    pub fn channels(&self) -> impl Iterator<Item = Channel> {
        let lists = self.lists.iter().filter_map(|list| list.channel);
        lists.chain(self.shown.values().flatten().filter_map(|shown| shown.channel))
    }

    /// A place, without what makes no difference to any price.
    pub fn told_apart(&self, place: Place) -> Place {
        let differs = self.channels().any(|channel| channel == place.channel);
        let dine_in = self.channels().any(|channel| channel == Channel::DineIn);
        Place {
            // Where tables alone are told apart, any other way is like any other.
            channel: match (differs, dine_in) {
                (true, _) => place.channel,
                (false, false) => Channel::DineIn,
                (false, true) => {
                    let others = [Channel::Takeaway, Channel::Delivery];
                    let like = |other: &Channel| !self.channels().any(|told| told == *other);
                    others.into_iter().find(like).unwrap_or(place.channel)
                }
            },
            location_id: place.location_id.filter(|id| self.rooms().any(|room| room == *id)),
        }
    }

    /// What holds at a moment in a place.
    pub fn at(&self, moment: Timestamp, place: Place) -> Prices<'_> {
        let holds = self.holds(moment);
        let is_now =
            |period: Option<usize>| period.is_none_or(|at| holds.get(at).copied().unwrap_or(false));
        let lists = self.lists.iter().filter(|list| {
            is_now(list.period)
                && list.channel.is_none_or(|channel| channel == place.channel)
                && list.location_id.is_none_or(|id| place.location_id == Some(id))
        });
        let lists = lists.collect();
        Prices { book: self, holds, place, lists }
    }

    /// Which periods hold at a moment, in their order.
    pub fn holds(&self, moment: Timestamp) -> Vec<bool> {
        if self.periods.is_empty() {
            return Vec::new();
        }
        let wall = self.zone.wall(moment);
        self.periods.iter().map(|hours| hours.hold(&wall)).collect()
    }

    /// From when on prices may be others than at a moment; none where no time changes them.
    pub fn good_until(&self, now: Timestamp) -> Option<Timestamp> {
        let is_timed = !self.periods.is_empty();
        is_timed.then(|| self.next_edge(now).unwrap_or(Timestamp(now.0 + AHEAD)))
    }

    /// The next moment at which a period begins or ends; none within the next days.
    pub fn next_edge(&self, after: Timestamp) -> Option<Timestamp> {
        let minutes: Vec<u16> =
            self.periods.iter().flat_map(|hours| [hours.from, hours.to]).collect();
        let now = self.holds(after);
        let moments = self.zone.moments_of(&minutes, (after, Timestamp(after.0 + AHEAD)));
        moments.into_iter().find(|moment| self.holds(*moment) != now)
    }
}

/// The prices of a moment in a place.
#[derive(Debug)]
pub struct Prices<'a> {
    book: &'a PriceBook,
    holds: Vec<bool>,
    place: Place,
    lists: Vec<&'a List>,
}

impl Prices<'_> {
    /// What something costs whose own price this is, as the menu writes it. Of the lists that speak of it
    /// the one with the highest priority, then the narrowest, then the oldest: one, and no other on top.
    pub fn of(&self, what: What, own: Money) -> Priced {
        let spoken = self.lists.iter().filter_map(|list| Some((*list, list.rule(what)?)));
        // Of `max_by_key` the last of equals; ids grow, so the oldest is the largest in reverse.
        let best = spoken
            .max_by_key(|(list, (scope, _))| (list.priority, Reverse(*scope), Reverse(list.id)));
        match best {
            None => Priced { price: own, list_id: None },
            Some((list, (_, rule))) => {
                Priced { price: rule.of(own, list.round_to), list_id: Some(list.id) }
            }
        }
    }

    /// Whether a dish is on the menu: itself and its category.
    pub fn shows(&self, what: What) -> bool {
        let dish = (PriceScope::Dish, what.dish_id);
        let category = (PriceScope::Category, what.category_id);
        self.book.shown.is_empty() || (self.shows_one(dish) && self.shows_one(category))
    }

    fn shows_one(&self, thing: (PriceScope, i64)) -> bool {
        let Some(times) = self.book.shown.get(&thing) else { return true };
        times.iter().any(|shown| {
            shown.period.is_none_or(|at| self.holds.get(at).copied().unwrap_or(false))
                && shown.channel.is_none_or(|channel| channel == self.place.channel)
        })
    }
}

#[cfg(test)]
mod tests;
