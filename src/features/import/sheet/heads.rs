//! The heads of a sheet and the words in it, in English and in Russian.

use crate::core::kernel::Int;
use crate::features::import::offers::HalvesTold;
use crate::features::menu::{Department, Prefix, SaleUnit};
use crate::features::prices::Channel;
use crate::platform::auth::Role;

/// A column: its name in the API and in English files, its Russian head, and other heads that
/// people give it.
#[derive(Debug)]
pub struct Column {
    /// In the API and in English files.
    pub name: &'static str,
    /// Its Russian head.
    pub russian: &'static str,
    others: &'static [&'static str],
    /// It tells things of one name apart: written only where there are such, and in no pattern.
    pub(super) is_rare: bool,
}

/// A column that every file of its kind may have.
pub const fn column(
    name: &'static str,
    russian: &'static str,
    others: &'static [&'static str],
) -> Column {
    Column { name, russian, others, is_rare: false }
}

const fn rare(name: &'static str, russian: &'static str) -> Column {
    Column { name, russian, others: &[], is_rare: true }
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
    column("external_id", "Внешний код", &["outside id", "внешний id", "id", "guid"]),
    column("barcodes", "Штрихкоды", &["barcode", "ean", "штрихкод", "штрих-код"]),
    column("dish_external_id", "Внешний код блюда", &["dish outside id", "внешний id блюда"]),
    rare("dish_number", "Номер блюда"),
    rare("variation_number", "Номер варианта"),
];

pub(super) const OPTIONS: &[Column] = &[
    column("group", "Группа добавок", &["modifier group", "группа", "вопрос"]),
    column("option", "Добавка", &["modifier", "опция", "вариант"]),
    column("price", "Доплата", &["surcharge", "цена"]),
    column("is_default", "Входит", &["default", "входит в блюдо", "по умолчанию"]),
    column("min", "Не меньше", &["минимум", "мин"]),
    column("max", "Не больше", &["максимум", "макс"]),
    column("free", "Бесплатно", &[]),
    column("halves", "Половины", &[]),
    column("prefixes", "Приставки", &[]),
    column("kitchen_name", "На кухне", &["имя на кухне"]),
    column("max_quantity", "Сколько раз", &[]),
    column("weight", "Вес", &["выход"]),
    column("calories", "Калории", &["kcal", "ккал"]),
    column("allergens", "Аллергены", &["allergen", "аллерген"]),
    column("nested_group", "Спросить еще", &["then ask"]),
    column("external_id", "Внешний код", &["outside id", "внешний id", "id", "guid"]),
    column("dishes", "Блюда", &["блюдо", "dish"]),
    rare("group_number", "Номер группы"),
    rare("option_number", "Номер добавки"),
    rare("nested_group_number", "Номер спрошенной группы"),
];

pub(super) const COMBOS: &[Column] = &[
    column("combo", "Комбо", &["набор"]),
    column("part", "Часть", &[]),
    column("category", "Раздел", &["section", "категория"]),
    column("dish", "Блюдо", &["название", "наименование"]),
    column("variation", "Вариант", &["size", "portion", "размер", "порция"]),
    column("surcharge", "Доплата", &[]),
    column("is_default", "Обычное", &["default", "по умолчанию"]),
    rare("part_number", "Номер части"),
    rare("combo_category", "Раздел комбо"),
    rare("combo_number", "Номер комбо"),
    rare("dish_number", "Номер блюда"),
    rare("variation_number", "Номер варианта"),
];

pub(super) const PRICES: &[Column] = &[
    column("price_list", "Прайс-лист", &["прайс", "список цен"]),
    column("period", "Период", &[]),
    column("location", "Зал", &["room", "помещение"]),
    column("channel", "Как продается", &["канал"]),
    column("round_to", "Округлять до", &["округление"]),
    column("priority", "Приоритет", &[]),
    column("is_active", "Действует", &["active"]),
    column("category", "Раздел", &["section", "категория"]),
    column("dish", "Блюдо", &["название", "наименование"]),
    column("variation", "Вариант", &["size", "portion", "размер", "порция"]),
    column("price", "Цена", &[]),
    column("percent", "Процент", &["%"]),
    column("minus", "Дешевле на", &["минус", "скидка"]),
    rare("dish_number", "Номер блюда"),
    rare("variation_number", "Номер варианта"),
];

pub(super) const PERIODS: &[Column] = &[
    column("period", "Период", &["название", "name"]),
    column("weekdays", "Дни", &["days", "дни недели"]),
    column("time_from", "С", &["from", "начало"]),
    column("time_to", "До", &["to", "конец"]),
    column("date_from", "С даты", &["first day"]),
    column("date_to", "По дату", &["last day"]),
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

/// Yes or no, as people mark it.
///
/// # Errors
/// A sentence that says what is meant.
pub fn yes_or_no(word: &str) -> Result<bool, String> {
    match word.to_lowercase().as_str() {
        "да" | "yes" | "true" | "1" | "+" | "x" | "х" | "✓" => Ok(true),
        "нет" | "no" | "false" | "0" | "-" | "−" => Ok(false),
        _ => Err("must be yes or no".into()),
    }
}

pub(super) fn channel(word: &str) -> Result<Channel, String> {
    let plain = word.to_lowercase().replace(['_', '-'], " ");
    Ok(match plain.as_str() {
        "dine in" | "в зале" | "зал" => Channel::DineIn,
        "takeaway" | "с собой" => Channel::Takeaway,
        "delivery" | "доставка" => Channel::Delivery,
        _ => return Err("must be dine in, takeaway or delivery".into()),
    })
}

pub(super) fn halves(word: &str) -> Result<HalvesTold, String> {
    Ok(match word.to_lowercase().as_str() {
        "none" | "no" | "нет" => HalvesTold::None,
        "dearest" | "дороже" | "по дорогой" => HalvesTold::Dearest,
        "mean" | "среднее" => HalvesTold::Mean,
        "sum" | "сумма" => HalvesTold::Sum,
        _ => return Err("must be none, dearest, mean or sum".into()),
    })
}

pub(super) fn prefix(word: &str) -> Result<Prefix, String> {
    Ok(match word.to_lowercase().replace('_', " ").as_str() {
        "no" | "без" => Prefix::No,
        "extra" | "больше" => Prefix::Extra,
        "on the side" | "отдельно" => Prefix::OnTheSide,
        _ => return Err("must be no, extra or on the side".into()),
    })
}

/// The days of the week by the first letters of their names, Monday first.
const DAYS: [[&str; 2]; 7] = [
    ["mo", "пн"],
    ["tu", "вт"],
    ["we", "ср"],
    ["th", "чт"],
    ["fr", "пт"],
    ["sa", "сб"],
    ["su", "вс"],
];

/// `пн-пт; вс`, `Mon-Fri`, `1-5`: the days of a week, each once.
pub(super) fn weekdays(text: &str) -> Result<Vec<Int<1, 7>>, String> {
    let wrong = || "must be days of the week such as Mon-Fri; Sun".to_owned();
    let day = |word: &str| -> Result<usize, String> {
        let word = word.trim().to_lowercase();
        let number = word.parse::<usize>().ok().filter(|number| (1..=7).contains(number));
        let named =
            || DAYS.iter().position(|names| names.iter().any(|name| word.starts_with(name)));
        number.or_else(|| Some(named()? + 1)).ok_or_else(wrong)
    };
    let mut days = std::collections::BTreeSet::new();
    for span in
        text.replace(['–', '—'], "-").split([';', ',']).filter(|span| !span.trim().is_empty())
    {
        let (first, last) = match span.split_once('-') {
            Some((first, last)) => (day(first)?, day(last)?),
            None => (day(span)?, day(span)?),
        };
        // From Friday to Monday the week goes round.
        let length = (last + 7 - first) % 7;
        days.extend((0..=length).map(|step| (first + step - 1) % 7 + 1));
    }
    if days.is_empty() {
        return Err(wrong());
    }
    days.into_iter().map(|day| Int::new(i64::try_from(day).unwrap_or(1))).collect()
}
