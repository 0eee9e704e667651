//! What a sheet can hold that is written or filled: its columns, its lines, and a pattern to fill.

use serde::Deserialize;
use utoipa::ToSchema;

use super::heads::{COMBOS, Column, MENU, OPTIONS, PERIODS, PRICES};
use super::{combos, menu, options, periods, prices};
use crate::features::import::content::Content;
use crate::platform::sheets::Cell;

/// A kind of sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SheetKind)]
pub enum Sheet {
    /// Dishes with their sizes.
    #[default]
    Menu,
    /// Groups of options.
    Options,
    /// Dishes that are combos.
    Combos,
    /// Price lists.
    Prices,
    /// Periods.
    Periods,
}

impl Sheet {
    /// The columns, in their order.
    pub(super) fn columns(self) -> &'static [Column] {
        match self {
            Self::Menu => MENU,
            Self::Options => OPTIONS,
            Self::Combos => COMBOS,
            Self::Prices => PRICES,
            Self::Periods => PERIODS,
        }
    }

    /// The lines below the heads.
    pub(super) fn rows(self, content: &Content) -> Vec<Vec<Cell>> {
        match self {
            Self::Menu => menu::rows(content),
            Self::Options => options::rows(content),
            Self::Combos => combos::rows(content),
            Self::Prices => prices::rows(content),
            Self::Periods => periods::rows(content),
        }
    }

    /// The kind by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "menu" => Self::Menu,
            "options" => Self::Options,
            "combos" => Self::Combos,
            "prices" => Self::Prices,
            "periods" => Self::Periods,
            _ => return None,
        })
    }

    /// The name of a file of this kind, without its ending.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Menu => "qres-menu",
            Self::Options => "qres-options",
            Self::Combos => "qres-combos",
            Self::Prices => "qres-prices",
            Self::Periods => "qres-periods",
        }
    }

    /// Lines that show how it is filled; what stands behind a line's last cell is empty.
    pub(super) fn pattern(self, is_russian: bool) -> &'static [&'static [&'static str]] {
        match (self, is_russian) {
            (Self::Menu, false) => &[
                &[
                    "Soups",
                    "Borscht",
                    "With beef",
                    "Small",
                    "250",
                    "piece",
                    "hot",
                    "",
                    "",
                    "10",
                    "250",
                    "180",
                    "celery",
                ],
                &["Soups", "Borscht", "", "Large", "350", "", "hot", "", "", "", "400", "290"],
                &["Drinks", "Tea", "", "", "100", "", "bar", "", "", "3"],
            ],
            (Self::Menu, true) => &[
                &[
                    "Супы",
                    "Борщ",
                    "С говядиной",
                    "Малый",
                    "250",
                    "шт",
                    "горячий",
                    "",
                    "",
                    "10",
                    "250",
                    "180",
                    "сельдерей",
                ],
                &["Супы", "Борщ", "", "Большой", "350", "", "горячий", "", "", "", "400", "290"],
                &["Напитки", "Чай", "", "", "100", "", "бар", "", "", "3"],
            ],
            (Self::Options, false) => &[
                &["Milk", "Regular", "0", "yes", "1", "1"],
                &["Milk", "Oat", "60", "", "", "", "", "", "", "OAT"],
                &["Toppings", "Cheese", "50", "", "0", "5", "1", "", "no; extra", "", "2"],
                &["Toppings", "Onion", "0", "yes"],
            ],
            (Self::Options, true) => &[
                &["Молоко", "Обычное", "0", "да", "1", "1"],
                &["Молоко", "Овсяное", "60", "", "", "", "", "", "", "ОВС"],
                &["Добавки", "Сыр", "50", "", "0", "5", "1", "", "без; больше", "", "2"],
                &["Добавки", "Лук", "0", "да"],
            ],
            (Self::Combos, false) => &[
                &["Business lunch", "Soup", "Soups", "Borscht", "Small", "0", "yes"],
                &["Business lunch", "Drink", "Drinks", "Tea", "", "0", "yes"],
            ],
            (Self::Combos, true) => &[
                &["Бизнес-ланч", "Суп", "Супы", "Борщ", "Малый", "0", "да"],
                &["Бизнес-ланч", "Напиток", "Напитки", "Чай", "", "0", "да"],
            ],
            (Self::Prices, false) => &[
                &[
                    "Happy hour",
                    "Evening",
                    "",
                    "dine in",
                    "10",
                    "1",
                    "yes",
                    "Drinks",
                    "",
                    "",
                    "",
                    "-20",
                ],
                &["Happy hour", "", "", "", "", "", "", "Soups", "Borscht", "Small", "200"],
            ],
            (Self::Prices, true) => &[
                &[
                    "Счастливый час",
                    "Вечер",
                    "",
                    "в зале",
                    "10",
                    "1",
                    "да",
                    "Напитки",
                    "",
                    "",
                    "",
                    "-20",
                ],
                &["Счастливый час", "", "", "", "", "", "", "Супы", "Борщ", "Малый", "200"],
            ],
            (Self::Periods, false) => &[&["Evening", "Mon-Fri", "17:00", "19:00"]],
            (Self::Periods, true) => &[&["Вечер", "пн-пт", "17:00", "19:00"]],
        }
    }
}
