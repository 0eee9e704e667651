//! The columns of the tables, in English and in Russian.

use super::Sheet;
use crate::features::import::{Column, column};

const GOODS: &[Column] = &[
    column("good", "Товар", &["name", "название", "наименование", "номенклатура"]),
    column("base_unit", "Единица", &["unit", "ед", "ед. изм.", "единица измерения"]),
    column("kind", "Вид", &["тип"]),
    column("made_in_advance", "Заранее", &["in advance", "готовят заранее"]),
    column("stop", "Стоп", &["watch", "стоп-лист"]),
    column("low_at", "Пора заказывать", &["low", "минимум", "мин. остаток"]),
    column("pack", "Упаковка", &["фасовка", "тара"]),
    column("pack_quantity", "В упаковке", &["сколько в ней", "объем упаковки"]),
    column("barcode", "Штрихкод", &["ean", "штрих-код"]),
];

const SUPPLIERS: &[Column] = &[
    column("supplier", "Поставщик", &["name", "название", "контрагент"]),
    column("phone", "Телефон", &[]),
    column("note", "Заметка", &["комментарий"]),
    column("good", "Товар", &["номенклатура"]),
    column("quantity", "Количество", &["за сколько"]),
    column("price", "Цена", &["стоимость"]),
];

const RECIPES: &[Column] = &[
    column("dish", "Блюдо", &[]),
    column("variation", "Вариант", &["size", "размер", "порция"]),
    column("group", "Группа добавок", &[]),
    column("option", "Добавка", &[]),
    column("prep", "Полуфабрикат", &["semi-finished"]),
    column("batch_out", "Выход", &["makes", "на сколько"]),
    column("good", "Товар", &["ingredient", "ингредиент", "продукт"]),
    column("gross", "Брутто", &[]),
    column("cold_percent", "Холодная потеря", &["cold loss", "холодная"]),
    column("hot_percent", "Горячая потеря", &["hot loss", "горячая"]),
];

impl Sheet {
    /// Its columns, in the order in which they are written.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Goods => GOODS,
            Self::Suppliers => SUPPLIERS,
            Self::Recipes => RECIPES,
        }
    }

    /// What a file of it is called, without its ending.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Goods => "qres-goods",
            Self::Suppliers => "qres-suppliers",
            Self::Recipes => "qres-recipes",
        }
    }
}
