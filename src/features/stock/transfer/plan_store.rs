//! What is to be done so that all is as a table says: what differs, and by which command.

use rusqlite::Connection;

use super::called_store::{barcode_of, good_called, options_called, sizes_called, supplier_called};
use super::{Prices, Table, Told, ToldGood, ToldOf, ToldRecipe, ToldSupplier};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Id, Name};
use crate::core::kernel::{Money, Patch, Percent};
use crate::features::import::{FieldChange, Wrong};
use crate::features::stock::amount::Amount;
use crate::features::stock::goods::{self, BaseUnit, Good, GoodCreate, GoodUpdate, PackBody};
use crate::features::stock::recipes::{RecipeCreate, RecipeLineBody, current};
use crate::features::stock::suppliers::{
    SupplierCreate, SupplierPriceBody, SupplierUpdate, prices, supplier,
};

/// What is done to one thing.
#[derive(Debug)]
pub enum Deed {
    AddGood(GoodCreate),
    ChangeGood(i64, GoodUpdate),
    AddSupplier(SupplierCreate, Prices),
    ChangeSupplier(i64, SupplierUpdate, Prices),
    AddRecipe(RecipeCreate),
}

/// What becomes of one thing of a table.
#[derive(Debug)]
pub struct Planned {
    pub line: u64,
    /// What it is: `goods`, `suppliers`, `recipes`.
    pub what: &'static str,
    pub name: String,
    pub is_new: bool,
    pub fields: Vec<FieldChange>,
    /// None: it is as the table says.
    pub deed: Option<Deed>,
}

/// What is to be done with the thing at this place of the table; none where it ends, or where something is
/// wrong with it, which is noted.
///
/// # Errors
/// When the database cannot be read.
pub fn plan(
    db: &Connection,
    table: &Table,
    at: usize,
    wrong: &mut Wrong,
) -> Result<Option<Planned>> {
    match table {
        Table::Goods(goods) => goods.get(at).map_or(Ok(None), |told| good(db, told, wrong)),
        Table::Suppliers(all) => all.get(at).map_or(Ok(None), |told| one_supplier(db, told, wrong)),
        Table::Recipes(all) => all.get(at).map_or(Ok(None), |told| recipe(db, told, wrong)),
    }
}

/// What differs: a field, what it was, what it is to be.
#[derive(Default)]
struct Differences(Vec<FieldChange>);

impl Differences {
    fn add(&mut self, field: &str, from: &str, to: &str) {
        if from != to {
            let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            self.0.push(FieldChange::new(field, told(from), told(to)));
        }
    }

    /// Of a thing that is there: nothing is done where nothing differs.
    fn planned(self, (line, what, name): (u64, &'static str, &str), deed: Deed) -> Planned {
        let deed = (!self.0.is_empty()).then_some(deed);
        Planned { line, what, name: name.to_owned(), is_new: false, fields: self.0, deed }
    }
}

fn added((line, what, name): (u64, &'static str, &str), deed: Deed) -> Planned {
    let (name, fields) = (name.to_owned(), Vec::new());
    Planned { line, what, name, is_new: true, fields, deed: Some(deed) }
}

fn good(
    db: &Connection,
    Told { line, thing: told }: &Told<ToldGood>,
    wrong: &mut Wrong,
) -> Result<Option<Planned>> {
    let known = good_called(db, &told.name)?;
    for pack in &told.packs {
        let Some(code) = pack.barcode.as_deref() else { continue };
        let is_anothers = barcode_of(db, code)?.is_some_and(|owner| Some(owner) != known);
        if is_anothers {
            let why = format!("is {code}, and another good has this code already");
            wrong.note(format!("line {line}, barcode"), why);
        }
    }
    let place = (*line, "goods", told.name.as_str());
    let Some(id) = known else {
        let Some(base_unit) = told.base_unit else {
            wrong.note(format!("line {line}, base_unit"), "is missing");
            return Ok(None);
        };
        return Ok(Some(added(place, Deed::AddGood(new_good(told, base_unit)?))));
    };
    let old = goods::read(db, id)?;
    if told.base_unit.is_some_and(|unit| unit != old.base_unit) {
        let why = format!(
            "is counted in {} already, and that stays; give it another name",
            old.base_unit.as_str()
        );
        wrong.note(format!("line {line}, base_unit"), why);
        return Ok(None);
    }
    let (changes, differences) = changed_good(&old, told);
    Ok(Some(differences.planned(place, Deed::ChangeGood(id, changes))))
}

fn new_good(told: &ToldGood, base_unit: BaseUnit) -> Result<GoodCreate> {
    Ok(GoodCreate {
        name: Name::new(&told.name).map_err(Error::internal)?,
        base_unit,
        kind: told.kind,
        made_in_advance: told.made_in_advance.unwrap_or(false),
        watch: told.watch,
        low_at: told.low_at,
        ingredient_id: None,
        packs: told.packs.clone(),
    })
}

fn changed_good(old: &Good, told: &ToldGood) -> (GoodUpdate, Differences) {
    let mut differences = Differences::default();
    if let Some(kind) = told.kind {
        differences.add("kind", old.kind.as_str(), kind.as_str());
    }
    if let Some(in_advance) = told.made_in_advance {
        let word = |yes: bool| if yes { "yes" } else { "no" };
        differences.add("made_in_advance", word(old.made_in_advance), word(in_advance));
    }
    if let Some(watch) = told.watch {
        differences.add("stop", old.watch.as_str(), watch.as_str());
    }
    if let Some(low_at) = told.low_at {
        let from = old.low_at.map(|amount| amount.to_string()).unwrap_or_default();
        differences.add("low_at", &from, &low_at.to_string());
    }
    let packs = packs_with(old, told);
    let all = |names: Vec<String>| names.join("; ");
    let was = old.packs.iter().map(|one| pack(&one.name, one.barcode.as_deref(), one.quantity));
    let is = packs.iter().map(|one| pack(&one.name, one.barcode.as_deref(), one.quantity.get()));
    differences.add("packs", &all(was.collect()), &all(is.collect()));
    let changes = GoodUpdate {
        name: None,
        kind: told.kind,
        made_in_advance: told.made_in_advance,
        watch: told.watch,
        low_at: told.low_at.map_or(Patch::Keep, Patch::Set),
        ingredient_id: Patch::Keep,
        packs: Some(packs),
    };
    (changes, differences)
}

fn pack(name: &str, barcode: Option<&str>, quantity: Amount) -> String {
    format!("{name} {quantity} {}", barcode.unwrap_or_default()).trim_end().to_owned()
}

/// The packs that are there, as the table has them where it names them, and those that are new.
fn packs_with(old: &Good, told: &ToldGood) -> Vec<PackBody> {
    let mut packs: Vec<PackBody> = old.packs.iter().filter_map(PackBody::of).collect();
    for new in &told.packs {
        match packs.iter_mut().find(|one| one.name == new.name) {
            Some(known) => {
                known.quantity = new.quantity;
                known.barcode = new.barcode.clone().or_else(|| known.barcode.clone());
            }
            None => packs.push(new.clone()),
        }
    }
    packs
}

fn one_supplier(
    db: &Connection,
    Told { line, thing: told }: &Told<ToldSupplier>,
    wrong: &mut Wrong,
) -> Result<Option<Planned>> {
    let name = &*told.supplier.name;
    let place = (*line, "suppliers", name);
    let known = supplier_called(db, name)?;
    let old = known.map(|id| prices(db, id)).transpose()?.map(|list| list.prices);
    let mut all: Prices = Vec::new();
    let mut differences = Differences::default();
    for price in old.iter().flatten() {
        all.extend(SupplierPriceBody::of(price));
    }
    for (good, quantity, price) in &told.prices {
        let Some(id) = good_called(db, good)?.and_then(|id| Id::new(id).ok()) else {
            let why = format!("names “{good}”, which is not among the goods");
            wrong.note(format!("line {line}, good"), why);
            return Ok(None);
        };
        let new = SupplierPriceBody { good_id: id, quantity: *quantity, price: *price };
        let said = |one: &SupplierPriceBody| said_price(one.quantity.get(), one.price.0);
        if let Some(was) = all.iter_mut().find(|one| one.good_id == id) {
            differences.add(good, &said(was), &said(&new));
            *was = new;
        } else {
            differences.add(good, "", &said(&new));
            all.push(new);
        }
    }
    let Some(id) = known else {
        return Ok(Some(added(place, Deed::AddSupplier(told.supplier.clone(), all))));
    };
    let was = supplier(db, id)?;
    let mut changes = SupplierUpdate { name: None, phone: Patch::Keep, note: Patch::Keep };
    if let Some(phone) = &told.supplier.phone {
        differences.add("phone", was.phone.as_deref().unwrap_or_default(), phone);
        changes.phone = Patch::Set(phone.clone());
    }
    if let Some(note) = &told.supplier.note {
        differences.add("note", was.note.as_deref().unwrap_or_default(), note);
        changes.note = Patch::Set(note.clone());
    }
    Ok(Some(differences.planned(place, Deed::ChangeSupplier(id, changes, all))))
}

fn said_price(quantity: Amount, price: Money) -> String {
    format!("{price} / {quantity}")
}

fn recipe(
    db: &Connection,
    Told { line, thing: told }: &Told<ToldRecipe>,
    wrong: &mut Wrong,
) -> Result<Option<Planned>> {
    let mut lines = Vec::new();
    for part in &told.lines {
        let Some(good_id) = good_called(db, &part.good)?.and_then(|id| Id::new(id).ok()) else {
            let why = format!("names “{}”, which is not among the goods", part.good);
            wrong.note(format!("line {}, good", part.line), why);
            continue;
        };
        let (cold_percent, hot_percent) = (part.cold, part.hot);
        lines.push(RecipeLineBody { good_id, gross: part.gross, cold_percent, hot_percent });
    }
    let mut new = RecipeCreate {
        variation_id: None,
        option_id: None,
        good_id: None,
        valid_from: None,
        batch_out: told.batch_out,
        note: None,
        lines,
    };
    let (found, name, column) = match &told.of {
        ToldOf::Dish { dish, variation } => {
            let name = match variation {
                Some(variation) => format!("{dish}, {variation}"),
                None => dish.clone(),
            };
            (sizes_called(db, dish, variation.as_deref())?, name, "dish")
        }
        ToldOf::Option { group, option } => {
            (options_called(db, group, option)?, format!("{group}, {option}"), "option")
        }
        ToldOf::Good(good) => (good_called(db, good)?.into_iter().collect(), good.clone(), "prep"),
    };
    let id = match found[..] {
        [id] => Id::new(id).ok(),
        [] => {
            wrong.note(
                format!("line {line}, {column}"),
                format!("names “{name}”, which is not there"),
            );
            None
        }
        _ => {
            let why = format!("names “{name}”, and several of the menu have this name");
            wrong.note(format!("line {line}, {column}"), why);
            None
        }
    };
    let Some(id) = id else { return Ok(None) };
    match column {
        "dish" => new.variation_id = Some(id),
        "option" => new.option_id = Some(id),
        _ => new.good_id = Some(id),
    }
    let place = (*line, "recipes", name.as_str());
    let mut differences = Differences::default();
    let Some(old) = current(db, &new)? else {
        return Ok(Some(added(place, Deed::AddRecipe(new))));
    };
    let makes = |recipe: &RecipeCreate| recipe.batch_out.get().to_string();
    differences.add("batch_out", &makes(&old), &makes(&new));
    differences.add("lines", &said_recipe(db, &old)?, &said_recipe(db, &new)?);
    Ok(Some(differences.planned(place, Deed::AddRecipe(new))))
}

/// `Beef 1200 −20 % −35 %; Water 4000`.
fn said_recipe(db: &Connection, recipe: &RecipeCreate) -> Result<String> {
    let line = |line: &RecipeLineBody| {
        let good = goods::check_good(db, line.good_id.get(), "good")?.name;
        let losses = [line.cold_percent, line.hot_percent].into_iter();
        let losses = losses.filter(|loss| *loss != Percent::default());
        let losses: Vec<_> = losses.map(|loss| format!(" −{loss} %")).collect();
        Ok(format!("{good} {}{}", line.gross.get(), losses.concat()))
    };
    Ok(recipe.lines.iter().map(line).collect::<Result<Vec<_>>>()?.join("; "))
}
