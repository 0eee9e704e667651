//! Combos of an order: lines that are ordered, moved, split off, taken off and given back together.

use rusqlite::params;

use super::choices::choose;
use super::line::{Line, Part, Wanted, WrongLine};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Comment;
use crate::core::kernel::{Money, Quantity};
use crate::core::store::Tx;
use crate::features::checks::By;
use crate::features::menu::{self, Chosen, Combo, Reason, Sellable, Wrong};
use crate::features::orders::states::ItemStatus;
use crate::features::orders::types::{LineCombo, OrderItem, OrderWithDetails};

/// A part as it is chosen: the dish, what is chosen with it, what it adds to the price, and the wish.
struct ChosenPart {
    dish: Sellable,
    chosen: Chosen,
    surcharge: Money,
    comment: Option<Comment>,
}

impl ChosenPart {
    /// What it costs at a share of the combo's price.
    fn costs(&self, share: Money) -> Money {
        share + self.surcharge + self.chosen.adds
    }
}

/// The lines of a combo, each at its share of the price; or all that does not hold.
pub(super) fn lines(
    tx: &Tx<'_>,
    wanted: &Wanted<'_>,
    dish: &Sellable,
    combo: &Combo,
) -> Result<Result<Vec<Line>, Vec<WrongLine>>> {
    let at = wanted.at;
    let parts = match parts(tx, wanted, dish, combo)? {
        Ok(parts) => parts,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let about = |reason, price| {
        let wrong = Wrong { price, ..about(reason, &dish.dish_name) };
        Ok(Err(vec![(at, dish.dish_name.clone(), vec![wrong])]))
    };
    let whole = dish.price + parts.iter().map(|part| part.costs(Money::ZERO)).sum::<Money>();
    if wanted.item.shown_price.is_some_and(|shown| shown != whole) {
        return about(Reason::PriceChanged, Some(whole));
    }
    let alone: Vec<Money> = parts.iter().map(|part| part.dish.price).collect();
    let shares = menu::shares(dish.price, &alone).unwrap_or_default();
    let costs = || parts.iter().zip(&shares).map(|(part, share)| part.costs(*share));
    if costs().count() < parts.len() || costs().any(|cost| cost < Money::ZERO) {
        return about(Reason::Price, None);
    }
    // Where a list says the price of the combo, each part has its share of the menu's own too.
    let own = dish.list.and_then(|(id, own)| Some((id, menu::shares(own, &alone)?)));
    let lines = parts.into_iter().zip(shares).enumerate().map(|(place, (part, share))| {
        let combo = Part { at, dish_id: dish.dish_id, name: dish.dish_name.clone() };
        let own = own.as_ref().and_then(|(id, own)| Some((*id, *own.get(place)?)));
        let list = own.map(|(id, own)| (id, own + part.surcharge));
        let (price, course) = (share + part.surcharge, part.dish.course.or(dish.course));
        let priced = Sellable { price, list, course, ..part.dish };
        wanted.of(priced, part.chosen, part.comment.as_ref(), Some(combo))
    });
    Ok(Ok(lines.collect()))
}

/// What is said where parts are named of a dish that is no combo, or none any more.
pub(super) fn dissolved(at: usize, dish: &Sellable) -> WrongLine {
    (at, dish.dish_name.clone(), vec![about(Reason::Gone, "")])
}

/// What is chosen of each part.
fn parts(
    tx: &Tx<'_>,
    Wanted { at, item, .. }: &Wanted<'_>,
    dish: &Sellable,
    combo: &Combo,
) -> Result<Result<Vec<ChosenPart>, Vec<WrongLine>>> {
    let of_combo = |wrong| Ok(Err(vec![(*at, dish.dish_name.clone(), wrong)]));
    if item.modifiers.as_ref().is_some_and(|modifiers| !modifiers.is_empty()) {
        return of_combo(vec![about(Reason::NotAsked, &dish.dish_name)]);
    }
    if dish.measure.is_some() {
        return of_combo(vec![about(Reason::Weighed, &dish.dish_name)]);
    }
    let picks = match menu::pick(combo, item.combo.as_deref()) {
        Ok(picks) => picks,
        Err(all) => return of_combo(all),
    };
    let (mut parts, mut wrong) = (Vec::with_capacity(picks.len()), Vec::new());
    for (choice, asked) in picks {
        let Some(part) = there(tx, choice.dish_id, choice.variation_id)? else {
            let name = dish.dish_name.clone();
            wrong.push((*at, name, vec![about(Reason::SoldOut, &choice.name)]));
            continue;
        };
        let modifiers = asked.and_then(|asked| asked.modifiers.as_deref());
        let comment = asked.and_then(|asked| asked.comment.as_ref()).or(item.comment.as_ref());
        let (surcharge, comment) = (choice.surcharge, comment.cloned());
        match choose(tx, &part, modifiers, None)? {
            Ok(chosen) => parts.push(ChosenPart { dish: part, chosen, surcharge, comment }),
            Err(all) => wrong.push((*at, part.dish_name, all)),
        }
    }
    Ok(if wrong.is_empty() { Ok(parts) } else { Err(wrong) })
}

fn about(reason: Reason, name: &str) -> Wrong {
    let name = name.to_owned();
    Wrong { reason, option_id: None, group_id: None, name, limit: None, price: None }
}

/// A dish as it can be sold by the piece; none where it is not on sale.
fn there(tx: &Tx<'_>, dish_id: i64, variation_id: i64) -> Result<Option<Sellable>> {
    match menu::sellable(tx, dish_id, Some(variation_id)) {
        Ok(part) => Ok(Some(part).filter(|part| part.measure.is_none())),
        Err(error) if error.status() < 500 => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes of which combo a new line is a part. `first` is the combo before: where it stands in the
/// request, and its first line.
pub(super) fn mark(
    tx: &Tx<'_>,
    line: i64,
    part: Part,
    first: &mut Option<(usize, i64)>,
) -> Result<LineCombo> {
    let id = match *first {
        Some((at, id)) if at == part.at => id,
        _ => line,
    };
    *first = Some((part.at, id));
    let combo = LineCombo { id, dish_id: part.dish_id, name: part.name };
    write(tx, line, &combo)?;
    Ok(combo)
}

/// Makes lines that were parted from others a combo of their own.
pub(super) fn parted(tx: &Tx<'_>, lines: &[(i64, LineCombo)]) -> Result<()> {
    for (line, combo) in lines {
        let first = lines.iter().find(|(_, other)| other.id == combo.id);
        let id = first.map_or(*line, |(first, _)| *first);
        write(tx, *line, &LineCombo { id, ..combo.clone() })?;
    }
    Ok(())
}

fn write(tx: &Tx<'_>, line: i64, combo: &LineCombo) -> Result<()> {
    tx.prepare_cached(
        "UPDATE order_items SET combo_id = ?2, combo_dish_id = ?3, combo_name = ?4 WHERE id = ?1",
    )?
    .execute(params![line, combo.id, combo.dish_id, combo.name])?;
    Ok(())
}

/// A line with the others of its combo that are not taken off.
pub(super) fn all_of<'a>(order: &'a OrderWithDetails, item: &'a OrderItem) -> Vec<&'a OrderItem> {
    let Some(combo) = &item.combo else { return vec![item] };
    let is_of_it = |other: &&OrderItem| other.combo.as_ref().is_some_and(|its| its.id == combo.id);
    let live = order.items.iter().filter(|other| other.status != ItemStatus::Cancelled);
    live.filter(is_of_it).collect()
}

/// So much of some lines, with as much of the other lines of their combos that are there. Thirds are
/// no whole thousandths: where all that is there of a line is named, all of the others goes along.
///
/// # Errors
/// 409 `combo_stays_whole` where other quantities of these are named.
pub(super) fn together(
    order: &OrderWithDetails,
    there: &[(i64, Quantity)],
    named: &[(i64, Quantity)],
) -> Result<Vec<(i64, Quantity)>> {
    let has = |id: i64| there.iter().find(|(known, _)| *known == id).map(|(_, has)| *has);
    let mut all = named.to_vec();
    for (id, quantity) in named {
        let Some(item) = order.items.iter().find(|item| item.id == *id) else { continue };
        let is_all = has(*id) == Some(*quantity);
        for other in all_of(order, item).into_iter().filter(|other| other.id != *id) {
            let Some(has) = has(other.id) else { continue };
            let goes = if is_all { has } else { *quantity };
            match all.iter().find(|(known, _)| *known == other.id) {
                Some((_, same)) if same == quantity || *same == goes => {}
                Some(_) => return Err(apart(item)),
                None => all.push((other.id, goes)),
            }
        }
    }
    Ok(all)
}

/// The same of a split of what a check holds.
pub(super) fn split_together(
    order: &OrderWithDetails,
    there: &[(i64, Quantity)],
    how: By,
) -> Result<By> {
    let By::Lines(lists) = how else { return Ok(how) };
    let lists = lists.iter().map(|list| together(order, there, list));
    Ok(By::Lines(lists.collect::<Result<_>>()?))
}

/// Whether all of a combo is named, and as much of each of its lines.
///
/// # Errors
/// 409 `combo_stays_whole` where not.
pub(super) fn check_whole(
    order: &OrderWithDetails,
    there: &[(i64, Quantity)],
    named: &[(i64, Quantity)],
) -> Result<()> {
    let all = together(order, there, named)?;
    let Some((added, _)) = all.get(named.len()) else { return Ok(()) };
    let item = order.items.iter().find(|item| item.id == *added);
    item.map_or(Ok(()), |item| Err(apart(item)))
}

/// Whether a line may be changed by itself.
///
/// # Errors
/// 409 `combo_stays_whole` where it is a part of a combo.
pub(super) fn check_alone(item: &OrderItem) -> Result<()> {
    if item.combo.is_some() { Err(apart(item)) } else { Ok(()) }
}

fn apart(item: &OrderItem) -> Error {
    let (dish, combo) = (&item.dish_name, item.combo.as_ref());
    let combo = combo.map(|combo| combo.name.as_str()).unwrap_or_default();
    let detail = format!(
        "“{dish}” is a part of “{combo}”, which has one price: name all of it, and as much of each part."
    );
    Error::conflict("combo_stays_whole", detail).with("dish", dish.as_str()).with("combo", combo)
}
