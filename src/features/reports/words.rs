//! The headings of files, in Russian and English. Screens have their own words.

use serde::Deserialize;
use utoipa::ToSchema;

use super::types::{Column, ReportKind};

/// A language of headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Russian: commas in numbers, semicolons between the columns of a CSV file.
    Ru,
    /// English.
    En,
}

impl Language {
    /// The restaurant's main language, or English.
    pub fn of(languages: &[String]) -> Self {
        match languages.first().map(String::as_str) {
            Some("ru") => Self::Ru,
            _ => Self::En,
        }
    }

    fn pick(self, english: &'static str, russian: &'static str) -> &'static str {
        match self {
            Self::En => english,
            Self::Ru => russian,
        }
    }

    /// What a report is called.
    pub fn title(self, report: ReportKind) -> &'static str {
        match report {
            ReportKind::Days => self.pick("Sales by day", "Продажи по дням"),
            ReportKind::Hours => self.pick("Sales by hour", "Продажи по часам"),
            ReportKind::Dishes => self.pick("Sales by dish", "Продажи по блюдам"),
            ReportKind::Categories => self.pick("Sales by category", "Продажи по категориям"),
            ReportKind::Variations => self.pick("Sales by size", "Продажи по вариантам"),
            ReportKind::Options => self.pick("Options chosen", "Выбранные добавки"),
            ReportKind::Waiters => self.pick("Sales by waiter", "Продажи по официантам"),
            ReportKind::Taxes => self.pick("Sales by tax rate", "Продажи по ставкам налога"),
            ReportKind::PaymentMethods => {
                self.pick("Money by payment method", "Деньги по способам оплаты")
            }
            ReportKind::Accounts => self.pick("Deposits and accounts", "Депозиты и счета гостей"),
            ReportKind::Departments => self.pick("Kitchen times", "Время кухни"),
            ReportKind::Tips => self.pick("Tips to pay out", "Чаевые к выдаче"),
            ReportKind::PriceLists => self.pick("Sales by price list", "Продажи по прайс-листам"),
        }
    }

    /// The heading of the rows' names.
    pub fn subject(self, report: ReportKind) -> &'static str {
        match report {
            ReportKind::Days | ReportKind::Accounts => self.pick("Day", "День"),
            ReportKind::Hours => self.pick("Hour", "Час"),
            ReportKind::Dishes => self.pick("Dish", "Блюдо"),
            ReportKind::Categories => self.pick("Category", "Категория"),
            ReportKind::Variations => self.pick("Dish and size", "Блюдо и вариант"),
            ReportKind::Options => self.pick("Group and option", "Группа и добавка"),
            ReportKind::Waiters => self.pick("Waiter", "Официант"),
            ReportKind::Taxes => self.pick("Tax rate", "Ставка налога"),
            ReportKind::PaymentMethods => self.pick("Payment method", "Способ оплаты"),
            ReportKind::Departments => self.pick("Department", "Цех"),
            ReportKind::Tips => self.pick("Person", "Сотрудник"),
            ReportKind::PriceLists => self.pick("Price list", "Прайс-лист"),
        }
    }

    /// The heading of a column.
    pub fn heading(self, column: Column) -> &'static str {
        match column {
            Column::Revenue => self.pick("Revenue", "Выручка"),
            Column::Orders => self.pick("Orders", "Заказы"),
            Column::Average => self.pick("Average check", "Средний чек"),
            Column::CancelledOrders => self.pick("Cancelled orders", "Отменено заказов"),
            Column::Cancelled => self.pick("Cancelled, sum", "Отменено, сумма"),
            Column::RefundedOrders => self.pick("Refunded orders", "Возвращено заказов"),
            Column::Refunded => self.pick("Refunded, sum", "Возвращено, сумма"),
            Column::Covers => self.pick("Guests", "Гости"),
            Column::PerCover => self.pick("Per guest", "На гостя"),
            Column::NetSales => self.pick("Revenue without tax", "Выручка без налога"),
            Column::Tax => self.pick("Tax", "Налог"),
            Column::Exempt => self.pick("Tax not charged", "Налог не взят"),
            Column::Discounts => self.pick("Discounts", "Скидки"),
            Column::Comps => self.pick("On the house", "За счёт заведения"),
            Column::Service => self.pick("Service charge", "Сервисный сбор"),
            Column::Fees => self.pick("Fees", "Сборы"),
            Column::PriceOff => self.pick("Less than the menu", "Дешевле меню на"),
            Column::Gross => self.pick("Sold for", "Продано на"),
            Column::AtMenuPrices => self.pick("At menu prices", "По ценам меню"),
            Column::Quantity => self.pick("Sold", "Продано, шт."),
            Column::Measured => self.pick("Sold, kg and l", "Продано, кг и л"),
            Column::RemovedQuantity => self.pick("Taken off", "Снято, шт."),
            Column::Removed => self.pick("Taken off, sum", "Снято, сумма"),
            Column::Cost => self.pick("Cost of goods", "Себестоимость"),
            Column::Margin => self.pick("Margin", "Маржа"),
            Column::FoodCost => self.pick("Food cost, %", "Фудкост, %"),
            Column::Net => self.pick("Left", "Осталось"),
            Column::Payments => self.pick("Payments", "Оплат"),
            Column::Taken => self.pick("Taken", "Получено"),
            Column::Refunds => self.pick("Refunds", "Возвратов"),
            Column::Returned => self.pick("Given back", "Возвращено"),
            Column::Rounding => self.pick("Rounding", "Округление"),
            Column::Tips => self.pick("Tips", "Чаевые"),
            Column::AccountsIn => self.pick("For accounts, in", "На счета гостей"),
            Column::AccountsOut => self.pick("From accounts, out", "Со счетов гостей"),
            Column::Deposits => self.pick("Deposits", "Депозиты"),
            Column::Settled => self.pick("Debts settled", "Погашено долгов"),
            Column::Used => self.pick("Paid by accounts", "Оплачено со счетов"),
            Column::GivenBack => self.pick("Given back", "Возвращено гостям"),
            Column::Held => self.pick("Held at the end", "Остаток на конец дня"),
            Column::Owed => self.pick("Owed at the end", "Долг на конец дня"),
            Column::Median => self.pick("Half ready in, min", "Половина готова за, мин"),
            Column::NinetyPercent => self.pick("9 of 10 ready in, min", "9 из 10 готовы за, мин"),
            Column::Waiting => self.pick("Waiting, min", "Ожидание, мин"),
            Column::Making => self.pick("Cooking, min", "Приготовление, мин"),
            Column::TipsDue => self.pick("To pay out", "К выдаче"),
            Column::OwnTips => self.pick("Given at own orders", "Оставлено на своих заказах"),
            Column::Lines => self.pick("Lines", "Позиций"),
            Column::Late => self.pick("Late", "С опозданием"),
            Column::LateShare => self.pick("Late, %", "С опозданием, %"),
        }
    }

    /// The heading of the same column in the period before.
    pub fn heading_before(self, column: Column) -> String {
        format!("{} ({})", self.heading(column), self.pick("before", "раньше"))
    }

    /// The name of the row of sums.
    pub fn total(self) -> &'static str {
        self.pick("Total", "Итого")
    }

    /// A tax rate by the key of its row, as in `included 20`.
    fn rate(self, key: &str) -> String {
        let (kind, percent) = key.split_once(' ').unwrap_or((key, "0"));
        let percent = match self {
            Self::En => format!("{percent}%"),
            Self::Ru => format!("{} %", percent.replace('.', ",")),
        };
        match kind {
            "included" => format!("{} {percent}", self.pick("Included,", "В цене,")),
            "added" => format!("{} {percent}", self.pick("Added,", "Сверх цены,")),
            "exempt" => self.pick("Exempt checks", "Освобождённые счета").to_owned(),
            _ => self.pick("Without tax", "Без налога").to_owned(),
        }
    }

    /// A row's name, where the restaurant gave it none.
    pub fn name(self, report: ReportKind, key: &str) -> String {
        if report == ReportKind::Taxes {
            return self.rate(key);
        }
        let word = match (report, key) {
            (ReportKind::Waiters, "0") => {
                self.pick("Nobody (guest's order)", "Никто (заказ гостя)")
            }
            (ReportKind::Tips, "0") => self.pick("Nobody", "Никто"),
            (ReportKind::Tips, "house") => self.pick("The house", "Заведение"),
            (ReportKind::Tips, "held") => {
                self.pick("Cancelled, not refunded yet", "Отменённые, ещё не возвращены")
            }
            (ReportKind::PaymentMethods, "0") => self.pick("Not named", "Не указан"),
            (_, "bar") => self.pick("Bar", "Бар"),
            (_, "cold") => self.pick("Cold kitchen", "Холодный цех"),
            (_, "hot") => self.pick("Hot kitchen", "Горячий цех"),
            (_, "dessert") => self.pick("Desserts", "Десерты"),
            (_, "grill") => self.pick("Grill", "Гриль"),
            (_, "bakery") => self.pick("Bakery", "Выпечка"),
            (_, key) => key,
        };
        word.to_owned()
    }
}
