//! A table is read: lines of one thing stand together, or apart.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use super::{Sheet, Table, Told, ToldGood, ToldLine, ToldOf, ToldRecipe, ToldSupplier};
use crate::core::error::Result;
use crate::core::kernel::fields::{Label, Name, Text};
use crate::core::kernel::money::Price;
use crate::core::kernel::{Money, Percent, numerals};
use crate::features::import::{Line, read_table, yes_or_no};
use crate::features::menu::Barcode;
use crate::features::stock::amount::{AboveZero, Amount};
use crate::features::stock::goods::{BaseUnit, GoodKind, PackBody, Watch};
use crate::features::stock::suppliers::SupplierCreate;

/// Reads a table of this kind.
///
/// # Errors
/// 400 when the file as a whole is none; 422 that names every wrong line and column.
pub fn read(sheet: Sheet, bytes: &[u8]) -> Result<Table> {
    Ok(match sheet {
        Sheet::Goods => {
            let (mut goods, mut codes) = (Things::default(), BTreeSet::new());
            read_table(bytes, sheet.columns(), &mut |line| good(&mut goods, &mut codes, line))?;
            Table::Goods(goods.all)
        }
        Sheet::Suppliers => {
            let mut suppliers = Things::default();
            read_table(bytes, sheet.columns(), &mut |line| supplier(&mut suppliers, line))?;
            Table::Suppliers(suppliers.all)
        }
        Sheet::Recipes => {
            let mut recipes = Things::default();
            read_table(bytes, sheet.columns(), &mut |line| recipe(&mut recipes, line))?;
            Table::Recipes(recipes.all)
        }
    })
}

/// What was read so far, and which line speaks of what.
struct Things<K, T> {
    all: Vec<Told<T>>,
    known: HashMap<K, usize>,
}

impl<K, T> Default for Things<K, T> {
    fn default() -> Self {
        Self { all: Vec::new(), known: HashMap::new() }
    }
}

impl<K: Eq + Hash, T> Things<K, T> {
    /// What a line speaks of: known from a line before, or new.
    fn of(&mut self, key: K, line: u64, new: impl FnOnce() -> T) -> &mut T {
        let place = *self.known.entry(key).or_insert(self.all.len());
        if place == self.all.len() {
            self.all.push(Told { line, thing: new() });
        }
        &mut self.all[place].thing
    }
}

fn good(goods: &mut Things<String, ToldGood>, codes: &mut BTreeSet<Barcode>, line: &Line<'_>) {
    let Some(name) = line.needed("good", Name::new).map(Name::into_inner) else { return };
    let told = ToldGood {
        name: name.clone(),
        base_unit: line.maybe("base_unit", base_unit),
        kind: line.maybe("kind", kind),
        made_in_advance: line.maybe("made_in_advance", yes_or_no),
        watch: line.maybe("stop", yes_or_no).map(|yes| if yes { Watch::Stop } else { Watch::Off }),
        low_at: line.maybe("low_at", amount),
        packs: Vec::new(),
    };
    let known = goods.of(name, line.number(), || told);
    if line.cell("pack").is_none() {
        for column in ["pack_quantity", "barcode"] {
            if line.cell(column).is_some() {
                line.note(column, "is of a pack, and no pack is named");
            }
        }
        return;
    }
    let (pack, quantity) = (line.needed("pack", Name::new), line.needed("pack_quantity", some));
    let barcode = line.maybe("barcode", Barcode::new);
    if barcode.as_ref().is_some_and(|code| !codes.insert(code.clone())) {
        line.note("barcode", "stands in the file twice");
    }
    if let (Some(name), Some(quantity)) = (pack, quantity) {
        if known.packs.iter().any(|one| one.name == name) {
            line.note("pack", "stands in the file twice");
        }
        known.packs.push(PackBody { id: None, name, barcode, quantity });
    }
}

fn supplier(suppliers: &mut Things<String, ToldSupplier>, line: &Line<'_>) {
    let Some(name) = line.needed("supplier", Name::new) else { return };
    let told = SupplierCreate {
        name: name.clone(),
        phone: line.maybe("phone", Label::new),
        note: line.maybe("note", Text::new),
    };
    let new = || ToldSupplier { supplier: told, prices: Vec::new() };
    let known = suppliers.of(name.into_inner(), line.number(), new);
    if line.cell("good").is_none() {
        return;
    }
    let (good, quantity) = (line.needed("good", Name::new), line.needed("quantity", some));
    let price = line.needed("price", price);
    if let (Some(good), Some(quantity), Some(price)) = (good, quantity, price) {
        let good = good.into_inner();
        if known.prices.iter().any(|(other, ..)| *other == good) {
            line.note("good", "stands in the file twice");
        }
        known.prices.push((good, quantity, price));
    }
}

fn recipe(recipes: &mut Things<ToldOf, ToldRecipe>, line: &Line<'_>) {
    let Some(of) = told_of(line) else { return };
    let batch_out = line.maybe("batch_out", some);
    let (good, gross) = (line.needed("good", Name::new), line.needed("gross", some));
    let cold = line.maybe("cold_percent", percent).unwrap_or_default();
    let hot = line.maybe("hot_percent", percent).unwrap_or_default();
    let (Some(good), Some(gross)) = (good, gross) else { return };
    let one = batch_out.or_else(|| AboveZero::new(Amount(1000)));
    let Some(one) = one else { return };
    let new = || ToldRecipe { of: of.clone(), batch_out: one, lines: Vec::new() };
    let known = recipes.of(of.clone(), line.number(), new);
    if batch_out.is_some_and(|batch_out| batch_out != known.batch_out) {
        line.note("batch_out", "is another than in the lines above of the same recipe");
    }
    let good = good.into_inner();
    known.lines.push(ToldLine { line: line.number(), good, gross, cold, hot });
}

fn told_of(line: &Line<'_>) -> Option<ToldOf> {
    let name = |column: &str| line.maybe(column, Name::new).map(Name::into_inner);
    let (dish, option, prep) = (name("dish"), name("option"), name("prep"));
    match (dish, option, prep) {
        (Some(dish), None, None) => Some(ToldOf::Dish { dish, variation: name("variation") }),
        (None, Some(option), None) => {
            let group = line.needed("group", Name::new)?.into_inner();
            Some(ToldOf::Option { group, option })
        }
        (None, None, Some(good)) => Some(ToldOf::Good(good)),
        _ => {
            line.note("dish", "is to be named, or option, or prep: one of the three");
            None
        }
    }
}

/// Three digits behind a comma are as likely thousands: neither is guessed.
fn amount(text: &str) -> Result<Amount, String> {
    Amount::parse(&numerals::plain(text, |digits| digits != 0 && digits != 3)?)
}

fn some(text: &str) -> Result<AboveZero, String> {
    AboveZero::new(amount(text)?).ok_or_else(|| "must be more than 0".to_owned())
}

fn price(text: &str) -> Result<Price, String> {
    Money::parse_written(text).and_then(Price::new)
}

fn percent(text: &str) -> Result<Percent, String> {
    let plain = numerals::plain(text.trim_end_matches([' ', '%']), |digits| digits != 0)?;
    Percent::parse(&plain)
}

fn base_unit(word: &str) -> Result<BaseUnit, String> {
    match word.to_lowercase().trim_end_matches('.') {
        "г" | "гр" | "грамм" | "gram" => Ok(BaseUnit::G),
        "мл" | "миллилитр" => Ok(BaseUnit::Ml),
        "шт" | "штука" | "piece" => Ok(BaseUnit::Pc),
        word => BaseUnit::parse(word).ok_or_else(|| "must be g, ml or pc".to_owned()),
    }
}

fn kind(word: &str) -> Result<GoodKind, String> {
    match word.to_lowercase().as_str() {
        "сырье" | "сырьё" => Ok(GoodKind::Raw),
        "полуфабрикат" => Ok(GoodKind::Prep),
        "товар" | "на продажу" => Ok(GoodKind::Resale),
        word => GoodKind::parse(&word.to_uppercase())
            .ok_or_else(|| "must be RAW, PREP or RESALE".to_owned()),
    }
}
