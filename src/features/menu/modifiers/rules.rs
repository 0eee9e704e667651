//! Whether what was chosen with a dish can be had, and what it adds to the price. No SQL, no clock.

use super::offered::{Offer, OfferedGroup, OfferedOption};
use super::price::{Priced, amounts};
use super::types::{LineModifier, MOST_OF_A_LINE, ModifierChoice, Prefix};
use crate::core::kernel::{Int, Money};

/// Why a choice does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is not on the menu any more, or not with this dish.
    Gone,
    /// It ran out.
    SoldOut,
    /// It costs something else now.
    PriceChanged,
    /// More of the group have to be chosen.
    TooFew,
    /// Fewer of the group may be chosen.
    TooMany,
    /// The option may not be chosen so often.
    TooOften,
    /// It is chosen twice in the same way.
    Twice,
    /// The group knows no such prefix.
    Prefix,
    /// The dish has no halves here.
    Halves,
    /// The option that would ask for it is not chosen.
    NotAsked,
    /// The dish would cost less than nothing, or more than a price may be.
    Price,
    /// The dish is weighed: nothing that costs goes with it.
    Weighed,
}

impl Reason {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::SoldOut => "sold_out",
            Self::PriceChanged => "price_changed",
            Self::TooFew => "too_few",
            Self::TooMany => "too_many",
            Self::TooOften => "too_often",
            Self::Twice => "twice",
            Self::Prefix => "no_such_prefix",
            Self::Halves => "no_halves",
            Self::NotAsked => "not_asked",
            Self::Price => "price_out_of_range",
            Self::Weighed => "sold_by_weight",
        }
    }

    /// Whether the choice was right on an older menu, and is not on this one.
    pub fn is_stale(self) -> bool {
        matches!(self, Self::Gone | Self::SoldOut | Self::PriceChanged)
    }
}

/// A choice that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Why.
    pub reason: Reason,
    /// The option; none where it is about the group or the dish.
    pub option_id: Option<i64>,
    /// The group; none where it is about the dish, or nobody knows it.
    pub group_id: Option<i64>,
    /// What it is called: the option, else the group, else the dish.
    pub name: String,
    /// How many of the group have to be, or may be, chosen; how often the option.
    pub limit: Option<i64>,
    /// What it costs now.
    pub price: Option<Money>,
}

/// What was chosen, in the order of the menu, and what it adds to the price of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Each choice.
    pub modifiers: Vec<LineModifier>,
    /// All amounts together.
    pub adds: Money,
}

/// One choice, with all that is known of it.
struct Pick<'a> {
    option: &'a OfferedOption,
    quantity: i64,
    prefix: Option<Prefix>,
    portion: Option<i64>,
    under: Option<i64>,
}

/// A group at its place: asked by the dish, or by a chosen option.
#[derive(Clone, Copy)]
struct Asked<'a> {
    group: &'a OfferedGroup,
    bounds: (i64, i64),
    under: Option<i64>,
}

/// Takes what was asked for with a dish. Where nothing was said of it (`None`), the dish comes as it
/// comes: with its defaults.
///
/// # Errors
/// All that does not hold.
pub fn choose(offer: &Offer, asked: Option<&[ModifierChoice]>) -> Result<Chosen, Vec<Wrong>> {
    let mut wrong = Vec::new();
    if let Some(asked) = asked {
        if asked.len() > MOST_OF_A_LINE {
            return Err(vec![about_all(Reason::TooMany)]);
        }
        wrong.extend(unknown(offer, asked));
    }
    let mut chosen = Chosen::default();
    for (group, bounds) in &offer.groups {
        let place = Asked { group, bounds: *bounds, under: None };
        let picks = picks_of(place, asked, &mut wrong);
        take(place, &picks, &mut chosen, &mut wrong);
        for pick in picks.iter().filter(|pick| pick.prefix != Some(Prefix::No)) {
            if let Some(group) = offer.nested(pick.option) {
                let place = Asked { group, bounds: group.bounds, under: Some(pick.option.id) };
                let picks = picks_of(place, asked, &mut wrong);
                take(place, &picks, &mut chosen, &mut wrong);
            }
        }
    }
    if wrong.is_empty() { Ok(chosen) } else { Err(wrong) }
}

fn about_all(reason: Reason) -> Wrong {
    let limit = i64::try_from(MOST_OF_A_LINE).ok();
    Wrong { reason, option_id: None, group_id: None, name: String::new(), limit, price: None }
}

fn about(reason: Reason, place: Asked<'_>, option: Option<&OfferedOption>) -> Wrong {
    Wrong {
        reason,
        option_id: option.map(|option| option.id),
        group_id: Some(place.group.id),
        name: option.map_or_else(|| place.group.name.clone(), |option| option.name.clone()),
        limit: None,
        price: option.map(|option| Money(option.price)),
    }
}

/// Choices of what the dish does not offer, or what no chosen option asks for.
fn unknown(offer: &Offer, asked: &[ModifierChoice]) -> Vec<Wrong> {
    let is_taken = |id: i64| {
        let mut there = asked.iter().filter(|one| one.under.is_none());
        there.any(|one| one.option_id.get() == id && one.prefix != Some(Prefix::No))
    };
    let under = |id: i64, parent: i64| {
        let group = offer.find(parent).and_then(|option| offer.nested(option));
        group.is_some_and(|group| group.options.find(id).is_some())
    };
    let mut wrong = Vec::new();
    for choice in asked {
        let id = choice.option_id.get();
        let reason = match choice.under.map(Int::get) {
            None if offer.find(id).is_some() => continue,
            Some(parent) if under(id, parent) && is_taken(parent) => continue,
            Some(parent) if under(id, parent) => Reason::NotAsked,
            _ => Reason::Gone,
        };
        let name = offer.find_any(id);
        wrong.push(Wrong {
            reason,
            option_id: Some(id),
            group_id: None,
            name: name.map(|option| option.name.clone()).unwrap_or_default(),
            limit: None,
            price: None,
        });
    }
    wrong
}

/// What was chosen of a group, each checked by itself, in the order of its options.
fn picks_of<'a>(
    place: Asked<'a>,
    asked: Option<&[ModifierChoice]>,
    wrong: &mut Vec<Wrong>,
) -> Vec<Pick<'a>> {
    let mut picks = Vec::new();
    for option in meant(place, asked) {
        let Some(asked) = asked else {
            if option.is_default {
                let one =
                    Pick { option, quantity: 1, prefix: None, portion: None, under: place.under };
                picks.push(one);
            }
            continue;
        };
        let of_it = asked.iter().filter(|choice| {
            choice.option_id.get() == option.id && choice.under.map(Int::get) == place.under
        });
        let before = picks.len();
        for choice in of_it {
            let pick = Pick {
                option,
                quantity: choice.quantity.map_or(1, Int::get),
                prefix: choice.prefix,
                portion: choice.portion.map(Int::get),
                under: place.under,
            };
            let others = &picks[before..];
            check_one(place, &pick, choice.price, others, wrong);
            picks.push(pick);
        }
        // Who names what else comes with a dish, and not this, wants it without.
        if picks.len() == before && option.is_default && says_without(place) {
            let prefix = Some(Prefix::No);
            picks.push(Pick { option, quantity: 1, prefix, portion: None, under: place.under });
        }
    }
    if asked.is_none() {
        let sold_out = picks.iter().filter(|pick| !pick.option.is_available);
        wrong.extend(sold_out.map(|pick| about(Reason::SoldOut, place, Some(pick.option))));
    }
    picks
}

/// The options of a group that a choice is about: those that were named, and those that come without
/// a word. In the order of the menu.
fn meant<'a>(
    place: Asked<'a>,
    asked: Option<&[ModifierChoice]>,
) -> impl Iterator<Item = &'a OfferedOption> {
    let options = &place.group.options;
    let mut places = options.defaults().to_vec();
    let named = asked.unwrap_or_default().iter();
    let named = named.filter(|choice| choice.under.map(Int::get) == place.under);
    places.extend(named.filter_map(|choice| options.place(choice.option_id.get())));
    places.sort_unstable();
    places.dedup();
    places.into_iter().filter_map(|at| options.at(at))
}

/// Whether what is left out of a group is told to the kitchen: where one of several is chosen, another
/// simply takes its place.
fn says_without(place: Asked<'_>) -> bool {
    place.bounds.1 > 1 && place.group.prefixes.contains(&Prefix::No)
}

fn check_one(
    place: Asked<'_>,
    pick: &Pick<'_>,
    shown: Option<Money>,
    others: &[Pick<'_>],
    wrong: &mut Vec<Wrong>,
) {
    let option = pick.option;
    let mut say = |reason, limit| {
        wrong.push(Wrong { limit, ..about(reason, place, Some(option)) });
    };
    let is_without = pick.prefix == Some(Prefix::No);
    if !option.is_available && !is_without {
        say(Reason::SoldOut, None);
    }
    if shown.is_some_and(|price| price.0 != option.price) && !is_without {
        say(Reason::PriceChanged, None);
    }
    if pick.quantity > option.max_quantity {
        say(Reason::TooOften, Some(option.max_quantity));
    }
    if pick.prefix.is_some_and(|prefix| !place.group.prefixes.contains(&prefix)) {
        say(Reason::Prefix, None);
    }
    if pick.portion.is_some() && place.group.halves.is_none() {
        say(Reason::Halves, None);
    }
    // Once on each half, or once on both.
    let meets = |one: &Pick<'_>| {
        one.portion.is_none() || pick.portion.is_none() || one.portion == pick.portion
    };
    if others.iter().any(meets) {
        say(Reason::Twice, None);
    }
}

/// Checks how many of a group there are, and adds them with what they cost.
fn take(place: Asked<'_>, picks: &[Pick<'_>], chosen: &mut Chosen, wrong: &mut Vec<Wrong>) {
    let (least, most) = place.bounds;
    let count = |half: Option<i64>| -> i64 {
        let on = picks.iter().filter(|pick| {
            pick.prefix != Some(Prefix::No) && (pick.portion.is_none() || pick.portion == half)
        });
        on.map(|pick| pick.quantity).sum()
    };
    let counts: Vec<i64> = match place.group.halves {
        Some(_) => vec![count(Some(1)), count(Some(2))],
        None => vec![count(None)],
    };
    if counts.iter().any(|count| *count < least) {
        wrong.push(Wrong { limit: Some(least), ..about(Reason::TooFew, place, None) });
    }
    if counts.iter().any(|count| *count > most) {
        wrong.push(Wrong { limit: Some(most), ..about(Reason::TooMany, place, None) });
    }
    let priced: Vec<_> = picks
        .iter()
        .map(|pick| Priced {
            price: pick.option.price,
            quantity: pick.quantity,
            prefix: pick.prefix,
            portion: pick.portion,
            is_default: pick.option.is_default,
        })
        .collect();
    for (pick, amount) in picks.iter().zip(amounts(&priced, place.group.free, place.group.halves)) {
        chosen.adds += Money(amount);
        chosen.modifiers.push(LineModifier {
            option_id: pick.option.id,
            group_id: place.group.id,
            group_name: place.group.name.clone(),
            name: pick.option.name.clone(),
            kitchen_name: pick.option.kitchen_name.clone(),
            quantity: pick.quantity,
            price: Money(pick.option.price),
            amount: Money(amount),
            prefix: pick.prefix,
            portion: pick.portion,
            under: pick.under,
            is_default: pick.option.is_default,
        });
    }
}
