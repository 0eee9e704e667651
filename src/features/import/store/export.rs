//! Everything of a restaurant, read out. Secrets stay.

use rusqlite::{Connection, Row};

use super::bill_export;
use super::export_offers;
use super::fields::{Read, all, barcodes, color, int, needed, text, translations, unfit, weight};
use super::names::Names;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::money::Price;
use crate::core::kernel::{Int, Money, Patch, Text};
use crate::core::store::word;
use crate::features::checks::MethodKind;
use crate::features::floor::TableShape;
use crate::features::import::content::{
    Category, Content, Dish, Ingredient, Location, Member, PaymentMethod, Restaurant, Table,
    TaxClass, Variation,
};
use crate::features::menu::{Department, SaleUnit};
use crate::features::restaurant;
use crate::features::staff::Username;
use crate::features::taxes::{self, TaxKind};
use crate::platform::auth::Role;
use crate::platform::site;

/// The whole restaurant, as [`Import`](super::Import) takes it.
///
/// # Errors
/// When the database cannot be read, or holds what an import would refuse.
pub fn export(db: &Connection) -> Result<Content> {
    let site = site::load(db)?
        .ok_or_else(|| Error::rule("no_restaurant", "There is no restaurant here yet."))?;
    let names = Names::read(db)?;
    Ok(Content {
        restaurant: Some(Restaurant {
            name: Some(Text::stored(&site.name).map_err(Error::internal)?),
            currency: Some(site.currency),
            timezone: Some(site.timezone),
            day_begins_hour: Some(site.day_begins),
            languages: Some(site.languages),
            guest_orders: site.guest_orders,
            tax_percent: Some(restaurant::tax_now(db, clock::now())?),
            tax_class: class_name(db, Some(site.tax_class_id))?,
            service_tax_class: class_name(db, site.service_tax_class_id)?,
            house_tips: Some(site.house_tips),
            next_course_minutes: match site.next_course_minutes {
                None => Patch::Clear,
                Some(minutes) => Patch::Set(Int::new(minutes).map_err(Error::internal)?),
            },
            price_grace_minutes: Some(Int::new(site.price_grace_minutes).map_err(Error::internal)?),
        }),
        tax_classes: tax_classes(db)?,
        ingredients: all(
            db,
            "SELECT name, description, is_allergen, translations FROM ingredients
             WHERE deleted_at IS NULL ORDER BY id",
            [],
            ingredient,
        )?,
        modifier_groups: export_offers::modifier_groups(db, &names)?,
        categories: categories(db, &names)?,
        combos: export_offers::combos(db, &names)?,
        locations: locations(db)?,
        tables: tables(db, None)?,
        periods: export_offers::periods(db)?,
        menu_times: export_offers::menu_times(db, &names)?,
        price_lists: export_offers::price_lists(db, &names)?,
        payment_methods: all(
            db,
            "SELECT name, is_active, kind FROM payment_methods WHERE deleted_at IS NULL ORDER BY id",
            [],
            payment_method,
        )?,
        staff: all(
            db,
            "SELECT username, full_name, role, phone, avatar_url, is_active FROM users
             WHERE deleted_at IS NULL ORDER BY id",
            [],
            member,
        )?,
        adjustment_rules: bill_export::rules(db)?,
        reasons: bill_export::reasons(db)?,
        house_accounts: bill_export::accounts(db)?,
        permissions: bill_export::permissions(db)?,
    })
}

/// A class by its name.
fn class_name<const MIN: usize, const MAX: usize, const ONE_LINE: bool>(
    db: &Connection,
    id: Option<i64>,
) -> Result<Option<Text<MIN, MAX, ONE_LINE>>> {
    let names = all(db, "SELECT name FROM tax_classes WHERE id = ?1", [id], |row| needed(row, 0))?;
    Ok(names.into_iter().next())
}

fn tax_classes(db: &Connection) -> Result<Vec<TaxClass>> {
    let found = all(
        db,
        "SELECT id, name, translations, kind, is_active FROM tax_classes
         WHERE deleted_at IS NULL ORDER BY id",
        [],
        |row| {
            let class = TaxClass {
                name: needed(row, 1)?,
                translations: translations(row, 2)?,
                kind: Some(word(row, 3, TaxKind::parse)?),
                is_active: row.get(4)?,
                rates: None,
            };
            Ok((row.get(0)?, class))
        },
    )?;
    let with_rates = found.into_iter().map(|(id, class): (i64, TaxClass)| {
        Ok(TaxClass { rates: Some(taxes::rates_of(db, id)?), ..class })
    });
    with_rates.collect()
}

fn categories(db: &Connection, names: &Names) -> Result<Vec<Category>> {
    let found = all(
        db,
        "SELECT id, name, description, image_url, color, featured, is_active, sort_order,
                translations,
                (SELECT t.name FROM tax_classes t WHERE t.id = categories.tax_class_id), course
         FROM categories WHERE deleted_at IS NULL ORDER BY sort_order, id",
        [],
        |row| Ok((row.get(0)?, category(row)?)),
    )?;
    let with_dishes = found.into_iter().map(|(id, mut category): (i64, Category)| {
        category.dishes = dishes(db, names, id)?;
        Ok(category)
    });
    with_dishes.collect()
}

fn dishes(db: &Connection, names: &Names, category_id: i64) -> Result<Vec<Dish>> {
    let found = all(
        db,
        "SELECT id, name, description, code, main_image_url, department, cooking_time, weight,
                calories, is_popular, is_available, sort_order, ingredients, translations,
                (SELECT t.name FROM tax_classes t WHERE t.id = dishes.tax_class_id), external_id,
                course
         FROM dishes WHERE category_id = ?1 AND deleted_at IS NULL ORDER BY sort_order, id",
        [category_id],
        |row| Ok((row.get(0)?, dish(row)?)),
    )?;
    let whole = found.into_iter().map(|(id, mut dish): (i64, Dish)| {
        dish.number = names.dishes.get(&id).and_then(|named| named.number);
        dish.ingredients = Some(all(
            db,
            "SELECT name FROM dish_ingredients d JOIN ingredients i ON i.id = d.ingredient_id
             WHERE d.dish_id = ?1 AND i.deleted_at IS NULL ORDER BY d.id",
            [id],
            |row| needed(row, 0),
        )?);
        dish.modifier_groups = export_offers::dish_groups(db, names, id)?;
        let sizes = all(
            db,
            "SELECT name, description, price, image_url, weight, calories, sku, is_default,
                    is_available, sort_order, translations, unit, external_id,
                    (SELECT json_group_array(code) FROM
                        (SELECT code FROM variation_barcodes
                         WHERE dish_variation_id = dish_variations.id ORDER BY id)), id
             FROM dish_variations WHERE dish_id = ?1 AND deleted_at IS NULL
             ORDER BY sort_order, id",
            [id],
            |row| Ok((row.get(14)?, variation(row)?)),
        )?;
        let numbered = sizes.into_iter().map(|(id, size): (i64, Variation)| {
            let number = names.sizes.get(&id).and_then(|named| named.number);
            Variation { number, ..size }
        });
        dish.variations = numbered.collect();
        Ok(dish)
    });
    whole.collect()
}

fn locations(db: &Connection) -> Result<Vec<Location>> {
    let found = all(
        db,
        "SELECT id, name, description, color, is_active FROM locations
         WHERE deleted_at IS NULL ORDER BY id",
        [],
        |row| Ok((row.get(0)?, location(row)?)),
    )?;
    let with_tables = found.into_iter().map(|(id, mut location): (i64, Location)| {
        location.tables = tables(db, Some(id))?;
        Ok(location)
    });
    with_tables.collect()
}

fn tables(db: &Connection, location_id: Option<i64>) -> Result<Vec<Table>> {
    all(
        db,
        "SELECT number, seats, description, is_active, qr_code, x, y, shape, name FROM tables
         WHERE location_id IS ?1 AND deleted_at IS NULL ORDER BY natural(label)",
        [location_id],
        |row| {
            Ok(Table {
                number: int(row, 0)?,
                name: text(row, 8)?,
                seats: Int::new(row.get(1)?).map_err(|why| unfit(1, why))?,
                description: text(row, 2)?,
                is_active: row.get(3)?,
                qr_code: text(row, 4)?,
                x: int(row, 5)?,
                y: int(row, 6)?,
                shape: Some(word(row, 7, TableShape::parse)?),
            })
        },
    )
}

fn ingredient(row: &Row<'_>) -> Read<Ingredient> {
    Ok(Ingredient {
        name: needed(row, 0)?,
        description: text(row, 1)?,
        is_allergen: row.get(2)?,
        translations: translations(row, 3)?,
    })
}

fn category(row: &Row<'_>) -> Read<Category> {
    Ok(Category {
        name: needed(row, 1)?,
        description: text(row, 2)?,
        image_url: text(row, 3)?,
        color: color(row, 4)?,
        featured: row.get(5)?,
        is_active: row.get(6)?,
        sort_order: int(row, 7)?,
        translations: translations(row, 8)?,
        tax_class: text(row, 9)?,
        course: int(row, 10)?,
        dishes: Vec::new(),
    })
}

fn dish(row: &Row<'_>) -> Read<Dish> {
    Ok(Dish {
        name: needed(row, 1)?,
        number: None,
        description: text(row, 2)?,
        code: text(row, 3)?,
        main_image_url: text(row, 4)?,
        department: Department::parse(&row.get::<_, String>(5)?),
        cooking_time: int(row, 6)?,
        weight: weight(row, 7)?,
        calories: int(row, 8)?,
        is_popular: row.get(9)?,
        is_available: row.get(10)?,
        sort_order: int(row, 11)?,
        ingredients: None,
        allergens: None,
        ingredients_text: text(row, 12)?,
        translations: translations(row, 13)?,
        tax_class: text(row, 14)?,
        external_id: text(row, 15)?,
        course: int(row, 16)?,
        modifier_groups: None,
        variations: Vec::new(),
    })
}

fn variation(row: &Row<'_>) -> Read<Variation> {
    Ok(Variation {
        name: needed(row, 0)?,
        number: None,
        description: text(row, 1)?,
        price: Price::new(Money(row.get(2)?)).map_err(|why| unfit(2, why))?,
        unit: Some(word(row, 11, SaleUnit::parse)?),
        image_url: text(row, 3)?,
        weight: weight(row, 4)?,
        calories: int(row, 5)?,
        sku: text(row, 6)?,
        is_default: row.get(7)?,
        is_available: row.get(8)?,
        sort_order: int(row, 9)?,
        translations: translations(row, 10)?,
        external_id: text(row, 12)?,
        barcodes: barcodes(row, 13)?,
    })
}

fn location(row: &Row<'_>) -> Read<Location> {
    Ok(Location {
        name: needed(row, 1)?,
        description: text(row, 2)?,
        color: color(row, 3)?,
        is_active: row.get(4)?,
        tables: Vec::new(),
    })
}

fn payment_method(row: &Row<'_>) -> Read<PaymentMethod> {
    let kind: Option<String> = row.get(2)?;
    Ok(PaymentMethod {
        name: needed(row, 0)?,
        kind: kind.as_deref().and_then(MethodKind::parse),
        is_active: row.get(1)?,
    })
}

fn member(row: &Row<'_>) -> Read<Member> {
    Ok(Member {
        username: Username::new(&row.get::<_, String>(0)?).map_err(|why| unfit(0, why))?,
        full_name: needed(row, 1)?,
        role: Role::parse(&row.get::<_, String>(2)?).ok_or_else(|| unfit(2, "is no role"))?,
        phone: text(row, 3)?,
        avatar_url: text(row, 4)?,
        is_active: row.get(5)?,
        password: None,
        pin_code: None,
    })
}
