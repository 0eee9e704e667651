//! What is right in the book: which times there are, how long tables are kept, and which ones.

use std::collections::{BTreeMap, BTreeSet};

use crate::core::kernel::{Day, TimeOfDay, Timestamp, Zone};

/// How guests who come are counted: in quarters of an hour.
const QUARTER_MS: i64 = 900_000;
/// So many others are moved at most to make room for one.
const MOST_MOVES: usize = 3;
const DAY_MINUTES: i64 = 24 * 60;
/// Of fewer nothing is said.
const FEWEST_STAYS: usize = 10;

/// When one can book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// The first time.
    pub first: TimeOfDay,
    /// The last; before the first it is after midnight.
    pub last: TimeOfDay,
}

impl Spell {
    fn minutes(self) -> (i64, i64) {
        let (first, last) = (i64::from(self.first.minute()), i64::from(self.last.minute()));
        (first, if last < first { last + DAY_MINUTES } else { last })
    }

    /// Whether a minute is in it, counted from the midnight with which its day begins.
    fn has(self, minute: i64) -> bool {
        let (first, last) = self.minutes();
        (first..=last).contains(&minute)
    }
}

/// How long tables are kept for parties up to a size.
#[derive(Debug, Clone, Copy)]
pub struct PartyLength {
    /// The largest such party.
    pub up_to: i64,
    /// So many minutes.
    pub minutes: i64,
}

/// How long tables are kept for a party: as for the next larger ones, and no shorter than for the
/// largest that is named.
pub fn minutes_for(lengths: &[PartyLength], party: i64) -> i64 {
    let fits = lengths.iter().find(|length| party <= length.up_to).or(lengths.last());
    fits.map_or(120, |length| length.minutes)
}

/// How long parties of a size stayed: half of them no longer than the first, four of five no longer than
/// the second, in minutes; none of too few to say.
pub fn typical(stays: &mut [i64]) -> Option<(i64, i64)> {
    if stays.len() < FEWEST_STAYS {
        return None;
    }
    stays.sort_unstable();
    let at = |share: usize| stays[(stays.len() * share / 100).min(stays.len() - 1)];
    Some((at(50), at(80)))
}

/// The times of a day: every so many minutes of its spells, but for those that the clock leaps over;
/// one that it shows twice is there once.
pub fn times_of(zone: &Zone, day: Day, spells: &[Spell], every: i64) -> Vec<Timestamp> {
    let step = usize::try_from(every).unwrap_or(15).max(1);
    let times = spells.iter().flat_map(|spell| {
        let (first, last) = spell.minutes();
        (first..=last).step_by(step).filter_map(move |minute| {
            let time = TimeOfDay::of_minute(minute % DAY_MINUTES)?;
            zone.at(day.plus_days(minute / DAY_MINUTES), time)
        })
    });
    times.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether one can book at a moment; `spells` are those of a date.
pub fn is_open(zone: &Zone, moment: Timestamp, spells: impl Fn(Day) -> Vec<Spell>) -> bool {
    let (date, minute) = (zone.date_of(moment), i64::from(zone.minute_of_day(moment)));
    let on = |day, minute| spells(day).into_iter().any(|spell| spell.has(minute));
    on(date, minute) || on(date.plus_days(-1), minute + DAY_MINUTES)
}

/// The quarter of an hour that a moment belongs to.
pub fn quarter(moment: Timestamp) -> (Timestamp, Timestamp) {
    let from = moment.0.div_euclid(QUARTER_MS) * QUARTER_MS;
    (Timestamp(from), Timestamp(from + QUARTER_MS))
}

/// How many may come within a quarter of an hour.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    /// So many guests.
    pub guests: Option<i64>,
    /// So many parties.
    pub parties: Option<i64>,
}

impl Pace {
    /// Whether one more party may come, with those that come in the same quarter: when each begins,
    /// and how many they are.
    pub fn allows(self, others: &[(Timestamp, i64)], at: Timestamp, party: i64) -> bool {
        let (from, until) = quarter(at);
        let same: Vec<i64> = others
            .iter()
            .filter(|(starts, _)| (from..until).contains(starts))
            .map(|(_, party)| *party)
            .collect();
        let guests = same.iter().sum::<i64>() + party;
        let parties = same.len() as i64 + 1;
        self.guests.is_none_or(|most| guests <= most)
            && self.parties.is_none_or(|most| parties <= most)
    }
}

/// From a moment up to another, which does not belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Span {
    /// Whether two have a moment in common.
    pub fn meets(self, other: Self) -> bool {
        self.from < other.until && other.from < self.until
    }
}

/// Where a party could sit: a table, or tables that can be put together.
#[derive(Debug, Clone)]
pub struct Place {
    /// The tables.
    pub table_ids: Vec<i64>,
    /// How many sit there.
    pub seats: i64,
}

/// A table that is not free for a while.
#[derive(Debug, Clone, Copy)]
pub struct Hold {
    /// The table.
    pub table_id: i64,
    /// For how long.
    pub span: Span,
    /// The reservation for which it is kept, where that could sit elsewhere.
    pub movable: Option<i64>,
}

/// A party whose tables nobody chose, and that has not come yet.
#[derive(Debug, Clone, Copy)]
pub struct Movable {
    /// The reservation.
    pub id: i64,
    /// How many they are.
    pub party: i64,
    /// For how long tables are kept.
    pub span: Span,
}

/// What the book says of the tables around a time.
#[derive(Debug, Default)]
pub struct Book {
    /// Tables as people sort them, then those that can be put together.
    pub places: Vec<Place>,
    /// Who could be moved.
    pub movable: Vec<Movable>,
    /// What is not free, by table.
    holds: BTreeMap<i64, Vec<Hold>>,
}

/// Tables for a party.
#[derive(Debug, PartialEq, Eq)]
pub struct Placing {
    /// Which.
    pub table_ids: Vec<i64>,
    /// Who moves to make room, and where to.
    pub moves: Vec<(i64, Vec<i64>)>,
}

/// Who has let go of their tables, and what is taken instead, while it is thought who could sit where.
#[derive(Debug, Default)]
struct Shuffle {
    gone: BTreeSet<i64>,
    taken: Vec<Hold>,
}

impl Book {
    /// One in which all is free.
    pub fn of(places: Vec<Place>) -> Self {
        Self { places, ..Self::default() }
    }

    /// A table is not free for a while.
    pub fn hold(&mut self, hold: Hold) {
        self.holds.entry(hold.table_id).or_default().push(hold);
    }

    /// What meets a time at a table.
    fn meeting(&self, table: i64, span: Span) -> impl Iterator<Item = &Hold> {
        self.holds.get(&table).into_iter().flatten().filter(move |hold| hold.span.meets(span))
    }

    fn is_free(&self, tables: &[i64], span: Span, after: &Shuffle) -> bool {
        let is_gone = |hold: &Hold| hold.movable.is_some_and(|id| after.gone.contains(&id));
        let is_taken = |hold: &Hold| tables.contains(&hold.table_id) && hold.span.meets(span);
        !after.taken.iter().any(is_taken)
            && tables.iter().all(|table| self.meeting(*table, span).all(is_gone))
    }

    /// Where so many can sit, the best first: the fewest tables, then the fewest empty seats, then as
    /// people sort them.
    fn fitting(&self, party: i64) -> Vec<&Place> {
        let mut places: Vec<_> = self.places.iter().filter(|one| one.seats >= party).collect();
        places.sort_by_key(|place| (place.table_ids.len(), place.seats));
        places
    }

    /// Tables for a party: the best that are free; where none are, the best that become free when others,
    /// whose tables nobody chose, sit elsewhere.
    pub fn place(&self, party: i64, span: Span) -> Option<Placing> {
        let (fitting, as_it_is) = (self.fitting(party), Shuffle::default());
        let is_free = |place: &&&Place| self.is_free(&place.table_ids, span, &as_it_is);
        if let Some(place) = fitting.iter().find(is_free) {
            return Some(Placing { table_ids: place.table_ids.clone(), moves: Vec::new() });
        }
        fitting.iter().find_map(|place| {
            let moves = self.make_room(&place.table_ids, span)?;
            Some(Placing { table_ids: place.table_ids.clone(), moves })
        })
    }

    /// Who has to sit elsewhere so that these tables are free, and where; none where somebody cannot.
    fn make_room(&self, tables: &[i64], span: Span) -> Option<Vec<(i64, Vec<i64>)>> {
        let mut after = Shuffle::default();
        for hold in tables.iter().flat_map(|table| self.meeting(*table, span)) {
            after.gone.insert(hold.movable?);
        }
        if after.gone.len() > MOST_MOVES {
            return None;
        }
        let take = |after: &mut Shuffle, tables: &[i64], span| {
            let hold = |table_id: &i64| Hold { table_id: *table_id, span, movable: None };
            after.taken.extend(tables.iter().map(hold));
        };
        take(&mut after, tables, span);
        let mut moves = Vec::new();
        for id in after.gone.clone() {
            let one = self.movable.iter().find(|one| one.id == id)?;
            let fitting = self.fitting(one.party);
            let place = fitting.iter().find(|at| self.is_free(&at.table_ids, one.span, &after))?;
            take(&mut after, &place.table_ids, one.span);
            moves.push((id, place.table_ids.clone()));
        }
        Some(moves)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(from: i64, until: i64) -> Span {
        Span { from: Timestamp(from), until: Timestamp(until) }
    }

    fn time(minute: i64) -> TimeOfDay {
        TimeOfDay::of_minute(minute).unwrap()
    }

    fn day(text: &str) -> Day {
        serde_json::from_value(text.into()).unwrap()
    }

    fn tables(seats: &[i64]) -> Vec<Place> {
        let place = |(id, seats): (i64, &i64)| Place { table_ids: vec![id], seats: *seats };
        (1..).zip(seats).map(place).collect()
    }

    #[test]
    fn a_night_over_a_clock_change_has_each_time_once() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let spell = [Spell { first: time(23 * 60), last: time(4 * 60) }];
        let shown = |name: &str| {
            let times = times_of(&berlin, day(name), &spell, 60);
            assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
            times.iter().map(|at| berlin.time_of(*at).to_string()).collect::<Vec<_>>()
        };
        assert_eq!(shown("2026-03-27"), ["23:00", "00:00", "01:00", "02:00", "03:00", "04:00"]);
        assert_eq!(shown("2026-03-28"), ["23:00", "00:00", "01:00", "03:00", "04:00"]);
        assert_eq!(shown("2026-10-24"), ["23:00", "00:00", "01:00", "02:00", "03:00", "04:00"]);
    }

    #[test]
    fn a_few_who_stayed_for_long_change_little() {
        assert_eq!(typical(&mut [60; 9]), None);
        let mut stays: Vec<i64> = (1..=18).map(|at| at * 5).chain([700, 710]).collect();
        assert_eq!(typical(&mut stays), Some((55, 85)));
    }

    #[test]
    fn hours_after_midnight_belong_to_the_evening() {
        let zone = Zone::named("Europe/Moscow").unwrap();
        let friday = day("2026-05-01");
        let spells = |date: Day| {
            let night = Spell { first: time(18 * 60), last: time(60) };
            if date == friday { vec![night] } else { Vec::new() }
        };
        for (text, open) in [
            ("2026-05-01T17:59", false),
            ("2026-05-01T18:00", true),
            ("2026-05-02T01:00", true),
            ("2026-05-02T01:01", false),
            ("2026-05-02T18:00", false),
        ] {
            let at = zone.appointment(text).unwrap();
            assert_eq!(is_open(&zone, at, spells), open, "{text}");
        }
    }

    #[test]
    fn the_smallest_table_that_fits_then_tables_together() {
        let mut book = Book::of(tables(&[8, 2, 4]));
        book.places.push(Place { table_ids: vec![2, 3], seats: 6 });
        let placed = |book: &Book, party| book.place(party, span(0, 10)).map(|it| it.table_ids);
        assert_eq!(placed(&book, 2), Some(vec![2]));
        assert_eq!(placed(&book, 3), Some(vec![3]));
        assert_eq!(placed(&book, 5), Some(vec![1]));
        assert_eq!(placed(&book, 9), None);
        book.hold(Hold { table_id: 1, span: span(9, 20), movable: None });
        assert_eq!(placed(&book, 5), Some(vec![2, 3]));
        // What ends when another begins does not meet it.
        assert_eq!(book.place(8, span(20, 30)).map(|it| it.table_ids), Some(vec![1]));
    }

    #[test]
    fn a_small_party_gives_way_to_one_that_fits_nowhere_else() {
        let held = |movable| {
            let couple = Movable { id: 7, party: 2, span: span(0, 10) };
            let mut book = Book::of(tables(&[2, 6]));
            book.hold(Hold { table_id: 2, span: couple.span, movable });
            book.movable.push(couple);
            book
        };
        let placing = Placing { table_ids: vec![2], moves: vec![(7, vec![1])] };
        assert_eq!(held(Some(7)).place(5, span(5, 15)), Some(placing));
        assert_eq!(held(None).place(5, span(5, 15)), None, "somebody chose that table");
    }

    #[test]
    fn a_kitchen_is_not_sent_everybody_at_once() {
        let at = |minute: i64| Timestamp(minute * 60_000);
        let others = [(at(0), 4), (at(14), 4), (at(15), 9)];
        let pace = Pace { guests: Some(10), parties: Some(3) };
        assert!(pace.allows(&others, at(7), 2) && !pace.allows(&others, at(7), 3));
        assert!(!Pace { guests: None, parties: Some(2) }.allows(&others, at(7), 1));
        assert!(pace.allows(&others, at(16), 1) && Pace::default().allows(&others, at(0), 99));
    }

    proptest! {
        /// Whoever is placed, and whoever moves for them, meets nobody.
        #[test]
        fn whoever_is_placed_meets_nobody(
            seats in prop::collection::vec(1_i64..9, 1..7),
            parties in prop::collection::vec((1_i64..9, 0_i64..40, 1_i64..12, any::<bool>()), 1..40),
        ) {
            let mut book = Book::of(tables(&seats));
            if seats.len() > 1 {
                book.places.push(Place { table_ids: vec![1, 2], seats: seats[0] + seats[1] });
            }
            for (id, (party, from, length, is_movable)) in (1..).zip(parties) {
                let span = span(from, from + length);
                let Some(placing) = book.place(party, span) else { continue };
                for (moved, tables) in placing.moves {
                    let old = *book.movable.iter().find(|one| one.id == moved).unwrap();
                    for holds in book.holds.values_mut() {
                        holds.retain(|hold| hold.movable != Some(moved));
                    }
                    for table_id in tables {
                        book.hold(Hold { table_id, span: old.span, movable: Some(moved) });
                    }
                }
                let movable = is_movable.then_some(id);
                for table_id in placing.table_ids {
                    book.hold(Hold { table_id, span, movable });
                }
                book.movable.push(Movable { id, party, span });
            }
            for holds in book.holds.values() {
                for (at, one) in holds.iter().enumerate() {
                    let meets = holds[at + 1..].iter().any(|other| one.span.meets(other.span));
                    prop_assert!(!meets, "{holds:?}");
                }
            }
        }
    }
}
