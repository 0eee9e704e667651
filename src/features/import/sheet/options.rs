//! Options in a sheet: a line each; what is said of a group stands on the first of its lines.

use super::called::Called;
use super::cells::{list, number, text, yes};
use super::heads;
use super::line::Line;
use super::lines::{Reading, fill, int, note_allergens, weight};
use crate::core::error::Result;
use crate::core::kernel::fields::{Name, Weight};
use crate::core::kernel::{Int, Money, Text, numerals};
use crate::features::import::content::Content;
use crate::features::import::offers::{ModifierGroup, ModifierOption};
use crate::features::menu::Prefix;
use crate::platform::sheets::Cell;

#[expect(clippy::unnecessary_wraps, reason = "of one type with the reader of dishes")]
pub(super) fn read(reading: &mut Reading, line: &Line<'_>) -> Result<Option<String>> {
    let (group, option) = (line.needed("group", Name::new), line.needed("option", Name::new));
    let (Some(group), Some(option)) = (group, option) else { return Ok(None) };
    let groups = &mut reading.content.modifier_groups;
    let number = line.maybe("group_number", int);
    let g = *reading.groups.entry((group, number.map(Int::get))).or_insert_with_key(|(name, _)| {
        groups.push(ModifierGroup { number, ..new_group(name.clone()) });
        groups.len() - 1
    });
    let group = &mut groups[g];
    read_group(group, line);
    let allergens = line.has_column("allergens").then(|| line.list("allergens", Name::new));
    note_allergens(&mut reading.allergens, &mut reading.content.ingredients, allergens.as_deref());
    group.options.push(ModifierOption {
        name: option,
        number: line.maybe("option_number", int),
        external_id: line.maybe("external_id", Text::new),
        translations: None,
        kitchen_name: line.maybe("kitchen_name", Text::new),
        image_url: None,
        price: line.maybe("price", signed),
        is_default: line.maybe("is_default", heads::yes_or_no),
        max_quantity: line.maybe("max_quantity", int),
        is_available: None,
        weight: line.maybe("weight", weight),
        calories: line.maybe("calories", int),
        nested_group: line.maybe("nested_group", Text::new),
        nested_group_number: line.maybe("nested_group_number", int),
        sort_order: None,
        ingredients: None,
        allergens,
    });
    Ok(Some(format!("modifier_groups[{g}].options[{}]", group.options.len() - 1)))
}

fn new_group(name: Name) -> ModifierGroup {
    ModifierGroup {
        name,
        number: None,
        external_id: None,
        translations: None,
        min: None,
        max: None,
        free: None,
        halves: None,
        prefixes: None,
        sort_order: None,
        options: Vec::new(),
        dishes: None,
    }
}

fn read_group(group: &mut ModifierGroup, line: &Line<'_>) {
    fill(&mut group.min, line.maybe("min", int));
    fill(&mut group.max, line.maybe("max", int));
    fill(&mut group.free, line.maybe("free", int));
    fill(&mut group.halves, line.maybe("halves", heads::halves));
    if line.cell("prefixes").is_some() {
        fill(&mut group.prefixes, Some(line.list("prefixes", heads::prefix)));
    }
    if line.has_column("dishes") {
        // A dish's name may have a comma in it.
        let names = line.parted("dishes", &[';'], Text::new);
        group.dishes.get_or_insert_default().extend(names);
    }
}

/// What an option adds, or takes off.
fn signed(text: &str) -> std::result::Result<Money, String> {
    match text.strip_prefix(['-', '−']) {
        Some(rest) => Ok(Money(-Money::parse_written(rest.trim())?.0)),
        None => Money::parse_written(text.strip_prefix('+').unwrap_or(text).trim()),
    }
}

pub(super) fn rows(content: &Content) -> Vec<Vec<Cell>> {
    let (mut rows, called) = (Vec::new(), Called::of(content));
    for group in &content.modifier_groups {
        for (at, option) in group.options.iter().enumerate() {
            rows.push(row((content, &called), group, option, at == 0));
        }
    }
    rows
}

fn row(
    (content, called): (&Content, &Called<'_>),
    group: &ModifierGroup,
    option: &ModifierOption,
    is_first: bool,
) -> Vec<Cell> {
    let of_group = |cell: Cell| if is_first { cell } else { Cell::Text(String::new()) };
    let prefixes = group.prefixes.iter().flatten().map(|prefix| match prefix {
        Prefix::No => "no",
        Prefix::Extra => "extra",
        Prefix::OnTheSide => "on the side",
    });
    let is_allergen = |name: &&Name| {
        content.ingredients.iter().any(|one| one.is_allergen == Some(true) && one.name == **name)
    };
    let allergens = option.ingredients.iter().flatten().filter(is_allergen);
    let (nested, nested_number) = called.nested(option);
    let dishes = if is_first { called.asking(group) } else { Vec::new() };
    vec![
        text(Some(&group.name)),
        text(Some(&option.name)),
        number(option.price),
        yes(option.is_default),
        of_group(number(group.min.map(Int::get))),
        of_group(number(group.max.map(Int::get))),
        of_group(number(group.free.map(Int::get))),
        of_group(text(group.halves.map(|told| format!("{told:?}").to_lowercase()))),
        of_group(text(Some(prefixes.collect::<Vec<_>>().join("; ")))),
        text(option.kitchen_name.as_ref()),
        number(option.max_quantity.map(Int::get)),
        number(option.weight.map(|weight: Weight| numerals::for_sheet(weight.get()))),
        number(option.calories.map(Int::get)),
        list(allergens.map(|name| &**name)),
        text(nested),
        text(option.external_id.as_ref()),
        list(dishes.iter().map(String::as_str)),
        number(group.number.map(Int::get)),
        number(option.number.map(Int::get)),
        number(nested_number),
    ]
}
