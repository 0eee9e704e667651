//! A file in the order in which it is taken in, one thing at a time.

use super::importer::Importer;
use super::menu::NAMED;
use super::named::told_at;
use crate::core::error::Result;
use crate::features::import::content::Content;
use crate::features::import::offers::ModifierGroup;

/// One thing of a file; the numbers say where it stands in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Restaurant,
    TaxClass(usize),
    Ingredient(usize),
    /// A group that others do not ask for: if it is new, it takes its place among them.
    NewGroup(usize),
    ModifierGroup(usize),
    Category(usize),
    Dish(usize, usize),
    /// The dishes that a group names.
    GroupDishes(usize),
    Combo(usize),
    Location(usize),
    /// A table in a room of the file, or in none.
    Table(Option<usize>, usize),
    Period(usize),
    MenuTimes(usize),
    PriceList(usize),
    PaymentMethod(usize),
    Member(usize),
    HouseRule(usize),
    Reason(usize),
    Account(usize),
    /// Of a role or a person.
    Permissions(usize),
    /// What a whole menu leaves out, of one table.
    Unnamed(usize),
}

impl Unit {
    /// All of a file. Taxes, which others name, and the restaurant go first, since prices are in its currency; but the
    /// settings that come with a whole menu hold when all of it is in.
    pub(super) fn all(content: &Content, whole_menu: bool) -> Vec<Self> {
        let mut units: Vec<Self> = (0..content.tax_classes.len()).map(Self::TaxClass).collect();
        let restaurant = content.restaurant.as_ref().map(|_| Self::Restaurant);
        units.extend(restaurant.filter(|_| !whole_menu));
        units.extend((0..content.ingredients.len()).map(Self::Ingredient));
        // A group that options of another one ask for goes before that; there is one level only. All of
        // them come in the order of the file, by which those of one name are numbered.
        let groups = || content.modifier_groups.iter().enumerate();
        let in_order = groups().map(|(at, group)| {
            if asks_more(group) { Self::NewGroup(at) } else { Self::ModifierGroup(at) }
        });
        units.extend(in_order);
        let asking = groups().filter(|(_, group)| asks_more(group));
        units.extend(asking.map(|(at, _)| Self::ModifierGroup(at)));
        for (c, category) in content.categories.iter().enumerate() {
            units.push(Self::Category(c));
            units.extend((0..category.dishes.len()).map(|d| Self::Dish(c, d)));
        }
        let with_dishes = groups().filter(|(_, group)| group.dishes.is_some());
        units.extend(with_dishes.map(|(at, _)| Self::GroupDishes(at)));
        units.extend((0..content.combos.len()).map(Self::Combo));
        for (l, location) in content.locations.iter().enumerate() {
            units.push(Self::Location(l));
            units.extend((0..location.tables.len()).map(|t| Self::Table(Some(l), t)));
        }
        units.extend((0..content.tables.len()).map(|t| Self::Table(None, t)));
        units.extend((0..content.periods.len()).map(Self::Period));
        units.extend((0..content.menu_times.len()).map(Self::MenuTimes));
        units.extend((0..content.price_lists.len()).map(Self::PriceList));
        units.extend((0..content.payment_methods.len()).map(Self::PaymentMethod));
        units.extend((0..content.staff.len()).map(Self::Member));
        units.extend((0..content.adjustment_rules.len()).map(Self::HouseRule));
        units.extend((0..content.reasons.len()).map(Self::Reason));
        units.extend((0..content.house_accounts.len()).map(Self::Account));
        units.extend((0..content.permissions.len()).map(Self::Permissions));
        if whole_menu {
            let speaks = |(at, _): &(usize, &(&str, &str))| speaks_of(content, NAMED[*at].1);
            let named = NAMED.iter().enumerate().filter(speaks);
            units.extend(named.map(|(at, _)| Self::Unnamed(at)));
            units.extend(restaurant);
        }
        units
    }
}

/// Whether an option of a group asks for another one.
fn asks_more(group: &ModifierGroup) -> bool {
    group
        .options
        .iter()
        .any(|option| option.nested_group.as_ref().is_some_and(|name| !name.is_empty()))
}

/// Whether a whole menu says something of a kind of things. One that was written before there were options,
/// combos and price lists leaves those of the box alone.
fn speaks_of(content: &Content, what: &str) -> bool {
    match what {
        "options" | "modifier_groups" => !content.modifier_groups.is_empty(),
        "combos" => !content.combos.is_empty(),
        "price_lists" => !content.price_lists.is_empty(),
        _ => true,
    }
}

impl Unit {
    /// Where it stands in the file.
    fn place(self) -> String {
        match self {
            Self::Restaurant => "restaurant".into(),
            Self::TaxClass(at) => format!("tax_classes[{at}]"),
            Self::Ingredient(at) => format!("ingredients[{at}]"),
            Self::NewGroup(at) | Self::ModifierGroup(at) | Self::GroupDishes(at) => {
                format!("modifier_groups[{at}]")
            }
            Self::Category(at) => format!("categories[{at}]"),
            Self::Dish(c, at) => format!("categories[{c}].dishes[{at}]"),
            Self::Combo(at) => format!("combos[{at}]"),
            Self::Location(at) => format!("locations[{at}]"),
            Self::Table(None, at) => format!("tables[{at}]"),
            Self::Table(Some(l), at) => format!("locations[{l}].tables[{at}]"),
            Self::Period(at) => format!("periods[{at}]"),
            Self::MenuTimes(at) => format!("menu_times[{at}]"),
            Self::PriceList(at) => format!("price_lists[{at}]"),
            Self::PaymentMethod(at) => format!("payment_methods[{at}]"),
            Self::Member(at) => format!("staff[{at}]"),
            Self::HouseRule(at) => format!("adjustment_rules[{at}]"),
            Self::Reason(at) => format!("reasons[{at}]"),
            Self::Account(at) => format!("house_accounts[{at}]"),
            Self::Permissions(at) => format!("permissions[{at}]"),
            Self::Unnamed(at) => NAMED[at].1.into(),
        }
    }
}

impl Importer<'_, '_> {
    /// Takes in one thing. Says whether it is done; else it is to be called again. Whatever is wrong with it
    /// is told with its place.
    pub(super) fn unit(&mut self, unit: Unit) -> Result<bool> {
        let place = unit.place();
        self.take_in(unit, &place).map_err(|error| told_at(&place, error))
    }

    fn take_in(&mut self, unit: Unit, place: &str) -> Result<bool> {
        let content = &self.file.content;
        match unit {
            Unit::Restaurant => content.restaurant.as_ref().map_or(Ok(()), |r| self.restaurant(r)),
            Unit::TaxClass(at) => self.tax_class(place, &content.tax_classes[at]),
            Unit::Ingredient(at) => self.ingredient(place, &content.ingredients[at]),
            Unit::NewGroup(at) => self.new_group(place, at, &content.modifier_groups[at]),
            Unit::ModifierGroup(at) => self.modifier_group(place, at, &content.modifier_groups[at]),
            Unit::Category(at) => self.category(place, at, &content.categories[at]),
            Unit::Dish(c, at) => {
                let category = &content.categories[c];
                self.dish(place, at, &category.name, &category.dishes[at])
            }
            Unit::GroupDishes(at) => self.group_dishes(place, at, &content.modifier_groups[at]),
            Unit::Combo(at) => self.combo(place, &content.combos[at]),
            Unit::Location(at) => self.location(place, &content.locations[at]),
            Unit::Table(None, at) => self.table(place, None, &content.tables[at]),
            Unit::Table(Some(l), at) => {
                let room = &content.locations[l];
                self.table(place, Some(room), &room.tables[at])
            }
            Unit::Period(at) => self.period(place, &content.periods[at]),
            Unit::MenuTimes(at) => self.menu_times(place, &content.menu_times[at]),
            Unit::PriceList(at) => self.price_list(place, &content.price_lists[at]),
            Unit::PaymentMethod(at) => self.payment_method(place, &content.payment_methods[at]),
            Unit::Member(at) => self.member(place, &content.staff[at]),
            Unit::HouseRule(at) => self.house_rule(place, &content.adjustment_rules[at]),
            Unit::Reason(at) => self.reason(place, at, &content.reasons[at]),
            Unit::Account(at) => self.account(place, &content.house_accounts[at]),
            Unit::Permissions(at) => self.permissions(place, &content.permissions[at]),
            Unit::Unnamed(at) => return self.remove_unnamed(NAMED[at]),
        }?;
        Ok(true)
    }

    /// The same; what is wrong with the thing is noted, and the next one can be looked at.
    pub(super) fn unit_or_wrong(&mut self, unit: Unit) -> Result<bool> {
        let outcome = self.unit(unit);
        Ok(self.or_wrong(outcome)?.unwrap_or(true))
    }
}
