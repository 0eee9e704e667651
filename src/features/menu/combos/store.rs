//! Combos in SQL.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::parts_store::ensure_by_piece;
use super::types::{
    ComboDish, ComboList, ComboPart, ComboPartChoice, ComboPartChoiceUpdate, ComboPartUpdate,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Money, Translations};
use crate::core::store::{Columns, Command, Tx};
use crate::features::menu::store::{ensure_dish, translations, unit};
use crate::features::menu::tell;
use crate::features::restaurant::MenuPart;

/// How many parts a combo may have.
const MOST_PARTS: usize = 10;
/// How many things may be chosen from for one part.
const MOST_CHOICES: usize = 50;

const SELECT: &str =
    "SELECT p.dish_id, p.id, p.name, p.translations, c.id, v.dish_id, v.id, d.name,
        d.translations, v.name, c.surcharge, c.is_default,
        d.is_available AND g.is_active AND v.is_available
    FROM combo_parts p
    LEFT JOIN combo_choices c ON c.part_id = p.id AND c.deleted_at IS NULL
        AND EXISTS (SELECT 1 FROM dish_variations s JOIN dishes o ON o.id = s.dish_id
                    WHERE s.id = c.dish_variation_id AND s.deleted_at IS NULL
                      AND o.deleted_at IS NULL)
    LEFT JOIN dish_variations v ON v.id = c.dish_variation_id
    LEFT JOIN dishes d ON d.id = v.dish_id
    LEFT JOIN categories g ON g.id = d.category_id
    WHERE p.deleted_at IS NULL";

fn choice(row: &Row<'_>) -> rusqlite::Result<ComboPartChoice> {
    Ok(ComboPartChoice {
        id: row.get(4)?,
        dish_id: row.get(5)?,
        dish_variation_id: row.get(6)?,
        dish_name: row.get(7)?,
        dish_translations: translations(row, 8)?,
        variation_name: row.get(9)?,
        surcharge: Money(row.get(10)?),
        is_default: row.get(11)?,
        is_available: row.get(12)?,
    })
}

fn parts(mut rows: rusqlite::Rows<'_>) -> Result<HashMap<i64, Vec<ComboPart>>> {
    let mut found = HashMap::<i64, Vec<ComboPart>>::new();
    while let Some(row) = rows.next()? {
        let of_dish = found.entry(row.get(0)?).or_default();
        let id: i64 = row.get(1)?;
        if of_dish.last().is_none_or(|part| part.id != id) {
            let translations: Translations = translations(row, 3)?;
            of_dish.push(ComboPart { id, name: row.get(2)?, translations, choices: Vec::new() });
        }
        // A part stays one when all that could be chosen for it is gone.
        let is_choice = row.get::<_, Option<i64>>(4)?.is_some();
        if let Some(part) = of_dish.last_mut().filter(|_| is_choice) {
            part.choices.push(choice(row)?);
        }
    }
    Ok(found)
}

/// The parts of all combos, by their dish.
///
/// # Errors
/// When the database cannot be read.
pub fn of_all_dishes(db: &Connection) -> Result<HashMap<i64, Vec<ComboPart>>> {
    let sql = format!("{SELECT} ORDER BY p.dish_id, p.sort_order, p.id, c.sort_order, c.id");
    parts(db.prepare_cached(&sql)?.query([])?)
}

/// The parts of a dish: none where it is no combo.
pub fn of_dish(db: &Connection, dish_id: i64) -> Result<Vec<ComboPart>> {
    let sql =
        format!("{SELECT} AND p.dish_id = ?1 ORDER BY p.sort_order, p.id, c.sort_order, c.id");
    Ok(parts(db.prepare_cached(&sql)?.query([dish_id])?)?.remove(&dish_id).unwrap_or_default())
}

/// All combos of the menu.
pub fn list(db: &Connection) -> Result<ComboList> {
    let mut parts = of_all_dishes(db)?;
    let ids: Vec<i64> = parts.keys().copied().collect();
    let mut statement = db.prepare_cached(
        "SELECT id, name FROM dishes
         WHERE id IN (SELECT value FROM json_each(?1)) AND deleted_at IS NULL ORDER BY name, id",
    )?;
    let ids = serde_json::to_string(&ids).map_err(Error::internal)?;
    let dishes = statement.query_map([ids], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut combos = Vec::new();
    for dish in dishes {
        let (dish_id, name) = dish?;
        combos.push(ComboDish { dish_id, name, parts: parts.remove(&dish_id).unwrap_or_default() });
    }
    Ok(ComboList { combos })
}

/// One combo; 404 when the dish is none.
pub fn one(db: &Connection, dish_id: i64) -> Result<ComboDish> {
    ensure_dish(db, dish_id)?;
    let parts = of_dish(db, dish_id)?;
    if parts.is_empty() {
        return Err(Error::not_found("combo", dish_id));
    }
    let sql = "SELECT name FROM dishes WHERE id = ?1";
    let name = db.prepare_cached(sql)?.query_row([dish_id], |row| row.get(0))?;
    Ok(ComboDish { dish_id, name, parts })
}

/// Makes a dish a combo of these parts.
pub struct SetCombo {
    /// The dish.
    pub dish_id: i64,
    /// Its parts from now on.
    pub parts: Vec<ComboPartUpdate>,
    /// Who does; none is somebody with a shell, or the cloud.
    pub by: Option<i64>,
}

impl Command for SetCombo {
    type Output = ComboDish;

    fn apply(self, tx: &mut Tx<'_>) -> Result<ComboDish> {
        let (dish_id, by) = (self.dish_id, self.by);
        let combo = self.write(tx)?;
        tell(tx, by, MenuPart::Dish, Some(dish_id))?;
        Ok(combo)
    }
}

impl SetCombo {
    /// Writes it and tells nobody: an import does that once for all.
    ///
    /// # Errors
    /// As the command.
    pub fn write(self, tx: &Tx<'_>) -> Result<ComboDish> {
        let Self { dish_id, parts, .. } = self;
        ensure_dish(tx, dish_id)?;
        if !(1..=MOST_PARTS).contains(&parts.len()) {
            return Err(Error::invalid("parts", format!("must hold 1 to {MOST_PARTS} parts")));
        }
        if is_chosen(tx, dish_id)? {
            return Err(within(
                "Another combo has this dish as a choice: it cannot be one itself.",
            ));
        }
        let standing = of_dish(tx, dish_id)?;
        let mut kept = BTreeSet::new();
        for (place, part) in parts.into_iter().enumerate() {
            let old = standing.iter().find(|old| part.id.map(Id::get) == Some(old.id));
            if part.id.is_some() && old.is_none() {
                return Err(Error::invalid(
                    format!("parts[{place}].id"),
                    "is no part of this combo",
                ));
            }
            let id = write_part(tx, dish_id, (place, part), old)?;
            if !kept.insert(id) {
                return Err(Error::invalid("parts", "must name each one once"));
            }
        }
        for old in standing.iter().filter(|old| !kept.contains(&old.id)) {
            hide(tx, "combo_parts", old.id)?;
        }
        let sizes = "SELECT id FROM dish_variations WHERE dish_id = ?1 AND deleted_at IS NULL";
        let sizes = tx
            .prepare_cached(sizes)?
            .query_map([dish_id], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        sizes.into_iter().try_for_each(|size| ensure_by_piece(tx, size))?;
        one(tx, dish_id)
    }
}

fn write_part(
    tx: &Tx<'_>,
    dish_id: i64,
    (place, part): (usize, ComboPartUpdate),
    old: Option<&ComboPart>,
) -> Result<i64> {
    let field = format!("parts[{place}].choices");
    if !(1..=MOST_CHOICES).contains(&part.choices.len()) {
        return Err(Error::invalid(field, format!("must hold 1 to {MOST_CHOICES}")));
    }
    if part.choices.iter().filter(|choice| choice.is_default).count() > 1 {
        return Err(Error::invalid(
            field,
            "must have at most one that is meant where none is named",
        ));
    }
    let columns = Columns::default()
        .set("dish_id", dish_id)
        .set("name", part.name)
        .set("translations", part.translations)
        .set("sort_order", i64::try_from(place).unwrap_or_default());
    let id = write(tx, "combo_parts", &columns, old.map(|old| old.id))?;
    let mut kept = BTreeSet::new();
    let standing = old.map(|old| old.choices.as_slice()).unwrap_or_default();
    for (at, choice) in part.choices.into_iter().enumerate() {
        let known = choice.id.map(Id::get);
        if known.is_some_and(|known| standing.iter().all(|old| old.id != known)) {
            return Err(Error::invalid(format!("{field}[{at}].id"), "is no choice of this part"));
        }
        if !kept.insert(write_choice(tx, (dish_id, id), (at, &choice), &field)?) {
            return Err(Error::invalid(field, "must name each one once"));
        }
    }
    for old in standing.iter().filter(|old| !kept.contains(&old.id)) {
        hide(tx, "combo_choices", old.id)?;
    }
    Ok(id)
}

fn write_choice(
    tx: &Tx<'_>,
    (combo, part_id): (i64, i64),
    (at, choice): (usize, &ComboPartChoiceUpdate),
    field: &str,
) -> Result<i64> {
    let most = Money::max_price();
    if choice.surcharge < Money::ZERO || choice.surcharge > most {
        let why = format!("must be 0 to {most}");
        return Err(Error::invalid(format!("{field}[{at}].surcharge"), why));
    }
    let variation = choice.dish_variation_id.get();
    let found = tx
        .prepare_cached(
            "SELECT v.dish_id, v.unit FROM dish_variations v JOIN dishes d ON d.id = v.dish_id
             WHERE v.id = ?1 AND v.deleted_at IS NULL AND d.deleted_at IS NULL",
        )?
        .query_row([variation], |row| Ok((row.get::<_, i64>(0)?, unit(row, 1)?)))
        .optional()?;
    let (dish, unit) = found.ok_or_else(|| Error::not_found("variation", variation))?;
    if !unit.is_piece() {
        let why = "must be sold by the piece: nobody knows beforehand what the rest will weigh";
        return Err(Error::invalid(format!("{field}[{at}].dish_variation_id"), why));
    }
    if dish == combo || !of_dish(tx, dish)?.is_empty() {
        return Err(within("A combo is no part of a combo. Name the dishes themselves."));
    }
    let columns = Columns::default()
        .set("part_id", part_id)
        .set("dish_variation_id", variation)
        .set("surcharge", choice.surcharge)
        .set("is_default", choice.is_default)
        .set("sort_order", i64::try_from(at).unwrap_or_default());
    write(tx, "combo_choices", &columns, choice.id.map(Id::get))
}

fn write(tx: &Tx<'_>, table: &str, columns: &Columns, id: Option<i64>) -> Result<i64> {
    let Some(id) = id else { return Ok(columns.insert(tx, table)?) };
    columns.update(tx, table, id)?;
    Ok(id)
}

fn hide(tx: &Tx<'_>, table: &str, id: i64) -> Result<()> {
    Ok(Columns::default().set("deleted_at", tx.now().0).update(tx, table, id)?)
}

/// Whether a combo has this dish as a choice.
fn is_chosen(tx: &Tx<'_>, dish_id: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM dish_variations v
               JOIN combo_choices c ON c.dish_variation_id = v.id AND c.deleted_at IS NULL
               JOIN combo_parts p ON p.id = c.part_id AND p.deleted_at IS NULL
               WHERE v.dish_id = ?1 AND v.deleted_at IS NULL";
    Ok(tx.prepare_cached(sql)?.exists([dish_id])?)
}

fn within(detail: &str) -> Error {
    Error::rule("combo_within_combo", detail)
}

/// Makes a combo a dish like others.
pub struct DeleteCombo {
    pub dish_id: i64,
    pub by: i64,
}

impl Command for DeleteCombo {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        one(tx, self.dish_id)?;
        tx.prepare_cached(
            "UPDATE combo_parts SET deleted_at = ?2, updated_at = ?2
             WHERE dish_id = ?1 AND deleted_at IS NULL",
        )?
        .execute(params![self.dish_id, tx.now().0])?;
        tell(tx, self.by, MenuPart::Dish, Some(self.dish_id))
    }
}
