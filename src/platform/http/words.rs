//! Serde's words about a wrong value, made plain: people read them.

/// “must be a whole number, not 1.5” instead of “invalid type: floating point `1.5`, expected i64”.
pub fn plain(message: &str) -> String {
    if let Some((got, wanted)) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.split_once(", expected "))
    {
        return format!("must be {}, not {}", kind(wanted), value(got));
    }
    if let Some((got, known)) =
        message.strip_prefix("unknown variant `").and_then(|rest| rest.split_once("`, expected "))
    {
        let known = known.trim_start_matches("one of ").replace('`', "");
        return format!("must be one of {known}; “{got}” is not known");
    }
    if message.starts_with("invalid length ") && message.contains("expected struct ") {
        return "must be an object".into();
    }
    match message {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            "must be a whole number".into()
        }
        "number too large to fit in target type" => "is too large a number".into(),
        "number too small to fit in target type" => "is too small a number".into(),
        "provided string was not `true` or `false`" => "must be true or false".into(),
        other => other.to_owned(),
    }
}

fn kind(wanted: &str) -> &str {
    match wanted {
        "i64" | "u64" | "u32" | "i32" => "a whole number",
        "f64" => "a number",
        "a string" | "a borrowed string" | "string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        other if other.starts_with("struct ") => "an object",
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
            ("must not be empty", "must not be empty"),
        ] {
            assert_eq!(plain(serde), says);
        }
    }
}
