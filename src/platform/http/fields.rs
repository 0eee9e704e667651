//! Every wrong field of a body, not only the first: a form is mended in one go.
//!
//! Serde stops at the first field that does not fit. So that field is noted, something that fits
//! is put in its place, and the body is read again. Only a body that was refused comes here.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use serde_path_to_error::{Path, Segment};

use super::words::plain;
use crate::core::error::FieldError;

/// How many wrong fields are told at once: bounds the work for a bad body.
const MOST: usize = 10;

/// How many values are tried in a wrong field's place.
const TRIES: usize = 12;

/// Whether a body fits a type, and if not, the first field that does not.
pub type Fits = fn(&Value) -> Result<(), Wrong>;

/// A field that does not fit: what is told of it, where it stands, and a word it would take.
pub struct Wrong {
    told: FieldError,
    place: String,
    known_word: Option<String>,
}

/// [`Fits`] of a `T`.
pub fn fits<T: DeserializeOwned>(body: &Value) -> Result<(), Wrong> {
    serde_path_to_error::deserialize::<_, T>(body)
        .map(drop)
        .map_err(|error| Wrong::at(error.path(), &error.inner().to_string()))
}

/// The wrong fields of a body that does not fit, in no particular order.
pub fn wrong_fields(mut body: Value, fits: Fits) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    while let Err(first) = fits(&body) {
        let next = mended(&body, &first, fits);
        wrong.push(first.told);
        match next {
            Some(next) if wrong.len() < MOST => body = next,
            _ => break,
        }
    }
    wrong
}

impl Wrong {
    fn at(path: &Path, message: &str) -> Self {
        let known_word = message
            .split_once("expected one of `")
            .or_else(|| message.split_once("expected `"))
            .and_then(|(_, words)| Some(words.split_once('`')?.0.to_owned()));
        let (place, message) = place_and_message(path, message);
        let field = place.trim_start_matches('/').replace('/', ".");
        Self { told: FieldError { field: shown(&field), message }, place, known_word }
    }
}

/// A missing field is named as the field, not as what it is missing in.
fn place_and_message(path: &Path, message: &str) -> (String, String) {
    let parent: String = path
        .iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{key}"),
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        })
        .collect();
    match message.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
        Some((name, _)) if parent.ends_with(&format!("/{name}")) => (parent, "is missing".into()),
        Some((name, _)) => (format!("{parent}/{name}"), "is missing".into()),
        None => (parent, plain(message)),
    }
}

/// `items.0.quantity` as people write it: `items[0].quantity`.
fn shown(field: &str) -> String {
    let mut shown = String::new();
    for part in field.split('.').filter(|part| !part.is_empty()) {
        if part.bytes().all(|b| b.is_ascii_digit()) {
            shown.push_str(&format!("[{part}]"));
        } else {
            shown.push_str(if shown.is_empty() { "" } else { "." });
            shown.push_str(part);
        }
    }
    shown
}

/// The body with something in the wrong field's place that fits there; nothing when all that is
/// tried is wrong too.
fn mended(body: &Value, wrong: &Wrong, fits: Fits) -> Option<Value> {
    let mut fillers = vec![
        json!({}),
        json!([]),
        json!(true),
        json!("1234"),
        json!(1),
        json!("a long enough text"),
        Value::Null,
    ];
    fillers.extend(wrong.known_word.iter().map(|word| json!(word)));
    for _ in 0..TRIES {
        let filler = fillers.pop()?;
        let next = with(body, &wrong.place, filler.clone())?;
        match fits(&next) {
            Err(now) if now.place.starts_with(&wrong.place) => {
                // A missing word is only told once there is a wrong one.
                let word = now.known_word.map(Value::from).filter(|word| *word != filler);
                fillers.extend(word);
            }
            _ => return Some(next),
        }
    }
    None
}

/// The body with a value at a place.
fn with(body: &Value, place: &str, value: Value) -> Option<Value> {
    let (parent, name) = place.rsplit_once('/')?;
    let mut next = body.clone();
    match next.pointer_mut(parent)? {
        Value::Object(fields) => drop(fields.insert(name.to_owned(), value)),
        Value::Array(list) => *list.get_mut(name.parse::<usize>().ok()?)? = value,
        _ => return None,
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::kernel::Int;
    use crate::core::kernel::fields::Name;
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Role {
        Admin,
        Waiter,
    }
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only parsed")]
    struct Line {
        quantity: Int<1, 50>,
        price: crate::core::kernel::money::Price,
    }
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only parsed")]
    struct Sample {
        name: Name,
        role: Role,
        note: Option<Name>,
        lines: Vec<Line>,
    }

    fn wrong(body: Value) -> Vec<String> {
        let mut wrong: Vec<_> =
            wrong_fields(body, fits::<Sample>).into_iter().map(|error| error.field).collect();
        wrong.sort_unstable();
        wrong
    }

    #[test]
    fn every_wrong_field_is_told() {
        let good = json!({"name": "a", "role": "admin", "lines": []});
        assert!(wrong(good).is_empty());
        let body = json!({"name": " ", "role": "king", "note": 7,
            "lines": [{"quantity": 0, "price": "x"}, {"quantity": 1}]});
        let all = ["lines[0].price", "lines[0].quantity", "lines[1].price", "name", "note", "role"];
        assert_eq!(wrong(body), all);
        assert_eq!(wrong(json!({})), ["lines", "name", "role"]);
        assert_eq!(wrong(json!(7)), [""]);
    }

    #[test]
    fn a_bad_body_costs_a_bounded_amount() {
        let lines = vec![json!({"quantity": 0, "price": 0}); 500];
        let body = json!({"name": "a", "role": "admin", "lines": lines});
        assert_eq!(wrong(body).len(), MOST);
    }
}
