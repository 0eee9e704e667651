use super::*;
use crate::core::error::Error;
use crate::core::kernel::Money;
use crate::features::menu::{Department, SaleUnit};
use crate::platform::auth::Role;

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
}

/// F2: more digits behind a separator than the currency has are never decimals.
#[test]
fn a_price_in_thousands_is_never_a_thousandth() {
    let menu = |price: &str| {
        let sheet = format!("category;dish;price;weight\nhot;T;{price};200\n");
        Ok::<_, Error>(
            read_csv(sheet.as_bytes())?.content.categories[0].dishes[0].variations[0].price.0,
        )
    };
    for price in ["1,200", "1.200", "12.500", "1.", "0,125"] {
        let error = menu(price).unwrap_err();
        assert_eq!(error.problem().errors[0].field, "line 2, price", "{price}");
    }
    for (price, minor) in [("1 200", 120_000), ("1,200.50", 120_050), ("1200,5", 120_050)] {
        assert_eq!(menu(price).unwrap(), Money(minor), "{price}");
    }
    assert!(refused("category;dish;price;weight\nhot;T;1;1,200\n").contains("line 2, weight"));
}

#[test]
fn a_price_is_for_what_the_menu_writes() {
    let unit = |word: &str| {
        let sheet = format!("Раздел;Блюдо;Цена;Единица\nГриль;Шашлык;180;{word}\n");
        read_csv(sheet.as_bytes()).unwrap().content.categories[0].dishes[0].variations[0].unit
    };
    for (word, expected) in [
        ("", None),
        ("шт.", Some(SaleUnit::Piece)),
        ("100 г", Some(SaleUnit::HundredGrams)),
        ("Кг", Some(SaleUnit::Kg)),
        ("100 ml", Some(SaleUnit::HundredMillilitres)),
        ("л", Some(SaleUnit::Litre)),
    ] {
        assert_eq!(unit(word), expected, "{word}");
    }
    let wrong = refused("category,dish,price,unit\nGrill,Shashlik,180,pood\n");
    assert!(wrong.contains("“line 2, unit” must be piece, 100g, kg, 100ml or l"), "{wrong}");
}

/// F3: no cell is dropped or swallowed in silence.
#[test]
fn a_cell_without_a_place_is_refused() {
    for (text, says) in [
        ("category,dish,variation,price\nhot,D,Tea,250,50\n", "“line 2” has a cell"),
        ("category;dish;price;\nhot;D;1;\nhot;E;1;x\n", "“line 3” has a cell"),
        (
            "category,dish,price,Price\nhot,D,1,2\n",
            "“line 1, price” stands in the first line twice",
        ),
        ("category,dish,price,allergens\nhot,A,1,\"milk\nhot,B,2,\nhot,C,3,\n", "“line 2” opens"),
        ("category,dish,price\nhot,\"Tea\nblack\",1\n", "“line 2, dish” must stand on one line"),
        ("category,dish,price\nhot,\u{200b},1\n", "“line 2, dish” must not contain invisible"),
        ("category,dish,price\rhot,D,1\rhot,E,x\r", "“line 3, price”"),
    ] {
        assert!(refused(text).contains(says), "{text}: {}", refused(text));
    }
    let content = read_csv(b"sep=;\ncategory;dish;price;;\nhot;D;1;;\n").unwrap().content;
    assert_eq!(content.categories[0].dishes.len(), 1);
}

/// F3: what looks like one name is one.
#[test]
fn names_that_look_alike_are_one() {
    let sheet = "category,dish,variation,price\nhot,Caf\u{e9},S,1\nhot,Cafe\u{301},M,2\n\
                 hot,Caf\u{e9} au lait,S,1\nhot,Caf\u{e9}\u{a0}au lait,M,2\n";
    let dishes = &read_csv(sheet.as_bytes()).unwrap().content.categories[0].dishes;
    let sizes: Vec<_> = dishes.iter().map(|dish| dish.variations.len()).collect();
    assert_eq!(sizes, [2, 2]);
}

/// The owner's own words: Russian heads, in the encoding of an old Excel, or as a workbook.
#[test]
fn a_template_is_read_back_in_both_languages_and_formats() {
    use crate::features::import::{Format, read};
    for language in [Template::Ru, Template::En] {
        for format in [Format::Csv, Format::Xlsx] {
            let content = read(&template(Sheet::Menu, language, format).unwrap()).unwrap().content;
            let soup = &content.categories[0].dishes[0];
            assert_eq!(soup.department, Some(Department::Hot));
            assert_eq!(soup.variations[1].price.0, Money(35_000));
            assert_eq!((content.categories.len(), content.ingredients.len()), (2, 1));
        }
    }
    let staff = "Логин;Имя;Роль;ПИН-код\nanna;Анна;Официант;4071\n";
    let staff = encoding_rs::WINDOWS_1251.encode(staff).0;
    assert_eq!(&*read_csv(&staff).unwrap().content.staff[0].full_name, "Анна");
    let rooms = read_csv("Зал;Номер стола;Мест\nТерраса;1;4\n".as_bytes()).unwrap().content;
    assert_eq!(&*rooms.locations[0].name, "Терраса");
}

/// F15: what is too much is said before any work.
#[test]
fn a_file_is_bounded() {
    let sheet = |lines: usize, dish: fn(usize) -> usize| {
        let mut sheet = String::from("category,dish,variation,price\n");
        (0..lines).for_each(|n| sheet.push_str(&format!("hot,Dish {},Size {n},1\n", dish(n))));
        read_csv(sheet.as_bytes()).err().unwrap().problem().code.to_owned()
    };
    assert_eq!(sheet(200_000, |n| n), "menu_full");
    assert_eq!(sheet(20_001, |n| n / 100), "too_many_lines");
}
