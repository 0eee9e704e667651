//! What stands on paper in the restaurant's language.

use super::super::documents::{BillKind, ChangeKind, Place, TicketKind};
use crate::core::kernel::{Day, Measure, Money, Quantity, Timestamp, Zone};
use crate::features::menu::{Department, LineModifier, Prefix};

/// A language in which there are words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Language {
    /// The one with this code (ISO 639-1); English where there are no words in it.
    pub fn of(code: &str) -> Self {
        if code == "ru" { Self::Ru } else { Self::En }
    }

    /// The one of two texts that is in this language.
    pub fn say(self, ru: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Ru => ru,
            Self::En => en,
        }
    }

    /// What a ticket says; none where that needs no word.
    pub fn ticket(self, what: TicketKind) -> Option<&'static str> {
        match what {
            TicketKind::New => None,
            TicketKind::Changed => Some(self.say("ИЗМЕНЕНО", "CHANGED")),
            TicketKind::Held => Some(self.say("ПРИДЕРЖАТЬ", "HOLD")),
            TicketKind::Void => Some(self.say("ОТМЕНА", "VOID")),
            TicketKind::Move => Some(self.say("ПЕРЕНОС", "MOVED")),
        }
    }

    /// A department of the kitchen.
    pub fn station(self, station: Department) -> &'static str {
        match station {
            Department::Bar => self.say("Бар", "Bar"),
            Department::Cold => self.say("Холодный цех", "Cold"),
            Department::Hot => self.say("Горячий цех", "Hot"),
            Department::Dessert => self.say("Десерты", "Desserts"),
            Department::Grill => self.say("Гриль", "Grill"),
            Department::Bakery => self.say("Выпечка", "Bakery"),
        }
    }

    /// Where an order is eaten.
    pub fn place(self, place: &Place) -> String {
        let with = |word: &str, who: &Option<String>| match who {
            Some(who) => format!("{word}: {who}"),
            None => word.to_owned(),
        };
        match place {
            Place::Table(name) => format!("{} {name}", self.say("Стол", "Table")),
            Place::Takeaway(who) => with(self.say("С собой", "Takeaway"), who),
            Place::Delivery(who) => with(self.say("Доставка", "Delivery"), who),
        }
    }

    /// What a paper for the guest is.
    pub fn bill(self, what: BillKind) -> &'static str {
        match what {
            BillKind::Precheck => self.say("Предварительный счёт", "Bill"),
            BillKind::Receipt => self.say("Чек", "Receipt"),
        }
    }

    /// What a change of a bill is called that has no name of its own.
    pub fn change(self, kind: ChangeKind) -> &'static str {
        match kind {
            ChangeKind::Discount => self.say("Скидка", "Discount"),
            ChangeKind::Comp => self.say("Комплимент", "On the house"),
            ChangeKind::Service => self.say("Обслуживание", "Service charge"),
            ChangeKind::Fee => self.say("Сбор", "Fee"),
        }
    }

    /// How much, as people say it: nothing but a figure of pieces.
    pub fn quantity(self, quantity: Quantity, unit: Option<Measure>) -> String {
        let figure = match self {
            Self::Ru => quantity.to_string().replace('.', ","),
            Self::En => quantity.to_string(),
        };
        match unit {
            None => figure,
            Some(Measure::Kg) => format!("{figure} {}", self.say("кг", "kg")),
            Some(Measure::L) => format!("{figure} {}", self.say("л", "l")),
        }
    }

    /// An option, as the kitchen (`for_kitchen`) or the guest reads it.
    pub fn option(self, option: &LineModifier, for_kitchen: bool) -> String {
        let own = option.kitchen_name.as_ref().filter(|_| for_kitchen);
        let mut text = own.unwrap_or(&option.name).clone();
        if option.quantity > 1 {
            text = format!("{} × {text}", option.quantity);
        }
        text = match option.prefix {
            Some(Prefix::No) => format!("{} {text}", self.say("БЕЗ:", "NO")),
            Some(Prefix::Extra) => format!("{} {text}", self.say("БОЛЬШЕ:", "EXTRA")),
            Some(Prefix::OnTheSide) => {
                format!("{text} {}", self.say("(отдельно)", "(on the side)"))
            }
            None => text,
        };
        match option.portion {
            Some(half) => format!("½ {half}: {text}"),
            None => text,
        }
    }

    /// An amount, with thousands apart.
    pub fn amount(self, amount: Money) -> String {
        let text = amount.to_string();
        let (sign, text) = text.strip_prefix('-').map_or(("", &*text), |rest| ("−", rest));
        let (whole, part) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
        let (thousand, point) = match self {
            Self::Ru => ("\u{A0}", ','),
            Self::En => (",", '.'),
        };
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push_str(thousand);
            }
            grouped.push(digit);
        }
        match part {
            Some(part) => format!("{sign}{grouped}{point}{part}"),
            None => format!("{sign}{grouped}"),
        }
    }

    /// An amount with the sign of its currency.
    pub fn price(self, amount: Money, currency: &str) -> String {
        let sign = match currency {
            "RUB" => "₽",
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            "KZT" => "₸",
            "UAH" => "₴",
            "TRY" => "₺",
            other => other,
        };
        format!("{}\u{A0}{sign}", self.amount(amount))
    }

    /// The time of day.
    pub fn time(self, at: Timestamp, zone: &Zone) -> String {
        let minute = zone.minute_of_day(at);
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }

    /// Day and time of day.
    pub fn moment(self, at: Timestamp, zone: &Zone) -> String {
        format!("{} {}", self.day(zone.date_of(at)), self.time(at, zone))
    }

    fn day(self, day: Day) -> String {
        let number = day.number();
        let (year, month, day_of) = (number / 10_000, number / 100 % 100, number % 100);
        match self {
            Self::Ru => format!("{day_of:02}.{month:02}.{year}"),
            Self::En => format!("{year}-{month:02}-{day_of:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_the_language_does() {
        for (amount, ru, en) in [
            (0, "0,00", "0.00"),
            (35_000, "350,00", "350.00"),
            (145_000, "1\u{A0}450,00", "1,450.00"),
            (-100_000_050, "−1\u{A0}000\u{A0}000,50", "−1,000,000.50"),
        ] {
            assert_eq!(Language::Ru.amount(Money(amount)), ru);
            assert_eq!(Language::En.amount(Money(amount)), en);
        }
        assert_eq!(Language::of("ru").price(Money(35_000), "RUB"), "350,00\u{A0}₽");
        assert_eq!(Language::of("de").price(Money(35_000), "CHF"), "350.00\u{A0}CHF");
    }

    #[test]
    fn what_is_weighed_says_of_what_it_is() {
        let half = Quantity::new(350).unwrap();
        assert_eq!(Language::Ru.quantity(half, Some(Measure::Kg)), "0,35 кг");
        assert_eq!(Language::En.quantity(Quantity::pieces(2), None), "2");
    }

    #[test]
    fn moments_are_those_of_the_wall() {
        let zone = Zone::named("Europe/Moscow").unwrap();
        let at = Timestamp(1_764_450_000_000);
        assert_eq!(Language::Ru.moment(at, &zone), "30.11.2025 00:00");
        assert_eq!(Language::En.moment(at, &zone), "2025-11-30 00:00");
    }
}
