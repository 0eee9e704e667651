//! The heads of a sheet and the words in it, in English and in Russian.

use crate::features::menu::{Department, SaleUnit};
use crate::platform::auth::Role;

/// A column: its name in the API and in English files, its Russian head, and other heads that
/// people give it.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) russian: &'static str,
    others: &'static [&'static str],
}

const fn column(
    name: &'static str,
    russian: &'static str,
    others: &'static [&'static str],
) -> Column {
    Column { name, russian, others }
}

pub(super) const MENU: &[Column] = &[
    column("category", "Раздел", &["section", "категория", "группа"]),
    column("dish", "Блюдо", &["dish name", "название", "наименование", "позиция", "товар"]),
    column("description", "Описание", &["состав и описание"]),
    column("variation", "Вариант", &["size", "portion", "размер", "порция"]),
    column("price", "Цена", &["стоимость"]),
    column("unit", "Единица", &["за что", "ед", "ед. изм.", "единица измерения", "мера"]),
    column("department", "Цех", &["station", "отдел", "кто готовит"]),
    column("code", "Код", &["номер"]),
    column("sku", "Артикул", &[]),
    column("cooking_time", "Минут", &["minutes", "время приготовления", "время"]),
    column("weight", "Вес", &["выход", "граммы", "грамм"]),
    column("calories", "Калории", &["kcal", "ккал", "калорийность"]),
    column("allergens", "Аллергены", &["allergen", "аллерген"]),
    column("tax_class", "Налог", &["tax", "vat", "ндс", "ставка ндс", "налоговый класс"]),
    column("course", "Подача", &["курс"]),
];

pub(super) const ROOMS: &[Column] = &[
    column("location", "Зал", &["room", "помещение"]),
    column("table", "Стол", &["table name", "table number", "название стола", "номер стола"]),
    column("seats", "Мест", &["места", "число мест", "количество мест"]),
];

pub(super) const STAFF: &[Column] = &[
    column("username", "Логин", &["login", "имя для входа"]),
    column("full_name", "Имя", &["name", "фио", "имя и фамилия"]),
    column("role", "Роль", &["должность"]),
    column("password", "Пароль", &[]),
    column("pin", "PIN", &["pin code", "пин", "пин-код", "пин код"]),
];

/// The column that a head means: large and small letters, underscores and units (`Вес, г`) are
/// alike.
pub(super) fn column_of(columns: &'static [Column], head: &str) -> Option<&'static Column> {
    let head = head.to_lowercase().replace(['_', '\u{a0}'], " ").replace('ё', "е");
    let head = head.split([',', '(']).next().unwrap_or_default().trim();
    columns.iter().find(|column| {
        column.name.replace('_', " ") == head
            || column.russian.to_lowercase() == head
            || column.others.contains(&head)
    })
}

/// Of what a price is, as menus write it.
pub(super) fn unit(word: &str) -> Result<SaleUnit, String> {
    let word: String = word.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let word = word.trim_end_matches('.');
    Ok(match word {
        "шт" | "штука" | "порция" | "portion" | "pc" | "pcs" => SaleUnit::Piece,
        "кг" | "1кг" | "1kg" => SaleUnit::Kg,
        "100г" | "100гр" => SaleUnit::HundredGrams,
        "л" | "1л" | "1l" => SaleUnit::Litre,
        "100мл" => SaleUnit::HundredMillilitres,
        word => {
            SaleUnit::parse(word).ok_or_else(|| "must be piece, 100g, kg, 100ml or l".to_owned())?
        }
    })
}

pub(super) fn department(word: &str) -> Result<Department, String> {
    let word = word.to_lowercase();
    let word = word.trim_end_matches(" цех").trim_end_matches(" kitchen");
    Ok(match word {
        "бар" => Department::Bar,
        "холодный" => Department::Cold,
        "горячий" => Department::Hot,
        "десерты" | "десертный" | "desserts" => Department::Dessert,
        "гриль" => Department::Grill,
        "пекарня" | "выпечка" => Department::Bakery,
        word => Department::parse(word)
            .ok_or_else(|| "must be bar, cold, hot, dessert, grill or bakery".to_owned())?,
    })
}

pub(super) fn role(word: &str) -> Result<Role, String> {
    Ok(match word.to_lowercase().as_str() {
        "администратор" | "админ" => Role::Admin,
        "менеджер" | "управляющий" => Role::Manager,
        "официант" => Role::Waiter,
        "кассир" => Role::Cashier,
        "хостес" => Role::Host,
        "кухня" | "повар" => Role::Kitchen,
        word => Role::parse(word)
            .ok_or_else(|| "must be admin, manager, waiter, cashier, host or kitchen".to_owned())?,
    })
}

/// The Russian word of a department, as a template shows it.
pub(super) fn russian_department(department: Department) -> &'static str {
    match department {
        Department::Bar => "бар",
        Department::Cold => "холодный",
        Department::Hot => "горячий",
        Department::Dessert => "десерты",
        Department::Grill => "гриль",
        Department::Bakery => "выпечка",
    }
}
