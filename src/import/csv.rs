//! CSV: what people keep in spreadsheets. The header decides what a file holds, and in which
//! order; the comma, the semicolon and the tab are all taken.

use std::cell::RefCell;
use std::collections::BTreeSet;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::file::{File, Lines, Wrong, bad_file};
use super::{Category, Content, Dish, Ingredient, Location, Member, Table, Variation};
use crate::auth::Role;
use crate::error::{Error, Result};
use crate::kernel::fields::{Name, Weight};
use crate::kernel::money::Price;
use crate::kernel::{Int, Money, Text};
use crate::menu::Department;
use crate::staff::{Pin, Username};

const MENU: [&str; 12] = [
    "category",
    "dish",
    "description",
    "variation",
    "price",
    "department",
    "code",
    "sku",
    "cooking_time",
    "weight",
    "calories",
    "allergens",
];
const ROOMS: [&str; 3] = ["location", "table", "seats"];
const STAFF: [&str; 5] = ["username", "full_name", "role", "password", "pin"];

type ReadLine = fn(&mut Reading, &Line<'_>) -> Option<String>;

/// What was read so far.
#[derive(Default)]
struct Reading {
    content: Content,
    /// The names of the allergens that were seen.
    allergens: BTreeSet<String>,
}

/// Reads a CSV file: a menu, rooms or staff.
///
/// # Errors
/// 400 when the file as a whole is none of these; 422 that names every wrong line and column.
pub fn read_csv(bytes: &[u8]) -> Result<File> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| bad_file("The file is not in UTF-8. Save it as “CSV UTF-8” and try again."))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .trim(Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header: Vec<String> =
        reader.headers().map_err(unreadable)?.iter().map(str::to_lowercase).collect();
    let read = reader_of(&header)?;
    let mut reading = Reading::default();
    let (mut lines, wrong) = (Lines::default(), RefCell::new(Wrong::default()));
    for record in reader.into_records() {
        let record = record.map_err(unreadable)?;
        let line = Line { header: &header, record: &record, wrong: &wrong };
        if let Some(place) = read(&mut reading, &line) {
            lines.note(place, line.number());
        }
    }
    wrong.into_inner().refuse_if_any()?;
    Ok(File { content: reading.content, lines })
}

/// How the lines under a header are read.
fn reader_of(header: &[String]) -> Result<ReadLine> {
    let has = |column: &str| header.iter().any(|name| name == column);
    let (known, read): (&[&str], ReadLine) = match () {
        () if has("dish") => (&MENU, menu),
        () if has("table") => (&ROOMS, rooms),
        () if has("username") => (&STAFF, staff),
        () => {
            return Err(bad_file(format!(
                "The first line must name the columns of a menu ({}), of rooms ({}) or of \
                 staff ({}).",
                MENU.join(","),
                ROOMS.join(","),
                STAFF.join(",")
            )));
        }
    };
    if let Some(unknown) = header.iter().find(|name| !known.contains(&name.as_str())) {
        let known = known.join(", ");
        return Err(bad_file(format!("There is no column “{unknown}”. There are: {known}.")));
    }
    Ok(read)
}

/// The one that stands in the header most often.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| header.matches(char::from(*delimiter)).count();
    [b',', b';', b'\t'].into_iter().max_by_key(count).unwrap_or(b',')
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function for map_err")]
fn unreadable(error: csv::Error) -> Error {
    bad_file(format!("The file cannot be read as CSV: {error}."))
}

/// One line of the file. What is wrong with a cell is noted, and the cell counts as empty.
struct Line<'a> {
    header: &'a [String],
    record: &'a StringRecord,
    wrong: &'a RefCell<Wrong>,
}

impl Line<'_> {
    fn number(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// The text in a column; none where the column is missing or empty.
    fn cell(&self, column: &str) -> Option<&str> {
        let at = self.header.iter().position(|name| name == column)?;
        self.record.get(at).filter(|text| !text.is_empty())
    }

    fn has_column(&self, column: &str) -> bool {
        self.header.iter().any(|name| name == column)
    }

    fn note(&self, column: &str, message: impl Into<String>) {
        let place = format!("line {}, {column}", self.number());
        self.wrong.borrow_mut().note(place, message);
    }

    fn maybe<T>(&self, column: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        read(self.cell(column)?).map_err(|why| self.note(column, why)).ok()
    }

    fn needed<T>(&self, column: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        if self.cell(column).is_none() {
            self.note(column, "is missing");
        }
        self.maybe(column, read)
    }
}

fn menu(reading: &mut Reading, line: &Line<'_>) -> Option<String> {
    let names = (line.needed("category", Name::new), line.needed("dish", Name::new));
    let price = line.needed("price", price);
    let (Some(category), Some(dish)) = names else { return None };
    let content = &mut reading.content;
    let c = category_at(&mut content.categories, category);
    let dishes = &mut content.categories[c].dishes;
    let d = dish_at(dishes, dish);
    let dish = &mut dishes[d];
    read_dish(dish, line);
    let unseen = dish.allergens.iter().flatten();
    for allergen in unseen.filter(|name| reading.allergens.insert(name.to_string())) {
        content.ingredients.push(Ingredient {
            name: allergen.clone(),
            description: None,
            is_allergen: Some(true),
            translations: None,
        });
    }
    let variation = read_variation(dish, line, price?);
    dish.variations.push(variation);
    Some(format!("categories[{c}].dishes[{d}].variations[{}]", dish.variations.len() - 1))
}

fn category_at(categories: &mut Vec<Category>, name: Name) -> usize {
    categories.iter().position(|category| category.name == name).unwrap_or_else(|| {
        categories.push(Category {
            name,
            description: None,
            image_url: None,
            color: None,
            featured: None,
            is_active: None,
            sort_order: None,
            translations: None,
            dishes: Vec::new(),
        });
        categories.len() - 1
    })
}

fn dish_at(dishes: &mut Vec<Dish>, name: Name) -> usize {
    dishes.iter().position(|dish| dish.name == name).unwrap_or_else(|| {
        dishes.push(Dish {
            name,
            description: None,
            code: None,
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
            variations: Vec::new(),
        });
        dishes.len() - 1
    })
}

/// What a line says of its dish; the first of the dish's lines that says something counts.
fn read_dish(dish: &mut Dish, line: &Line<'_>) {
    let department = |word: &str| {
        Department::parse(&word.to_lowercase())
            .ok_or_else(|| "must be bar, cold, hot, dessert, grill or bakery".to_owned())
    };
    fill(&mut dish.description, line.maybe("description", Text::new));
    fill(&mut dish.department, line.maybe("department", department));
    fill(&mut dish.code, line.maybe("code", Text::new));
    fill(&mut dish.cooking_time, line.maybe("cooking_time", int));
    if line.has_column("allergens") {
        let names = line.cell("allergens").unwrap_or_default().split([';', ',']);
        let names = names.map(str::trim).filter(|name| !name.is_empty());
        let names = names
            .filter_map(|name| Name::new(name).map_err(|why| line.note("allergens", why)).ok());
        dish.allergens.get_or_insert_default().extend(names);
    }
}

fn fill<T>(field: &mut Option<T>, value: Option<T>) {
    if field.is_none() {
        *field = value;
    }
}

fn price(text: &str) -> Result<Price, String> {
    Money::parse(&text.replace(',', ".")).and_then(Price::new)
}

fn read_variation(dish: &Dish, line: &Line<'_>, price: Price) -> Variation {
    Variation {
        name: line.maybe("variation", Name::new).unwrap_or_else(|| dish.name.clone()),
        description: None,
        price,
        image_url: None,
        weight: line.maybe("weight", weight),
        calories: line.maybe("calories", int),
        sku: line.maybe("sku", Text::new),
        is_default: None,
        is_available: None,
        sort_order: None,
        translations: None,
    }
}

fn rooms(reading: &mut Reading, line: &Line<'_>) -> Option<String> {
    let (number, seats) = (line.needed("table", int), line.needed("seats", int));
    let name = line.maybe("location", Name::new);
    let table = Table {
        number: number?,
        seats: seats?,
        description: None,
        is_active: None,
        qr_code: None,
        x: None,
        y: None,
        shape: None,
    };
    let Content { tables, locations, .. } = &mut reading.content;
    let Some(name) = name else {
        tables.push(table);
        return Some(format!("tables[{}]", tables.len() - 1));
    };
    let at = locations.iter().position(|location| location.name == name).unwrap_or_else(|| {
        locations.push(Location {
            name,
            description: None,
            color: None,
            is_active: None,
            tables: Vec::new(),
        });
        locations.len() - 1
    });
    let tables = &mut locations[at].tables;
    tables.push(table);
    Some(format!("locations[{at}].tables[{}]", tables.len() - 1))
}

fn staff(reading: &mut Reading, line: &Line<'_>) -> Option<String> {
    let role = |word: &str| {
        Role::parse(&word.to_lowercase())
            .ok_or_else(|| "must be admin, manager, waiter or kitchen".to_owned())
    };
    let username = line.needed("username", Username::new);
    let full_name = line.needed("full_name", Text::new);
    let role = line.needed("role", role);
    let (password, pin_code) = (line.maybe("password", Text::new), line.maybe("pin", Pin::new));
    let staff = &mut reading.content.staff;
    staff.push(Member {
        username: username?,
        full_name: full_name?,
        role: role?,
        phone: None,
        avatar_url: None,
        is_active: None,
        password,
        pin_code,
    });
    Some(format!("staff[{}]", staff.len() - 1))
}

fn int<const MIN: i64, const MAX: i64>(text: &str) -> Result<Int<MIN, MAX>, String> {
    text.parse().map_err(|_| "must be a whole number".to_owned()).and_then(Int::new)
}

fn weight(text: &str) -> Result<Weight, String> {
    let grams = text.replace(',', ".").parse();
    grams.map_err(|_| "must be a number".to_owned()).and_then(Weight::new)
}

/// The menu as CSV, one line a variation, with the mark by which spreadsheets know UTF-8.
///
/// # Errors
/// None that a menu can cause.
pub fn write_menu(content: &Content) -> Result<Vec<u8>> {
    let is_allergen = |name: &Name| {
        content.ingredients.iter().any(|i| i.name == *name && i.is_allergen == Some(true))
    };
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(MENU).map_err(Error::internal)?;
    for category in &content.categories {
        for dish in &category.dishes {
            let names = dish.ingredients.iter().flatten().filter(|name| is_allergen(name));
            let allergens = names.map(|name| &**name).collect::<Vec<_>>().join("; ");
            for variation in &dish.variations {
                let cells = menu_line(category, dish, variation, &allergens);
                writer.write_record(cells).map_err(Error::internal)?;
            }
        }
    }
    writer.into_inner().map_err(Error::internal)
}

fn menu_line(
    category: &Category,
    dish: &Dish,
    variation: &Variation,
    allergens: &str,
) -> [String; 12] {
    fn shown<T: ToString>(value: Option<T>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    [
        category.name.to_string(),
        dish.name.to_string(),
        shown(dish.description.as_ref()),
        variation.name.to_string(),
        variation.price.0.to_string(),
        shown(dish.department.map(Department::as_str)),
        shown(dish.code.as_ref()),
        shown(variation.sku.as_ref()),
        shown(dish.cooking_time.map(Int::get)),
        shown(variation.weight.map(Weight::get)),
        shown(variation.calories.map(Int::get)),
        allergens.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        read_csv(text.as_bytes()).err().unwrap().to_string()
    }

    #[test]
    fn a_menu_of_a_spreadsheet_is_read() {
        let text = "\u{feff}Category;Dish;Variation;Price;Department;Allergens\r\n\
                    Супы;Борщ;Малый;250,50;hot;Сельдерей, Молоко\r\n\
                    Супы;Борщ;Большой;350;;\r\n\
                    Напитки;Чай;;100;bar;\r\n";
        let content = read_csv(text.as_bytes()).unwrap().content;
        assert_eq!(content.categories.len(), 2);
        let soup = &content.categories[0].dishes[0];
        assert_eq!(soup.variations.len(), 2);
        assert_eq!(soup.variations[0].price.0, Money(25_050));
        assert_eq!(soup.department, Some(Department::Hot));
        assert_eq!(soup.allergens.as_ref().unwrap().len(), 2);
        assert_eq!(content.ingredients.len(), 2);
        let tea = &content.categories[1].dishes[0];
        assert_eq!(&*tea.variations[0].name, "Чай");
    }

    #[test]
    fn rooms_and_staff_are_told_by_their_header() {
        let rooms = read_csv(b"location,table,seats\nHall,1,4\nHall,2,2\n,3,2\n").unwrap().content;
        assert_eq!((rooms.locations[0].tables.len(), rooms.tables.len()), (2, 1));
        let staff = read_csv(b"username\tfull_name\trole\tpin\nanna\tAnna K\tWaiter\t4711\n");
        assert!(staff.unwrap().content.staff[0].role == Role::Waiter);
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_column() {
        let menu = "category,dish,price,department\nSoups,Borscht,250,hot\n";
        for (text, says) in [
            ("a,b\n1,2\n", "The first line must name"),
            ("dish,prise\nBorscht,1\n", "There is no column “prise”"),
            (&format!("{menu}Soups,Shchi,0,hot\n"), "“line 3, price” must be more than 0"),
            (&format!("{menu}Soups,Shchi,,hot\n"), "“line 3, price” is missing"),
            (&format!("{menu}Soups,Shchi,1,stove\n"), "“line 3, department” must be bar"),
            ("location,table,seats\nHall,1,99\n", "“line 2, seats” must be from 1 to 20"),
            ("username,full_name,role\nанна,Анна,waiter\n", "“line 2, username” must be 3 to 50"),
        ] {
            assert!(refused(text).contains(says), "{}", refused(text));
        }
        let many = format!("{menu}Soups,Shchi,,stove\nSoups,,0,hot\n,Ukha,1,hot\n");
        let error = read_csv(many.as_bytes()).err().unwrap();
        let fields: Vec<_> = error.problem().errors.iter().map(|e| e.field.as_str()).collect();
        let all = [
            "line 3, price",
            "line 3, department",
            "line 4, dish",
            "line 4, price",
            "line 5, category",
        ];
        assert_eq!(fields, all);
        let not_utf8 = read_csv(b"dish\n\xCF\xEE\xF0\n").err().unwrap().to_string();
        assert!(not_utf8.contains("CSV UTF-8"));
    }
}
