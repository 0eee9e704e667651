//! The few words of the guests' page beside the menu's own. The app in `web/src/guest/messages/`
//! says them in the same way, so that nothing moves when it takes over.

use crate::features::menu::SaleUnit;

/// A language of the guests' page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    Ru,
    En,
}

impl Lang {
    /// Its code (ISO 639-1).
    pub fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The other one, which the switch leads to.
    pub fn other(self) -> Self {
        match self {
            Self::Ru => Self::En,
            Self::En => Self::Ru,
        }
    }

    /// The first of these tags, such as `en-GB`, that the page speaks; else Russian.
    pub fn choose<'a>(mut tags: impl Iterator<Item = &'a str>) -> Self {
        tags.find_map(|tag| match tag.get(..2)?.to_ascii_lowercase().as_str() {
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        })
        .unwrap_or(Self::Ru)
    }

    pub fn words(self) -> &'static Words {
        match self {
            Self::Ru => &RU,
            Self::En => &EN,
        }
    }
}

/// What the page says.
pub struct Words {
    pub title: &'static str,
    pub search: &'static str,
    pub categories: &'static str,
    pub popular: &'static str,
    /// Around the number of portions that are left.
    pub left: [&'static str; 2],
    pub leave_out: &'static str,
    pub from: &'static str,
    /// Before the price at other times.
    pub instead_of: &'static str,
    pub grams: &'static str,
    pub kcal: &'static str,
    pub minutes: &'static str,
    /// A kilogram, 100 g, a litre, 100 ml, behind the price of one.
    pub per: [&'static str; 4],
    pub contains: &'static str,
    pub empty: &'static str,
    /// Before the number of dishes that are not on the page yet.
    pub whole_menu: &'static str,
}

const RU: Words = Words {
    title: "Меню",
    search: "Найти блюдо",
    categories: "Разделы меню",
    popular: "часто берут",
    left: ["осталось ", ""],
    leave_out: "Без:",
    from: "от",
    instead_of: "вместо",
    grams: "г",
    kcal: "ккал",
    minutes: "мин",
    per: ["кг", "100 г", "л", "100 мл"],
    contains: "Содержит",
    empty: "Меню пока пустое. Спросите официанта.",
    whole_menu: "Показать всё меню, ещё",
};

const EN: Words = Words {
    title: "Menu",
    search: "Find a dish",
    categories: "Menu sections",
    popular: "popular",
    left: ["", " left"],
    leave_out: "Without:",
    from: "from",
    instead_of: "instead of",
    grams: "g",
    kcal: "kcal",
    minutes: "min",
    per: ["kg", "100 g", "l", "100 ml"],
    contains: "Contains",
    empty: "The menu is empty for now. Please ask a waiter.",
    whole_menu: "Show the whole menu, more dishes",
};

impl Words {
    /// What stands behind the price of what is not sold by the piece.
    pub fn per(&self, unit: SaleUnit) -> String {
        let [kg, hundred_grams, litre, hundred_millilitres] = self.per;
        let per = match unit {
            SaleUnit::Piece => return String::new(),
            SaleUnit::Kg => kg,
            SaleUnit::HundredGrams => hundred_grams,
            SaleUnit::Litre => litre,
            SaleUnit::HundredMillilitres => hundred_millilitres,
        };
        format!(" / {per}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_counts() {
        for (tags, lang) in [
            (&["de-DE", "EN-gb", "ru"][..], Lang::En),
            (&["ru-RU", "en"][..], Lang::Ru),
            (&["fr", "ж", ""][..], Lang::Ru),
            (&[][..], Lang::Ru),
        ] {
            assert_eq!(Lang::choose(tags.iter().copied()), lang, "{tags:?}");
        }
    }
}
