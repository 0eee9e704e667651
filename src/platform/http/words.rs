//! Serde's words about a wrong value, made plain: people read them.

/// “must be a whole number, not 1.5” instead of “invalid type: floating point `1.5`, expected i64”.
pub fn plain(message: &str) -> String {
    if let Some((got, wanted)) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.split_once(", expected "))
    {
        return match (got.strip_prefix("integer "), integer(wanted)) {
            // A whole number, but none of those that fit.
            (Some(got), Some(_)) if !got.contains('-') => "is too large a number".into(),
            (Some(_), Some(Sign::Any)) => "is too small a number".into(),
            (Some(got), Some(Sign::None)) => {
                format!("must be 0 or more, not {}", got.replace('`', ""))
            }
            _ => format!("must be {}, not {}", kind(wanted), value(got)),
        };
    }
    if let Some((got, known)) =
        message.strip_prefix("unknown variant `").and_then(|rest| rest.split_once("`, expected "))
    {
        let known = known.trim_start_matches("one of ").replace('`', "");
        return format!("must be one of {known}; “{got}” is not known");
    }
    if message.starts_with("invalid length ") {
        let is_object = message.contains("expected struct ");
        return if is_object { "must be an object" } else { "has not so many values" }.into();
    }
    if message.starts_with("duplicate field ") {
        return "stands here twice".into();
    }
    if message.starts_with("data did not match any variant") {
        return "is none of the forms that are known here".into();
    }
    match message {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            "must be a whole number".into()
        }
        "invalid float literal" | "cannot parse float from empty string" => {
            "must be a number".into()
        }
        "number too large to fit in target type" => "is too large a number".into(),
        "number too small to fit in target type" => "is too small a number".into(),
        "number would be zero for non-zero type" => "must not be 0".into(),
        "provided string was not `true` or `false`" => "must be true or false".into(),
        other => other.to_owned(),
    }
}

/// Whether an integer may be below 0.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Any,
    None,
}

/// Of every kind of integer that Rust has: what its name says of it.
fn integer(wanted: &str) -> Option<Sign> {
    let name = wanted.trim_start_matches("a nonzero ");
    let (sign, size) = match name.split_at_checked(1)? {
        ("i", size) => (Sign::Any, size),
        ("u", size) => (Sign::None, size),
        _ => return None,
    };
    matches!(size, "8" | "16" | "32" | "64" | "128" | "size").then_some(sign)
}

fn kind(wanted: &str) -> &str {
    if integer(wanted).is_some() {
        return "a whole number";
    }
    match wanted {
        "f64" | "f32" => "a number",
        "a string" | "a borrowed string" | "string" | "a character" | "string or map"
        | "variant identifier" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        "unit" => "nothing",
        other if other.starts_with("enum ") => "a text",
        other if other.starts_with("struct ") => "an object",
        other if other.starts_with("a tuple") || other.starts_with("an array") => "a list",
        other => other,
    }
}

/// The value alone: “integer `7`” is 7, “string \"a\"” is "a".
fn value(got: &str) -> String {
    for name in ["integer ", "floating point ", "boolean ", "string "] {
        if let Some(value) = got.strip_prefix(name) {
            return value.replace('`', "");
        }
    }
    match got {
        "map" => "an object".into(),
        "sequence" => "a list".into(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_can_read_it() {
        for (serde, says) in [
            ("invalid type: floating point `1.5`, expected i64", "must be a whole number, not 1.5"),
            ("invalid type: string \"1\", expected i64", "must be a whole number, not \"1\""),
            ("invalid type: integer `7`, expected a string", "must be a text, not 7"),
            ("invalid type: null, expected struct Sample", "must be an object, not null"),
            (
                "unknown variant `LOST`, expected one of `A`, `B`",
                "must be one of A, B; “LOST” is not known",
            ),
            ("invalid digit found in string", "must be a whole number"),
            ("invalid value: integer `-1`, expected usize", "must be 0 or more, not -1"),
            ("invalid value: integer `300`, expected u8", "is too large a number"),
            ("invalid value: integer `-300`, expected i8", "is too small a number"),
            ("invalid type: string \"2\", expected usize", "must be a whole number, not \"2\""),
            (
                "invalid type: floating point `2.5`, expected u128",
                "must be a whole number, not 2.5",
            ),
            ("invalid type: string \"2\", expected f32", "must be a number, not \"2\""),
            ("invalid type: null, expected enum SplitBy", "must be a text, not null"),
            ("invalid type: map, expected a tuple of size 2", "must be a list, not an object"),
            ("duplicate field `by`", "stands here twice"),
            ("must not be empty", "must not be empty"),
        ] {
            assert_eq!(plain(serde), says);
        }
    }
}
