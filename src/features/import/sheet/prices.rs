//! Price lists in a sheet: a line for each price; what is said of a list stands on the first of its lines.

use super::cells::{number, text, yes};
use super::heads;
use super::line::Line;
use super::lines::{Reading, fill, int};
use crate::core::error::Result;
use crate::core::kernel::fields::Name;
use crate::core::kernel::{Int, Money};
use crate::features::import::content::Content;
use crate::features::import::offers::{ListedPrice, PriceList};
use crate::features::prices::{Channel, PercentChange};
use crate::platform::sheets::Cell;

#[expect(clippy::unnecessary_wraps, reason = "of one type with the reader of dishes")]
pub(super) fn read(reading: &mut Reading, line: &Line<'_>) -> Result<Option<String>> {
    let Some(name) = line.needed("price_list", Name::new) else { return Ok(None) };
    let lists = &mut reading.content.price_lists;
    let l = *reading.price_lists.entry(name).or_insert_with_key(|name| {
        lists.push(new_list(name.clone()));
        lists.len() - 1
    });
    let list = &mut lists[l];
    fill(&mut list.period, line.maybe("period", Name::new));
    fill(&mut list.location, line.maybe("location", Name::new));
    fill(&mut list.channel, line.maybe("channel", heads::channel));
    fill(&mut list.round_to, line.maybe("round_to", Money::parse_written));
    fill(&mut list.priority, line.maybe("priority", int));
    fill(&mut list.is_active, line.maybe("is_active", heads::yes_or_no));
    list.prices.push(ListedPrice {
        category: line.maybe("category", Name::new),
        dish: line.maybe("dish", Name::new),
        dish_number: line.maybe("dish_number", int),
        variation: line.maybe("variation", Name::new),
        variation_number: line.maybe("variation_number", int),
        price: line.maybe("price", Money::parse_written),
        percent: line.maybe("percent", percent),
        minus: line.maybe("minus", Money::parse_written),
    });
    Ok(Some(format!("price_lists[{l}].prices[{}]", list.prices.len() - 1)))
}

fn new_list(name: Name) -> PriceList {
    PriceList {
        name,
        period: None,
        location: None,
        channel: None,
        round_to: None,
        priority: None,
        is_active: None,
        prices: Vec::new(),
    }
}

/// `-20`, `−20 %`, `7,5`.
fn percent(text: &str) -> std::result::Result<PercentChange, String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '%').collect();
    PercentChange::parse(&plain.replace('−', "-").replace(',', "."))
}

pub(super) fn rows(content: &Content) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for list in &content.price_lists {
        for (at, price) in list.prices.iter().enumerate() {
            let of_list = |cell: Cell| if at == 0 { cell } else { Cell::Text(String::new()) };
            rows.push(vec![
                text(Some(&list.name)),
                of_list(text(list.period.as_ref())),
                of_list(text(list.location.as_ref())),
                of_list(text(list.channel.map(word))),
                of_list(number(list.round_to)),
                of_list(number(list.priority.map(Int::get))),
                of_list(yes(list.is_active)),
                text(price.category.as_ref()),
                text(price.dish.as_ref()),
                text(price.variation.as_ref()),
                number(price.price),
                number(price.percent),
                number(price.minus),
                number(price.dish_number.map(Int::get)),
                number(price.variation_number.map(Int::get)),
            ]);
        }
    }
    rows
}

fn word(channel: Channel) -> &'static str {
    match channel {
        Channel::DineIn => "dine in",
        Channel::Takeaway => "takeaway",
        Channel::Delivery => "delivery",
    }
}
