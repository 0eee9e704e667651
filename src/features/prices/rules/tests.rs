//! Case tables and properties of prices.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const HOUR: u16 = 60;
const MON_TO_FRI: u8 = 0b1_1111;
const FRIDAY: u8 = 1 << 4;
const EVERY_DAY: u8 = 0b111_1111;

fn at(text: &str) -> Timestamp {
    serde_json::from_value(text.into()).unwrap()
}

fn day(text: &str) -> Day {
    serde_json::from_value(text.into()).unwrap()
}

fn hours(days: u8, from: u16, to: u16) -> Hours {
    Hours { days, from, to, valid_from: None, valid_to: None }
}

fn book(zone: &str, periods: Vec<Hours>) -> PriceBook {
    PriceBook { periods, ..PriceBook::plain(Zone::named(zone).unwrap()) }
}

fn holds(zone: &str, period: Hours, moment: &str) -> bool {
    book(zone, vec![period]).holds(at(moment))[0]
}

#[test]
fn a_period_holds_from_its_first_minute_and_not_in_its_last() {
    // Friday the 4th of December; Moscow is three hours ahead.
    let lunch = hours(MON_TO_FRI, 12 * HOUR, 16 * HOUR);
    let night = hours(FRIDAY, 22 * HOUR, 3 * HOUR);
    let all_friday = hours(FRIDAY, 0, 0);
    let december = Hours {
        valid_from: Some(day("2026-12-04")),
        valid_to: Some(day("2026-12-04")),
        ..hours(EVERY_DAY, 22 * HOUR, 3 * HOUR)
    };
    for (period, moment, is_held) in [
        (lunch, "2026-12-04T08:59:59.999Z", false),
        (lunch, "2026-12-04T09:00:00Z", true),
        (lunch, "2026-12-04T12:59:59.999Z", true),
        (lunch, "2026-12-04T13:00:00Z", false),
        (lunch, "2026-12-05T10:00:00Z", false),
        (night, "2026-12-04T18:59:59.999Z", false),
        (night, "2026-12-04T19:00:00Z", true),
        (night, "2026-12-04T23:59:59.999Z", true),
        (night, "2026-12-05T00:00:00Z", false),
        // The small hours of Friday belong to Thursday.
        (night, "2026-12-03T23:00:00Z", false),
        (all_friday, "2026-12-03T20:59:59.999Z", false),
        (all_friday, "2026-12-03T21:00:00Z", true),
        (all_friday, "2026-12-04T20:59:59.999Z", true),
        (all_friday, "2026-12-04T21:00:00Z", false),
        // The last day is the last on which it begins.
        (december, "2026-12-03T20:00:00Z", false),
        (december, "2026-12-04T19:00:00Z", true),
        (december, "2026-12-04T23:00:00Z", true),
        (december, "2026-12-05T19:00:00Z", false),
    ] {
        assert_eq!(holds("Europe/Moscow", period, moment), is_held, "{period:?} {moment}");
    }
}

#[test]
fn days_of_other_lengths_go_by_the_wall() {
    let night = hours(EVERY_DAY, 22 * HOUR, 3 * HOUR);
    let small = hours(EVERY_DAY, 2 * HOUR, 2 * HOUR + 30);
    for (zone, period, moment, is_held) in [
        // 23 hours: from two the clock goes to three; the small hours are not shown at all.
        ("Europe/Berlin", night, "2026-03-29T00:59:59Z", true),
        ("Europe/Berlin", night, "2026-03-29T01:00:00Z", false),
        ("Europe/Berlin", small, "2026-03-29T00:59:59Z", false),
        ("Europe/Berlin", small, "2026-03-29T01:00:00Z", false),
        // 25 hours: half past two is shown twice, and the evening is an hour longer.
        ("Europe/Berlin", small, "2026-10-25T00:00:00Z", true),
        ("Europe/Berlin", small, "2026-10-25T00:30:00Z", false),
        ("Europe/Berlin", small, "2026-10-25T01:00:00Z", true),
        ("Europe/Berlin", small, "2026-10-25T01:30:00Z", false),
        ("Europe/Berlin", night, "2026-10-25T01:59:59Z", true),
        ("Europe/Berlin", night, "2026-10-25T02:00:00Z", false),
        // Midnight itself is leapt over: the evening goes on at one.
        ("America/Santiago", night, "2026-09-06T03:59:59Z", true),
        ("America/Santiago", night, "2026-09-06T04:00:00Z", true),
        ("America/Santiago", night, "2026-09-06T06:00:00Z", false),
    ] {
        assert_eq!(holds(zone, period, moment), is_held, "{zone} {period:?} {moment}");
    }
    // Samoa had no Friday: Thursday's night went on into Saturday.
    let thursday = hours(1 << 3, 22 * HOUR, 3 * HOUR);
    assert!(holds("Pacific/Apia", thursday, "2011-12-30T11:00:00Z"));
    assert!(!holds("Pacific/Apia", hours(FRIDAY, 22 * HOUR, 3 * HOUR), "2011-12-30T11:00:00Z"));
}

#[test]
fn the_next_edge_is_where_something_begins_or_ends() {
    let lunch = hours(MON_TO_FRI, 12 * HOUR, 16 * HOUR);
    let small = hours(EVERY_DAY, 2 * HOUR, 2 * HOUR + 30);
    for (zone, period, after, edge) in [
        ("Europe/Moscow", lunch, "2026-12-04T08:00:00Z", Some("2026-12-04T09:00:00Z")),
        ("Europe/Moscow", lunch, "2026-12-04T09:00:00Z", Some("2026-12-04T13:00:00Z")),
        // Over the weekend.
        ("Europe/Moscow", lunch, "2026-12-04T13:00:00Z", Some("2026-12-07T09:00:00Z")),
        // Leapt over: not on that day.
        ("Europe/Berlin", small, "2026-03-29T00:00:00Z", Some("2026-03-30T00:00:00Z")),
        // Shown twice: it ends, begins with the leap back, and ends again.
        ("Europe/Berlin", small, "2026-10-25T00:30:00Z", Some("2026-10-25T01:00:00Z")),
        ("Europe/Berlin", small, "2026-10-25T01:00:00Z", Some("2026-10-25T01:30:00Z")),
        ("Europe/Moscow", hours(EVERY_DAY, 0, 0), "2026-12-04T13:00:00Z", None),
    ] {
        let found = book(zone, vec![period]).next_edge(at(after));
        assert_eq!(found, edge.map(at), "{zone} {period:?} {after}");
    }
}

fn rule(kind: PriceKind, value: i64) -> Rule {
    Rule { kind, value }
}

#[test]
fn a_rule_reckons_and_rounds() {
    use PriceKind::{Minus, Percent, Set};
    for (said, own, step, price) in [
        (rule(Set, 19_900), 25_000, 1_000, 19_900),
        (rule(Percent, -2_000), 25_000, 1, 20_000),
        (rule(Percent, 1_500), 25_000, 1, 28_750),
        (rule(Percent, -3_333), 25_000, 1, 16_668),
        // To ten roubles, halves up.
        (rule(Percent, -2_000), 25_600, 1_000, 20_000),
        (rule(Percent, -2_000), 25_625, 1_000, 21_000),
        (rule(Minus, 5_050), 25_000, 1_000, 20_000),
        // It is the price that is rounded, and once: 99.5 is 100, 105 less 0.0525 is 104.9475.
        (rule(Percent, -5_000), 199, 1, 100),
        (rule(Percent, -5_000), 201, 1, 101),
        (rule(Percent, 5_000), 199, 1, 299),
        (rule(Percent, -5), 105, 10, 100),
        // Never below nothing.
        (rule(Minus, 30_000), 25_000, 1, 0),
        (rule(Percent, -10_000), 25_000, 1, 0),
        // Nor above the dearest price, also where it is rounded.
        (rule(Percent, 10_000), 99_999_999, 1, 99_999_999),
        (rule(Percent, 10_000), 99_999_999, 1_000, 99_999_000),
    ] {
        assert_eq!(said.of(Money(own), step), Money(price), "{said:?} of {own} to {step}");
    }
}

const BEER: What = What { variation_id: 3, dish_id: 2, category_id: 1 };

fn list(id: i64, priority: i64, rules: &[(PriceScope, i64, Rule)]) -> List {
    let rules = rules.iter().map(|(scope, target, rule)| ((*scope, *target), *rule)).collect();
    List { priority, rules, ..List::of_all(id) }
}

fn price_of(lists: Vec<List>, place: Place) -> Priced {
    let book = PriceBook { lists, ..book("Europe/Moscow", vec![]) };
    book.at(at("2026-12-04T15:30:00Z"), place).of(BEER, Money(40_000))
}

#[test]
fn the_higher_priority_then_the_narrower_and_no_second_one() {
    use PriceScope::{All, Category, Dish, Variation};
    let off = |percent: i64| rule(PriceKind::Percent, -percent * 100);
    let all = list(1, 0, &[(All, 0, off(10))]);
    let by = |lists: &[&List]| {
        price_of(lists.iter().map(|list| (*list).clone()).collect(), Place::TABLE)
    };
    let is = |price, list_id| Priced { price: Money(price), list_id };
    assert_eq!(by(&[]), is(40_000, None));
    assert_eq!(by(&[&all]), is(36_000, Some(1)));
    // Within a list the narrowest.
    let own =
        [(All, 0, off(10)), (Category, 1, off(20)), (Dish, 2, off(30)), (Variation, 3, off(40))];
    for (said, price) in [(4, 24_000), (3, 28_000), (2, 32_000), (1, 36_000)] {
        assert_eq!(by(&[&list(1, 0, &own[..said])]), is(price, Some(1)));
    }
    // Of equal lists the narrower, whichever is older; then the older.
    let dish = list(2, 0, &[(Dish, 2, off(30))]);
    assert_eq!(by(&[&all, &dish]), is(28_000, Some(2)));
    assert_eq!(by(&[&list(3, 0, &[(All, 0, off(50))]), &all]), is(36_000, Some(1)));
    // A higher priority goes before a narrower scope.
    let high = list(4, 7, &[(All, 0, off(1))]);
    assert_eq!(by(&[&high, &dish, &all]), is(39_600, Some(4)));
    // A list that does not speak of it is none.
    let other = list(5, 9, &[(Dish, 99, off(90))]);
    assert_eq!(by(&[&other, &dish]), is(28_000, Some(2)));
}

#[test]
fn a_list_holds_in_its_room_and_for_its_way_to_sell() {
    let all = [(PriceScope::All, 0, rule(PriceKind::Set, 100))];
    let terrace = List { location_id: Some(7), ..list(1, 0, &all) };
    let takeaway = List { channel: Some(Channel::Takeaway), ..list(2, 0, &all) };
    let place = |channel, location_id| Place { channel, location_id };
    for (list, place, holds) in [
        (&terrace, place(Channel::DineIn, Some(7)), true),
        (&terrace, place(Channel::DineIn, Some(8)), false),
        (&terrace, place(Channel::DineIn, None), false),
        (&takeaway, place(Channel::Takeaway, None), true),
        (&takeaway, place(Channel::DineIn, Some(7)), false),
        (&takeaway, place(Channel::Delivery, None), false),
    ] {
        let priced = price_of(vec![list.clone()], place);
        assert_eq!(priced.list_id.is_some(), holds, "{list:?} {place:?}");
    }
}

#[test]
fn a_dish_is_on_the_menu_in_its_times_and_those_of_its_category() {
    let shown = |period, channel| Shown { period, channel };
    let mut book = book("Europe/Moscow", vec![hours(EVERY_DAY, 8 * HOUR, 12 * HOUR)]);
    let (morning, evening) = (at("2026-12-04T06:00:00Z"), at("2026-12-04T16:00:00Z"));
    let is_shown = |book: &PriceBook, moment, channel| {
        book.at(moment, Place { channel, location_id: None }).shows(BEER)
    };
    assert!(is_shown(&book, evening, Channel::DineIn));
    book.shown.insert((PriceScope::Category, 1), vec![shown(Some(0), None)]);
    assert!(is_shown(&book, morning, Channel::DineIn));
    assert!(!is_shown(&book, evening, Channel::DineIn));
    // Or in another way, at any time: one that holds is enough.
    book.shown
        .get_mut(&(PriceScope::Category, 1))
        .unwrap()
        .push(shown(None, Some(Channel::Takeaway)));
    assert!(is_shown(&book, evening, Channel::Takeaway));
    // The dish has times of its own beside its category's: both are asked.
    book.shown.insert((PriceScope::Dish, 2), vec![shown(None, Some(Channel::DineIn))]);
    assert!(is_shown(&book, morning, Channel::DineIn));
    assert!(!is_shown(&book, evening, Channel::Takeaway));
}

#[test]
fn places_are_told_apart_only_where_prices_are() {
    let all = [(PriceScope::All, 0, rule(PriceKind::Set, 100))];
    let places: Vec<Place> = Channel::ALL
        .iter()
        .flat_map(|channel| {
            [None, Some(7), Some(8)].map(|location_id| Place { channel: *channel, location_id })
        })
        .collect();
    let of = |channel, location_id| List { location_id, channel, ..list(1, 0, &all) };
    for (lists, kinds) in [
        (vec![], 1),
        (vec![of(None, None)], 1),
        (vec![of(Some(Channel::Takeaway), None)], 2),
        (vec![of(Some(Channel::DineIn), None)], 2),
        (vec![of(None, Some(7))], 2),
        (vec![of(Some(Channel::Delivery), Some(7))], 4),
    ] {
        let book = PriceBook { lists, ..book("Europe/Moscow", vec![]) };
        let told: std::collections::HashSet<Place> =
            places.iter().map(|place| book.told_apart(*place)).collect();
        assert_eq!(told.len(), kinds, "{:?}", book.lists);
        for place in &places {
            let same = book.told_apart(*place);
            let price = |place| book.at(Timestamp(0), place).of(BEER, Money(40_000));
            assert_eq!(price(same), price(*place));
        }
    }
}

fn any_hours() -> impl Strategy<Value = Hours> {
    let date = |number: i64| Day::of_number(20_260_100 + number);
    (1_u8..128, 0_u16..288, 0_u16..288, proptest::option::of(1_i64..28)).prop_map(
        move |(days, from, to, first)| Hours {
            days,
            from: from * 5,
            to: to * 5,
            valid_from: first.and_then(date),
            valid_to: None,
        },
    )
}

proptest! {
    #[test]
    fn nothing_changes_before_the_next_edge_and_something_does_there(
        zone in select(vec!["Europe/Berlin", "America/Santiago", "Pacific/Apia", "Asia/Kolkata"]),
        periods in proptest::collection::vec(any_hours(), 1..5),
        start in 1_767_225_600_000_i64..1_800_000_000_000,
    ) {
        let book = book(zone, periods);
        let start = Timestamp(start);
        let now = book.holds(start);
        let edge = book.next_edge(start);
        let until = edge.map_or(start.0 + AHEAD, |edge| edge.0);
        prop_assert!(until > start.0);
        let mut minute = start.0;
        while minute < until {
            prop_assert_eq!(&book.holds(Timestamp(minute)), &now);
            minute += 7 * 60_000;
        }
        if let Some(edge) = edge {
            prop_assert_eq!(&book.holds(Timestamp(edge.0 - 1)), &now);
            prop_assert_ne!(&book.holds(edge), &now);
        }
    }

    #[test]
    fn at_every_minute_there_is_just_one_price_and_it_can_be_paid(
        periods in proptest::collection::vec(any_hours(), 1..4),
        lists in proptest::collection::vec(
            (0_i64..3, 0_usize..4, 0_i64..3, select(vec![PriceKind::Set, PriceKind::Percent, PriceKind::Minus]),
             -10_000_i64..10_000, 1_i64..2_000), 0..6),
        minute in 0_i64..20_000,
        own in 0_i64..100_000,
    ) {
        use PriceScope::{All, Category, Dish, Variation};
        let scopes = [(All, 0), (Category, 1), (Dish, 2), (Variation, 3)];
        let many = periods.len();
        let lists: Vec<List> = (1..).zip(&lists).map(|(id, (priority, scope, period, kind, value, step))| {
            let (scope, target) = scopes[*scope];
            let value = if *kind == PriceKind::Percent { *value } else { value.abs() };
            let period = usize::try_from(*period).ok().filter(|at| *at < many);
            List { period, round_to: *step, ..list(id, *priority, &[(scope, target, rule(*kind, value))]) }
        }).collect();
        let book = PriceBook { lists, ..book("Europe/Berlin", periods) };
        let moment = Timestamp(1_770_000_000_000 + minute * 60_000);
        let priced = book.at(moment, Place::TABLE).of(BEER, Money(own));
        prop_assert!(priced.price >= Money::ZERO && priced.price <= Money::max_price());
        // The same whatever the order in which lists are read.
        let mut turned = book.clone();
        turned.lists.reverse();
        prop_assert_eq!(turned.at(moment, Place::TABLE).of(BEER, Money(own)), priced);
        let holding: Vec<&List> = book.lists.iter()
            .filter(|list| list.period.is_none_or(|at| book.holds(moment)[at])).collect();
        match priced.list_id {
            None => prop_assert!(holding.is_empty() && priced.price == Money(own)),
            Some(id) => {
                let chosen = holding.iter().find(|list| list.id == id).unwrap();
                prop_assert!(holding.iter().all(|list| list.priority <= chosen.priority));
            }
        }
    }
}
