//! Combos in a sheet: a line for each thing that can be chosen.

use super::cells::{number, text, yes};
use super::heads;
use super::line::Line;
use super::lines::{Reading, int};
use crate::core::error::Result;
use crate::core::kernel::fields::Name;
use crate::core::kernel::{Int, Money};
use crate::features::import::content::Content;
use crate::features::import::offers::{Combo, ComboChoice, ComboPart};
use crate::platform::sheets::Cell;

#[expect(clippy::unnecessary_wraps, reason = "of one type with the reader of dishes")]
pub(super) fn read(reading: &mut Reading, line: &Line<'_>) -> Result<Option<String>> {
    let (combo, part) = (line.needed("combo", Name::new), line.needed("part", Name::new));
    let dish = line.needed("dish", Name::new);
    let (Some(combo), Some(part), Some(dish)) = (combo, part, dish) else { return Ok(None) };
    let combos = &mut reading.content.combos;
    let category = line.maybe("combo_category", Name::new);
    let number = line.maybe("combo_number", int);
    let of = (combo, category, number.map(Int::get));
    let c = *reading.combos.entry(of).or_insert_with_key(|(name, category, _)| {
        let (dish, category) = (name.clone(), category.clone());
        combos.push(Combo { dish, dish_number: number, category, parts: Vec::new() });
        combos.len() - 1
    });
    let parts = &mut combos[c].parts;
    let number = line.maybe("part_number", int::<1, 100>).map(Int::get);
    let p = *reading.combo_parts.entry((c, part, number)).or_insert_with_key(|(_, name, _)| {
        parts.push(ComboPart { name: name.clone(), translations: None, choices: Vec::new() });
        parts.len() - 1
    });
    let choices = &mut parts[p].choices;
    choices.push(ComboChoice {
        dish,
        category: line.maybe("category", Name::new),
        dish_number: line.maybe("dish_number", int),
        variation: line.maybe("variation", Name::new),
        variation_number: line.maybe("variation_number", int),
        surcharge: line.maybe("surcharge", Money::parse_written).unwrap_or_default(),
        is_default: line.maybe("is_default", heads::yes_or_no).unwrap_or_default(),
    });
    Ok(Some(format!("combos[{c}].parts[{p}].choices[{}]", choices.len() - 1)))
}

pub(super) fn rows(content: &Content) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for combo in &content.combos {
        let category = combo.category.as_ref().filter(|_| !is_told_by_name(content, &combo.dish));
        for (part, place) in combo.parts.iter().zip(1_i64..) {
            let is_alone = combo.parts.iter().filter(|other| other.name == part.name).count() == 1;
            let part_number = (!is_alone).then_some(place);
            rows.extend(part.choices.iter().map(|choice| {
                vec![
                    text(Some(&combo.dish)),
                    text(Some(&part.name)),
                    text(choice.category.as_ref()),
                    text(Some(&choice.dish)),
                    text(choice.variation.as_ref()),
                    number(Some(choice.surcharge)),
                    yes(Some(choice.is_default)),
                    number(part_number),
                    text(category),
                    number(combo.dish_number.map(Int::get)),
                    number(choice.dish_number.map(Int::get)),
                    number(choice.variation_number.map(Int::get)),
                ]
            }));
        }
    }
    rows
}

/// Whether no more than one dish of the menu has a name.
fn is_told_by_name(content: &Content, name: &Name) -> bool {
    let dishes = content.categories.iter().flat_map(|category| &category.dishes);
    dishes.filter(|dish| dish.name == *name).take(2).count() < 2
}
