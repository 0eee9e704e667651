//! How entries are chained, and what differs between two states of a thing.

use aws_lc_rs::digest::{Context, SHA256};
use serde::Serialize;
use serde_json::{Map, Value};

/// A link of the chain.
pub(super) type Hash = [u8; 32];

/// What the first entry follows.
pub(super) const BEGINNING: Hash = [0; 32];

/// What an entry's hash is made of, in this order.
pub(super) struct Link<'a> {
    pub id: i64,
    pub at: i64,
    pub user_id: Option<i64>,
    pub username: &'a str,
    pub action: &'a str,
    pub subject: &'a str,
    pub subject_id: Option<i64>,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
}

impl Link<'_> {
    /// The hash of the entry that follows `previous`. Every part is preceded by its length, so
    /// that nothing can be moved from one column to the next.
    pub fn hash(&self, previous: &Hash) -> Hash {
        let number = |number: i64| Some(number.to_string());
        let text = |text: &str| Some(text.to_owned());
        let parts = [
            number(self.id),
            number(self.at),
            self.user_id.and_then(number),
            text(self.username),
            text(self.action),
            text(self.subject),
            self.subject_id.and_then(number),
            self.before.and_then(text),
            self.after.and_then(text),
        ];
        let mut context = Context::new(&SHA256);
        context.update(previous);
        for part in parts {
            match part {
                None => context.update(b"-;"),
                Some(part) => context.update(format!("{}:{part};", part.len()).as_bytes()),
            }
        }
        let mut hash = BEGINNING;
        hash.copy_from_slice(context.finish().as_ref());
        hash
    }
}

/// The fields that differ between two states of a thing: as they were, and as they are. Moments
/// of change are left out: every change has its own.
pub fn differences(before: &impl Serialize, after: &impl Serialize) -> (Value, Value) {
    let fields = |thing: Result<Value, _>| match thing {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let mut before = fields(serde_json::to_value(before));
    let mut after = fields(serde_json::to_value(after));
    let same: Vec<String> = before
        .iter()
        .filter(|(name, value)| *name == "updated_at" || after.get(*name) == Some(*value))
        .map(|(name, _)| name.clone())
        .collect();
    for name in same {
        before.remove(&name);
        after.remove(&name);
    }
    (Value::Object(before), Value::Object(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_hash_hangs_on_everything_before_it() {
        let link = Link {
            id: 1,
            at: 5,
            user_id: Some(2),
            username: "anna",
            action: "a",
            subject: "b",
            subject_id: None,
            before: None,
            after: Some("{}"),
        };
        let hash = link.hash(&BEGINNING);
        assert_eq!(hash, link.hash(&BEGINNING));
        assert_ne!(hash, link.hash(&hash));
        let moved = Link { action: "ab", subject: "", ..link };
        assert_ne!(hash, moved.hash(&BEGINNING));
        let none = Link { after: None, before: Some("{}"), ..link };
        assert_ne!(hash, none.hash(&BEGINNING));
    }

    #[test]
    fn only_what_differs_is_told() {
        let before = json!({"role": "waiter", "name": "A", "updated_at": 1});
        let after = json!({"role": "admin", "name": "A", "updated_at": 2});
        let told = differences(&before, &after);
        assert_eq!(told, (json!({"role": "waiter"}), json!({"role": "admin"})));
    }
}
