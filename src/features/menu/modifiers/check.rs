//! What does not hold of the choices of an order, said to people and to screens.

use serde_json::{Value, json};

use super::rules::{Reason, Wrong};
use crate::core::error::{Error, FieldError};

/// All that does not hold of some lines: which line, its dish, and what of it. A client that knew an
/// older menu hears 409 and can ask anew; one that did not follow the rules hears 422.
pub fn wrong(lines: &[(usize, String, Vec<Wrong>)]) -> Error {
    let told: Vec<Value> = lines
        .iter()
        .map(|(at, dish, wrong)| {
            let wrong: Vec<Value> = wrong.iter().map(told).collect();
            json!({"line": at, "dish": dish, "wrong": wrong})
        })
        .collect();
    let all = || lines.iter().flat_map(|(_, dish, wrong)| wrong.iter().map(move |one| (dish, one)));
    let error = if all().all(|(_, one)| one.reason.is_stale()) {
        let first = all().next().map(|(dish, one)| sentence(dish, one)).unwrap_or_default();
        Error::conflict("choices_changed", format!("{first} Look at the menu again."))
    } else {
        let field = |(at, dish, wrong): &(usize, String, Vec<Wrong>)| FieldError {
            field: format!("items[{at}].modifiers"),
            message: wrong.iter().map(|one| message(dish, one)).collect::<Vec<_>>().join("; "),
        };
        Error::invalid_fields(lines.iter().map(field).collect())
    };
    error.with("lines", told)
}

fn told(wrong: &Wrong) -> Value {
    json!({
        "reason": wrong.reason.as_str(),
        "option_id": wrong.option_id,
        "group_id": wrong.group_id,
        "name": wrong.name,
        "limit": wrong.limit,
        "price": wrong.price,
    })
}

/// What happened to a choice that was right before.
fn sentence(dish: &str, wrong: &Wrong) -> String {
    let name = &wrong.name;
    match (wrong.reason, wrong.price) {
        (Reason::SoldOut, _) => format!("“{dish}”: “{name}” is sold out."),
        (Reason::PriceChanged, Some(price)) => format!("“{dish}”: “{name}” costs {price} now."),
        _ if name.is_empty() => format!("“{dish}”: a choice is not on the menu any more."),
        _ => format!("“{dish}”: “{name}” cannot be chosen any more."),
    }
}

/// What is wrong with a choice, as the end of a sentence about the field.
fn message(dish: &str, wrong: &Wrong) -> String {
    let (name, limit) = (&wrong.name, wrong.limit.unwrap_or_default());
    match wrong.reason {
        Reason::TooFew => format!("needs {limit} of “{name}” for “{dish}”"),
        Reason::TooMany if name.is_empty() => format!("takes at most {limit} choices"),
        Reason::TooMany => format!("takes at most {limit} of “{name}” for “{dish}”"),
        Reason::TooOften => format!("takes “{name}” at most {limit} times"),
        Reason::Twice => format!("names “{name}” twice: say how many instead"),
        Reason::Prefix => format!("cannot have that said before “{name}”"),
        Reason::Halves => format!("cannot have “{name}” on a half: “{dish}” has no halves there"),
        Reason::NotAsked => format!("names “{name}”, for which nothing that is chosen asks"),
        Reason::Price => format!("would make “{dish}” cost less than nothing, or too much"),
        Reason::Weighed => format!("costs something, and “{dish}” is sold by weight"),
        Reason::Gone | Reason::SoldOut | Reason::PriceChanged => sentence(dish, wrong),
    }
}
