//! The lines of a sheet as the things of a restaurant.

use std::collections::{BTreeSet, HashMap};

use super::heads;
use super::line::Line;
use crate::core::error::Result;
use crate::core::kernel::fields::{Name, Weight};
use crate::core::kernel::money::Price;
use crate::core::kernel::{Int, Money, Text, numerals};
use crate::features::floor::{TableName, TableNumber};
use crate::features::import::content::{
    Category, Content, Dish, Ingredient, Location, Member, Table, Variation,
};
use crate::features::import::limits;
use crate::features::menu::Barcode;
use crate::features::staff::{Pin, Username};

/// What was read so far, with maps to find a thing again: a file of many lines costs as much for
/// its last line as for its first.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) content: Content,
    /// The names of the allergens that were seen.
    pub(super) allergens: BTreeSet<String>,
    categories: HashMap<Name, usize>,
    /// Of a category, by its place: all of one name and number, which their codes tell apart.
    dishes: HashMap<(usize, Name, Option<i64>), Vec<usize>>,
    dish_count: usize,
    locations: HashMap<Name, usize>,
    /// By name and number.
    pub(super) groups: HashMap<(Name, Option<i64>), usize>,
    /// By name, category and number.
    pub(super) combos: HashMap<(Name, Option<Name>, Option<i64>), usize>,
    /// Of a combo, by its place: parts of one name are told apart by their number.
    pub(super) combo_parts: HashMap<(usize, Name, Option<i64>), usize>,
    pub(super) price_lists: HashMap<Name, usize>,
}

pub(super) fn menu(reading: &mut Reading, line: &Line<'_>) -> Result<Option<String>> {
    let names = (line.needed("category", Name::new), line.needed("dish", Name::new));
    let price = line.needed("price", price);
    let (Some(category), Some(dish)) = names else { return Ok(None) };
    let Some((c, d)) = reading.dish_at(line, category, dish) else { return Ok(None) };
    limits::check_dishes(reading.dish_count)?;
    let content = &mut reading.content;
    let dish = &mut content.categories[c].dishes[d];
    read_dish(dish, line);
    note_allergens(&mut reading.allergens, &mut content.ingredients, dish.allergens.as_deref());
    let Some(price) = price else { return Ok(None) };
    let variation = read_variation(dish, line, price);
    dish.variations.push(variation);
    Ok(Some(format!("categories[{c}].dishes[{d}].variations[{}]", dish.variations.len() - 1)))
}

/// Allergens that a sheet names are ingredients of the restaurant.
pub(super) fn note_allergens(
    seen: &mut BTreeSet<String>,
    ingredients: &mut Vec<Ingredient>,
    named: Option<&[Name]>,
) {
    let unseen = named.unwrap_or_default().iter().filter(|name| seen.insert(name.to_string()));
    ingredients.extend(unseen.map(|name| Ingredient {
        name: name.clone(),
        description: None,
        is_allergen: Some(true),
        translations: None,
    }));
}

impl Reading {
    /// Where the category and its dish of these names stand; new ones stand at the end. Lines with different
    /// codes are of different dishes.
    fn dish_at(&mut self, line: &Line<'_>, category: Name, dish: Name) -> Option<(usize, usize)> {
        let categories = &mut self.content.categories;
        let c = *self.categories.entry(category).or_insert_with_key(|name| {
            categories.push(new_category(name.clone()));
            categories.len() - 1
        });
        let dishes = &mut categories[c].dishes;
        let number = line.maybe("dish_number", int);
        let (code, outside) = (line.cell("code"), line.cell("dish_external_id"));
        let alike = self.dishes.entry((c, dish.clone(), number.map(Int::get))).or_default();
        let fits =
            |own: Option<&str>, said: Option<&str>| own.is_none() || said.is_none() || own == said;
        let mut fitting = alike.iter().copied().filter(|d| {
            let own = &dishes[*d];
            fits(own.code.as_deref(), code) && fits(own.external_id.as_deref(), outside)
        });
        match (fitting.next(), fitting.next()) {
            (Some(d), None) => return Some((c, d)),
            (Some(_), Some(_)) => {
                let message = format!(
                    "names “{dish}”, and several dishes above have this name here: tell them apart \
                     by their codes or outside ids, on each of their lines"
                );
                line.note("dish", message);
                return None;
            }
            (None, _) => {}
        }
        dishes.push(Dish { number, ..new_dish(dish) });
        alike.push(dishes.len() - 1);
        self.dish_count += 1;
        Some((c, dishes.len() - 1))
    }

    fn location_at(&mut self, name: Name) -> usize {
        let locations = &mut self.content.locations;
        *self.locations.entry(name).or_insert_with_key(|name| {
            locations.push(new_location(name.clone()));
            locations.len() - 1
        })
    }
}

fn new_category(name: Name) -> Category {
    Category {
        name,
        description: None,
        image_url: None,
        color: None,
        featured: None,
        is_active: None,
        sort_order: None,
        translations: None,
        tax_class: None,
        course: None,
        dishes: Vec::new(),
    }
}

fn new_dish(name: Name) -> Dish {
    Dish {
        name,
        number: None,
        description: None,
        code: None,
        external_id: None,
        modifier_groups: None,
        main_image_url: None,
        department: None,
        cooking_time: None,
        weight: None,
        calories: None,
        is_popular: None,
        is_available: None,
        sort_order: None,
        ingredients: None,
        allergens: None,
        ingredients_text: None,
        translations: None,
        tax_class: None,
        course: None,
        variations: Vec::new(),
    }
}

fn new_location(name: Name) -> Location {
    Location { name, description: None, color: None, is_active: None, tables: Vec::new() }
}

/// What a line says of its dish; the first of the dish's lines that says something counts.
fn read_dish(dish: &mut Dish, line: &Line<'_>) {
    fill(&mut dish.description, line.maybe("description", Text::new));
    fill(&mut dish.department, line.maybe("department", heads::department));
    fill(&mut dish.code, line.maybe("code", Text::new));
    fill(&mut dish.external_id, line.maybe("dish_external_id", Text::new));
    fill(&mut dish.cooking_time, line.maybe("cooking_time", int));
    fill(&mut dish.tax_class, line.maybe("tax_class", Text::new));
    fill(&mut dish.course, line.maybe("course", int));
    if line.has_column("allergens") {
        dish.allergens.get_or_insert_default().extend(line.list("allergens", Name::new));
    }
}

pub(super) fn fill<T>(field: &mut Option<T>, value: Option<T>) {
    if field.is_none() {
        *field = value;
    }
}

fn price(text: &str) -> Result<Price, String> {
    Money::parse_written(text).and_then(Price::new)
}

fn read_variation(dish: &Dish, line: &Line<'_>, price: Price) -> Variation {
    Variation {
        name: line.maybe("variation", Name::new).unwrap_or_else(|| dish.name.clone()),
        number: line.maybe("variation_number", int),
        description: None,
        price,
        unit: line.maybe("unit", heads::unit),
        image_url: None,
        weight: line.maybe("weight", weight),
        calories: line.maybe("calories", int),
        sku: line.maybe("sku", Text::new),
        external_id: line.maybe("external_id", Text::new),
        barcodes: line.has_column("barcodes").then(|| line.list("barcodes", Barcode::new)),
        is_default: None,
        is_available: None,
        sort_order: None,
        translations: None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "of one type with the reader of dishes")]
pub(super) fn rooms(reading: &mut Reading, line: &Line<'_>) -> Result<Option<String>> {
    let (called, seats) = (line.needed("table", called), line.needed("seats", int));
    let room = line.maybe("location", Name::new);
    let (Some((number, name)), Some(seats)) = (called, seats) else { return Ok(None) };
    let table = Table {
        number,
        name,
        seats,
        description: None,
        is_active: None,
        qr_code: None,
        x: None,
        y: None,
        shape: None,
    };
    let Some(room) = room else {
        let tables = &mut reading.content.tables;
        tables.push(table);
        return Ok(Some(format!("tables[{}]", tables.len() - 1)));
    };
    let at = reading.location_at(room);
    let tables = &mut reading.content.locations[at].tables;
    tables.push(table);
    Ok(Some(format!("locations[{at}].tables[{}]", tables.len() - 1)))
}

#[expect(clippy::unnecessary_wraps, reason = "of one type with the reader of dishes")]
pub(super) fn staff(reading: &mut Reading, line: &Line<'_>) -> Result<Option<String>> {
    let username = line.needed("username", Username::new);
    let full_name = line.needed("full_name", Text::new);
    let role = line.needed("role", heads::role);
    let (password, pin_code) = (line.maybe("password", Text::new), line.maybe("pin", Pin::new));
    let (Some(username), Some(full_name), Some(role)) = (username, full_name, role) else {
        return Ok(None);
    };
    let staff = &mut reading.content.staff;
    staff.push(Member {
        username,
        full_name,
        role,
        phone: None,
        avatar_url: None,
        is_active: None,
        password,
        pin_code,
    });
    Ok(Some(format!("staff[{}]", staff.len() - 1)))
}

/// A cell with a number is the table's number, any other its name.
fn called(text: &str) -> Result<(Option<TableNumber>, Option<TableName>), String> {
    let is_numeral = |c: char| c.is_numeric() || c.is_whitespace() || ".,'".contains(c);
    if text.chars().all(is_numeral) {
        return Ok((Some(int(text)?), None));
    }
    Ok((None, Some(TableName::new(text)?)))
}

pub(super) fn int<const MIN: i64, const MAX: i64>(text: &str) -> Result<Int<MIN, MAX>, String> {
    let plain =
        numerals::plain(text, |_| false).map_err(|_| "must be a whole number".to_owned())?;
    plain.parse().map_err(|_| "must be a whole number".to_owned()).and_then(Int::new)
}

/// Three digits behind a comma are as likely thousands: neither is guessed.
pub(super) fn weight(text: &str) -> Result<Weight, String> {
    let plain = numerals::plain(text, |digits| digits != 0 && digits != 3)?;
    plain.parse().map_err(|_| "must be a number".to_owned()).and_then(Weight::new)
}
